// Unit tests of share/atlas, run in a browser by page.py: an array of the names of tests that failed, with what they found.
(async () => {
    const atlas = globalThis.zscAtlas, failed = [];
    let done = 0;
    const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
    const test = (name, found, expected) => {
        done++;
        if (!same(found, expected)) failed.push(`${name}: found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
    };
    // reproducible numbers (mulberry32)
    const random = seed => () => {
        seed = seed + 0x6d2b79f5 | 0;
        let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
        t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
        return ((t ^ t >>> 14) >>> 0) / 4294967296;
    };

    // data.js
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => 7 * i & 255), text = btoa(String.fromCharCode(...bytes));
    test('base64', [...atlas.decodeBase64(text)], [...bytes]);
    for (const [offset, size] of [[0, 1], [24, 5], [48, 52], [72, 3], [96, 4]])
        test(`slice ${offset}`, [...atlas.sliceBase64(text, offset, size)], [...bytes.subarray(offset, offset + size)]);
    const read = atlas.makeReader((offset, size) => bytes.subarray(offset, offset + size));
    test('u16', [...read(['u16', 24, 2])], [24 * 7 + 256 * (25 * 7 & 255), (26 * 7 & 255) + 256 * (27 * 7 & 255)]);
    test('decoded once', read(['u8', 0, 3]) === read(['u8', 0, 3]), true);
    test('an empty array before another', [read(['u8', 24, 0]).length, read(['u8', 24, 2]).length], [0, 2]);
    test('hash', ['', 'a', 'foobar'].map(t => atlas.hashOf(new TextEncoder().encode(t))), [0x811c9dc5, 0xe40c292c, 0xbf9cf968]); // of FNV's authors
    const spread = (low, step, exact, value) => atlas.numberText({ low, step, exact }, value);
    test('exact numbers', [spread(-1.3, .001, true, 1), spread(0, 1, true, 40), spread(1e15, 1, true, 7), spread(.1, .1, true, 2), spread(5, 0, true, 0)],
        ['-1.299', '40', '1000000000000007', '0.3', '5']);
    test('rounded numbers', [spread(39961, 7.18, false, 100), spread(-37.864, .00162, false, 1), spread(0, 152, false, 3), spread(0, 152, false, 65535)],
        ['about 40680', 'about -37.86', 'about 0', '']);
    test('titles', ['Family', 'BIN', 'Order'].map(atlas.lower), ['family', 'BIN', 'order']);
    test('texts', atlas.splitTexts(new TextEncoder().encode('a\0\0\u00c4hre\0')), ['a', '', '\u00c4hre']);

    // cut.js, against a plain union of merges
    for (let round = 0; round < 20; round++) {
        const next = random(round), n = 2 + Math.floor(next() * 40), child = new Int32Array(2 * (n - 1)), open = [...Array(n).keys()];
        const rows = Uint32Array.from({ length: n }, () => 1 + Math.floor(next() * 5)), height = Float32Array.from({ length: n - 1 }, (_, j) => j);
        for (let j = 0; j < n - 1; j++) {
            for (const side of [0, 1]) child[2 * j + side] = open.splice(Math.floor(next() * open.length), 1)[0];
            open.push(n + j);
        }
        const tree = atlas.makeTree(n, child, height, rows), k = 1 + Math.floor(next() * n), cut = tree.cut(k);
        const group = Array.from({ length: 2 * n - 1 }, (_, i) => [i]), members = Array.from({ length: n }, (_, i) => [i]);
        for (let j = 0; j < n - 1; j++) members[n + j] = [...members[child[2 * j]], ...members[child[2 * j + 1]]];
        let alive = [...Array(n).keys()];
        for (let j = 0; j < n - k; j++) alive = alive.filter(v => v !== child[2 * j] && v !== child[2 * j + 1]).concat(n + j);
        const parts = alive.map(v => members[v].sort((a, b) => a - b)).sort((a, b) => a[0] - b[0]), number = Array(n);
        parts.forEach((part, c) => part.forEach(leaf => { number[leaf] = c; }));
        void group;
        test(`cut ${round}`, [...cut.number], number);
        test(`nodes ${round}`, cut.nodes.map(v => tree.leavesOf(v).sort((a, b) => a - b)), parts);
        test(`rows ${round}`, tree.rows[2 * n - 2], rows.reduce((a, b) => a + b));
        const top = tree.top(k), drawn = top.branches.flatMap(v => tree.leavesOf(v)).sort((a, b) => a - b);
        test(`branches ${round}`, drawn, [...Array(n).keys()]);
        test(`merges ${round}`, top.merges.length, k - 1);
        const joined = new Set(top.merges.flatMap(m => [m.a, m.b])); // no lines cross: what merges is side by side
        test(`joined ${round}`, top.branches.every(v => k === 1 || joined.has(v)), true);
    }
    const stops = atlas.sliderStops(5000, [277, 4999, 9999]);
    test('stops', [stops[0], stops.includes(277), stops.includes(4999), stops.at(-1), stops.length < 600], [1, true, true, 5000, true]);

    // summary.js, against plain counting
    for (let round = 0; round < 20; round++) {
        const next = random(100 + round), n = 60, levels = 5, clusters = 7, names = ['e', 'd', 'c', 'b', 'a'];
        const codes = Uint8Array.from({ length: n }, () => { const c = Math.floor(next() * 6); return c === 5 ? 255 : c; });
        const cluster = Int32Array.from({ length: n }, () => Math.floor(next() * 8) - 1);
        const groups = atlas.groupRows(cluster, clusters), taxon = atlas.majority(groups, clusters, codes, levels, names);
        const plain = [...Array(clusters).keys()].map(c => {
            const count = [...Array(levels).keys()].map(t => codes.filter((v, i) => v === t && cluster[i] === c).length);
            const order = [...Array(levels).keys()].filter(t => count[t]).sort((a, b) => count[b] - count[a] || (names[a] < names[b] ? -1 : 1));
            return order.length ? order[0] : -1;
        });
        test(`majority ${round}`, [...taxon], plain);
        const wrong = [...codes.keys()].filter(i => codes[i] < levels && cluster[i] >= 0 && taxon[cluster[i]] !== codes[i]);
        const pairs = atlas.confusions(cluster, taxon, codes, levels, names);
        test(`confused ${round}`, pairs.flatMap(p => p.rows).sort((a, b) => a - b), wrong);
        test(`pairs ${round}`, pairs.every((p, i) => !i || pairs[i - 1].rows.length >= p.rows.length), true);
        test(`counts ${round}`, [...atlas.countCodes(codes, levels, null, n)].reduce((a, b) => a + b), n);
    }

    // polygon.js
    const square = [0, 0, 10, 0, 10, 10, 0, 10];
    test('inside', [[5, 5], [-1, 5], [11, 5], [5, -1], [9.9, .1]].map(p => atlas.inPolygon(square, ...p)), [true, false, false, false, true]);
    const hollow = [0, 0, 10, 0, 10, 10, 6, 10, 6, 4, 4, 4, 4, 10, 0, 10]; // a U
    test('a notch', [atlas.inPolygon(hollow, 5, 8), atlas.inPolygon(hollow, 5, 2), atlas.inPolygon(hollow, 2, 8)], [false, true, true]);
    test('rows', atlas.rowsInPolygon(square, Uint16Array.of(1, 1, 20, 5, 9, 9, 5, 5), i => i !== 3), [0, 2]);
    test('thinner', atlas.thinPolygon([0, 0, .1, 0, 5, 0, 5, .2, 5, 5], 1), [0, 0, 5, 0, 5, 5]);

    // labels.js
    for (let round = 0; round < 10; round++) {
        const next = random(200 + round), area = { width: 300, height: 200 };
        const boxes = atlas.placeLabels(Array.from({ length: 60 }, () => ({ x: next() * 300, y: next() * 200, width: 20 + next() * 80, height: 14 })), area, 40);
        const clash = boxes.some((a, i) => boxes.some((b, j) => i < j && Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height));
        const within = boxes.every(b => b.x >= b.width / 2 && b.x <= 300 - b.width / 2 && b.y >= 7 && b.y <= 193);
        test(`labels ${round}`, [clash, within, boxes.length > 5 && boxes.length <= 40], [false, true, true]);
    }
    const xy = Uint16Array.of(100, 100, 110, 110, 60000, 60000, 50, 50), at = atlas.anchors(Uint8Array.of(0, 0, 0, 1), 2, [0, 1], xy, 10);
    test('where a taxon is densest', at, [{ code: 0, count: 2, x: 105, y: 105 }, { code: 1, count: 1, x: 50, y: 50 }]);

    // palette.js
    test('cividis', [atlas.cividis(0), atlas.cividis(1), atlas.cividis(.5), atlas.cividis(-3)], ['#00204c', '#ffe945', '#7b7a77', '#00204c']);
    const palette = atlas.makePalette([['#332288', '#aaaaff'], ['#e69f00', '#ffcc66']], 'category', true);
    test('palette', [palette.colour(0), palette.colour(3), palette.shape(0), palette.shape(3), palette.shape(255)], ['#aaaaff', '#ffcc66', 0, 1, 0]);

    // search.js
    const columns = [{ name: 'genus', title: 'Genus', kind: 'rank', levels: ['Apis', 'Rapisa', 'Bombus'], counts: [3, 9, 2] },
        { name: 'lat', title: 'lat', kind: 'number' }];
    const ids = ['X-APIS-1', 'apis7', 'none'];
    test('search', atlas.search(' APIS ', columns, ids, 5).map(h => h.name), ['Apis', 'Rapisa', 'apis7', 'X-APIS-1']);
    test('no search', [atlas.search('  ', columns, ids, 5), atlas.search('.*', columns, ids, 5)], [[], []]);

    // view_link.js
    const state = { left: 0, right: 1, kl: 30, kr: 12, branches: 40, rank: 'family', colour: 'column:a&b=c #%', focus: '<"\u00c4>', shading: 'auto',
        theme: 'dark', tab: 'tree', cl: { x: 12, y: 34, k: 1.5 }, hide: ['taxon A, "b"', 'none'], select: { kind: 'ids', list: ['a', 'b&'] } };
    test('link', atlas.decodeView(atlas.encodeView(state)), state);
    test('bad links', ['#', '#left=x&cl=1_2&hide=[&select=7', '#select=%7B%7D', '#hide=%7B%7D'].map(atlas.decodeView), [{}, {}, {}, {}]);

    // export.js
    test('CSV', atlas.csvText(['id'], [['a'], ['b,c'], ['d"e'], ['f\ng']]), 'id\na\n"b,c"\n"d""e"\n"f\ng"\n');
    return { done, failed };
})();
