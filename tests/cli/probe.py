"""probe.py ZSC: zsc probe against plain NumPy code in double, by the definitions of doc/retrieval.md, and L-BFGS against SciPy's."""
import json
import subprocess
import sys

import h5py
import numpy as np

zsc = sys.argv[1]
faults = 0
CLASSES, WIDTH, DECAY = 40, 24, 1e-5
ROWS = {'train': 2500, 'val': 700, 'test': 3000}
MASK = (1 << 64) - 1


def check(what, got, wanted, tolerance):
    global faults
    if not abs(got - wanted) <= tolerance:
        faults += 1
        print(f'{what}: {got}, not {wanted}')


def make(rng):
    """Classes that overlap; every tenth row has no label, and the last three classes have no key."""
    centre = rng.standard_normal((CLASSES, WIDTH)) * .7
    data = {}
    for split, n in ROWS.items():
        label = rng.integers(0, CLASSES - 3 if split == 'train' else CLASSES, n)
        x = (5 + 3 * (centre[label] + rng.standard_normal((n, WIDTH)))).astype('f4')
        label[rng.random(n) < .1] = -1
        data[split] = x, label
    with h5py.File('p.h5', 'w') as h:
        h['embeddings/e'] = np.concatenate([data[s][0] for s in ROWS])
        h['id'] = np.array([f'{s}{i}' for s in ROWS for i in range(ROWS[s])], 'S')
    with open('m.csv', 'w') as out:
        out.write('processid,split,species\n')
        for s in ROWS:
            for i, c in enumerate(data[s][1]):
                out.write(f'{s}{i},{s},{"" if c < 0 else "c%02d" % c}\n')
    return data


def mix(z):
    z = ((z ^ (z >> 30)) * 0xbf58476d1ce4e5b9) & MASK
    z = ((z ^ (z >> 27)) * 0x94d049bb133111eb) & MASK
    return z ^ (z >> 31)


def shuffle(order, seed, epoch):
    """Fisher and Yates, by the stream of (seed, purpose 15, epoch): src/base/random.h."""
    key = mix((seed + 0x9e3779b97f4a7c15) & MASK)
    key = mix(key ^ ((15 + 0xd1b54a32d192ed03) & MASK))
    state = mix(key ^ ((epoch * 0xaef17502108ef2d9 + 1) & MASK))
    for i in range(len(order), 1, -1):
        state = (state + 0x9e3779b97f4a7c15) & MASK
        j = (mix(state) * i) >> 64
        order[i - 1], order[j] = order[j], order[i - 1]


def softmax(w, x):
    z = x @ w.T
    z -= z.max(1, keepdims=True)
    e = np.exp(z)
    s = e.sum(1, keepdims=True)
    return e / s, z - np.log(s)


def prepare(data):
    x, label = data['train']
    x, label = x[label >= 0].astype('f8'), label[label >= 0]
    mean, deviation = x.mean(), x.std()
    number = {}
    for c in label:
        number.setdefault(c, len(number))
    scaled = {s: np.hstack([(data[s][0].astype('f8') - mean) / deviation, np.ones((len(data[s][0]), 1))]) for s in ROWS}
    labels = {s: np.array([number.get(c, -1 if c < 0 else -2) for c in data[s][1]]) for s in ROWS}
    return scaled, labels, number


def loss_of(w, x, y):
    return -softmax(w, x)[1][np.arange(len(y)), y].mean()


def sgd(x, y, classes, epochs, batch, rate, momentum, seed, held=None, patience=0):
    w, v = np.zeros((classes, x.shape[1])), 0
    order, losses, best, held_losses = list(range(len(y))), [], None, []
    for epoch in range(epochs):
        shuffle(order, seed, epoch)
        total = 0
        for first in range(0, len(y), batch):
            rows = order[first:first + batch]
            p, logs = softmax(w, x[rows])
            total -= logs[np.arange(len(rows)), y[rows]].sum()
            p[np.arange(len(rows)), y[rows]] -= 1
            v = momentum * v + p.T @ x[rows] / len(rows) + DECAY * w
            w = w - rate * v
        losses.append(total / len(y))
        if held:
            held_losses.append(loss_of(w, *held))
            if best is None or held_losses[-1] < held_losses[best[0]]:
                best = epoch, w
            elif epoch - best[0] >= patience:
                break
    return (best[1] if held else w), losses, best[0] + 1 if held else 0


