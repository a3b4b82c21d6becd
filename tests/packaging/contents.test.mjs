// What is in the package, what it is on a server, and what each entry brings along.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { promisify } from "node:util";
import { install, installedFile, work } from "./lib/installed.mjs";

const run = promisify(execFile);
const esbuild = createRequire(import.meta.url)("esbuild");
const BUDGET = { timeout: 300_000 };

let packed, manifest, entries;
before(async () => {
  packed = await install();
  manifest = JSON.parse(await installedFile("package.json"));
  entries = Object.keys(manifest.exports).filter((entry) => manifest.exports[entry].import);
}, BUDGET);
const specifier = (entry) => entry.replace(".", "chatvitals");

describe("the package", () => {
  test("holds what it promises, and nothing that is only ours", async () => {
    const { exports, version, license, repository, sideEffects } = manifest;
    const files = new Set(packed.files.map(({ path }) => path));
    const promised = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(promised));
    const missing = Object.values(exports).flatMap(promised).filter((file) => !file.includes("*") && !files.has(file.replace("./", "")));
    assert.deepEqual(missing, []);
    for (const paper of ["README.md", "LICENSE", "LICENSE-MIT", "LICENSE-APACHE", "csp.md", "SIZES.md"]) assert.ok(files.has(paper), paper);
    assert.ok(version && license && repository?.url && sideEffects === false);
    assert.deepEqual([...files].filter((file) => /\.tsx?$|node_modules|\.rs$/.test(file) && !file.endsWith(".d.ts")), []);
  });

  test("can be published", async () => {
    const { stderr } = await run("npm", ["publish", "--dry-run", "--json", "--registry", "http://127.0.0.1:9", "--fetch-retries", "0"], { cwd: join(work, "node_modules/chatvitals") });
    // npm says here what it would have to correct; that nobody is logged in is as it should be.
    assert.doesNotMatch(stderr, /auto-corrected|npm error/i);
  });
});

describe("on a server (Node)", () => {
  test("every entry can be imported and required, and importing does nothing", BUDGET, async () => {
    assert.ok(entries.length > 3);
    await mkdir(join(work, "node"), { recursive: true });
    const imports = entries.map((entry) => `await import("${specifier(entry)}");`).join("\n");
    const requires = entries.map((entry) => `require("${specifier(entry)}");`).join("\n");
    const use = `
      const before = Object.keys(globalThis).length;
      const tracker = createTracker({ endpoint: "/api/events" });
      tracker.track("signup"); tracker.page(); tracker.identify({ userId: "u" }); tracker.setConsent("all"); tracker.flush();
      tracker.chat("c").submit({ text: "hi" }); tracker.chat("c").chunk("x"); tracker.chat("c").completed();
      tracker.subscribe(() => { throw new Error("on a server nothing is heard") })();
      if (tracker.events().length || tracker.stats().captured) throw new Error("on a server nothing is captured");
      tracker.ready.then((runs) => { if (runs) throw new Error("on a server nothing runs"); tracker.shutdown(); console.log("quiet") });`;
    await writeFile(join(work, "node/main.mjs"), `${imports}\nconst { createTracker } = await import("chatvitals");${use}`);
    await writeFile(join(work, "node/main.cjs"), `${requires}\nconst { createTracker } = require("chatvitals");${use}`);
    for (const file of ["main.mjs", "main.cjs"]) {
      const { stdout, stderr } = await run("node", [join(work, "node", file)]);
      assert.deepEqual([stdout, stderr], ["quiet\n", ""], file);
    }
  });
});

describe("what an entry costs", () => {
  /** Bundles a line of code that imports from the package, as an application would. */
  async function bundle(code) {
    const options = { stdin: { contents: code, resolveDir: work }, bundle: true, minify: true, format: "esm", write: false, metafile: true, packages: "bundle", external: ["react", "react/*", "react-dom", "recharts"], logLevel: "silent" };
    const { outputFiles, metafile } = await esbuild.build(options);
    const [{ inputs }] = Object.values(metafile.outputs);
    const used = Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0 && file.includes("chatvitals/"));
    return { bytes: outputFiles[0].contents.length, used: used.map((file) => file.split("node_modules/chatvitals/")[1]) };
  }
  /** Entries that are made of others; the main one loads `stream.js` when an app names streams (`import()`). */
  const BUILT_ON = { ".": ["stream.js"], "./testing": ["index.js", "stream.js"], "./sinks": [/^sinks\//], "./react": ["chatkit.js"], "./dashboards": ["metrics.js"] };

  test("importing one pulls in none of the others", BUDGET, async () => {
    const files = entries.map((entry) => manifest.exports[entry].module.replace("./", ""));
    for (const entry of entries) {
      const own = manifest.exports[entry].module.replace("./", "");
      const { used } = await bundle(`import * as all from "${specifier(entry)}"; console.log(all);`);
      const allowed = (file) => (BUILT_ON[entry] ?? []).some((other) => (other.test ? other.test(file) : other === file));
      assert.deepEqual(used.filter((file) => files.includes(file) && file !== own && !allowed(file)), [], entry);
    }
  });

  test("a hook that is not used brings along nothing: without `useChatObservability`, no ChatKit", BUDGET, async () => {
    const all = await bundle('import * as all from "chatvitals/react"; console.log(all);');
    const few = await bundle('import { ChatVitalsProvider, useTracker } from "chatvitals/react"; console.log(ChatVitalsProvider, useTracker);');
    assert.ok(few.bytes < all.bytes / 2, `${few.bytes} of ${all.bytes} bytes`);
    assert.ok(few.bytes < 2500, `${few.bytes} bytes`);
  });

  test("an application grows by what it imports and no more; by nothing for what it does not use", BUDGET, async () => {
    const sizes = Object.fromEntries([...(await installedFile("SIZES.md")).toString().matchAll(/^\| (\S+) \| (\d+) /gm)].map(([, name, raw]) => [name, Number(raw)]));
    for (const entry of entries) {
      const name = manifest.exports[entry].module.replace("./", "").replace(".js", "");
      const { bytes } = await bundle(`import * as all from "${specifier(entry)}"; console.log(all);`);
      assert.ok(sizes[name], `SIZES.md has no ${name}`);
      // Beside the entry itself: the names of what is exported, since all of it is asked for here.
      assert.ok(bytes <= sizes[name] * 1.02 + 600, `${entry}: ${bytes} bytes, and SIZES.md says ${sizes[name]}`);
      const unused = await bundle(`import "${specifier(entry)}"; import * as all from "${specifier(entry)}"; console.log(1);`);
      assert.deepEqual([unused.used, unused.bytes < 30], [[], true], `${entry} unused: ${unused.bytes} bytes`);
    }
  });
});
