// Elements. Names from the data only ever become text or attributes that hold no code, so that they cannot act.
'use strict';
(function (atlas) {
    const SVG = 'http://www.w3.org/2000/svg';

    function fill(element, attributes, children) {
        for (const [name, value] of Object.entries(attributes || {})) {
            if (name === 'on') for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
            else if (name === 'style') for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
            else if (value === true) element.setAttribute(name, '');
            else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
        }
        element.append(...children.flat().filter(c => c !== null && c !== undefined && c !== false).map(c =>
            c instanceof Node ? c : String(c)));
        return element;
    }
    const html = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
    const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

    const count = n => n.toLocaleString('en');
    const percent = (part, whole) => whole ? `${(100 * part / whole).toFixed(part && part < whole && part / whole < .1 ? 1 : 0)} %` : '';
    const plural = (n, one, many) => `${count(n)} ${n === 1 ? one : many || one + 's'}`;
    /** A title within a sentence: acronyms stay. */
    const lower = title => title === title.toUpperCase() ? title : title.toLowerCase();

    Object.assign(atlas, { html, svg, count, percent, plural, lower });
})(globalThis.zscAtlas ??= {});
