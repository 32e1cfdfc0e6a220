// One side of the page: a result, its map, its cut, and the controls of the cut.
'use strict';
(function (atlas) {
    const { html } = atlas;

    /** ELEMENT: the section. MODEL: of model.js. EVENTS: those of makeMap, with the side first, cut(side, k), and rank(name). */
    function makeSide(element, model, events) {
        const map = atlas.makeMap(element.querySelector('.map'), {
            hover: (row, x, y) => events.hover(side, row, x, y),
            pick: row => events.pick(side, row),
            outline: points => events.outline(side, points),
            moved: () => events.moved(side),
        });
        const controls = element.querySelector('.cut');
        const side = { element, map, index: -1, view: null, k: 0, clusters: 0, cluster: null, nodes: null, groups: null, lines: null };
        let majorities = new Map(), branchRows = new Map();

        side.setResult = index => {
            side.index = index;
            side.view = model.view(index);
            element.querySelector('h2').textContent = side.view.head.title;
            element.querySelector('h2').title = `${side.view.head.settings || 'default settings'}; ${side.view.head.layout}`;
            map.setRows(side.view.xy);
            side.stops = side.view.tree
                ? atlas.sliderStops(side.view.tree.clusters, [side.view.head.k, ...side.view.head.scores.map(s => s.classes)]) : [];
            side.setCut(side.view.head.k);
            makeControls();
        };

        side.setCut = k => {
            const { head, tree } = side.view;
            side.k = tree ? Math.max(1, Math.min(tree.clusters, Math.round(k) || head.k)) : head.k;
            Object.assign(side, model.cutOf(side.view, side.k));
            side.groups = atlas.groupRows(side.cluster, side.clusters);
            majorities = new Map();
            branchRows = new Map();
        };

        side.majority = rank => {
            if (!majorities.has(rank)) {
                majorities.set(rank, atlas.majority(side.groups, side.clusters, model.ofRows(side.view, rank),
                    rank.levels.length, rank.levels));
            }
            return majorities.get(rank);
        };

        /** Rows below a node of the tree. */
        side.rowsBelow = node => {
            if (!side.leafGroups) side.leafGroups = new Map();
            if (side.leafGroups.view !== side.view) {
                side.leafGroups = atlas.groupRows(Int32Array.from(side.view.leaf), side.view.tree.clusters);
                side.leafGroups.view = side.view;
            }
            if (!branchRows.has(node)) {
                const rows = [];
                for (const leaf of side.view.tree.leavesOf(node))
                    for (let p = side.leafGroups.start[leaf]; p < side.leafGroups.start[leaf + 1]; p++) rows.push(side.leafGroups.row[p]);
                branchRows.set(node, rows);
            }
            return branchRows.get(node);
        };

        side.clusterRows = c => side.groups.row.subarray(side.groups.start[c], side.groups.start[c + 1]);
        side.amis = () => side.view.head.scores.map((s, j) => side.view.tree
            ? atlas.amiAt(side.view.ami, side.view.tree.clusters, j, side.k) : s.ami ?? NaN);

        function makeControls() {
            const { head, tree } = side.view, name = `Clusters of ${head.title}`;
            side.slider = side.field = null;
            if (!tree) {
                controls.replaceChildren(html('p', { class: 'soft' }, `${atlas.plural(head.k, 'cluster')}, found by ${head.clusterer}`),
                    html('div', { class: 'table' }));
                return;
            }
            const stopOf = k => side.stops.findIndex(s => s >= k);
            side.slider = html('input', { type: 'range', min: 0, max: side.stops.length - 1, value: stopOf(side.k), 'aria-label': name,
                on: { input: e => events.cut(side, side.stops[Number(e.target.value)]) } });
            side.field = html('input', { type: 'number', min: 1, max: tree.clusters, value: side.k, 'aria-label': `${name}, a number`,
                on: { change: e => events.cut(side, Number(e.target.value)) } });
            side.showCut = () => {
                side.slider.value = String(stopOf(side.k));
                side.slider.setAttribute('aria-valuetext', atlas.plural(side.k, 'cluster'));
                side.field.value = String(side.k);
            };
            const back = html('button', { type: 'button', title: 'The cut of the run', on: { click: () => events.cut(side, head.k) } }, `run: ${head.k}`);
            controls.replaceChildren(html('div', { class: 'slide' }, html('span', {}, 'Clusters'), side.slider, side.field, back),
                html('div', { class: 'curve' }), html('div', { class: 'table' }));
        }

        side.showScores = (colours, dark, rank) => {
            const ranks = side.view.head.scores.map((s, j) => ({ ...s, colour: colours[j % colours.length][dark ? 1 : 0] }));
            const curve = controls.querySelector('.curve');
            if (curve) {
                atlas.drawCurve(curve, side.view.ami, side.view.tree.clusters, ranks, side.k, k => events.cut(side, k), dark);
                side.showCut();
            }
            atlas.drawScores(controls.querySelector('.table'), ranks, side.amis(), rank, name => events.rank(name));
        };
        return side;
    }

    Object.assign(atlas, { makeSide });
})(globalThis.zscAtlas ??= {});
