// What leaves the page: ids as CSV, the map as PNG and SVG.
'use strict';
(function (atlas) {
    const quote = text => /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;

    /** RFC 4180. */
    function csvText(header, rows) {
        return [header, ...rows].map(row => row.map(quote).join(',')).join('\n') + '\n';
    }

    function save(blob, name) {
        const link = document.createElement('a');
        link.href = URL.createObjectURL(blob);
        link.download = name;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    }

    const escape = text => text.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`)
        .replace(/[\u0000-\u001f\u007f]/g, ' ');
    const TITLE = 28, KEY = 230, LINE = 18;

    /** The map with its title and legend, as it is on the screen, at twice its size. LEGEND: [{name, colour, shape}]. */
    function pngOf(map, title, note, legend, dark) {
        map.draw();
        const ratio = 2, w = map.element.clientWidth, h = map.element.clientHeight;
        const tall = Math.max(h + TITLE, TITLE + (legend.length + 1) * LINE), out = document.createElement('canvas');
        out.width = (w + KEY) * ratio;
        out.height = tall * ratio;
        const ink = out.getContext('2d');
        ink.scale(ratio, ratio);
        ink.fillStyle = dark ? '#121212' : '#fff';
        ink.fillRect(0, 0, w + KEY, tall);
        ink.drawImage(map.canvas, 0, TITLE, w, h);
        ink.save();
        ink.translate(0, TITLE);
        map.drawNames(ink, w, h);
        ink.restore();
        ink.fillStyle = dark ? '#eee' : '#1c1c1c';
        ink.textAlign = 'left';
        ink.textBaseline = 'middle';
        ink.font = '600 14px system-ui, "DejaVu Sans", sans-serif';
        ink.fillText(note ? `${title} (${note})` : title, 8, TITLE / 2);
        ink.font = '12px system-ui, "DejaVu Sans", sans-serif';
        legend.forEach((entry, i) => {
            const y = TITLE + (i + .5) * LINE;
            ink.save();
            ink.translate(w + 14, y);
            ink.fillStyle = entry.colour;
            ink.fill(new Path2D(atlas.shapePath(entry.shape, 5)));
            ink.restore();
            ink.fillText(atlas.shorten(entry.name, 34), w + 26, y);
        });
        return new Promise(done => out.toBlob(done, 'image/png'));
    }

    /** The same as vectors. Of the points of one colour in a cell of half a pixel, one is kept, as in zsc plot
     * scatter. SLOTS and FLAGS: of the rows; PALETTE: their colours. */
    function svgOf(map, slots, palette, title, note, legend, dark) {
        const w = map.element.clientWidth, h = map.element.clientHeight, r = 1.6, cell = 1 / 2, xy = map.xy;
        const across = Math.ceil(w / cell), cells = across * Math.ceil(h / cell + 1), taken = new Map(), paths = new Map();
        for (let row = 0; row < slots.length; row++) {
            if (map.flags[row] & atlas.HIDDEN) continue;
            const [x, y] = map.toScreen(xy[2 * row], xy[2 * row + 1]);
            if (x < 0 || y < 0 || x > w || y > h) continue;
            const at = Math.floor(y / cell) * across + Math.floor(x / cell), slot = slots[row];
            if (!taken.has(slot)) {
                taken.set(slot, new Uint8Array((cells >> 3) + 1));
                paths.set(slot, []);
            }
            if (taken.get(slot)[at >> 3] & 1 << (at & 7)) continue;
            taken.get(slot)[at >> 3] |= 1 << (at & 7);
            paths.get(slot).push(`M${x.toFixed(1)} ${y.toFixed(1)}h0`);
        }
        const ink = dark ? '#eee' : '#1c1c1c', parts = [];
        for (const [slot, path] of paths)
            parts.push(`<path d="${path.join('')}" stroke="${palette.colour(slot)}" stroke-width="${2 * r}" ` +
                'stroke-linecap="round" fill="none"/>');
        const keys = legend.map((entry, i) => `<g transform="translate(${w + 14} ${(i + .5) * LINE})">` +
            `<path d="${atlas.shapePath(entry.shape, 5)}" fill="${entry.colour}"/><text x="12" y="4" fill="${ink}">` +
            `${escape(atlas.shorten(entry.name, 34))}</text></g>`);
        return `<svg xmlns="http://www.w3.org/2000/svg" width="${w + KEY}" height="${h + TITLE}" ` +
            'font-family="DejaVu Sans, sans-serif" font-size="12">' +
            `<rect width="100%" height="100%" fill="${dark ? '#121212' : '#fff'}"/>` +
            `<text x="8" y="18" font-size="14" font-weight="600" fill="${ink}">${escape(note ? `${title} (${note})` : title)}</text>` +
            `<g transform="translate(0 ${TITLE})">${parts.join('')}${keys.join('')}</g></svg>\n`;
    }

    Object.assign(atlas, { csvText, save, pngOf, svgOf });
})(globalThis.zscAtlas ??= {});
