// Names on the map: where each taxon is densest, and which names fit without overlap.
'use strict';
(function (atlas) {
    const CELLS = 48;

    /** [{code, count, x, y}] of the MOST most frequent taxa: the mean of their specimens in the cell that holds most of
     * them. ORDER: codes by falling count. */
    function anchors(codes, levels, order, xy, most) {
        const place = new Int32Array(levels).fill(-1), taken = order.slice(0, most);
        taken.forEach((code, t) => { place[code] = t; });
        const size = 65536 / CELLS, count = new Uint32Array(taken.length * CELLS * CELLS);
        const cellOf = i => Math.floor(xy[2 * i] / size) * CELLS + Math.floor(xy[2 * i + 1] / size);
        for (let i = 0; i < codes.length; i++) {
            const t = codes[i] < levels ? place[codes[i]] : -1;
            if (t >= 0) count[t * CELLS * CELLS + cellOf(i)]++;
        }
        const best = taken.map((code, t) => {
            let at = 0;
            for (let c = 1; c < CELLS * CELLS; c++)
                if (count[t * CELLS * CELLS + c] > count[t * CELLS * CELLS + at]) at = c;
            return at;
        });
        const sum = taken.map(code => ({ code, count: 0, x: 0, y: 0 }));
        for (let i = 0; i < codes.length; i++) {
            const t = codes[i] < levels ? place[codes[i]] : -1;
            if (t < 0 || cellOf(i) !== best[t]) continue;
            sum[t].x += xy[2 * i];
            sum[t].y += xy[2 * i + 1];
            sum[t].count++;
        }
        return sum.filter(s => s.count).map(s => ({ code: s.code, count: s.count, x: s.x / s.count, y: s.y / s.count }));
    }

    /** Boxes that are free of each other: CANDIDATES {x, y, width, height} in order of preference, above x, y, or
     * below where they fit there; those that fit nowhere are left out. AREA: {width, height}. */
    function placeLabels(candidates, area, most) {
        const placed = [];
        const clashes = b => placed.some(p => Math.abs(p.x - b.x) * 2 < p.width + b.width &&
            Math.abs(p.y - b.y) * 2 < p.height + b.height);
        for (const c of candidates) {
            if (placed.length >= most) break;
            for (const shift of [-.9, .9, -1.8]) {
                const x = Math.min(area.width - c.width / 2, Math.max(c.width / 2, c.x));
                const b = { ...c, x, y: c.y + shift * c.height };
                if (c.x < 0 || c.x > area.width || b.y < b.height / 2 || b.y > area.height - b.height / 2) continue;
                if (clashes(b)) continue;
                placed.push(b);
                break;
            }
        }
        return placed;
    }

    Object.assign(atlas, { anchors, placeLabels });
})(globalThis.zscAtlas ??= {});
