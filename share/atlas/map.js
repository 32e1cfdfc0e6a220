// One map: a canvas of points, names above it, pan and zoom, lasso and box, and the point that is pointed at.
'use strict';
(function (atlas) {
    const lib = globalThis.zscAtlasLibraries;
    const UNITS = 65535, MARGIN = .06, REACH = 9, STEP = 60;

    /** ELEMENT: holds a canvas.points and a canvas.names. EVENTS: {hover(row, x, y), pick(row), outline(points),
     * moved(camera)}; rows are those of the result, outlines in its units. */
    function makeMap(element, events) {
        const canvas = element.querySelector('canvas.points'), over = element.querySelector('canvas.names');
        const points = atlas.makePoints(canvas), ink = over.getContext('2d');
        let xy = new Uint16Array(0), flags = new Uint8Array(0), index = null, anchors = [], names = [];
        let transform = lib.zoomIdentity, tool = 'pan', outline = null, focus = -1, marked = [], shading = 'auto';
        let selection = false, waiting = false, dark = false, pending = null;

        // --- Coordinates: units of the layout, pixels of the page
        const width = () => element.clientWidth, height = () => element.clientHeight;
        const base = () => Math.max(1, Math.min(width(), height()) * (1 - 2 * MARGIN));
        const left = () => (width() - base()) / 2, top = () => (height() - base()) / 2;
        const toScreen = (x, y) => [transform.applyX(left() + x / UNITS * base()),
            transform.applyY(top() + (1 - y / UNITS) * base())];
        const toUnits = (x, y) => [(transform.invertX(x) - left()) / base() * UNITS,
            (1 - (transform.invertY(y) - top()) / base()) * UNITS];

        // --- Drawing
        function resize() {
            const ratio = Math.min(2, window.devicePixelRatio || 1);
            for (const c of [canvas, over]) {
                const w = Math.max(1, Math.round(width() * ratio)), h = Math.max(1, Math.round(height() * ratio));
                if (c.width !== w || c.height !== h) {
                    c.width = w;
                    c.height = h;
                }
            }
            return ratio;
        }

        /** Rows per pixel of the part that they cover, by the zoom alone. */
        function density() {
            const covered = (base() * transform.k) ** 2 / 6, each = xy.length / 2 / Math.max(1, covered);
            if (shading === 'points') return 0;
            if (shading === 'density') return Math.max(each, .5);
            return each > .12 ? Math.max(each, .5) : 0;
        }

        const sizeOf = () => Math.max(2.4, Math.min(11, 2.2 * Math.sqrt(transform.k) *
            Math.sqrt(Math.max(.6, Math.min(4, 30000 / Math.max(1, xy.length / 2))))));

        function draw() {
            waiting = false;
            const ratio = resize(), w = width(), h = height();
            if (w < 2 || h < 2) return;
            const scale = [2 * base() * transform.k / w, 2 * base() * transform.k / h];
            const [x0, y0] = toScreen(0, 0), offset = [2 * x0 / w - 1, 1 - 2 * y0 / h], rows = density();
            points.draw({ scale, offset }, (rows ? 1.6 : sizeOf()) * ratio, selection, rows);
            ink.setTransform(ratio, 0, 0, ratio, 0, 0);
            ink.clearRect(0, 0, w, h);
            drawNames(ink, w, h);
            drawMarks();
        }

        function drawNames(to, w, h) {
            to.font = '600 12px system-ui, "DejaVu Sans", sans-serif';
            to.textAlign = 'center';
            to.textBaseline = 'middle';
            const candidates = [];
            for (const a of anchors) {
                const [x, y] = toScreen(a.x, a.y);
                if (x < 0 || y < 0 || x > w || y > h) continue;
                const text = shorten(names[a.code], 30);
                candidates.push({ x, y, text, width: to.measureText(text).width + 8, height: 16 });
                if (candidates.length >= 400) break;
            }
            const most = Math.max(4, Math.round(w * h / 26000));
            to.lineWidth = 3;
            to.strokeStyle = dark ? 'rgba(18,18,18,.85)' : 'rgba(255,255,255,.85)';
            to.fillStyle = dark ? '#eee' : '#1c1c1c';
            for (const b of atlas.placeLabels(candidates, { width: w, height: h }, most)) {
                to.strokeText(b.text, b.x, b.y);
                to.fillText(b.text, b.x, b.y);
            }
        }

        function drawMarks() {
            ink.lineWidth = 2;
            ink.strokeStyle = dark ? '#fff' : '#000';
            for (const row of focus >= 0 ? [...marked, focus] : marked) {
                const [x, y] = toScreen(xy[2 * row], xy[2 * row + 1]);
                ink.beginPath();
                ink.arc(x, y, row === focus ? 8 : 6, 0, 2 * Math.PI);
                ink.stroke();
            }
            if (!outline) return;
            ink.setLineDash([5, 4]);
            ink.beginPath();
            for (let i = 0; i < outline.length; i += 2) ink.lineTo(...toScreen(outline[i], outline[i + 1]));
            ink.closePath();
            ink.stroke();
            ink.setLineDash([]);
        }

        function request() {
            if (waiting) return;
            waiting = true;
            requestAnimationFrame(draw);
        }

        // --- The nearest row to a position, among those that are shown
        function find(x, y) {
            if (!xy.length) return -1;
            if (!index) {
                index = new lib.KDBush(xy.length / 2, 64, Uint16Array);
                for (let i = 0; i < xy.length; i += 2) index.add(xy[i], xy[i + 1]);
                index.finish();
            }
            const [ux, uy] = toUnits(x, y), reach = REACH / (base() * transform.k) * UNITS;
            let best = -1, least = Infinity;
            for (const row of index.within(ux, uy, reach)) {
                if (flags[row] & atlas.HIDDEN) continue;
                const far = (xy[2 * row] - ux) ** 2 + (xy[2 * row + 1] - uy) ** 2;
                if (far < least || (far === least && row < best)) {
                    least = far;
                    best = row;
                }
            }
            return best;
        }

        // --- Pan and zoom
        const selected = lib.select(over);
        const zoom = lib.zoom().scaleExtent([.5, 500])
            .filter(event => event.type === 'wheel' || (tool === 'pan' && !event.shiftKey && !event.button))
            .on('zoom', event => {
                transform = event.transform;
                request();
                events.moved(camera());
            });
        selected.call(zoom).on('dblclick.zoom', null);
        const setTransform = t => selected.call(zoom.transform, t);

        /** The camera as what is in the middle, in units, and the zoom: the same on a canvas of another size. */
        function camera() {
            const [x, y] = toUnits(width() / 2, height() / 2);
            return { x, y, k: transform.k };
        }
        function setCamera(c) {
            const x = left() + c.x / UNITS * base(), y = top() + (1 - c.y / UNITS) * base();
            setTransform(lib.zoomIdentity.translate(width() / 2 - c.k * x, height() / 2 - c.k * y).scale(c.k));
        }
        /** Shows all of ROWS (none: everything). */
        function showRows(rows) {
            if (!rows || !rows.length) return setTransform(lib.zoomIdentity);
            let west = UNITS, east = 0, south = UNITS, north = 0;
            for (const row of rows) {
                west = Math.min(west, xy[2 * row]);
                east = Math.max(east, xy[2 * row]);
                south = Math.min(south, xy[2 * row + 1]);
                north = Math.max(north, xy[2 * row + 1]);
            }
            const side = Math.max(east - west, north - south, UNITS / 60) / UNITS;
            setCamera({ x: (west + east) / 2, y: (south + north) / 2, k: Math.min(60, Math.max(1, .7 / side)) });
        }

        // --- Lasso and box
        const position = event => {
            const box = over.getBoundingClientRect();
            return [event.clientX - box.left, event.clientY - box.top];
        };
        let start = null, corners = null;
        function pointerDown(event) {
            if (event.button || (tool === 'pan' && !event.shiftKey)) return;
            start = position(event);
            corners = toUnits(...start);
            over.setPointerCapture(event.pointerId);
        }
        function pointerMove(event) {
            const [x, y] = position(event);
            if (!start) {
                if (event.buttons) return;
                pending = [x, y];
                requestAnimationFrame(() => {
                    if (!pending) return;
                    events.hover(find(...pending), ...pending);
                    pending = null;
                });
                return;
            }
            const [ux, uy] = toUnits(x, y);
            if (tool === 'box') {
                const [x0, y0] = toUnits(...start);
                corners = [x0, y0, ux, y0, ux, uy, x0, uy];
            } else {
                corners.push(ux, uy);
            }
            outline = corners;
            request();
        }
        function pointerUp() {
            if (!start) return;
            const done = tool === 'box' ? corners : atlas.thinPolygon(corners, 2 / (base() * transform.k) * UNITS);
            start = corners = null;
            if (done.length < 6) {
                outline = null;
                request();
                return;
            }
            events.outline(done.map(Math.round));
        }
        over.addEventListener('pointerdown', pointerDown);
        over.addEventListener('pointermove', pointerMove);
        over.addEventListener('pointerup', pointerUp);
        over.addEventListener('pointercancel', pointerUp);
        over.addEventListener('pointerleave', () => { pending = null; events.hover(-1, 0, 0); });
        over.addEventListener('click', event => {
            if (tool !== 'pan' || event.shiftKey) return;
            events.pick(find(...position(event)));
        });

        // --- Keys
        const keys = {
            ArrowLeft: () => selected.call(zoom.translateBy, STEP / transform.k, 0),
            ArrowRight: () => selected.call(zoom.translateBy, -STEP / transform.k, 0),
            ArrowUp: () => selected.call(zoom.translateBy, 0, STEP / transform.k),
            ArrowDown: () => selected.call(zoom.translateBy, 0, -STEP / transform.k),
            '+': () => selected.call(zoom.scaleBy, 1.4),
            '=': () => selected.call(zoom.scaleBy, 1.4),
            '-': () => selected.call(zoom.scaleBy, 1 / 1.4),
            0: () => showRows(null),
            Enter: () => events.pick(nearestToMiddle()),
        };
        function nearestToMiddle() {
            let best = -1, least = Infinity;
            const [ux, uy] = toUnits(width() / 2, height() / 2);
            for (let row = 0; 2 * row < xy.length; row++) {
                if (flags[row] & atlas.HIDDEN) continue;
                const far = (xy[2 * row] - ux) ** 2 + (xy[2 * row + 1] - uy) ** 2;
                if (far < least) {
                    least = far;
                    best = row;
                }
            }
            return best;
        }
        over.addEventListener('keydown', event => {
            if (event.ctrlKey || event.altKey || event.metaKey || !keys[event.key]) return;
            keys[event.key]();
            event.preventDefault();
        });
        new ResizeObserver(request).observe(element);

        return {
            element, canvas, points, draw, request, find, camera, setCamera, showRows, toScreen, toUnits, drawNames,
            setRows(coordinates) {
                xy = coordinates;
                flags = new Uint8Array(xy.length / 2);
                index = null;
                points.setRows(xy);
            },
            setSlots(slots) { points.setSlots(slots); },
            setFlags(next, some) {
                flags = next;
                selection = some;
                points.setFlags(next);
            },
            setPalette(colours, isDark) {
                dark = isDark;
                points.setPalette(colours, isDark ? [18, 18, 18] : [255, 255, 255]);
            },
            setNames(list, texts) {
                anchors = list;
                names = texts;
            },
            setTool(next) { tool = next; over.style.cursor = next === 'pan' ? 'grab' : 'crosshair'; },
            setShading(next) { shading = next; },
            setOutline(next) { outline = next; },
            setFocus(row, near) {
                focus = row;
                marked = near;
            },
            isDensity: () => density() > 0,
            get xy() { return xy; },
            get flags() { return flags; },
        };
    }

    /** TEXT of at most MOST letters. */
    function shorten(text, most) {
        return text.length <= most ? text : text.slice(0, most - 1) + '\u2026';
    }

    Object.assign(atlas, { makeMap, shorten });
})(globalThis.zscAtlas ??= {});
