// What the data says: columns of specimens, results with their trees and clusters; computed when first asked for.
'use strict';
(function (atlas) {
    /** HEAD and READ: of data.js. */
    function makeModel(head, read) {
        const views = [], counts = new Map();
        let ids = null;

        // results without labels: a rank that no specimen has a taxon of
        const ranks = head.columns.filter(c => c.kind === 'rank');
        if (!ranks.length) ranks.push({ name: '', title: 'Label', kind: 'rank', levels: [], own: new Uint8Array(head.rows).fill(255) });
        const codesOf = column => column.own || read(column.codes);
        const valuesOf = column => read(column.values);
        const isNone = (column, code) => code >= column.levels.length;

        /** How many specimens have each code of a column. */
        function countsOf(column) {
            if (!counts.has(column)) counts.set(column, atlas.countCodes(codesOf(column), column.levels.length, null, head.rows));
            return counts.get(column);
        }

        /** A result: {head, index, rows, specimens (null: row i is specimen i), xy, tree, leaf, ami, marks}. */
        function view(index) {
            if (views[index]) return views[index];
            const h = head.results[index], v = { head: h, index, rows: h.rows, columns: new Map(), cuts: new Map() };
            v.specimens = read(h.specimens);
            v.xy = read(h.xy);
            v.nearest = read(h.nearest);
            v.given = read(h.clusters);
            if (h.tree) {
                v.leaf = read(h.tree.leaf);
                v.ami = read(h.tree.ami);
                const leafRows = new Uint32Array(h.tree.clusters);
                for (let i = 0; i < v.rows; i++) leafRows[v.leaf[i]]++;
                v.tree = atlas.makeTree(h.tree.clusters, read(h.tree.child), read(h.tree.height), leafRows);
                v.bySize = Array.from(leafRows.keys()).sort((a, b) => leafRows[b] - leafRows[a] || a - b);
                v.place = new Uint32Array(h.tree.clusters);
                v.bySize.forEach((leaf, i) => { v.place[leaf] = i; });
            }
            return views[index] = v;
        }

        /** The row of each specimen in a result; -1: none. */
        function rowsOf(v) {
            if (!v.specimens) return null;
            if (!v.rowOf) {
                v.rowOf = new Int32Array(head.rows).fill(-1);
                for (let i = 0; i < v.rows; i++) v.rowOf[v.specimens[i]] = i;
            }
            return v.rowOf;
        }

        /** Codes or values of a column by the rows of a result. */
        function ofRows(v, column) {
            const all = column.kind === 'number' ? valuesOf(column) : codesOf(column);
            if (!v.specimens) return all;
            if (!v.columns.has(column)) {
                const own = new all.constructor(v.rows);
                for (let i = 0; i < v.rows; i++) own[i] = all[v.specimens[i]];
                v.columns.set(column, own);
            }
            return v.columns.get(column);
        }

        /** {cluster (of each row; -1: none), clusters, nodes}: the cut into K clusters, or those that were found. */
        function cutOf(v, k) {
            const cluster = new Int32Array(v.rows);
            if (!v.tree) {
                const none = atlas.noneOf(v.given);
                for (let i = 0; i < v.rows; i++) cluster[i] = v.given[i] === none ? -1 : v.given[i];
                return { cluster, clusters: v.head.k, nodes: null };
            }
            const { nodes, number } = v.tree.cut(k);
            for (let i = 0; i < v.rows; i++) cluster[i] = number[v.leaf[i]];
            return { cluster, clusters: k, nodes };
        }

        return {
            head, view, countsOf, codesOf, valuesOf, isNone, rowsOf, ofRows, cutOf,
            columns: head.columns,
            ranks,
            labelled: head.columns.some(c => c.kind === 'rank'),
            column: name => head.columns.find(c => c.name === name),
            ids() { return ids ??= atlas.splitTexts(read(head.ids)); },
        };
    }

    Object.assign(atlas, { makeModel });
})(globalThis.zscAtlas ??= {});
