// What a page of a peer may load: one minified bundle for those from npm, the built package for ChatVitals.
import { build } from "esbuild";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { required } from "../../e2e/lib/env.mjs";

const HERE = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Path → bytes. */
export async function filesOf(peer) {
  if (peer.entry) return new Map([["/bench.js", await bundle(peer.entry)]]);
  if (!peer.ships) return new Map();
  const folder = required("CHATVITALS_PKG");
  const names = (await readdir(folder)).filter((name) => /^chatvitals.*\.(js|wasm)$/.test(name));
  return new Map(await Promise.all(names.map(async (name) => [`/${name}`, await readFile(join(folder, name))])));
}

async function bundle(entry) {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: HERE },
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  return Buffer.from(outputFiles[0].contents);
}

/** The installed version of a package. */
export async function versionOf(name) {
  return JSON.parse(await readFile(join(HERE, "node_modules", name, "package.json"), "utf8")).version;
}
