// Points by WebGL 2, through twgl.js: each point by itself, or, where many lie on each pixel, their density.
'use strict';
(function (atlas) {
    const { SLOT_MISSING } = atlas;
    const lib = globalThis.zscAtlasLibraries;
    /** Flags of a point. */
    const SELECTED = 1, HIDDEN = 2;

    const POINT_VERTEX = `#version 300 es
        in vec2 position;
        in float slot;
        in float flag;
        uniform vec2 scale, offset;
        uniform float size;
        uniform int wanted; // 0: all, 1: those not selected, 2: those selected
        flat out int own;
        void main() {
            int f = int(flag + .5);
            bool selected = (f & 1) == 1;
            bool out_of_it = (f & 2) == 2 || (wanted == 1 && selected) || (wanted == 2 && !selected);
            own = int(slot + .5);
            gl_Position = out_of_it ? vec4(2., 2., 2., 1.) : vec4(position * scale + offset, 0., 1.);
            gl_PointSize = size;
        }`;
    const POINT_FRAGMENT = `#version 300 es
        precision highp float;
        flat in int own;
        uniform sampler2D palette; // 256 x 2: colours, shapes
        uniform float size, opacity, fade; // fade: towards the ground, since faint points on each other would add up
        uniform vec3 ground;
        out vec4 colour;
        void main() {
            vec3 of = mix(texelFetch(palette, ivec2(own, 0), 0).rgb, ground, fade);
            int shape = int(texelFetch(palette, ivec2(own, 1), 0).r * 255. + .5);
            vec2 p = 2. * gl_PointCoord - 1.;
            float edge; // below 0 within the shape
            if (shape == 1) edge = max(p.y - .8, (1.8 * abs(p.x) - p.y - 1.) / 2.06);
            else if (shape == 2) edge = max(abs(p.x), abs(p.y)) - .8;
            else if (shape == 3) edge = (abs(p.x) + abs(p.y) - 1.) * .71;
            else edge = length(p) - 1.;
            float inside = size < 2.5 ? 1. : clamp(.5 - edge * size * .5, 0., 1.);
            if (inside <= 0.) discard;
            float a = opacity * inside;
            colour = vec4(of * a, a);
        }`;
    const COUNT_FRAGMENT = `#version 300 es
        precision highp float;
        flat in int own;
        uniform sampler2D palette;
        uniform float weight;
        out vec4 colour;
        void main() { colour = vec4(texelFetch(palette, ivec2(own, 0), 0).rgb, 1.) * weight; }`;
    const SHADE_VERTEX = `#version 300 es
        in vec2 corner;
        void main() { gl_Position = vec4(corner, 0., 1.); }`;
    const SHADE_FRAGMENT = `#version 300 es
        precision highp float;
        uniform sampler2D counts;
        uniform float gain, opacity;
        out vec4 colour;
        void main() {
            vec4 sum = texelFetch(counts, ivec2(gl_FragCoord.xy), 0);
            if (sum.a <= 0.) discard;
            float a = opacity * (.25 + .75 * (1. - exp(-gain * sum.a)));
            colour = vec4(sum.rgb / sum.a * a, a);
        }`;

    /** Draws on CANVAS. Throws where there is no WebGL 2. */
    function makePoints(canvas) {
        const gl = canvas.getContext('webgl2', { alpha: true, antialias: false, preserveDrawingBuffer: true });
        if (!gl) throw new Error('this browser has no WebGL 2, which the map is drawn by');
        const floats = gl.getExtension('EXT_color_buffer_float') || gl.getExtension('EXT_color_buffer_half_float');
        const place = { attribLocations: { position: 0, slot: 1, flag: 2, corner: 0 } };
        const points = lib.createProgramInfo(gl, [POINT_VERTEX, POINT_FRAGMENT], place);
        const count = lib.createProgramInfo(gl, [POINT_VERTEX, COUNT_FRAGMENT], place);
        const shade = lib.createProgramInfo(gl, [SHADE_VERTEX, SHADE_FRAGMENT], place);
        const whole = lib.createBufferInfoFromArrays(gl, {
            corner: { numComponents: 2, data: new Float32Array([-1, -1, 3, -1, -1, 3]) },
        });
        const palette = lib.createTexture(gl, {
            width: 256, height: 2, src: new Uint8Array(2048), minMag: gl.NEAREST, wrap: gl.CLAMP_TO_EDGE,
        });
        let buffers = null, counted = null, rows = 0, ground = [1, 1, 1];

        function setRows(xy) {
            rows = xy.length / 2;
            buffers = lib.createBufferInfoFromArrays(gl, {
                position: { numComponents: 2, data: xy, type: Uint16Array, normalize: true },
                slot: { numComponents: 1, data: new Uint8Array(rows), type: Uint8Array, normalize: false },
                flag: { numComponents: 1, data: new Uint8Array(rows), type: Uint8Array, normalize: false },
            });
        }
        const setSlots = slots => lib.setAttribInfoBufferFromArray(gl, buffers.attribs.slot, slots);
        const setFlags = flags => lib.setAttribInfoBufferFromArray(gl, buffers.attribs.flag, flags);

        /** GROUND: the colour behind the map, of parts 0 to 255. */
        function setPalette(colours, behind) {
            ground = behind.map(v => v / 255);
            const texels = new Uint8Array(2048);
            for (let slot = 0; slot <= SLOT_MISSING; slot++) {
                const [r, g, b] = colours.rgb(slot);
                texels.set([r, g, b, 255], 4 * slot);
                texels.set([colours.shape(slot), 0, 0, 255], 1024 + 4 * slot);
            }
            lib.setTextureFromArray(gl, palette, texels, { width: 256, height: 2, minMag: gl.NEAREST,
                wrap: gl.CLAMP_TO_EDGE });
        }

        function drawRows(program, uniforms) {
            gl.useProgram(program.program);
            lib.setBuffersAndAttributes(gl, program, buffers);
            lib.setUniforms(program, { palette, ...uniforms });
            lib.drawBufferInfo(gl, buffers, gl.POINTS, rows);
        }

        function drawPoints(camera, wanted, size, opacity, fade) {
            gl.enable(gl.BLEND);
            gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
            drawRows(points, { ...camera, wanted, size, opacity, fade, ground });
        }

        /** Counts, added up in a texture of floats, then one colour per pixel: the mean, the more opaque the more. */
        function drawDensity(camera, wanted, size, opacity, density) {
            const { width, height } = canvas;
            if (!counted || counted.width !== width || counted.height !== height) {
                const how = [{ internalFormat: gl.RGBA16F, format: gl.RGBA, type: gl.HALF_FLOAT, minMag: gl.NEAREST,
                    wrap: gl.CLAMP_TO_EDGE }];
                if (counted) lib.resizeFramebufferInfo(gl, counted, how, width, height);
                else counted = lib.createFramebufferInfo(gl, how, width, height);
            }
            lib.bindFramebufferInfo(gl, counted);
            gl.clearColor(0, 0, 0, 0);
            gl.clear(gl.COLOR_BUFFER_BIT);
            gl.enable(gl.BLEND);
            gl.blendFunc(gl.ONE, gl.ONE);
            const weight = 1 / 16;
            drawRows(count, { ...camera, wanted, size, weight });
            lib.bindFramebufferInfo(gl, null);
            gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
            gl.useProgram(shade.program);
            lib.setBuffersAndAttributes(gl, shade, whole);
            lib.setUniforms(shade, { counts: counted.attachments[0], gain: 1 / (weight * Math.max(1, density)), opacity });
            lib.drawBufferInfo(gl, whole, gl.TRIANGLES, 3);
        }

        /** CAMERA: {scale, offset} from 0..1 to clip space. SIZE: pixels of a point. SELECTION: whether some rows are
         * selected: the others are faint. DENSITY: expected rows per occupied pixel; 0: points. */
        function draw(camera, size, selection, density) {
            lib.bindFramebufferInfo(gl, null);
            gl.viewport(0, 0, canvas.width, canvas.height);
            gl.clearColor(0, 0, 0, 0);
            gl.clear(gl.COLOR_BUFFER_BIT);
            if (!buffers || rows === 0) return;
            if (density > 0 && floats) drawDensity(camera, selection ? 1 : 0, size, selection ? .22 : 1, density);
            else drawPoints(camera, selection ? 1 : 0, size, .85, selection ? .82 : 0);
            if (selection) drawPoints(camera, 2, Math.max(size, 4), 1, 0);
        }

        return { setRows, setSlots, setFlags, setPalette, draw, gl };
    }

    Object.assign(atlas, { makePoints, SELECTED, HIDDEN });
})(globalThis.zscAtlas ??= {});
