// The page: its state, and what happens when something is clicked. Everything that changes goes through one of the functions
// of APP, which redraw what depends on it.
'use strict';
(function (atlas) {
    const { html, count, plural } = atlas;
    const $ = id => document.getElementById(id);
    const TABS = ['legend', 'tree', 'confusions', 'selection', 'keys'], TOOLS = ['pan', 'lasso', 'box'], NAMES = 300;

    function makeApp(model) {
        const { head } = model;
        const state = { colour: model.labelled ? `column:${head.rank}` : 'cluster', rank: model.column(head.rank) || model.ranks[0], hidden: new Set(), tab: 'legend',
            branches: 40, shading: 'auto', tool: 'pan', theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
            focus: -1, source: null, list: [], name: '', mask: new Uint8Array(head.rows), lit: null };
        const all = [], due = new Set();
        let colouring = [], linkTimer = 0;
        const app = {};

        // --- Redrawing, at most once per picture
        const drawers = {
            cut: () => app.sides().forEach(side => side.showScores(head.colours, app.dark(), state.rank.name)),
            colours: drawColours,
            flags: drawFlags,
            names: drawNames,
            panel: drawPanel,
            details: () => {
                const another = $('details').dataset.specimen !== String(state.focus);
                atlas.drawDetails($('details'), app, state.focus);
                $('details').dataset.specimen = String(state.focus);
                if (another) $('details').scrollTop = 0;
            },
            link: () => {
                clearTimeout(linkTimer);
                linkTimer = setTimeout(() => history.replaceState(null, '', app.link()), 150);
            },
        };
        function redraw(...parts) {
            if (!due.size) requestAnimationFrame(flush);
            for (const part of parts) due.add(part);
        }
        function flush() {
            const parts = Object.keys(drawers).filter(part => due.has(part));
            due.clear();
            for (const part of parts) drawers[part]();
        }
        app.flush = flush;

        function drawColours() {
            colouring = app.sides().map(side => atlas.colourRows(model, side, state.colour, state.rank));
            app.sides().forEach((side, s) => {
                side.palette = atlas.makePalette(head.colours, colouring[s].kind, app.dark());
                side.map.setPalette(side.palette, app.dark());
                side.map.setSlots(colouring[s].slots);
                side.map.request();
            });
            drawFlags();
        }

        /** Rows that an entry of the legend hides, by specimen: those of the left map decide. */
        function hiddenSpecimens() {
            const c = colouring[0], side = all[0];
            const hidden = new Uint8Array(c.entries.reduce((most, e) => Math.max(most, e.at), 0) + 1);
            for (const e of c.entries) if (state.hidden.has(e.key)) hidden[e.at] = 1;
            if (!hidden.includes(1)) return null;
            const mask = new Uint8Array(head.rows);
            for (let i = 0; i < side.view.rows; i++) if (hidden[c.entry[i]]) mask[app.specimenOf(side, i)] = 1;
            return mask;
        }

        function drawFlags() {
            const hidden = hiddenSpecimens();
            for (const side of app.sides()) {
                const flags = new Uint8Array(side.view.rows);
                for (let i = 0; i < side.view.rows; i++) {
                    const specimen = app.specimenOf(side, i);
                    flags[i] = (state.lit ? state.lit[specimen] : state.mask[specimen]) | (hidden && hidden[specimen] ? atlas.HIDDEN : 0);
                }
                side.map.setFlags(flags, Boolean(state.lit) || state.list.length > 0);
                const row = state.focus < 0 ? -1 : app.rowOf(side, state.focus);
                side.map.setFocus(row, row < 0 ? [] : app.nearest(side, row));
                side.map.setOutline(state.source?.kind === 'outline' && state.source.result === side.index ? state.source.points : null);
                side.map.request();
            }
        }

        function drawNames() {
            const rank = state.rank, order = atlas.byCount(model.countsOf(rank), rank.levels.length, rank.levels);
            for (const side of app.sides()) {
                const codes = model.ofRows(side.view, rank);
                side.map.setNames(atlas.anchors(codes, rank.levels.length, order, side.view.xy, NAMES), rank.levels);
                side.map.request();
            }
        }

        function drawPanel() {
            const draw = { legend: atlas.drawLegend, tree: atlas.drawTreePanel, confusions: atlas.drawConfusions,
                selection: atlas.drawSelection }[state.tab];
            if (draw) draw($(`panel-${state.tab}`), app);
        }

        // --- What panels ask
        Object.assign(app, {
            model, state,
            sides: () => all.filter(side => side.view && !side.element.hidden),
            rank: () => state.rank,
            ranks: () => model.ranks,
            columns: () => model.columns,
            dark: () => state.theme === 'dark',
            branches: () => state.branches,
            selection: () => state,
            isHidden: key => state.hidden.has(key),
            id: specimen => model.ids()[specimen],
            specimenOf: (side, row) => side.view.specimens ? side.view.specimens[row] : row,
            rowOf(side, specimen) {
                const rows = model.rowsOf(side.view);
                return rows ? rows[specimen] : specimen;
            },
            code(column, specimen) {
                const code = model.codesOf(column)[specimen];
                return model.isNone(column, code) ? null : code;
            },
            value(column, specimen) {
                if (column.kind === 'number' && !column.levels) return atlas.numberText(column, model.valuesOf(column)[specimen]);
                const code = app.code(column, specimen);
                return code === null ? '' : column.levels[code];
            },
            nearest(side, row) {
                const n = side.view.head.neighbors || 0;
                return side.view.nearest ? Array.from(side.view.nearest.subarray(row * n, (row + 1) * n)) : [];
            },
            /** The address of a picture; null: none, or a part of it is not known. Values are parts of a path, and cannot lead
             * out of it. */
            imageUrl(specimen) {
                if (!head.image) return null;
                let known = true;
                const url = head.image.replace(/\{([^{}]+)\}/g, (_, name) => {
                    const column = model.column(name);
                    const value = column ? app.value(column, specimen) : app.id(specimen);
                    if (value === '') known = false;
                    return value.split('/').filter(part => part !== '..' && part !== '.').map(encodeURIComponent).join('/');
                });
                return known ? url : null;
            },
            legend() {
                const c = colouring[0], palette = all[0].palette;
                return { ...c, entries: c.entries.map(e => ({ ...e, colour: palette.colour(e.slot), shape: palette.shape(e.slot) })) };
            },
            /** Taxa of specimens: {taxa: [{name, count, colour}]}, the most frequent first. */
            composition(list, rank) {
                const counts = atlas.countCodes(model.codesOf(rank), rank.levels.length, list, 0);
                return { taxa: withColours(rank, counts) };
            },
            clusterHolds(side, c, rank) {
                const rows = side.clusterRows(c), counts = atlas.countCodes(model.ofRows(side.view, rank), rank.levels.length, rows, 0);
                return { rows: rows.length, taxa: withColours(rank, counts) };
            },
            branch(side, node, rank) {
                const rows = side.rowsBelow(node), levels = rank.levels.length;
                const counts = atlas.countCodes(model.ofRows(side.view, rank), levels, rows, 0), taxa = withColours(rank, counts);
                let picked = 0;
                if (state.list.length) for (const row of rows) picked += state.mask[app.specimenOf(side, row)];
                const named = taxa.filter(t => t.slot < atlas.SLOT_OTHERS), parts = named.map(t => ({ share: t.count / rows.length, colour: t.colour }));
                const rest = 1 - parts.reduce((sum, p) => sum + p.share, 0);
                if (rest > 1e-9) parts.push({ share: rest, colour: atlas.makePalette(head.colours, 'category', app.dark()).colour(atlas.SLOT_OTHERS) });
                return { rows: rows.length, name: taxa[0] ? taxa[0].name : 'no label', share: (taxa[0] ? taxa[0].count : counts[levels]) / rows.length,
                    parts, picked: picked / rows.length };
            },
            confusions(side, rank) {
                const codes = model.ofRows(side.view, rank), levels = rank.levels.length;
                const pairs = atlas.confusions(side.cluster, side.majority(rank), codes, levels, rank.levels);
                let labelled = 0;
                for (let i = 0; i < codes.length; i++) labelled += codes[i] < levels && side.cluster[i] >= 0;
                return { pairs: pairs.map(p => ({ ...p, name: rank.levels[p.taxon], otherName: rank.levels[p.other] })), labelled,
                    wrong: pairs.reduce((sum, p) => sum + p.rows.length, 0) };
            },
            /** Clusters that hold specimens of LIST: [{cluster, name, selected, rows}], those with most first. */
            shares(side, list) {
                const found = new Map(), rank = state.rank, taxa = side.majority(rank);
                for (const specimen of list) {
                    const row = app.rowOf(side, specimen);
                    if (row >= 0) found.set(side.cluster[row], (found.get(side.cluster[row]) || 0) + 1);
                }
                return [...found].map(([c, selected]) => ({ cluster: c, selected, name: c < 0 || taxa[c] < 0 ? '' : rank.levels[taxa[c]],
                    rows: c < 0 ? side.view.rows - side.groups.row.length : side.groups.start[c + 1] - side.groups.start[c] }))
                    .sort((a, b) => b.selected - a.selected || a.cluster - b.cluster);
            },
        });

        const slotsByRank = new Map();
        function withColours(rank, counts) {
            if (!slotsByRank.has(rank)) slotsByRank.set(rank, atlas.slotsOfColumn(model, rank).slot);
            const slots = slotsByRank.get(rank), palette = atlas.makePalette(head.colours, 'category', app.dark());
            return atlas.byCount(counts, rank.levels.length, rank.levels).map(code => ({ name: rank.levels[code], count: counts[code],
                slot: slots[code], colour: palette.colour(slots[code]) }));
        }

        // --- What panels and controls do
        const say = text => { $('said').textContent = text; };
        Object.assign(app, {
            setResult(side, index) {
                side.element.hidden = index < 0;
                if (index >= 0 && side.index !== index) side.setResult(index);
                if (index < 0) side.index = -1;
                $('left').value = String(all[0].index);
                $('right').value = String(all[1].index);
                for (const s of app.sides()) describe(s);
                redraw('cut', 'colours', 'flags', 'names', 'panel', 'details', 'link');
            },
            setColour(value) {
                if (!atlas.colourChoices(model).some(c => c.value === value)) return;
                state.colour = value;
                state.hidden.clear();
                $('colour').value = value;
                const column = model.column(value.slice('column:'.length));
                if (column && column.kind === 'rank') setRank(column);
                redraw('cut', 'colours', 'panel', 'details', 'link');
            },
            setRank(name) {
                const rank = model.ranks.find(r => r.name === name);
                if (!rank) return;
                const was = state.colour === `column:${state.rank.name}`;
                setRank(rank);
                if (was) app.setColour(`column:${name}`);
                redraw('cut', 'colours', 'panel', 'details', 'link');
            },
            setCut(side, k) {
                if (!side.view.tree || !(k >= 1)) return;
                side.setCut(k);
                if (state.colour === 'cluster') state.hidden.clear();
                say(`${plural(side.k, 'cluster')} of ${side.view.head.title}`);
                redraw('cut', 'panel', 'details', 'link');
                if (state.colour === 'cluster' || state.colour === 'right') redraw('colours');
            },
            setBranches(n) {
                state.branches = Math.max(2, Math.min(300, Math.round(n) || 40));
                redraw('panel', 'link');
            },
            toggle(key) {
                if (!state.hidden.delete(key)) state.hidden.add(key);
                redraw('flags', 'panel', 'link');
            },
            showAlone(key) {
                state.hidden = new Set(colouring[0].entries.map(e => e.key).filter(k => k !== key));
                redraw('flags', 'panel', 'link');
            },
            showAll() {
                state.hidden.clear();
                redraw('flags', 'panel', 'link');
            },
            hideAll() {
                state.hidden = new Set(colouring[0].entries.map(e => e.key));
                redraw('flags', 'panel', 'link');
            },
            setTab(name) {
                if (!TABS.includes(name)) return;
                state.tab = name;
                for (const tab of TABS) {
                    $(`tab-${tab}`).setAttribute('aria-selected', String(tab === name));
                    $(`tab-${tab}`).tabIndex = tab === name ? 0 : -1;
                    $(`panel-${tab}`).hidden = tab !== name;
                }
                redraw('panel', 'link');
            },
            setTool(name) {
                state.tool = name;
                for (const tool of TOOLS) $(`tool-${tool}`).setAttribute('aria-pressed', String(tool === name));
                for (const side of all) side.map.setTool(name);
            },
            setShading(value) {
                if (!['auto', 'points', 'density'].includes(value)) return;
                state.shading = $('shading').value = value;
                for (const side of all) {
                    side.map.setShading(value);
                    side.map.request();
                }
                redraw('link');
            },
            setTheme(theme) {
                if (theme !== 'dark' && theme !== 'light') return;
                state.theme = document.documentElement.dataset.theme = theme;
                $('theme').setAttribute('aria-pressed', String(theme === 'dark'));
                redraw('cut', 'colours', 'panel', 'details', 'link');
            },
            /** SOURCE: of selecting.js; null: nothing. */
            select(source) {
                const found = source && atlas.resolveSelection(model, source);
                state.mask.fill(0);
                state.source = found ? source : null;
                state.list = found ? found.list : [];
                state.name = found ? found.name : '';
                state.lit = null;
                for (const specimen of state.list) state.mask[specimen] = atlas.SELECTED;
                if (source && !found) say('No specimens are there.');
                else say(found ? `${plural(state.list.length, 'specimen')} ${state.name} selected` : 'Nothing is selected');
                if (found && source.kind !== 'pair' && source.kind !== 'node') app.setTab('selection');
                redraw('flags', 'panel', 'details', 'link');
            },
            /** Shows what is below a node while it is pointed at; -1: no longer. */
            light(side, node) {
                state.lit = null;
                if (node >= 0) {
                    state.lit = new Uint8Array(head.rows);
                    for (const row of side.rowsBelow(node)) state.lit[app.specimenOf(side, row)] = atlas.SELECTED;
                }
                redraw('flags');
            },
            focus(specimen) {
                state.focus = specimen;
                if (specimen >= 0) say(`Specimen ${app.id(specimen)}`);
                redraw('flags', 'details', 'link');
            },
            fit() {
                for (const side of app.sides())
                    side.map.showRows(state.list.map(specimen => app.rowOf(side, specimen)).filter(row => row >= 0));
            },
            saveIds() {
                atlas.save(new Blob([app.idsCsv()], { type: 'text/csv' }), 'selection.csv');
                say(`${plural(state.list.length, 'id')} saved`);
            },
            idsCsv: () => atlas.csvText(['id'], state.list.map(specimen => [app.id(specimen)])),
            svg: side => atlas.svgOf(side.map, colouring[all.indexOf(side)].slots, side.palette, side.view.head.title,
                head.simulated ? 'simulated data' : '', app.legend().entries, app.dark()),
            png: side => atlas.pngOf(side.map, side.view.head.title, head.simulated ? 'simulated data' : '', app.legend().entries, app.dark()),
            link() {
                const [left, right] = all, shown = side => side.view && !side.element.hidden;
                return atlas.encodeView({ left: left.index, right: shown(right) ? right.index : undefined, kl: left.k,
                    kr: shown(right) ? right.k : undefined, rank: state.rank.name, colour: state.colour, tab: state.tab,
                    branches: state.branches, shading: state.shading, theme: state.theme, cl: left.map.camera(),
                    cr: shown(right) ? right.map.camera() : undefined, hide: [...state.hidden], select: state.source,
                    focus: state.focus < 0 ? undefined : app.id(state.focus) });
            },
            /** Takes a view from a fragment. */
            restore(fragment) {
                const v = atlas.decodeView(fragment), has = i => Number.isInteger(i) && i >= 0 && i < head.results.length;
                if (v.theme) app.setTheme(v.theme);
                const named = v.key ? head.results.findIndex(r => r.key === v.key) : -1;
                app.setResult(all[0], named >= 0 ? named : has(v.left) ? v.left : 0);
                app.setResult(all[1], has(v.right) ? v.right : -1);
                if (v.rank) app.setRank(v.rank);
                if (v.colour) app.setColour(v.colour);
                if (v.kl) app.setCut(all[0], v.kl);
                if (v.kr && has(v.right)) app.setCut(all[1], v.kr);
                if (v.branches) app.setBranches(v.branches);
                if (v.shading) app.setShading(v.shading);
                if (v.select) app.select(v.select);
                if (v.hide) state.hidden = new Set(v.hide);
                if (v.focus) app.focus(model.ids().indexOf(v.focus));
                app.setTab(v.tab || 'legend');
                flush();
                if (v.cl) all[0].map.setCamera(v.cl);
                if (v.cr && has(v.right)) all[1].map.setCamera(v.cr);
            },
        });

        function setRank(rank) {
            state.rank = rank;
            $('rank').value = rank.name;
            redraw('names');
        }

        function describe(side) {
            const h = side.view.head;
            side.element.querySelector('canvas.names').setAttribute('aria-label', `Map of ${plural(h.rows, 'specimen')}, ${h.title}: ` +
                `${h.layout}. Arrows move it, plus and minus zoom, Enter chooses the specimen in the middle; the panels say the same in words.`);
        }

        // --- The maps' events
        const events = {
            hover(side, row, x, y) {
                const tip = $('tip');
                for (const s of app.sides()) if (s.lines) for (const line of s.lines.values()) line.classList.remove('lit');
                tip.hidden = row < 0;
                if (row < 0) return;
                tip.replaceChildren(...atlas.tipWords(app, side, row));
                const box = side.map.element.getBoundingClientRect(), at = tip.getBoundingClientRect();
                tip.style.left = `${Math.max(4, Math.min(innerWidth - at.width - 4, box.left + x + 14))}px`;
                tip.style.top = `${Math.max(4, Math.min(innerHeight - at.height - 4, box.top + y + 14))}px`;
                if (state.tab === 'tree') lightBranch(side, row);
            },
            pick: (side, row) => app.focus(row < 0 ? -1 : app.specimenOf(side, row)),
            outline: (side, points) => app.select({ kind: 'outline', result: side.index, points }),
            moved: () => redraw('link'),
            cut: (side, k) => app.setCut(side, k),
            rank: name => app.setRank(name),
        };
        function lightBranch(side, row) {
            if (!side.lines || !side.view.tree) return;
            let node = side.view.leaf[row];
            while (node >= 0 && !side.lines.has(node)) node = side.view.tree.parent[node];
            if (node >= 0) side.lines.get(node).classList.add('lit');
        }
        all.push(...['view-left', 'view-right'].map(id => atlas.makeSide($(id), model, events)));
        app.all = all;
        return app;
    }

    // --- Controls
    const options = choices => choices.map(c => html('option', { value: c.value }, c.title));

    function connect(app) {
        const { model } = app, { head } = model, results = head.results.map((r, i) => ({ value: i, title: r.title }));
        document.title = head.title;
        $('title').textContent = head.title;
        $('note').append(`${plural(head.rows, 'specimen')}, ${plural(results.length, 'result')}; zsc ${head.zsc}. `,
            head.simulated ? html('span', { class: 'simulated' }, 'Simulated data: it says nothing about real specimens.') : '');
        $('origin').textContent = head.results.map(r => `${r.title}: ${r.layout}; ${r.clusterer}${r.linkage ? ', ' + r.linkage : ''}; seed ` +
            `${r.seed}, key ${r.key}${r.settings ? '; ' + r.settings : ''}.`).join(' ');
        $('left').append(...options(results));
        $('right').append(...options([{ value: -1, title: 'none' }, ...results]));
        $('colour').append(...options(atlas.colourChoices(model)));
        $('rank').append(...options(model.ranks.map(r => ({ value: r.name, title: r.title }))));
        $('left').addEventListener('change', e => app.setResult(app.all[0], Number(e.target.value)));
        $('right').addEventListener('change', e => app.setResult(app.all[1], Number(e.target.value)));
        $('colour').addEventListener('change', e => app.setColour(e.target.value));
        $('rank').addEventListener('change', e => app.setRank(e.target.value));
        $('shading').addEventListener('change', e => app.setShading(e.target.value));
        for (const tool of TOOLS) $(`tool-${tool}`).addEventListener('click', () => app.setTool(tool));
        TABS.forEach((tab, i) => {
            $(`tab-${tab}`).addEventListener('click', () => app.setTab(tab));
            $(`tab-${tab}`).addEventListener('keydown', e => {
                const step = { ArrowRight: 1, ArrowLeft: TABS.length - 1 }[e.key];
                if (!step) return;
                app.setTab(TABS[(i + step) % TABS.length]);
                $(`tab-${TABS[(i + step) % TABS.length]}`).focus();
            });
        });
        $('fit').addEventListener('click', () => app.fit());
        $('theme').addEventListener('click', () => app.setTheme(app.dark() ? 'light' : 'dark'));
        $('copy-link').addEventListener('click', () => {
            history.replaceState(null, '', app.link());
            navigator.clipboard?.writeText(location.href).catch(() => {});
            $('said').textContent = 'The address of this view is in the address bar, and was copied where the browser allows it.';
        });
        $('save-png').addEventListener('click', async () => {
            for (const side of app.sides()) atlas.save(await app.png(side), `${side.element.id.replace('view-', 'atlas-')}.png`);
        });
        $('save-svg').addEventListener('click', () => {
            for (const side of app.sides())
                atlas.save(new Blob([app.svg(side)], { type: 'image/svg+xml' }), `${side.element.id.replace('view-', 'atlas-')}.svg`);
        });
        addEventListener('hashchange', () => app.restore(location.hash));
        addEventListener('beforeprint', () => app.sides().forEach(side => side.map.draw()));
        addEventListener('keydown', event => shortcut(app, event));
        connectSearch(app);
    }

    function shortcut(app, event) {
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
        const side = app.sides()[0], stop = () => side.stops.findIndex(s => s >= side.k);
        const acts = {
            '/': () => $('search').focus(), p: () => app.setTool('pan'), l: () => app.setTool('lasso'), b: () => app.setTool('box'),
            '[': () => app.setCut(side, side.stops[Math.max(0, stop() - 1)]),
            ']': () => app.setCut(side, side.stops[Math.min(side.stops.length - 1, stop() + 1)]),
            Escape: () => app.state.focus >= 0 ? app.focus(-1) : app.select(null),
        };
        const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
        if (!act) return;
        act();
        event.preventDefault();
    }

    function connectSearch(app) {
        const field = $('search'), list = $('found'), { model } = app;
        let found = [], at = -1;
        const close = () => {
            list.hidden = true;
            at = -1;
            field.setAttribute('aria-expanded', 'false');
            field.removeAttribute('aria-activedescendant');
        };
        const show = i => {
            at = i;
            [...list.children].forEach((item, j) => item.setAttribute('aria-selected', String(i === j)));
            if (i >= 0) field.setAttribute('aria-activedescendant', list.children[i].id);
        };
        const take = i => {
            const hit = found[i];
            if (!hit) return;
            close();
            if (hit.kind === 'taxon') app.select({ kind: 'taxon', column: hit.column.name, value: hit.name });
            else {
                app.select({ kind: 'ids', list: [hit.name] });
                app.focus(hit.specimen);
            }
            app.fit();
        };
        field.addEventListener('input', () => {
            const columns = model.columns.filter(c => c.kind !== 'number').map(c => ({ ...c, counts: model.countsOf(c) }));
            found = atlas.search(field.value, columns, model.ids(), 12);
            list.replaceChildren(...found.map((hit, i) => html('li', { role: 'option', id: `found-${i}`, 'aria-selected': 'false',
                on: { pointerdown: e => { e.preventDefault(); take(i); } } }, html('span', {}, hit.name),
            html('span', { class: 'soft' }, hit.kind === 'id' ? 'specimen' : `${hit.column.title}, ${count(hit.count)}`))));
            list.hidden = !found.length;
            field.setAttribute('aria-expanded', String(found.length > 0));
            show(found.length ? 0 : -1);
        });
        field.addEventListener('keydown', event => {
            if (event.key === 'ArrowDown') show(Math.min(found.length - 1, at + 1));
            else if (event.key === 'ArrowUp') show(Math.max(0, at - 1));
            else if (event.key === 'Enter') take(at);
            else if (event.key === 'Escape') close();
            else return;
            event.preventDefault();
        });
        field.addEventListener('blur', close);
    }

    /** Data beside a page that was opened as a file: the reader chooses it. */
    function askForFile(name, bytes, belong) {
        return new Promise(resolve => {
            const problem = html('p', { role: 'alert' });
            const field = html('input', { type: 'file', id: 'data-file', accept: '.bin', on: { change: async e => {
                const data = new Uint8Array(await e.target.files[0].arrayBuffer());
                if (belong(data)) {
                    $('trouble').hidden = true;
                    resolve(data);
                } else problem.textContent = data.length === bytes ? `That file is of another page than this one; expected its own ${name}.`
                    : `That file has ${count(data.length)} bytes; expected the ${count(bytes)} of ${name}.`;
            } } });
            $('trouble').replaceChildren(html('label', {}, `Choose ${name}, which lies beside this page: `, field), problem);
            $('trouble').hidden = false;
        });
    }

    async function start() {
        try {
            const { head, read } = await atlas.load(document, askForFile), app = makeApp(atlas.makeModel(head, read));
            atlas.app = app;
            connect(app);
            app.setTool('pan');
            app.setTheme(app.state.theme);
            app.setColour(app.state.colour);
            app.restore(location.hash);
            app.sides().forEach(side => side.map.draw());
            atlas.firstPicture = performance.now();
            document.documentElement.dataset.ready = 'yes';
        } catch (error) {
            $('trouble').textContent = `This page cannot be shown: ${error.message}`;
            $('trouble').hidden = false;
            throw error;
        }
    }
    if (document.getElementById('zsc-head')) start();
})(globalThis.zscAtlas ??= {});
