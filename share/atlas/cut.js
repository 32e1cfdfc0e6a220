// The top of a dendrogram: cuts, and the branches that are drawn.
'use strict';
(function (atlas) {
    /** CHILD: two nodes per merge, by growing height; below CLUSTERS a leaf, CLUSTERS + j what merge j made. LEAF_ROWS:
     * rows of each leaf. */
    function makeTree(clusters, child, height, leafRows) {
        const nodes = 2 * clusters - 1;
        const rows = new Uint32Array(nodes), least = new Uint32Array(nodes), main = new Uint32Array(nodes);
        const parent = new Int32Array(nodes).fill(-1);
        for (let i = 0; i < clusters; i++) {
            rows[i] = leafRows[i];
            least[i] = main[i] = i;
        }
        for (let j = 0; j + 1 < clusters; j++) {
            const a = child[2 * j], b = child[2 * j + 1], node = clusters + j;
            rows[node] = rows[a] + rows[b];
            least[node] = Math.min(least[a], least[b]);
            main[node] = rows[a] >= rows[b] ? main[a] : main[b];
            parent[a] = parent[b] = node;
        }

        /** The nodes that are the K clusters of a cut, by number: clusters are numbered by their first leaf. */
        function nodesOf(k) {
            const last = clusters + (clusters - k), found = [];
            for (let node = 0; node < last; node++) if (parent[node] < 0 || parent[node] >= last) found.push(node);
            return found.sort((a, b) => least[a] - least[b]);
        }

        /** {nodes, number}: the nodes of the K clusters, and the number of each leaf's cluster. */
        function cut(k) {
            const found = nodesOf(k), of = new Int32Array(nodes).fill(-1), number = new Int32Array(clusters);
            found.forEach((node, i) => { of[node] = i; });
            for (let node = clusters + (clusters - k) - 1; node >= clusters; node--) {
                if (of[node] < 0) continue;
                const j = node - clusters;
                of[child[2 * j]] = of[child[2 * j + 1]] = of[node];
            }
            for (let i = 0; i < clusters; i++) number[i] = of[i];
            return { nodes: found, number };
        }

        /** Leaves below NODE. */
        function leavesOf(node) {
            const stack = [node], found = [];
            while (stack.length) {
                const top = stack.pop();
                if (top < clusters) found.push(top);
                else stack.push(child[2 * (top - clusters)], child[2 * (top - clusters) + 1]);
            }
            return found;
        }

        /** The COUNT branches of the top, in the order in which they are drawn (the child with more rows first), and the
         * merges above them: {branches, merges: [{node, a, b, height, ya, yb, y}]}. */
        function top(count) {
            const k = Math.min(count, clusters), first = clusters + (clusters - k), branches = [], y = new Map();
            const stack = [nodes - 1];
            while (stack.length) {
                const node = stack.pop();
                if (node < first) {
                    y.set(node, branches.length);
                    branches.push(node);
                    continue;
                }
                const j = node - clusters, a = child[2 * j], b = child[2 * j + 1];
                if (rows[a] >= rows[b]) stack.push(b, a);
                else stack.push(a, b);
            }
            const merges = [];
            for (let node = first; node < nodes; node++) {
                const j = node - clusters, a = child[2 * j], b = child[2 * j + 1], ya = y.get(a), yb = y.get(b);
                y.set(node, (ya + yb) / 2);
                merges.push({ node, a, b, height: height[j], ya, yb, y: (ya + yb) / 2 });
            }
            return { branches, merges };
        }

        const heightOf = node => node < clusters ? 0 : height[node - clusters];
        return { clusters, nodes, rows, main, parent, cut, leavesOf, top, heightOf };
    }

    /** The numbers of clusters that the slider stops at: all up to 100, then ever fewer, and those of MARKS. */
    function sliderStops(most, marks) {
        const stops = new Set(marks.filter(k => k >= 1 && k <= most));
        for (let k = 1; k <= most; k = k < 100 ? k + 1 : Math.max(k + 1, Math.round(k * 1.015))) stops.add(k);
        stops.add(most);
        return [...stops].sort((a, b) => a - b);
    }

    Object.assign(atlas, { makeTree, sliderStops });
})(globalThis.zscAtlas ??= {});
