"""Intervals, p-values, components and signed-rank tests of `zsc compare --format json` against plain NumPy and SciPy.
Arguments: a folder of results of one seed each, the JSON of compare over all of them, and the JSON of the same with
--control rank."""
import glob
import itertools
import json
import sys

import h5py
import numpy as np
from scipy.special import gammaln
from scipy.stats import norm, rankdata, t as student, wilcoxon

from resampling import DRAWS, agreeing, close, normals, scale_of, share_of_pairs, signs, spread

folder, together, by_rank = sys.argv[1], json.load(open(sys.argv[2])), json.load(open(sys.argv[3]))


def entropy(counts):
    p = counts[counts > 0] / counts.sum()
    return -(p * np.log(p)).sum()


def expected(a, b):
    n, emi = a.sum(), 0.0
    a, times_a = np.unique(a, return_counts=True)
    b, times_b = np.unique(b, return_counts=True)
    for x, s in zip(a, times_a):
        for y, t in zip(b, times_b):
            k = np.arange(max(1, x + y - n), min(x, y) + 1)
            log_p = (gammaln(x + 1) + gammaln(y + 1) + gammaln(n - x + 1) + gammaln(n - y + 1) - gammaln(n + 1)
                     - gammaln(k + 1) - gammaln(x - k + 1) - gammaln(y - k + 1) - gammaln(n - x - y + k + 1))
            emi += s * t * (k / n * np.log(n * k / (x * y)) * np.exp(log_p)).sum()
    return emi


def ami(u, v):
    u, v = np.unique(u, return_inverse=True)[1], np.unique(v, return_inverse=True)[1]
    if len(u) == 0 or u.max() == 0:
        return np.nan
    table = np.zeros((u.max() + 1, v.max() + 1), int)
    np.add.at(table, (u, v), 1)
    a, b = table.sum(1), table.sum(0)
    emi, mi = expected(a, b), entropy(a) + entropy(b) - entropy(table.ravel())
    return (mi - emi) / ((entropy(a) + entropy(b)) / 2 - emi)


results = {}
for path in glob.glob(folder + '/*.h5'):
    h = h5py.File(path)
    order = np.argsort(h['id'].asstr()[:])
    encoder = h['modality/0'].attrs['encoder']
    encoder = encoder.decode() if isinstance(encoder, bytes) else encoder
    results[encoder] = (h['clusters'][:][order], {r: h['labels'][r].asstr()[:][order] for r in h['labels']},
                        h['labels/species'].asstr()[:])
group, level, seed, B = together['groups'][0], together['level'], together['seed'], together['resamples']
assert len(together['groups']) == 1 and together['unit'] in ('species', 'specimens') and level == 0.95
# units: species by first appearance in the first result, then rows without one; or rows. All results have one order
# of rows.
species = next(iter(results.values()))[2]
if together['unit'] == 'specimens':
    species = [str(i) for i in range(len(species))]
number = {}
for s in species:
    if s:
        number.setdefault(s, len(number))
unit, following = [], len(number)
for s in species:
    if s:
        unit.append(number[s])
    else:
        unit.append(following)
        following += 1
first = h5py.File(glob.glob(folder + '/*.h5')[0])
unit = np.array(unit)[np.argsort(first['id'].asstr()[:])]
assert following == group['units'], (following, group['units'])

