import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** Bytes of files, each packed alone as a server sends it. `downloads`: path → bytes. */
export function size(downloads) {
  const sum = (packed) => [...downloads.values()].reduce((bytes, file) => bytes + packed(file).length, 0);
  return {
    files: [...downloads.keys()],
    raw: sum((file) => file),
    gzip: sum((file) => gzipSync(file, { level: 9 })),
    brotli: sum((file) => brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: file.length } })),
  };
}