def run(*words):
    return json.loads(subprocess.run([zsc, 'probe', '-q', '-e', 'p.h5:e', '-m', 'm.csv', '--key-split', 'train', '--query-split', 'test', '--ranks', 'species',
                                      '--format', 'json', *words], check=True, capture_output=True).stdout)


def compare(what, got, w, losses, best, data, x, y):
    label = data['test'][1]
    labelled = label >= 0
    right = (np.argmax(x['test'] @ w.T, 1) == y['test'])[labelled]
    recalls = [right[label[labelled] == c].mean() for c in np.unique(label[labelled])]
    s, f = got['scores'][0], got['probe']['fits'][0]
    check(f'{what}: queries', s['queries'], labelled.sum(), 0)
    check(f'{what}: reachable', s['reachable'], (y['test'] >= 0).sum(), 0)
    check(f'{what}: micro', s['micro'], right.mean(), .001)
    check(f'{what}: macro', s['macro'], np.mean(recalls), .001)
    check(f'{what}: chance', 0 if s['micro'] > .3 else 1, 0, 0)
    if losses:
        check(f'{what}: epochs', f['epochs'], len(losses), 0)
        for a, b in zip(f['loss'], losses):
            check(f'{what}: loss', a, b, 1e-5)
    if best:
        check(f'{what}: best epoch', f['best_epoch'], best, 0)


data = make(np.random.default_rng(5))
x, y, number = prepare(data)
known = y['train'] >= 0
keys, labels = x['train'][known], y['train'][known]
held = x['val'][y['val'] >= 0], y['val'][y['val'] >= 0]
result = sgd(keys, labels, len(number), 12, 1024, .01, .9, 0)
compare('sgd', run('--epochs', '12'), *result, data, x, y)
result = sgd(keys, labels, len(number), 20, 100, .05, .5, 7)
compare('sgd, other settings', run('--epochs', '20', '--batch-size', '100', '--learning-rate', '.05', '--momentum', '.5', '--seed', '7'), *result, data, x, y)
result = sgd(keys, labels, len(number), 60, 64, .5, .9, 3, held, 4)
got = run('--epochs', '60', '--batch-size', '64', '--learning-rate', '.5', '--seed', '3', '--stopping-split', 'val', '--patience', '4')
check('stopped early', got['probe']['fits'][0]['stopped_early'], True, 0)
compare('early stopping', got, *result, data, x, y)
try:
    from scipy.optimize import minimize
except ImportError:
    print('SKIP: no scipy here: L-BFGS is not compared with another')
else:
    for decay in (1e-2, 1e-4):
        def f(flat):
            w = flat.reshape(len(number), -1)
            p, logs = softmax(w, keys)
            value = -logs[np.arange(len(labels)), labels].mean() + decay / 2 * (w ** 2).sum()
            p[np.arange(len(labels)), labels] -= 1
            return value, (p.T @ keys / len(labels) + decay * w).ravel()
        best = minimize(f, np.zeros(len(number) * (WIDTH + 1)), jac=True, method='L-BFGS-B', options={'maxiter': 5000, 'maxfun': 9000, 'ftol': 1e-15, 'gtol': 1e-7})
        w = best.x.reshape(len(number), -1)
        got = run('--solver', 'lbfgs', '--weight-decay', str(decay))
        check('converged', got['probe']['fits'][0]['converged'], True, 0)
        check(f'loss at the optimum, decay {decay}', got['probe']['fits'][0]['loss'][-1], loss_of(w, keys, labels), 1e-4)
        compare(f'lbfgs, decay {decay}', got, w, None, 0, data, x, y)
sys.exit(1 if faults else 0)
