// Panels beside the map: legend, tree, confusions, selection, and what is known of one specimen. Each draws itself from
// APP (app.js), whose state it changes through the functions of APP alone.
'use strict';
(function (atlas) {
    const { html, svg, count, percent, plural, shorten } = atlas;
    const LISTED = 12, PAIRS = 40;

    const mark = (colour, shape) => svg('svg', { width: 14, height: 14, viewBox: '-7 -7 14 14', 'aria-hidden': 'true' },
        svg('path', { d: atlas.shapePath(shape, 6), fill: colour }));
    const act = (text, on, more) => html('button', { type: 'button', class: 'act', on: { click: on }, ...more }, text);

    // --- Legend
    function drawLegend(element, app) {
        const { entries, scale, title } = app.legend();
        const items = entries.map(entry => html('li', {}, html('button', { type: 'button', 'data-key': entry.key,
            'aria-pressed': String(!app.isHidden(entry.key)), title: 'Click: hide or show; with Shift: this one alone',
            on: { click: event => event.shiftKey ? app.showAlone(entry.key) : app.toggle(entry.key) } },
            mark(entry.colour, entry.shape), html('span', { class: 'name' }, entry.name),
            html('span', { class: 'soft' }, count(entry.count)))));
        const bar = scale && html('div', {}, html('div', { class: 'scale', role: 'img',
            'aria-label': `Scale from ${scale.low} to ${scale.high}`,
            style: { background: `linear-gradient(to right, ${scale.colours.join(',')})` } }),
            html('p', { class: 'soft' }, `${scale.low} to ${scale.high}`));
        element.replaceChildren(html('h3', {}, title), bar || '', html('ul', { class: 'legend' }, ...items),
            html('p', {}, act('Show all', () => app.showAll()), ' ', act('Hide all', () => app.hideAll())));
    }

    // --- Tree
    function drawTreePanel(element, app) {
        const blocks = app.sides().map(side => {
            const box = html('div'), block = html('div', {}, html('h3', {}, side.view.head.title), box);
            if (!side.view.tree) {
                box.append(html('p', { class: 'soft' }, 'No dendrogram: the clusters of this result are as they were found.'));
                return block;
            }
            const rank = app.rank(), shown = Math.min(side.k, app.branches()), drawn = Math.min(side.view.tree.clusters, Math.max(2, shown));
            const of = node => app.branch(side, node, rank);
            side.lines = atlas.drawTree(box, side.view.tree, drawn, of, {
                pick: node => app.select({ kind: 'node', result: side.index, node, clusters: side.view.tree.clusters }),
                over: node => app.light(side, node),
            }, app.dark());
            block.append(html('p', { class: 'soft' }, drawn === side.k
                ? `The ${plural(drawn, 'cluster')} of the cut. `
                : `The top ${plural(drawn, 'branch', 'branches')}; the cut has ${plural(side.k, 'cluster')}. `,
            `Bars: ${atlas.lower(rank.title)}, in the colours of the legend by it. Click a branch or a merge to select it.`));
            return block;
        });
        element.replaceChildren(html('p', {}, html('label', {}, 'Branches ', html('input', { type: 'number', min: 2, max: 300,
            value: app.branches(), on: { change: event => app.setBranches(Number(event.target.value)) } }))), ...blocks);
    }

    // --- Confusions
    function drawConfusions(element, app) {
        const rank = app.rank(), chosen = app.selection(), blocks = [];
        for (const side of app.sides()) {
            const found = app.confusions(side, rank);
            const items = found.pairs.slice(0, PAIRS).map(pair => html('li', {}, html('button', { type: 'button',
                class: 'pair', 'aria-pressed': String(chosen.source?.kind === 'pair' && chosen.source.result === side.index &&
                    chosen.source.taxon === pair.name && chosen.source.other === pair.otherName),
                on: { click: () => app.select({ kind: 'pair', result: side.index, rank: rank.name, k: side.k,
                    taxon: pair.name, other: pair.otherName }) } },
            html('span', {}, pair.name, html('span', { class: 'soft' }, ' among '), pair.otherName),
            html('span', { class: 'soft' }, count(pair.rows.length)))));
            blocks.push(html('div', {}, html('h3', {}, side.view.head.title),
                html('p', { class: 'soft' }, `At ${plural(side.clusters, 'cluster')}, ${count(found.wrong)} of ` +
                    `${plural(found.labelled, 'labelled specimen')} (${percent(found.wrong, found.labelled) || '0 %'}) lie in a ` +
                    `cluster whose most frequent ${atlas.lower(rank.title)} is another.`),
                html('ul', { class: 'list' }, ...items),
                found.pairs.length > PAIRS ? html('p', { class: 'soft' }, `${count(found.pairs.length - PAIRS)} further pairs`) : ''));
        }
        const specimens = chosen.source?.kind === 'pair' ? [html('h3', {}, 'Specimens of the pair'), thumbs(app, chosen.list)] : [];
        element.replaceChildren(...specimens, ...blocks);
    }

    // --- Selection
    function thumbs(app, list) {
        const shown = list.slice(0, LISTED);
        return html('div', { class: 'thumbs' }, ...shown.map(specimen => {
            const id = app.id(specimen), url = app.imageUrl(specimen);
            const picture = url && html('img', { alt: '', loading: 'lazy', src: url, on: { error: e => e.target.remove() } });
            return html('button', { type: 'button', class: 'specimen', on: { click: () => app.focus(specimen) } },
                picture || '', shorten(id, 40));
        }), list.length > LISTED ? html('span', { class: 'soft' }, `and ${count(list.length - LISTED)} more`) : '');
    }

    function drawSelection(element, app) {
        const chosen = app.selection();
        if (!chosen.list.length) {
            element.replaceChildren(html('p', { class: 'soft' }, 'Nothing is selected. Drag with Lasso or Box, search for a ' +
                'taxon, or click a branch of the tree or a pair of confused taxa.'));
            return;
        }
        const ranks = app.ranks(), rank = app.rank(), inside = app.composition(chosen.list, rank);
        const bars = html('table', { class: 'bars' }, html('caption', {}, `${rank.title}: ${plural(inside.taxa.length, 'taxon', 'taxa')}`),
            html('tbody', {}, ...inside.taxa.slice(0, LISTED).map(t => html('tr', {}, html('th', { scope: 'row' }, t.name),
                html('td', {}, count(t.count)), html('td', { class: 'bar' }, html('span', { class: 'fill',
                    style: { width: `${100 * t.count / chosen.list.length}%`, background: t.colour } }))))));
        const others = html('table', {}, html('caption', {}, 'Every rank'), html('tbody', {}, ...ranks.map(r => {
            const c = app.composition(chosen.list, r), first = c.taxa[0];
            return html('tr', {}, html('th', { scope: 'row' }, r.title), html('td', {}, count(c.taxa.length)),
                html('td', { class: 'name' }, first ? `${first.name} ${percent(first.count, chosen.list.length)}` : ''));
        })));
        const clusters = app.sides().map(side => {
            const shares = app.shares(side, chosen.list);
            return html('table', { class: 'shares' }, html('caption', {}, `${side.view.head.title}: ${plural(shares.length, 'cluster')}`),
                html('thead', {}, html('tr', {}, html('th', { class: 'name' }, 'cluster'), html('th', {}, 'selected'),
                    html('th', {}, 'of'), html('th', {}, 'share'))),
                html('tbody', {}, ...shares.slice(0, LISTED).map(s => html('tr', {}, html('td', { class: 'name' },
                    s.cluster < 0 ? 'noise' : `${s.cluster}${s.name ? ', ' + shorten(s.name, 22) : ''}`), html('td', {}, count(s.selected)),
                html('td', {}, count(s.rows)), html('td', {}, percent(s.selected, s.rows))))));
        });
        element.replaceChildren(html('p', {}, html('strong', {}, plural(chosen.list.length, 'specimen')), ' ', chosen.name),
            html('p', {}, act('Save ids as CSV', () => app.saveIds(), { id: 'save-csv' }), ' ', act('Zoom to it', () => app.fit()),
                ' ', act('End', () => app.select(null))), bars, others, ...clusters, html('h3', {}, 'Specimens'),
            thumbs(app, chosen.list));
    }

    // --- One specimen
    function clusterWords(app, side, row) {
        const rank = app.rank(), c = side.cluster[row];
        if (c < 0) return [html('p', {}, `${side.view.head.title}: in no cluster (noise).`)];
        const held = app.clusterHolds(side, c, rank), code = app.code(rank, app.specimenOf(side, row));
        const own = code === null ? null : rank.levels[code];
        const verdict = own === null ? 'without a label' : held.taxa[0] && held.taxa[0].name === own ? 'right' : 'wrong';
        return [html('p', {}, html('strong', {}, side.view.head.title), `: cluster ${c} of ${plural(held.rows, 'specimen')}, ${verdict} at ${atlas.lower(rank.title)}`),
            html('table', { class: 'bars' }, html('tbody', {}, ...held.taxa.slice(0, 5).map(t => html('tr', {},
                html('th', { scope: 'row' }, t.name), html('td', {}, percent(t.count, held.rows)), html('td', { class: 'bar' },
                    html('span', { class: 'fill', style: { width: `${100 * t.count / held.rows}%`, background: t.colour } })))))),
            act('Select this cluster', () => app.select({ kind: 'cluster', result: side.index, k: side.k, cluster: c }))];
    }

    function nearestWords(app, side, row) {
        const near = app.nearest(side, row), rank = app.rank();
        if (!near.length) return [];
        return [html('p', { class: 'soft' }, `Nearest in ${side.view.head.nearestIn}:`), html('ul', { class: 'list' }, ...near.map(other => {
            const specimen = app.specimenOf(side, other), code = app.code(rank, specimen);
            return html('li', {}, html('button', { type: 'button', on: { click: () => app.focus(specimen) } },
                html('span', {}, app.id(specimen)), html('span', { class: 'soft' }, code === null ? '' : rank.levels[code])));
        }))];
    }

    function drawDetails(element, app, specimen) {
        element.hidden = specimen < 0;
        if (specimen < 0) return;
        const url = app.imageUrl(specimen), facts = [];
        for (const column of app.columns()) {
            const value = app.value(column, specimen);
            if (value !== '') facts.push(html('dt', {}, column.title), html('dd', {}, value));
        }
        const picture = url && html('img', { alt: `Picture of ${app.id(specimen)}`, src: url, on: { error: e => e.target.remove() } });
        element.replaceChildren(html('h3', {}, app.id(specimen)), picture || '', html('dl', {}, ...facts),
            ...app.sides().flatMap(side => {
                const row = app.rowOf(side, specimen);
                if (row < 0) return [html('p', { class: 'soft' }, `${side.view.head.title}: not among its rows.`)];
                return [...clusterWords(app, side, row), ...nearestWords(app, side, row)];
            }), act('Close', () => app.focus(-1)));
    }

    /** What a tooltip says of a row. */
    function tipWords(app, side, row) {
        const specimen = app.specimenOf(side, row), c = side.cluster[row], rank = app.rank(), words = [html('strong', {}, app.id(specimen))];
        for (const r of app.ranks()) {
            const code = app.code(r, specimen);
            if (code !== null) words.push(html('div', {}, html('span', { class: 'soft' }, `${r.title}: `), r.levels[code]));
        }
        if (c < 0) words.push(html('div', {}, 'noise'));
        else {
            const held = app.clusterHolds(side, c, rank);
            words.push(html('div', {}, `Cluster ${c}: ${held.taxa.slice(0, 3).map(t => `${t.name} ${percent(t.count, held.rows)}`).join(', ')}`));
        }
        return words;
    }

    Object.assign(atlas, { drawLegend, drawTreePanel, drawConfusions, drawSelection, drawDetails, tipWords });
})(globalThis.zscAtlas ??= {});
