// AMI of each rank against the number of clusters, with a line at the cut: zsc's curve.
'use strict';
(function (atlas) {
    const { svg, html } = atlas;
    const WIDE = 360, TALL = 130, LEFT = 30, RIGHT = 8, TOP = 8, BOTTOM = 22, POINTS = 240;

    /** AMI (0 to 1, NaN: not defined) of rank J at K clusters. CURVES: ranks x CLUSTERS. */
    const amiAt = (curves, clusters, j, k) => curves[j * clusters + k - 1];

    /** Draws into ELEMENT. RANKS: [{title, colour}]; CHOOSE(k) is called where it is clicked. */
    function drawCurve(element, curves, clusters, ranks, k, choose, dark) {
        const ink = dark ? '#ddd' : '#222', soft = dark ? '#888' : '#999';
        let most = .1;
        for (const v of curves) if (v > most) most = v;
        most = Math.min(1, Math.ceil(most * 10) / 10);
        const span = Math.max(1e-9, Math.log(clusters)), x = n => LEFT + (WIDE - LEFT - RIGHT) * Math.log(n) / span;
        const y = v => TOP + (TALL - TOP - BOTTOM) * (1 - v / most);
        const root = svg('svg', { viewBox: `0 0 ${WIDE} ${TALL}`, class: 'curve', role: 'img',
            'aria-label': `AMI of each rank at 1 to ${clusters} clusters; the cut is at ${k}` });
        for (let v = 0; v <= most + 1e-9; v += most > .5 ? .2 : .1) {
            root.append(svg('line', { x1: LEFT, x2: WIDE - RIGHT, y1: y(v), y2: y(v), stroke: soft, 'stroke-width': .4 }));
            root.append(svg('text', { x: LEFT - 4, y: y(v), 'text-anchor': 'end', 'dominant-baseline': 'central',
                fill: ink, 'font-size': 10 }, Math.round(100 * v)));
        }
        for (let n = 1; n <= clusters && x(n) < WIDE - RIGHT - 60; n *= 10)
            root.append(svg('text', { x: x(n), y: TALL - 8, 'text-anchor': 'middle', fill: ink, 'font-size': 10 },
                n.toLocaleString('en')));
        root.append(svg('text', { x: WIDE - RIGHT, y: TALL - 8, 'text-anchor': 'end', fill: soft, 'font-size': 10 },
            'clusters'));
        ranks.forEach((rank, j) => {
            let path = '', last = 0;
            for (let p = 0; p <= POINTS; p++) {
                const n = Math.min(clusters, Math.max(1, Math.round(Math.exp(span * p / POINTS))));
                const v = amiAt(curves, clusters, j, n);
                if (n === last || !Number.isFinite(v)) continue;
                path += `${path ? 'L' : 'M'}${x(n).toFixed(1)} ${y(Math.max(0, v)).toFixed(1)}`;
                last = n;
            }
            if (path) root.append(svg('path', { d: path, fill: 'none', stroke: rank.colour, 'stroke-width': 1.6 }));
        });
        root.append(svg('line', { x1: x(k), x2: x(k), y1: TOP, y2: TALL - BOTTOM, stroke: ink, 'stroke-width': 1.4 }));
        root.addEventListener('click', event => {
            const box = root.getBoundingClientRect(), at = (event.clientX - box.left) / box.width * WIDE;
            const n = Math.round(Math.exp(span * (at - LEFT) / (WIDE - LEFT - RIGHT)));
            choose(Math.min(clusters, Math.max(1, n)));
        });
        element.replaceChildren(root);
    }

    /** AMI at K of each rank, as a table in per cent. VALUES: fractions. CHOSEN: the page's rank; CHOOSE(rank) is called
     * where another is clicked. The focus stays on the button that has it. */
    function drawScores(element, ranks, values, chosen, choose) {
        const focused = element.contains(document.activeElement) ? document.activeElement.dataset.rank : null;
        element.replaceChildren(html('table', { class: 'scores' },
            html('caption', {}, 'AMI, per cent'),
            html('tbody', {}, ...ranks.map((rank, j) => html('tr', {},
                html('th', { scope: 'row' }, html('span', { class: 'dot', style: { background: rank.colour } }),
                    html('button', { type: 'button', class: 'rank', 'data-rank': rank.rank, title: `Look at ${rank.title}`,
                        'aria-pressed': String(rank.rank === chosen), on: { click: () => choose(rank.rank) } }, rank.title)),
                html('td', { 'data-rank': rank.rank }, Number.isFinite(values[j]) ? (100 * values[j]).toFixed(1) : '-'),
                html('td', { class: 'soft' }, `${rank.classes.toLocaleString('en')} taxa`))))));
        for (const button of element.querySelectorAll('button')) if (button.dataset.rank === focused) button.focus();
    }

    Object.assign(atlas, { amiAt, drawCurve, drawScores });
})(globalThis.zscAtlas ??= {});
