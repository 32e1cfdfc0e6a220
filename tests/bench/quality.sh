#!/bin/bash
# quality.sh ZSC FOLDER [ROWS...]: the lines of zsc in the table of quality of doc/umap.md, on simulated rows of 768 columns (5,000 and 47,260)
# and digits: AMI in per cent, mean (standard deviation) over seeds. FOLDER keeps the data.
set -eu
zsc=${1:?"usage: quality.sh ZSC FOLDER [ROWS...]"} folder=${2:?"usage: quality.sh ZSC FOLDER [ROWS...]"}
shift 2
[ $# -gt 0 ] || set -- 5000 47260
LC_ALL=C; export LC_ALL
source=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$folder"

line() { # NAME SEEDS OPTION...: means over seeds at each rank
    name=$1 seeds=$2; shift 2
    "$zsc" run -q --seed "$seeds" --format csv "$@" | awk -F, -v name="$name, seeds $seeds" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        { r = $column["rank"]; a = 100 * $column["ami"]; if (!n[r]++) order[++ranks] = r; sum[r] += a; squares[r] += a * a }
        END { printf "| %s |", name
              for (i = 1; i <= ranks; i++) {
                  r = order[i]; mean = sum[r] / n[r]; v = squares[r] / n[r] - mean * mean
                  printf(" %.2f (%.2f) |", mean, (n[r] > 1 && v > 0) ? sqrt(v * n[r] / (n[r] - 1)) : 0)
              }
              print "" }'
}

for rows; do
    data=$folder/$rows.h5
    [ -e "$data" ] || "$zsc" simulate -q --rows "$rows" --dna-dim 768 --image-dim 768 -o "$data"
    seeds=0-5
    [ "$rows" -gt 20000 ] && seeds=0-2
    line "$rows rows, DNA" $seeds -e "$data:sim_dna"
    line "$rows rows, images" $seeds -e "$data:sim_image_1"
done
# the digits of scikit-learn, where it is
digits=$folder/digits.csv
[ -e "$digits" ] || python3 -c '
import sys; from sklearn.datasets import load_digits
x, y = load_digits(return_X_y=True)
print("processid,digit," + ",".join("p%d" % j for j in range(x.shape[1])))
for i, row in enumerate(x): print("r%d,%d," % (i, y[i]) + ",".join("%g" % v for v in row))' > "$digits" 2> /dev/null || { rm -f "$digits"; exit 0; }
line 'digits (10-d, 15 neighbours)' 0-7 -e "$digits" --label-column digit --dim 10 --neighbors 15
