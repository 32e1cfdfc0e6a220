// The data of the page: a description in JSON, and arrays in base64 or in a file beside the page (doc/atlas.md).
'use strict';
(function (atlas) {
    const TYPES = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array, text: Uint8Array };

    /** Bytes of base64 TEXT, whose length is a multiple of 4. */
    function decodeBase64(text) {
        if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
        const letters = atob(text), bytes = new Uint8Array(letters.length);
        for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
        return bytes;
    }

    /** Bytes OFFSET .. OFFSET + SIZE of the data whose base64 is TEXT; OFFSET is a multiple of 3. */
    function sliceBase64(text, offset, size) {
        const from = offset / 3 * 4;
        return decodeBase64(text.slice(from, from + Math.ceil(size / 3) * 4)).subarray(0, size);
    }

    /** Arrays by their description [type, offset, count]; SLICE(offset, size) gives bytes. Each is decoded once. */
    function makeReader(slice) {
        const known = new Map();
        return function read(spec) {
            if (!spec) return null;
            const [type, offset, count] = spec, key = `${type} ${offset} ${count}`; // an empty array begins where the next one does
            if (!known.has(key)) {
                const Type = TYPES[type], size = count * Type.BYTES_PER_ELEMENT;
                let bytes = slice(offset, size);
                if (bytes.byteOffset % Type.BYTES_PER_ELEMENT) bytes = bytes.slice();
                known.set(key, new Type(bytes.buffer, bytes.byteOffset, count));
            }
            return known.get(key);
        };
    }

    /** The number that stands for "none" in an array of codes. */
    function noneOf(codes) {
        return codes.BYTES_PER_ELEMENT === 1 ? 255 : codes.BYTES_PER_ELEMENT === 2 ? 65535 : 4294967295;
    }

    /** Texts that were packed one after the other, each with its zero byte. */
    function splitTexts(bytes) {
        const texts = new TextDecoder().decode(bytes).split('\0');
        texts.pop();
        return texts;
    }

    /** FNV-1a of BYTES, 32 bits. */
    function hashOf(bytes) {
        let hash = 0x811c9dc5;
        for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
        return hash >>> 0;
    }

    const belongs = (head, bytes) => bytes.length === head.bytes && hashOf(bytes) === head.hash;

    async function bytesBeside(head, ask) {
        try {
            const answer = await fetch(head.file);
            if (answer.ok) {
                const bytes = new Uint8Array(await answer.arrayBuffer());
                if (belongs(head, bytes)) return bytes;
                throw new Error(`${head.file} is not the data of this page: make both again, or copy them together`);
            }
        } catch (error) {
            if (!(error instanceof TypeError)) throw error; // a page that was opened as a file may not fetch: the reader chooses the file
        }
        return ask(head.file, head.bytes, bytes => belongs(head, bytes));
    }

    /** {head, read}: the description, and a function that gives an array. ASK(name, bytes, belong) is called for data beside a
     * page that cannot load it, with a function that says whether bytes are the right ones, and resolves to them. */
    async function load(document, ask) {
        const head = JSON.parse(document.getElementById('zsc-head').textContent);
        if (head.file) {
            const bytes = await bytesBeside(head, ask);
            return { head, read: makeReader((offset, size) => bytes.subarray(offset, offset + size)) };
        }
        const text = document.getElementById('zsc-data').textContent;
        return { head, read: makeReader((offset, size) => sliceBase64(text, offset, size)) };
    }

    Object.assign(atlas, { hashOf, decodeBase64, sliceBase64, makeReader, noneOf, splitTexts, load });
})(globalThis.zscAtlas ??= {});
