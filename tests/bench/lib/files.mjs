// What a page of a peer may load: one minified bundle for those from npm, the built package for ChatVitals.
import { build } from "esbuild";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { required } from "../../e2e/lib/env.mjs";
import { vendored } from "../../e2e/lib/vendored.mjs";

const HERE = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Path → bytes. */
export async function filesOf(peer) {
  if (peer.entry) return new Map([["/bench.js", await bundle(peer)]]);
  if (!peer.ships) return new Map();
  const folder = required("CHATVITALS_PKG");
  const names = (await readdir(folder)).filter((name) => /^chatvitals.*\.(js|wasm)$/.test(name));
  return new Map(await Promise.all(names.map(async (name) => [`/${name}`, await readFile(join(folder, name))])));
}

async function bundle({ entry, vendored: file, debugging }) {
  const { outputFiles } = await build({
    stdin: { contents: file ? `${await vendored(...file)}\n${entry}` : entry, resolveDir: HERE },
    plugins: debugging ? [without(debugging)] : [],
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

/** Leaves out of every module what matches. */
const without = (pattern) => ({
  name: "without",
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/.*\.js$/ }, async ({ path }) => ({ contents: (await readFile(path, "utf8")).replace(pattern, ""), loader: "js" }));
  },
});

/** The version of the package a peer comes from. */
export async function versionOf({ package: name, vendored: file }) {
  if (file) return file[1];
  return name && JSON.parse(await readFile(join(HERE, "node_modules", name, "package.json"), "utf8")).version;
}
