"""check.py ZSC METADATA [--table]: what `zsc check` finds of the errors that `zsc simulate --label-errors` planted.

Recall: planted rows that a finding of the planted rule concerns. Precision: findings that concern a planted row. Rows of a finding are those of
the barcode, or those with the rarer name or the fewer parents, that it names. Fails where recall is below 1 (.9 for rules that compare rows of
one barcode: the others may have no label, or be read with ambiguity codes), or precision below .9 for a rule that is no judgement of similarity."""
import json
import re
import subprocess
import sys
from collections import defaultdict

import pandas

zsc, path = sys.argv[1:3]
table = pandas.read_csv(path, dtype=str, keep_default_na=False)
planted = table['planted_error']
result = json.loads(subprocess.run([zsc, 'check', path, '--format', 'json'], check=True, capture_output=True).stdout)
barcode = table['dna_barcode'].str.upper().str.rstrip('N')
rows_of = {rank: table.groupby(rank).indices for rank in ('phylum', 'class', 'order', 'family', 'subfamily', 'genus', 'species', 'dna_bin')}
by_barcode = barcode.groupby(barcode).indices


def concerned(finding):
    rule, text, row = finding['rule'], finding['finding'], finding['row'] - 1
    names = re.findall(r"'([^']*)'", text)
    rank = text.split(' ')[0]
    if rule in ('barcode-conflict', 'barcode-depth', 'split-leak'):
        return by_barcode[barcode[row]]
    if rule == 'two-parents':
        child, other = rows_of[rank][names[0]], re.search(r'lies in (\w+)', text).group(1)
        return [i for i in child if table[other][i] and table[other][i] != names[1]]
    if rule == 'similar-names':
        return rows_of[rank][names[1]]
    if rule == 'hole':
        return [i for i in rows_of[rank][names[0]] if not table[re.search(r'has no (\w+)', text).group(1)][i]]
    if rule == 'genus-of-species':
        return [i for i in rows_of['species'][names[0]] if table['genus'][i] == names[1]]
    if rule in ('not-identified', 'placeholder'):
        return rows_of[rank][names[0]]
    return [row]


count, true, found = defaultdict(int), defaultdict(int), defaultdict(set)
for finding in result['findings']:
    rows = concerned(finding)
    count[finding['rule']] += 1
    true[finding['rule']] += any(planted[i] for i in rows)
    found[finding['rule']].update(rows)
for rule in result['rules']:
    assert rule['findings'] == count[rule['rule']], rule
faults = 0
for rule in [r['rule'] for r in result['rules'] if (planted == r['rule']).any()]:
    rows = table.index[planted == rule]
    recall = sum(i in found[rule] for i in rows) / len(rows)
    precision = true[rule] / count[rule] if count[rule] else 0
    print(f'| {rule} | {len(rows)} | {recall:.3f} | {count[rule]} | {precision:.3f} |')
    faults += recall < (.9 if rule in ('barcode-conflict', 'split-leak') else 1) or (precision < .9 and rule != 'similar-names')
assert set(planted) - {''} == {r['rule'] for r in result['rules'] if (planted == r['rule']).any()}
sys.exit(faults > 0)
