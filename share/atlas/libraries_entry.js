// What the page of zsc atlas takes from npm; bundle.sh makes libraries.js of it.
export {
    bindFramebufferInfo, createBufferInfoFromArrays, createFramebufferInfo, createProgramInfo, createTexture,
    drawBufferInfo, resizeFramebufferInfo, setAttribInfoBufferFromArray, setBuffersAndAttributes, setTextureFromArray,
    setUniforms,
} from 'twgl.js';
export { zoom, zoomIdentity } from 'd3-zoom';
export { select } from 'd3-selection';
export { default as KDBush } from 'kdbush';
