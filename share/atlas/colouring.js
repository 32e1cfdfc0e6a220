// Which colour each row has, and the entries of the legend.
'use strict';
(function (atlas) {
    const { NAMED, STEPS, SLOT_OTHERS, SLOT_MISSING } = atlas;
    const RANGES = 5, RIGHT = 3, WRONG = 1;

    /** The choices of a model: [{value, title}]. */
    function colourChoices(model) {
        const ranks = model.labelled ? model.ranks.map(r => ({ value: `column:${r.name}`, title: r.title })) : [];
        return [...ranks, { value: 'cluster', title: 'Cluster' },
            ...(model.labelled ? [{ value: 'right', title: 'Right and wrong' }] : []),
            ...model.columns.filter(c => c.kind !== 'rank').map(c => ({ value: `column:${c.name}`, title: c.title }))];
    }

    /** The slot of each code of a column of texts: the most frequent are named. */
    function slotsOfColumn(model, column) {
        const order = atlas.byCount(model.countsOf(column), column.levels.length, column.levels);
        const slot = new Uint8Array(column.levels.length).fill(SLOT_OTHERS);
        order.slice(0, NAMED).forEach((code, i) => { slot[code] = i; });
        return { slot, order };
    }

    function byTexts(model, side, column) {
        const { slot, order } = slotsOfColumn(model, column), codes = model.ofRows(side.view, column), n = codes.length;
        const slots = new Uint8Array(n), entry = new Uint8Array(n), levels = column.levels.length, counts = new Uint32Array(NAMED + 2);
        for (let i = 0; i < n; i++) {
            slots[i] = codes[i] < levels ? slot[codes[i]] : SLOT_MISSING;
            entry[i] = slots[i] === SLOT_OTHERS ? NAMED : slots[i] === SLOT_MISSING ? NAMED + 1 : slots[i];
            counts[entry[i]]++;
        }
        const entries = order.slice(0, NAMED).map((code, i) => ({ key: `taxon ${column.levels[code]}`, name: column.levels[code], slot: i, at: i }));
        if (order.length > NAMED)
            entries.push({ key: 'others', name: `others (${atlas.count(order.length - NAMED)})`, slot: SLOT_OTHERS, at: NAMED });
        if (counts[NAMED + 1]) entries.push({ key: 'none', name: 'no label', slot: SLOT_MISSING, at: NAMED + 1 });
        return { slots, entry, entries: entries.map(e => ({ ...e, count: counts[e.at] })), kind: 'category', title: column.title };
    }

    const number = v => String(+v.toPrecision(6));

    /** The number that VALUE stands for in a column of numbers, with the digits that its steps leave; '': none. */
    function numberText(column, value) {
        if (value === 65535) return '';
        const v = column.low + column.step * value;
        if (!column.step) return String(v);
        const digits = -Math[column.exact ? 'round' : 'ceil'](Math.log10(column.step));
        if (column.exact) return String(+v.toFixed(digits));
        return `about ${digits >= 0 ? v.toFixed(Math.min(100, digits)) : Math.round(v / 10 ** -digits) * 10 ** -digits}`;
    }

    function byNumbers(model, side, column) {
        const values = model.ofRows(side.view, column), n = values.length, most = column.steps, counts = new Uint32Array(RANGES + 1);
        const slots = new Uint8Array(n), entry = new Uint8Array(n), of = v => number(column.low + column.step * v);
        for (let i = 0; i < n; i++) {
            const none = values[i] === 65535;
            slots[i] = none ? SLOT_MISSING : Math.floor(values[i] / (most + 1) * STEPS);
            entry[i] = none ? RANGES : Math.floor(values[i] / (most + 1) * RANGES);
            counts[entry[i]]++;
        }
        const entries = [];
        for (let r = 0; r < RANGES; r++) {
            const name = `${of(r / RANGES * most)} to ${of((r + 1) / RANGES * most)}`;
            entries.push({ key: `range ${r}`, name, slot: Math.floor((r + .5) / RANGES * STEPS), at: r, count: counts[r] });
        }
        if (counts[RANGES]) entries.push({ key: 'none', name: 'no value', slot: SLOT_MISSING, at: RANGES, count: counts[RANGES] });
        const colours = Array.from({ length: 12 }, (_, i) => atlas.cividis(i / 11));
        return { slots, entry, entries, kind: 'number', title: column.title, scale: { low: of(0), high: of(most), colours } };
    }

    /** A cluster keeps its colour, that of its largest leaf, as others merge. */
    function slotOfCluster(side, c) {
        return side.view.tree ? side.view.place[side.view.tree.main[side.nodes[c]]] % NAMED : c % NAMED;
    }

    function byClusters(model, side, rank) {
        const { cluster, clusters, groups } = side, n = cluster.length, slots = new Uint8Array(n), entry = new Uint8Array(n);
        const size = c => groups.start[c + 1] - groups.start[c], order = Array.from({ length: clusters }, (_, c) => c);
        order.sort((a, b) => size(b) - size(a) || a - b);
        const place = new Uint8Array(clusters).fill(NAMED), slot = new Uint8Array(clusters), counts = new Uint32Array(NAMED + 2);
        order.slice(0, NAMED).forEach((c, i) => { place[c] = i; });
        for (let c = 0; c < clusters; c++) slot[c] = slotOfCluster(side, c);
        for (let i = 0; i < n; i++) {
            const c = cluster[i];
            slots[i] = c < 0 ? SLOT_MISSING : slot[c];
            entry[i] = c < 0 ? NAMED + 1 : place[c];
            counts[entry[i]]++;
        }
        const taxa = side.majority(rank);
        const entries = order.slice(0, NAMED).map((c, i) => ({ key: `cluster ${c}`, at: i, slot: slot[c], count: counts[i],
            name: `${c}${taxa[c] < 0 ? '' : ', mostly ' + rank.levels[taxa[c]]}` }));
        if (clusters > NAMED)
            entries.push({ key: 'others', name: `${atlas.plural(clusters - NAMED, 'smaller cluster')}, in the same colours`,
                slot: SLOT_OTHERS, at: NAMED, count: counts[NAMED] });
        if (counts[NAMED + 1]) entries.push({ key: 'none', name: 'noise', slot: SLOT_MISSING, at: NAMED + 1, count: counts[NAMED + 1] });
        return { slots, entry, entries, kind: 'category', title: `Clusters: ${atlas.count(clusters)}` };
    }

    function byRight(model, side, rank) {
        const { cluster } = side, codes = model.ofRows(side.view, rank), n = cluster.length, levels = rank.levels.length;
        const slots = new Uint8Array(n), entry = new Uint8Array(n), counts = new Uint32Array(3), taxa = side.majority(rank);
        for (let i = 0; i < n; i++) {
            const own = codes[i], of = cluster[i] < 0 ? -1 : taxa[cluster[i]];
            entry[i] = own >= levels || of < 0 ? 2 : own === of ? 0 : 1;
            slots[i] = [RIGHT, WRONG, SLOT_MISSING][entry[i]];
            counts[entry[i]]++;
        }
        const names = ['right', 'wrong', 'no label, or noise'], keys = ['right', 'wrong', 'none'];
        const entries = names.map((name, i) => ({ key: keys[i], name, slot: [RIGHT, WRONG, SLOT_MISSING][i], at: i, count: counts[i] }));
        return { slots, entry, entries: entries.filter(e => e.count || e.at < 2), kind: 'category',
            title: `Right and wrong at ${atlas.lower(rank.title)}` };
    }

    /** {slots, entry, entries, kind, title, scale}: the slot of each row of SIDE, the place of its entry in the legend
     * (at), and the entries. CHOICE: a value of colourChoices; RANK: that right and wrong are of. */
    function colourRows(model, side, choice, rank) {
        if (choice === 'cluster') return byClusters(model, side, rank);
        if (choice === 'right') return byRight(model, side, rank);
        const column = model.column(choice.slice('column:'.length));
        return column.kind === 'number' ? byNumbers(model, side, column) : byTexts(model, side, column);
    }

    Object.assign(atlas, { colourChoices, colourRows, numberText, slotsOfColumn });
})(globalThis.zscAtlas ??= {});
