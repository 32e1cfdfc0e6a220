#!/bin/sh
# zsc embed kmer on real barcodes equals counting in Python, bit for bit; at any number of threads the same bytes.
set -eu
if [ -z "${ZSC_REAL_DATA-}" ]; then echo "ZSC_REAL_DATA is not set" >&2; exit 77; fi
csv=$ZSC_REAL_DATA/coi-example.csv
[ -r "$csv" ] || { echo "no '$csv'" >&2; exit 77; }
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
"$ZSC" embed kmer -q -t 1 -m "$csv" -k 4,5,6 -o "$dir/one.h5"
"$ZSC" embed kmer -q -t 4 -m "$csv" -k 4,5,6 -o "$dir/four.h5"
cmp "$dir/one.h5" "$dir/four.h5"

python=
for p in python3 /usr/bin/python3; do
  if "$p" -c 'import h5py, numpy' 2>/dev/null; then python=$p; break; fi
done
[ -n "$python" ] || { echo "Python with h5py and numpy is not there: values were not compared" >&2; exit 77; }
"$python" - "$csv" "$dir/one.h5" <<'EOF'
import csv, sys
import h5py, numpy as np
rows = list(csv.DictReader(open(sys.argv[1], newline='')))
h = h5py.File(sys.argv[2], 'r')
for k in (4, 5, 6):
    got = h['embeddings/kmer%d' % k][:]
    assert got.shape == (len(rows), 4 ** k) and got.dtype == np.float32
    number = {}
    for w in range(4 ** k):
        number[''.join('ACGT'[w >> 2 * (k - 1 - i) & 3] for i in range(k))] = w
    for i, r in enumerate(rows):
        v = np.zeros(4 ** k)
        s = r['dna_barcode']
        for j in range(len(s) - k + 1):
            w = number.get(s[j:j + k])
            if w is not None:
                v[w] += 1
        want = (v / np.linalg.norm(v)).astype(np.float32)
        assert np.array_equal(want.view('u4'), got[i].view('u4')), (k, i)
    e = h['embeddings/kmer%d' % k].attrs
    assert e['modality'] == b'dna' and e['label'] == b'%d-mer' % k, dict(e)
for name, column in [('id', 'processid'), ('split', 'split'), ('dna_barcode', 'dna_barcode')] + [
        ('labels/' + q, q) for q in ('class', 'order', 'family', 'subfamily', 'genus', 'species', 'dna_bin')]:
    assert [s.decode() for s in h[name][:]] == [r[column] for r in rows], name
assert 'simulated' not in h.attrs
EOF
