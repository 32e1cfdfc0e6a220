// The dendrogram of the top clusters: one line per branch, with its taxa as a bar. As in zsc plot dendrogram.
'use strict';
(function (atlas) {
    const { svg, shorten, count } = atlas;
    const LINE = 18, TREE = 120, BAR = 96, TEXT = 170, PAD = 8;

    /** Draws into ELEMENT. TREE: of cut.js; BRANCHES: how many; OF(node): {rows, name, share, parts: [{share, colour}],
     * picked}: what a branch holds, picked being the share of its rows that are selected; ACTS: {pick(node), over(node
     * or -1)}. Returns the lines by node. */
    function drawTree(element, tree, branches, of, acts, dark) {
        const top = tree.top(branches), ink = dark ? '#ddd' : '#222', soft = dark ? '#aaa' : '#666';
        const highest = Math.max(...top.merges.map(m => m.height), 1e-300);
        const x = height => PAD + TREE * (1 - height / highest), y = place => PAD + (place + .5) * LINE;
        const tall = 2 * PAD + LINE * top.branches.length, wide = PAD + TREE + 6 + BAR + 6 + TEXT;
        const root = svg('svg', { viewBox: `0 0 ${wide} ${tall}`, width: wide, height: tall, role: 'list',
            'aria-label': `Dendrogram: the top ${top.branches.length} branches` });
        const lines = new Map(), places = new Map(top.branches.map((node, i) => [node, i]));
        const yOf = new Map(top.branches.map((node, i) => [node, y(i)]));
        const drawn = node => places.has(node) ? 0 : tree.heightOf(node);
        for (const m of top.merges) {
            const ya = yOf.get(m.a), yb = yOf.get(m.b), xm = x(m.height);
            yOf.set(m.node, (ya + yb) / 2);
            const path = `M${x(drawn(m.a))} ${ya}H${xm}V${yb}H${x(drawn(m.b))}`;
            root.append(svg('path', { d: path, fill: 'none', stroke: ink }));
            const hit = svg('path', { d: path, fill: 'none', stroke: 'transparent', 'stroke-width': 7, class: 'hit',
                on: { click: () => acts.pick(m.node), pointerenter: () => acts.over(m.node),
                    pointerleave: () => acts.over(-1) } });
            hit.append(svg('title', {}, `${count(tree.rows[m.node])} specimens below height ${m.height.toPrecision(3)}`));
            root.append(hit);
        }
        top.branches.forEach((node, i) => {
            const held = of(node), at = y(i), pick = () => acts.pick(node);
            const said = `${held.name}, ${Math.round(100 * held.share)} per cent of ${count(held.rows)} specimens`;
            const line = svg('g', { class: 'branch', role: 'listitem', tabindex: 0, 'aria-label': said,
                on: { click: pick, pointerenter: () => acts.over(node), pointerleave: () => acts.over(-1),
                    focus: () => acts.over(node), blur: () => acts.over(-1),
                    keydown: event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); pick(); } } } });
            line.append(svg('rect', { x: 0, y: at - LINE / 2, width: wide, height: LINE, class: 'ground' }));
            let from = PAD + TREE + 6;
            for (const part of held.parts) {
                const width = part.share * BAR;
                line.append(svg('rect', { x: from.toFixed(2), y: at - LINE / 2 + 3, width: width.toFixed(2),
                    height: LINE - 6, fill: part.colour }));
                from += width;
            }
            if (held.picked > 0)
                line.append(svg('rect', { x: PAD + TREE + 6, y: at + LINE / 2 - 4, width: (held.picked * BAR).toFixed(2),
                    height: 3, fill: ink, class: 'picked' }));
            line.append(svg('text', { x: PAD + TREE + 12 + BAR, y: at, 'dominant-baseline': 'central', fill: ink },
                shorten(held.name, 18), svg('tspan', { fill: soft }, ` ${Math.round(100 * held.share)} % of ${count(held.rows)}`)));
            line.append(svg('title', {}, said));
            root.append(line);
            lines.set(node, line);
        });
        element.replaceChildren(root);
        return lines;
    }

    Object.assign(atlas, { drawTree });
})(globalThis.zscAtlas ??= {});
