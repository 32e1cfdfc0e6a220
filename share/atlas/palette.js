// Colours and shapes: those of zsc's figures, which tell taxa apart with and without red and green cones.
'use strict';
(function (atlas) {
    const OTHERS = { light: '#b8b8b8', dark: '#7d7d7d' };
    const MISSING = { light: '#d9d9d9', dark: '#4a4a4a' };
    // cividis, as in zsc's heat maps
    const CIVIDIS = ['#00204c', '#213d6b', '#555b6c', '#7b7a77', '#a59c74', '#d3c064', '#ffe945'];
    const SHAPES = ['circle', 'triangle', 'square', 'diamond'];
    /** Slots of a point's colour: categories, then steps of a scale of numbers; others; none. */
    const NAMED = 14, STEPS = 64, SLOT_OTHERS = 254, SLOT_MISSING = 255;

    const rgb = colour => [1, 3, 5].map(i => parseInt(colour.slice(i, i + 2), 16));
    const hex = parts => '#' + parts.map(v => Math.round(v).toString(16).padStart(2, '0')).join('');

    /** Colour of cividis at SHARE, 0 to 1. */
    function cividis(share) {
        const at = Math.min(1, Math.max(0, share)) * (CIVIDIS.length - 1), i = Math.min(CIVIDIS.length - 2, Math.floor(at));
        const a = rgb(CIVIDIS[i]), b = rgb(CIVIDIS[i + 1]);
        return hex(a.map((v, k) => v + (at - i) * (b[k] - v)));
    }

    /** Colour and shape of each slot. COLOURS: pairs of a colour on white and one on black; KIND: "category" or
     * "number". */
    function makePalette(colours, kind, dark) {
        const mode = dark ? 'dark' : 'light';
        return {
            colour(slot) {
                if (slot === SLOT_OTHERS) return OTHERS[mode];
                if (slot === SLOT_MISSING) return MISSING[mode];
                if (kind === 'number') return cividis(slot / (STEPS - 1));
                return colours[slot % colours.length][dark ? 1 : 0];
            },
            shape(slot) {
                if (kind === 'number' || slot >= SLOT_OTHERS) return 0;
                return Math.floor(slot / colours.length) % SHAPES.length;
            },
            rgb(slot) { return rgb(this.colour(slot)); },
        };
    }

    /** The outline of a shape around 0, 0, as a path of SVG; R: its radius. */
    function shapePath(shape, r) {
        const f = v => +v.toFixed(2);
        if (shape === 1) return `M0 ${f(-r)}L${f(r)} ${f(0.8 * r)}L${f(-r)} ${f(0.8 * r)}Z`;
        if (shape === 2) return `M${f(-0.8 * r)} ${f(-0.8 * r)}H${f(0.8 * r)}V${f(0.8 * r)}H${f(-0.8 * r)}Z`;
        if (shape === 3) return `M0 ${f(-r)}L${f(r)} 0L0 ${f(r)}L${f(-r)} 0Z`;
        return `M${f(-r)} 0A${f(r)} ${f(r)} 0 1 0 ${f(r)} 0A${f(r)} ${f(r)} 0 1 0 ${f(-r)} 0Z`;
    }

    Object.assign(atlas, { makePalette, cividis, shapePath, SHAPES, NAMED, STEPS, SLOT_OTHERS, SLOT_MISSING });
})(globalThis.zscAtlas ??= {});
