"""Intervals of `zsc compare --score macro|micro --format json`, and of harmonic means in the files of zsc retrieve,
against plain NumPy and SciPy. Arguments: the JSON of compare, macro or micro, files of zsc retrieve (k 1)."""
import json
import sys

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm, t as student

from resampling import DRAWS, close, normals, signs, spread

compared, score, paths = json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3:]
level, seed, B = compared['level'], compared['seed'], compared['resamples']
files = {}
for path in paths:
    f = json.load(open(path))
    files[f'{f["queries"]["encoders"][0]} in {f["keys"]["encoders"][0]}'] = f


def recalls(f, rank, split):
    """Queries and right ones of each class, by name."""
    for c in f['classes']:
        if c['rank'] == rank and c['split'] == split:
            rows = sorted((n, q, r) for n, q, r in zip(c['class'], c['queries'], c['right']['1']) if q)
            return np.array([(q, r) for _, q, r in rows], float).T
    return np.zeros((2, 0))


def accuracy(qr):
    return (qr[1] / qr[0]).mean() if score == 'macro' else qr[1].sum() / qr[0].sum()


def mean(values):
    return values[0] if len(values) == 1 else len(values) / sum(1 / v if v else np.inf for v in values)


def deviations(columns, sign):
    """Of the halves of the classes, which are drawn in each column by itself."""
    fewest, d = min(c.shape[1] for c in columns), np.empty(B)
    for b in range(B):
        taken = [s[b] > 0 for s in sign]
        d[b] = (mean([accuracy(c[:, t]) for c, t in zip(columns, taken)])
                - mean([accuracy(c[:, ~t]) for c, t in zip(columns, taken)]))
    m = fewest // 2
    return d * np.sqrt(m * (fewest - m)) / fewest


def interval(value, d, sign):
    s, df, _, at_most = spread(d, sign)
    if min(value, 1 - value) * sign.shape[1] < 1 or not at_most >= 5:
        return [np.nan] * 2
    return expit(logit(value) + np.array([-1, 1]) * student.ppf((1 + level) / 2, df) * s / (value * (1 - value)))


checked, together, one = 0, 0, False
for group in compared['groups']:
    splits = group['subset'].replace('harmonic mean of ', '').split(', ')
    weight, maxima, parts = normals(seed, B), np.zeros(DRAWS), []
    assert 'other samples of as many classes' in group['estimand'], group['estimand']
    for r in group['ranks']:
        columns = {e['encoder']: [recalls(files[e['encoder']], r['rank'], s) for s in splits] for e in r['encoders']}
        classes = [c.shape[1] for c in next(iter(columns.values()))]
        if min(classes) < 8:
            assert all(e['interval'] == [None, None] for e in r['encoders']), r['rank']
            continue
        sign = [signs(seed, s << 40, B, n) for s, n in enumerate(classes)]
        d = {name: deviations(c, sign) for name, c in columns.items()}
        sign = np.hstack(sign)
        units, value = sum(classes), {name: mean([accuracy(x) for x in c]) for name, c in columns.items()}
        for e in r['encoders']:
            name = e['encoder']
            wanted = interval(value[name], d[name], sign)
            close(f'{r["rank"]}, {name}: effective units', e['effective_units'], spread(d[name], sign)[2])
            close(f'{r["rank"]}, {name}', e[score], value[name], 1e-12)
            for k in range(2):
                close(f'{group["subset"]}, {r["rank"]}, {name}', e['interval'][k], wanted[k])
            checked += not np.isnan(wanted[0])
            one |= bool(np.isnan(wanted[0]))
            for h in files[name].get('harmonic_mean', []) if len(splits) > 1 else []:
                if h['rank'] == r['rank'] and h['k'] == 1 and (B, seed) == (1000, 0):
                    together += 1
                    for k in range(2):
                        close(f'file of {name}, {r["rank"]}', h[score + '_interval'][k], wanted[k])
        for pair in r['differences']:
            a, b = pair['encoder'], pair['other']
            x = d[a] - d[b]
            s, df, effective, at_most = spread(x, sign)
            close(f'{r["rank"]}: {a} - {b}: effective units', pair['effective_units'], effective)
            if not at_most >= 5 or any(min(value[n], 1 - value[n]) * units < 1 for n in (a, b)):
                s = np.nan
            if not np.isnan(s):
                maxima = np.maximum(maxima, np.abs(weight @ x / np.sqrt(B)) / np.sqrt((x ** 2).mean()))
            parts.append((f'{group["subset"]}, {r["rank"]}: {a} - {b}', pair, value[a] - value[b], s, df))
    c = np.sort(maxima)[int(level * (DRAWS - 1) + 0.5)]
    for name, pair, difference, s, df in parts:
        if np.isnan(s):
            assert pair['holds'] is None and pair['joint_interval'] == [None, None], name
            continue
        for which, t in ('interval', student.ppf((1 + level) / 2, df)), ('joint_interval', student.ppf(norm.cdf(c), df)):
            close(name, pair[which][0], max(difference - t * s, -1))
            close(name, pair[which][1], min(difference + t * s, 1))
assert checked > 4, f'{checked} intervals'
print(checked, 'intervals,', together, 'of files,', 'some' if one else 'none', 'too near an end')
