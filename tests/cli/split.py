"""split.py BEFORE AFTER WHY: the rules of BIOSCAN-5M's splits hold for what `zsc split` wrote."""
import csv
import re
import sys
from collections import Counter, defaultdict

before, after, why = (list(csv.DictReader(open(path, newline=''))) for path in sys.argv[1:])
MISSING = {'', 'NA'}
assert len(before) == len(after)
for a, b in zip(before, after):
    assert {k: v for k, v in a.items() if k != 'split'} == {k: v for k, v in b.items() if k != 'split'}


def kind(row):
    species, genus = row['species'], row['genus']
    if species in MISSING or (re.search(r'(^| )(sp|cf|nr|aff)\.?( |$)', species) and not re.search(r'\d', species)):
        return 3
    genus = genus if genus not in MISSING else species.split(' ')[0]
    odd = lambda name: name[0].islower() or re.search(r'[.\d]|malaise', name, re.I)
    return 2 if odd(genus) else 1 if odd(species) else 0


SETS = [{'train', 'val', 'test'}, {'key_unseen', 'val_unseen', 'test_unseen'}, {'other_heldout'}, {'pretrain'}]
groups = defaultdict(list)
for i, row in enumerate(after):
    barcode = row['dna_barcode'].upper().rstrip('N')
    groups[barcode if barcode not in MISSING else i].append(row)
species = defaultdict(list)
rows_of = Counter()
for rows in groups.values():
    assert len({r['split'] for r in rows}) == 1, 'a barcode in two splits'
    kinds = [kind(r) for r in rows]
    split = rows[0]['split']
    assert split in SETS[min(kinds)], (split, kinds)
    rows_of[split] += len(rows)
    if min(kinds) < 3:
        names = Counter(r['species'] for r, k in zip(rows, kinds) if k == min(kinds))
        species[names.most_common(1)[0][0]].append((split, len(rows), min(kinds)))
tested = 0
for name, parts in species.items():
    n, m, k = sum(p[1] for p in parts), len(parts), parts[0][2]
    test = [p for p in parts if p[0] in ('test', 'test_unseen')]
    if k == 2 or n < 8 or m < 2:
        assert not test, name
    else:
        records, barcodes = min(25, 4 + (n - 8) // 4), 1 + (m - 2) // 3
        assert sum(p[1] for p in test) <= records and len(test) <= barcodes, name
        left = sorted(p[1] for p in parts if p not in test)
        if len(test) < barcodes and left:  # none of the others would have fitted
            rest = list(parts)
            for p in test:
                rest.remove(p)
            vals = [p[1] for p in rest]
            assert min(vals) > records - sum(p[1] for p in test), (name, parts)
        tested += len(test) > 0
    assert any(p[0] in ('train', 'key_unseen', 'other_heldout') for p in parts), name
everything = any(re.search(r'\bsp\. \d', row['species']) for row in before)  # the simulated table has all kinds of names, real ones need not
assert not everything or tested > 20, tested
for val, rest, share in (('val', 'train', .05), ('val_unseen', 'key_unseen', .2)):
    assert not rows_of[val] or share * .8 <= rows_of[val] / (rows_of[val] + rows_of[rest]) <= share, (val, rows_of)
assert not everything or set(rows_of) == {s for each in SETS for s in each}, rows_of
explained = {r['species']: r for r in why}
assert set(explained) == set(species)
for name, parts in species.items():
    r = explained[name]
    count = lambda *splits: sum(p[1] for p in parts if p[0] in splits)
    assert [int(r[c]) for c in ('records', 'barcodes', 'test', 'val', 'rest')] == [
        sum(p[1] for p in parts), len(parts), count('test', 'test_unseen'), count('val', 'val_unseen'),
        count('train', 'key_unseen', 'other_heldout')], (r, parts)
    assert r['set'] == ('seen', 'unseen', 'heldout')[parts[0][2]]