sign, values, averages = signs(seed, 0, B, following), {}, {}
for r in group['ranks']:
    for e in r['encoders']:
        clusters, labels, _ = results[e['encoder']]
        label = labels[r['rank']]
        row, average = [], []
        for b in range(B):
            taken = sign[b][unit] > 0
            v, w = (ami(label[t & (label != '')], clusters[t & (label != '')]) for t in (taken, ~taken))
            average.append((v + w) / 2)
            row.append((v - w) * np.sqrt((following // 2) * (following - following // 2)) / following)
        values[r['rank'], e['encoder']] = np.array(row)
        averages[r['rank'], e['encoder']] = np.array(average)
        close(f'{r["rank"]}, {e["encoder"]}: AMI', e['ami'], ami(label[label != ''], clusters[label != '']))
for r in group['ranks']:
    of_rank = [values[r['rank'], e['encoder']] for e in r['encoders']]
    unusable = np.isnan(of_rank).any(0)
    assert r['unusable_resamples'] == unusable.sum(), (r['rank'], r['unusable_resamples'], unusable.sum())
    for v in of_rank:
        v[unusable | (unusable.sum() * 10 > B)] = np.nan


def limited(rank, effective, at_most):
    """Where each row is a unit, effective units are no more than the pairs of rows of one class."""
    if together['unit'] != 'specimens' or np.isnan(effective):
        return effective, at_most
    label = next(iter(results.values()))[1][rank]
    counts = np.unique(label[label != ''], return_counts=True)[1]
    pairs = (counts * (counts - 1) // 2).sum()
    return min(effective, pairs), min(at_most, pairs)


def is_perfect(value):
    return (1 - value) * following < 1


def check_cells():
    narrowed = {}
    for r in group['ranks']:
        for e in r['encoders']:
            at = r['rank'], e['encoder']
            pairs = share_of_pairs(values[at], averages[at])
            close(f'{r["rank"]}, {e["encoder"]}: share of pairs', e['share_of_pairs'], pairs)
            rescaled = values[at] * scale_of(e['ami'], values[at], averages[at])
            s, df, effective, at_most = spread(values[at], sign, pairs=pairs, rescaled=rescaled)
            effective, at_most = limited(r['rank'], effective, at_most)
            narrowed[at] = s / np.sqrt(np.nanmean(values[at] ** 2)) if not np.isnan(s) else np.nan
            close(f'{r["rank"]}, {e["encoder"]}: effective units', e['effective_units'], effective)
            value = e['ami'] if e['ami'] is not None else np.nan
            z = np.arctanh(value) + np.array([-1, 1]) * student.ppf((1 + level) / 2, df) * s / (1 - value ** 2)
            wanted = np.array([np.nan] * 2) if is_perfect(value) or not at_most >= 5 else np.tanh(z)
            for k, end in enumerate(('low', 'high')):
                close(f'{r["rank"]}, {e["encoder"]}, {end}', e['interval'][k], wanted[k])
    for c in together['components']:
        assert c['draws'] == 1 and c['seeds_per_draw'] == [1, 1], c
        for r in c['ranks']:
            assert r['seed_sd'] is None and r['draw_sd'] is None, 'one seed has no variance of seeds'
            d = values[r['rank'], c['encoder']]
            by = narrowed[r['rank'], c['encoder']]
            close('sample', r['sample_sd'], by * np.nanstd(d, ddof=1) if not np.isnan(d).all() else np.nan)


def check(comparison, ranks):
    """All differences of these ranks, looked at together."""
    differences = [(r['rank'], d) for r in comparison['groups'][0]['ranks'] if r['rank'] in ranks
                   for d in r['differences']]
    score = {(r['rank'], e['encoder']): e['ami'] for r in group['ranks'] for e in r['encoders']}
    weight, spreads, maxima = normals(seed, B), [], np.zeros(DRAWS)
    for rank, d in differences:
        x = values[rank, d['encoder']] - values[rank, d['other']]
        known = ~np.isnan(x)
        pair = [score[rank, d[k]] for k in ('encoder', 'other')]
        pairs = share_of_pairs(x, averages[rank, d['encoder']] - averages[rank, d['other']])
        close(f'{rank}: {d["encoder"]} - {d["other"]}: share of pairs', d['share_of_pairs'], pairs)
        a, b = ((rank, d[k]) for k in ('encoder', 'other'))
        of_one, of_other = (values[k] * scale_of(score[k], values[k], averages[k]) for k in (a, b))
        equal = agreeing(x, averages[a] - averages[b], following)
        s, df, effective, at_most = spread(x, sign, pairs=pairs, rescaled=of_one - of_other, equal=equal)
        effective, at_most = limited(rank, effective, at_most)
        close(f'{rank}: {d["encoder"]} - {d["other"]}: effective units', d['effective_units'], effective)
        s = (np.nan, np.nan) if any(v is None or is_perfect(v) for v in pair) or not at_most >= 5 else (s, df)
        spreads.append(s)
        if not np.isnan(s[0]):
            sums = weight[:, known] @ x[known] / np.sqrt(known.sum())
            maxima = np.maximum(maxima, np.abs(sums) / np.sqrt((x[known] ** 2).mean()))
    c = np.sort(maxima)[int(level * (DRAWS - 1) + 0.5)]
    for (rank, d), (s, df) in zip(differences, spreads):
        name, value = f'{rank}: {d["encoder"]} - {d["other"]}', d['ami']
        if np.isnan(s):
            assert d['holds'] is None and d['p_value'] is None and d['joint_interval'] == [None, None], name
            continue
        close(name + ', low', d['interval'][0], value - student.ppf((1 + level) / 2, df) * s)
        t = student.ppf(norm.cdf(c), df)
        close(name + ', joint low', d['joint_interval'][0], value - t * s)
        close(name + ', joint high', d['joint_interval'][1], value + t * s)
        alone = 2 * student.sf(abs(value) / s, df)
        close(name + ', p', d['p_value'], alone)
        normal = norm.isf(alone / 2)
        close(name + ', adjusted', d['p_adjusted'], max(alone, (1 + (maxima >= normal - 1e-9).sum()) / (DRAWS + 1)))
        close(name + ', detectable', d['detectable'], (t + 0.8416212335729143) * s)
        assert d['holds'] == (abs(value) > t * s), name


ranks = [r['rank'] for r in group['ranks']]
check_cells()
check(together, ranks)
for rank in ranks:
    if any(not np.isnan(values[rank, e]).all() for e in results):
        check(by_rank, [rank])

# over cells
over = together['over_cells']
scores = {e: [] for e in results}
for r in group['ranks']:
    if all(e['ami'] is not None for e in r['encoders']):
        for e in r['encoders']:
            scores[e['encoder']].append(e['ami'])
names = list(scores)
table = np.array([scores[n] for n in names])
mean_rank = np.array([rankdata(-column) for column in table.T]).mean(0)
for e in over['encoders']:
    close('mean rank of ' + e['encoder'], e['mean_rank'], mean_rank[names.index(e['encoder'])])
p_values = []
for p in over['pairs']:
    d = np.array(scores[p['encoder']]) - np.array(scores[p['other']])
    d = d[np.round(np.abs(d) * 1e12) > 0]
    size = rankdata(np.round(np.abs(d), 12))
    all_signs = np.array([(size * s).sum() for s in itertools.product([0, 1], repeat=len(d))])
    observed = min(size[d > 0].sum(), size[d < 0].sum())
    exact = min(1, 2 * (all_signs <= observed + 1e-9).mean())
    if len(set(size)) == len(size):
        assert abs(exact - wilcoxon(d, mode='exact').pvalue) < 1e-12
    close(f'{p["encoder"]}, {p["other"]}: W', p['statistic'], observed)
    close(f'{p["encoder"]}, {p["other"]}: p', p['p_value'], exact)
    p_values.append(exact)
order = np.argsort(p_values)
adjusted = np.minimum(1, np.maximum.accumulate(np.array(p_values)[order] * (len(order) - np.arange(len(order)))))
for i, o in enumerate(order):
    close('adjusted by Holm', over['pairs'][o]['p_adjusted'], adjusted[i])
