#!/bin/sh
# Real COI barcodes, 5-mers: AMI at every rank against the Python stack (umap-learn 0.5.3, scikit-learn 1.2.1).
#
# With UMAP: the mean over six seeds lies within 4 standard deviations of the reference's mean, or above it; a standard
# deviation below 0.05 counts as 0.05. Without UMAP: equal to 0.01. A missing BIN counts as a class, as it did there.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"
[ -n "${ZSC_REAL_DATA:-}" ] || skip "ZSC_REAL_DATA is not set: no real barcodes to test on"
csv=$ZSC_REAL_DATA/coi-example.csv
[ -r "$csv" ] || { fail "ZSC_REAL_DATA is set, but there is no $csv"; finish; }

"$ZSC" embed kmer -q -m "$csv" -k 5 -o coi.h5 || { fail "embed kmer"; finish; }

# means: RANK MEAN lines from the CSV of a run of several seeds
means() {
    "$ZSC" run -q -e coi.h5:kmer5 --missing class --format csv "$@" |
        awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
                 { sum[$column["rank"]] += 100 * $column["ami"]; count[$column["rank"]]++; rows = $column["rows"] }
                 END { for (r in sum) printf "%s %.4f\n", r, sum[r] / count[r]; print "rows", rows }'
}

# within FILE NAME LIMIT...: each "rank mean tolerance" of stdin against FILE; above is fine when mode is above
check() {
    file=$1 mode=$2
    while read -r rank mean tolerance; do
        got=$(awk -v r="$rank" '$1 == r { print $2 }' "$file")
        awk -v g="${got:-none}" -v m="$mean" -v t="$tolerance" -v mode="$mode" \
            'BEGIN { if (g == "none") exit 1; d = g - m; if (mode == "above" && d > 0) d = 0; if (d < 0) d = -d; exit !(d <= t + 1e-9) }' ||
            fail "$file: $rank: AMI ${got:-none}, reference $mean, tolerance $tolerance ($mode)"
    done
}

means --reduce none >plain
[ "$(awk '$1 == "rows" { print $2 }' plain)" = 1724 ] || fail "rows: $(tail -n 1 plain)"
check plain equal <<EOF
class 0 0
order 36.16 0.0101
family 66.20 0.0101
subfamily 72.13 0.0101
genus 75.16 0.0101
species 99.00 0.0101
dna_bin 99.28 0.0101
EOF

means --seed 0-5 >umap
check umap above <<EOF
order 36.06 0.20
family 65.94 0.20
subfamily 71.84 0.20
genus 74.86 0.24
species 98.93 0.48
dna_bin 98.25 0.24
EOF

means --one-per-barcode --seed 0-5 >barcode
[ "$(awk '$1 == "rows" { print $2 }' barcode)" = 1013 ] || fail "one per barcode: rows: $(tail -n 1 barcode)"
check barcode above <<EOF
order 34.16 0.24
family 62.57 0.72
subfamily 68.80 0.92
genus 71.55 0.92
species 94.12 1.72
dna_bin 93.45 2.32
EOF
cat plain umap barcode
finish
