// What groups of specimens hold: counts by taxon, the most frequent taxon of each cluster, which taxa are confused.
'use strict';
(function (atlas) {
    /** How many of ROWS (all: null, COUNT of them) have each code; codes from LEVELS on are without a label. */
    function countCodes(codes, levels, rows, count) {
        const found = new Uint32Array(levels + 1);
        if (rows) for (const i of rows) found[Math.min(codes[i], levels)]++;
        else for (let i = 0; i < count; i++) found[Math.min(codes[i], levels)]++;
        return found;
    }

    /** Codes by falling count, those without rows left out; ties by name, as in zsc's tables. */
    function byCount(counts, levels, names) {
        const order = [];
        for (let code = 0; code < levels; code++) if (counts[code]) order.push(code);
        return order.sort((a, b) => counts[b] - counts[a] || (names[a] < names[b] ? -1 : names[a] > names[b] ? 1 : 0));
    }

    /** The rows of each cluster, one after the other: rows of cluster c are row[start[c]] .. row[start[c + 1] - 1].
     * CLUSTER: of each row; below 0: in none. */
    function groupRows(cluster, clusters) {
        const start = new Uint32Array(clusters + 1);
        for (const c of cluster) if (c >= 0) start[c + 1]++;
        for (let c = 0; c < clusters; c++) start[c + 1] += start[c];
        const next = start.slice(), row = new Uint32Array(start[clusters]);
        for (let i = 0; i < cluster.length; i++) if (cluster[i] >= 0) row[next[cluster[i]]++] = i;
        return { start, row };
    }

    /** The most frequent taxon of each cluster, of equal ones the first by name; -1: no row has a label. */
    function majority(groups, clusters, codes, levels, names) {
        const taxon = new Int32Array(clusters).fill(-1), counts = new Uint32Array(levels);
        for (let c = 0; c < clusters; c++) {
            let best = -1;
            for (let p = groups.start[c]; p < groups.start[c + 1]; p++) {
                const code = codes[groups.row[p]];
                if (code < levels) counts[code]++;
            }
            for (let p = groups.start[c]; p < groups.start[c + 1]; p++) {
                const code = codes[groups.row[p]];
                if (code >= levels || code === best || counts[code] === 0) continue;
                const more = best < 0 ? 1 : counts[code] - counts[best];
                if (more > 0 || (more === 0 && names[code] < names[best])) best = code;
            }
            for (let p = groups.start[c]; p < groups.start[c + 1]; p++) {
                const code = codes[groups.row[p]];
                if (code < levels) counts[code] = 0;
            }
            taxon[c] = best;
        }
        return taxon;
    }

    /** Taxa whose rows lie in clusters of another: [{taxon, other, rows: [...]}], those with most rows first. */
    function confusions(cluster, taxonOf, codes, levels, names) {
        const pairs = new Map();
        for (let i = 0; i < cluster.length; i++) {
            const taxon = codes[i], other = cluster[i] < 0 ? -1 : taxonOf[cluster[i]];
            if (taxon >= levels || other < 0 || other === taxon) continue;
            const key = taxon * levels + other;
            if (!pairs.has(key)) pairs.set(key, { taxon, other, rows: [] });
            pairs.get(key).rows.push(i);
        }
        return [...pairs.values()].sort((a, b) => b.rows.length - a.rows.length ||
            (names[a.taxon] < names[b.taxon] ? -1 : names[a.taxon] > names[b.taxon] ? 1 : 0) ||
            (names[a.other] < names[b.other] ? -1 : 1));
    }

    Object.assign(atlas, { countCodes, byCount, groupRows, majority, confusions });
})(globalThis.zscAtlas ??= {});
