// Search by id or taxon.
'use strict';
(function (atlas) {
    /** What holds TEXT, in upper or lower case, names that begin with it first: taxa of COLUMNS [{name, title, kind,
     * levels, counts}], at most MOST, then IDS, at most MOST. */
    function search(text, columns, ids, most) {
        const wanted = text.trim().toLowerCase(), found = [];
        if (!wanted) return found;
        const score = name => {
            const at = name.toLowerCase().indexOf(wanted);
            return at < 0 ? -1 : at === 0 ? (name.length === wanted.length ? 3 : 2) : 1;
        };
        const taxa = [];
        for (const column of columns) {
            if (column.kind === 'number') continue;
            column.levels.forEach((name, code) => {
                const s = column.counts[code] ? score(name) : -1;
                if (s > 0) taxa.push({ kind: 'taxon', column, code, name, count: column.counts[code], s });
            });
        }
        taxa.sort((a, b) => b.s - a.s || b.count - a.count || (a.name < b.name ? -1 : 1));
        found.push(...taxa.slice(0, most));
        const starting = [], holding = [];
        for (let i = 0; i < ids.length && starting.length < most; i++) {
            const s = score(ids[i]);
            if (s > 1) starting.push({ kind: 'id', specimen: i, name: ids[i], s });
            else if (s === 1 && holding.length < most) holding.push({ kind: 'id', specimen: i, name: ids[i], s });
        }
        starting.sort((a, b) => b.s - a.s);
        found.push(...starting.concat(holding).slice(0, most));
        return found;
    }

    Object.assign(atlas, { search });
})(globalThis.zscAtlas ??= {});
