// A view as the fragment of the page's address, and back.
'use strict';
(function (atlas) {
    const NUMBERS = ['left', 'right', 'kl', 'kr', 'branches'], TEXTS = ['rank', 'colour', 'focus', 'shading', 'theme', 'tab',
        'key'];

    /** STATE's parts that are not undefined: numbers, texts, cameras {x, y, k} cl and cr, the list `hide`, and the
     * selection `select`, an object. `key`, of a result, is for links from elsewhere. */
    function encodeView(state) {
        const parts = new URLSearchParams();
        for (const name of [...NUMBERS, ...TEXTS]) if (state[name] !== undefined) parts.set(name, state[name]);
        for (const name of ['cl', 'cr'])
            if (state[name]) parts.set(name, [state[name].x.toFixed(0), state[name].y.toFixed(0), state[name].k.toFixed(3)].join('_'));
        if (state.hide && state.hide.length) parts.set('hide', JSON.stringify(state.hide));
        if (state.select) parts.set('select', JSON.stringify(state.select));
        return '#' + parts.toString();
    }

    const parse = text => {
        try {
            return JSON.parse(text);
        } catch (error) {
            void error; // a link that was cut off: the rest of it still holds
            return undefined;
        }
    };

    /** The state that FRAGMENT names; what cannot be read is left out. */
    function decodeView(fragment) {
        const parts = new URLSearchParams(fragment.replace(/^#/, '')), state = {};
        for (const name of NUMBERS) {
            const value = Number(parts.get(name));
            if (parts.has(name) && Number.isInteger(value)) state[name] = value;
        }
        for (const name of TEXTS) if (parts.has(name)) state[name] = parts.get(name);
        for (const name of ['cl', 'cr']) {
            const [x, y, k] = (parts.get(name) || '').split('_').map(Number);
            if (Number.isFinite(x) && Number.isFinite(y) && k > 0) state[name] = { x, y, k };
        }
        const hide = parse(parts.get('hide') || ''), select = parse(parts.get('select') || '');
        if (Array.isArray(hide)) state.hide = hide.filter(v => typeof v === 'string' || typeof v === 'number');
        if (select && typeof select === 'object' && typeof select.kind === 'string') state.select = select;
        return state;
    }

    Object.assign(atlas, { encodeView, decodeView });
})(globalThis.zscAtlas ??= {});
