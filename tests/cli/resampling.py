"""What zsc compare draws and computes from its draws, in plain NumPy: for the tests of its numbers."""
import sys

import numpy as np

M = (1 << 64) - 1
DRAWS = 2000


def mix(z):
    z = ((z ^ (z >> 30)) * 0xbf58476d1ce4e5b9) & M
    z = ((z ^ (z >> 27)) * 0x94d049bb133111eb) & M
    return z ^ (z >> 31)


def permutation(seed, b, units, first):
    """The FIRST of a permutation of the units, in resample b (Fisher and Yates), by SplitMix64; then the others."""
    key = mix((seed + 0x9e3779b97f4a7c15) & M)
    key = mix(key ^ ((8 + 0xd1b54a32d192ed03) & M))
    state = mix(key ^ ((b * 0xaef17502108ef2d9 + 1) & M))
    order = list(range(units))
    for i in range(first):
        state = (state + 0x9e3779b97f4a7c15) & M
        j = i + ((mix(state) * (units - i)) >> 64)
        order[i], order[j] = order[j], order[i]
    return order


def half(seed, b, units):
    """The units of resample b."""
    return permutation(seed, b, units, units // 2)[:units // 2]


def normals(seed, count):
    """DRAWS rows of COUNT normal numbers, each row a stream of its own: Box and Muller's, by SplitMix64."""
    z = lambda x: mix(x & M)
    key = z(z(seed + 0x9e3779b97f4a7c15) ^ (25 + 0xd1b54a32d192ed03))
    first = np.array([z(key ^ (r * 0xaef17502108ef2d9 + 1)) for r in range(DRAWS)], np.uint64)
    step = np.arange(1, 2 * count + 1, dtype=np.uint64) * np.uint64(0x9e3779b97f4a7c15)
    x = first[:, None] + step
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xbf58476d1ce4e5b9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94d049bb133111eb)
    u = ((x ^ (x >> np.uint64(31))) >> np.uint64(11)).astype(float) * 2.0 ** -53
    return np.sqrt(-2 * np.log(1 - u[:, ::2])) * np.cos(2 * np.pi * u[:, 1::2])


def signs(seed, first, count, units):
    """1 where a unit (column) is in the half of resample FIRST + b (row b), else -1."""
    sign = np.full((count, units), -1.0)
    for b in range(count):
        sign[b, half(seed, first + b, units)] = 1
    return sign


def share_of_pairs(d, average):
    """Twice the variance of the mean of two halves, of the variance of their deviation: what is of pairs of units."""
    known = ~np.isnan(d)
    if known.sum() < 2 or not (d[known] ** 2).mean() > 1e-28:
        return np.nan
    return min(1, 2 * average[known].var(ddof=1) / (d[known] ** 2).mean())


def scale_of(value, d, average):
    """The score of all units by the mean score of their halves, 1 to the root of 2."""
    of_halves = average[~np.isnan(d)].mean()
    return np.clip(value / of_halves, 1, np.sqrt(2)) if of_halves > 0 else np.sqrt(2)


def agreeing(d, average, units):
    """The share of the halves in which a difference is 0."""
    known, m = ~np.isnan(d), units // 2
    if not known.any():
        return 0
    apart = d[known] * units / np.sqrt(m * (units - m)) / 2
    return (np.abs(average[known] + np.array([[1], [-1]]) * apart) < 1e-12).mean()


def spread(d, sign, seeds=0, pairs=0, rescaled=None, equal=0):
    """Standard deviation, degrees of freedom, effective units, and these at most, of deviations of halves. RESCALED:
    deviations on the scale of all units, where pairs are looked at; EQUAL: the share of halves without a difference."""
    units = sign.shape[1]
    sd, df, effective, at_most = spread_of_units(d, sign, seeds, pairs)
    weight = 0 if rescaled is None or np.isnan(sd) or units < 80 else max(0, 2 * pairs - 1)
    if weight > 0:
        sd = np.sqrt((1 - weight) * sd ** 2 + weight * np.nanmean(rescaled ** 2) / 2)
        apart = lambda share: np.log(share) / np.log(0.75) if share > 0 else np.inf
        effective = min(effective, apart(equal))
        at_most = min(at_most, apart(equal - 2 * np.sqrt(equal * (1 - equal) / (2 * (~np.isnan(d)).sum()))))
    return sd, df, effective, at_most


def spread_of_units(d, sign, seeds, pairs):
    """The same where pairs do not decide."""
    sign, d, units = sign[~np.isnan(d)], d[~np.isnan(d)], sign.shape[1]
    if len(d) < 2 or not (d ** 2).mean() > 1e-28:
        return (np.nan,) * 4
    square, w = (d ** 2).mean(), sign.T @ d / len(d)
    v = np.maximum(square - w ** 2, 0) / len(d)
    concentration = (w ** 4 - 6 * v * w ** 2 + 3 * v ** 2).sum() * ((units - 1) / units) ** 2 / square ** 2
    degrees = lambda c: units - 1 if c - 1 / units <= 2 / (units - 1) else max(2, 2 / (c - 1 / units))
    df, at_most = degrees(concentration), degrees(concentration - 2 * np.sqrt(24 * units) / len(d) ** 2) + 1
    return np.sqrt(square), 1 / (1 / (df * (1 - pairs / 2)) + seeds / square ** 2 + 1 / len(d)), df + 1, at_most


def close(what, value, wanted, tolerance=1e-8):
    if (value is None) != bool(np.isnan(wanted)) or (value is not None and not abs(value - wanted) <= tolerance):
        sys.exit(f'{what}: {value}, expected {wanted}')
