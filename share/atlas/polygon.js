// Selections by outline: a lasso, or the corners of a box, in the units of the coordinates.
'use strict';
(function (atlas) {
    /** Whether (X, Y) is within the closed polygon of POINTS [x0, y0, x1, y1, ...] (even-odd rule). */
    function inPolygon(points, x, y) {
        let inside = false;
        for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
            const xi = points[i], yi = points[i + 1], xj = points[j], yj = points[j + 1];
            if (yi > y !== yj > y && x < (xj - xi) * (y - yi) / (yj - yi) + xi) inside = !inside;
        }
        return inside;
    }

    /** Rows whose coordinates XY are within the polygon, and that KEEP(row) accepts. */
    function rowsInPolygon(points, xy, keep) {
        let west = Infinity, east = -Infinity, south = Infinity, north = -Infinity;
        for (let i = 0; i < points.length; i += 2) {
            west = Math.min(west, points[i]);
            east = Math.max(east, points[i]);
            south = Math.min(south, points[i + 1]);
            north = Math.max(north, points[i + 1]);
        }
        const rows = [];
        for (let i = 0; 2 * i < xy.length; i++) {
            const x = xy[2 * i], y = xy[2 * i + 1];
            if (x < west || x > east || y < south || y > north || !keep(i)) continue;
            if (inPolygon(points, x, y)) rows.push(i);
        }
        return rows;
    }

    /** The polygon with fewer corners: those nearer than DISTANCE to the last one are left out. */
    function thinPolygon(points, distance) {
        const kept = points.slice(0, 2);
        for (let i = 2; i < points.length; i += 2) {
            const n = kept.length;
            if (Math.hypot(points[i] - kept[n - 2], points[i + 1] - kept[n - 1]) >= distance)
                kept.push(points[i], points[i + 1]);
        }
        return kept;
    }

    Object.assign(atlas, { inPolygon, rowsInPolygon, thinPolygon });
})(globalThis.zscAtlas ??= {});
