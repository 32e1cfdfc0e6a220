// Selections: what they are of, as a text that a link can hold, and which specimens that is.
'use strict';
(function (atlas) {
    const MOST_IDS = 200;

    /** Specimens (ascending) of SOURCE, and its name; null where the source is of other data. MODEL: of model.js. */
    function resolveSelection(model, source) {
        const of = { outline, taxon, node, cluster, pair, ids }[source.kind];
        const found = of ? of(model, source) : null;
        if (!found || !found.rows.length) return null;
        const list = found.view?.specimens ? found.rows.map(row => found.view.specimens[row]) : Array.from(found.rows);
        return { list: list.sort((a, b) => a - b), name: found.name };
    }

    const viewOf = (model, index) => Number.isInteger(index) && model.head.results[index] ? model.view(index) : null;

    /** Within a polygon on the map of a result. */
    function outline(model, { result, points }) {
        const view = viewOf(model, result);
        if (!view || !Array.isArray(points) || points.length < 6 || points.length % 2 || !points.every(Number.isFinite)) return null;
        return { view, rows: atlas.rowsInPolygon(points, view.xy, () => true), name: `within an outline on the map of ${view.head.title}` };
    }

    function taxon(model, { column: name, value }) {
        const column = model.column(name), code = column?.levels ? column.levels.indexOf(value) : -1;
        if (code < 0) return null;
        const codes = model.codesOf(column), rows = [];
        for (let i = 0; i < codes.length; i++) if (codes[i] === code) rows.push(i);
        return { rows, name: `of ${column.title.toLowerCase()} ${value}` };
    }

    function node(model, { result, node: top, clusters }) {
        const view = viewOf(model, result);
        if (!view?.tree || clusters !== view.tree.clusters || !(top >= 0 && top < view.tree.nodes)) return null;
        const wanted = new Uint8Array(clusters), rows = [];
        for (const leaf of view.tree.leavesOf(top)) wanted[leaf] = 1;
        for (let i = 0; i < view.rows; i++) if (wanted[view.leaf[i]]) rows.push(i);
        return { view, rows, name: `of a branch of ${view.head.title}` };
    }

    function cluster(model, { result, k, cluster: number }) {
        const view = viewOf(model, result);
        if (!view || (view.tree && !(k >= 1 && k <= view.tree.clusters))) return null;
        const of = model.cutOf(view, k).cluster, rows = [];
        for (let i = 0; i < of.length; i++) if (of[i] === number) rows.push(i);
        return { view, rows, name: `of cluster ${number} of ${view.head.title}` };
    }

    /** Specimens of one taxon in clusters of another. */
    function pair(model, { result, rank: name, k, taxon: own, other }) {
        const view = viewOf(model, result), rank = model.column(name);
        if (!view || !rank?.levels || (view.tree && !(k >= 1 && k <= view.tree.clusters))) return null;
        const code = rank.levels.indexOf(own), of = rank.levels.indexOf(other), cut = model.cutOf(view, k);
        const codes = model.ofRows(view, rank), groups = atlas.groupRows(cut.cluster, cut.clusters), rows = [];
        const taxa = atlas.majority(groups, cut.clusters, codes, rank.levels.length, rank.levels);
        for (let i = 0; i < view.rows; i++)
            if (codes[i] === code && cut.cluster[i] >= 0 && taxa[cut.cluster[i]] === of) rows.push(i);
        return { view, rows, name: `of ${own} in clusters of ${other}` };
    }

    function ids(model, { list }) {
        if (!Array.isArray(list)) return null;
        const wanted = new Set(list.slice(0, MOST_IDS)), rows = [];
        model.ids().forEach((id, i) => { if (wanted.has(id)) rows.push(i); });
        return { rows, name: rows.length === 1 ? model.ids()[rows[0]] : 'by their ids' };
    }

    Object.assign(atlas, { resolveSelection });
})(globalThis.zscAtlas ??= {});
