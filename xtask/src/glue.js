// What takes the place of wasm-bindgen's functions of these names (glue.rs). A string or a list is its address and its
// length in one, as calls of the module take them. Views of the memory, which moves when it grows, are made anew.

function getStringFromWasm0(at, length) {
    return cachedTextDecoder.decode(new Uint8Array(wasm.MEMORY.buffer, at, length));
}

// What is put is there before the view is made: making it may have moved the memory.
function putPair(at, pair) {
    new Uint32Array(wasm.MEMORY.buffer).set(pair, at / 4);
}

function passArrayF64ToWasm0(list) {
    const at = wasm.MALLOC(list.length * 8, 8);
    new Float64Array(wasm.MEMORY.buffer, at, list.length).set(list);
    return [at, list.length];
}

// No text is no address.
function passStringToWasm0(text) {
    if (text == null) return [0, 0];
    let size = text.length;
    let at = wasm.MALLOC(size, 1);
    const encode = () => cachedTextEncoder.encodeInto(text, new Uint8Array(wasm.MEMORY.buffer, at, size));
    let { read, written } = encode();
    // More than ASCII: at most three bytes a character.
    if (read < size) {
        at = wasm.REALLOC(at, size, (size *= 3), 1);
        ({ written } = encode());
        at = wasm.REALLOC(at, size, written, 1);
    }
    return [at, written];
}
