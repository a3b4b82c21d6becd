// The types, as the compiler of TypeScript takes them under `strict`: right code compiles, each mistake is found.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { promisify } from "node:util";
import { catalogue } from "../e2e/lib/catalogue.mjs";
import { install, work } from "./lib/installed.mjs";

const run = promisify(execFile);
const root = new URL("../../", import.meta.url).pathname;
const tsc = join(root, "pkg-template/node_modules/.bin/tsc");
const readme = await readFile(join(root, "README.md"), "utf8");
const snippets = [...readme.matchAll(/^```(tsx?)\n([\s\S]*?)^```$/gm)].map(([, language, code], at) => ({ name: `snippet-${at + 1}`, language, code }));

const BUDGET = { timeout: 300_000 };
before(install, BUDGET);

/** What the compiler says of these files; nothing when all is well. */
async function compile(files, { module = "esnext", moduleResolution = "bundler" } = {}) {
  const folder = join(work, `types-${Math.random().toString(36).slice(2)}`);
  await mkdir(folder, { recursive: true });
  for (const [name, code] of Object.entries(files)) await writeFile(join(folder, name), code);
  const from = (name) => ({ [name]: [join(root, "pkg-template/node_modules/@types", name)], [`${name}/*`]: [join(root, "pkg-template/node_modules/@types", name, "*")] });
  const paths = { ...from("react"), ...from("react-dom") };
  const compilerOptions = { strict: true, noEmit: true, target: "es2022", lib: ["es2022", "dom", "dom.iterable"], jsx: "react-jsx", module, moduleResolution, paths, types: [] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: Object.keys(files) }));
  return run(tsc, ["-p", folder]).then(() => "", ({ stdout }) => stdout);
}

describe("the types", () => {
  test("the README's snippets compile", BUDGET, async () => {
    const files = snippets.map(({ name, language, code }) => [`${name}.${language}`, `${code}\nexport {};\n`]);
    assert.ok(files.length > 0);
    assert.equal(await compile(Object.fromEntries(files)), "");
  });

  const RIGHT = `
    import { createTracker, type Options, type Sink, type TrackedEvent, type Tracker } from "chatvitals";
    import { createTestTracker } from "chatvitals/testing";
    const toMyTool: Sink = async (event: TrackedEvent) => { await fetch("/mine", { method: "POST", body: JSON.stringify(event) }); };
    const options: Options = { endpoint: "/e", sink: [toMyTool], sampleRate: 0.5, consent: "functional", page: { scroll: false } };
    const tracker: Tracker = createTracker(options);
    tracker.track("signup", { plan: "pro" });
    const undo: () => void = tracker.subscribe(({ type }) => type.length);
    undo();
    tracker.ready.then((runs: boolean) => runs);
    const sent: number = tracker.stats().sent;
    createTestTracker().waitFor("page_view").then((event) => event.properties.path);
    export { sent };`;
  test("right code compiles, for bundlers and for Node, as a module and as CommonJS", BUDGET, async () => {
    assert.equal(await compile({ "main.ts": RIGHT }), "");
    assert.equal(await compile({ "main.mts": RIGHT, "main.cts": RIGHT }, { module: "nodenext", moduleResolution: "nodenext" }), "");
  });

  const WRONG = {
    "an option that does not exist": ['createTracker({ endpont: "/e" })', /endpont/],
    "an option of the wrong type": ['createTracker({ sampleRate: "often" })', /string.*number/],
    "a posture that does not exist": ['createTracker({}).setConsent("maybe")', /"maybe"/],
    "a method that does not exist": ['createTracker({}).trak("x")', /trak/],
    "properties that are no object": ['createTracker({}).track("x", 5)', /number/],
    "a sink that is no function": ['createTracker({ sink: "ga4" })', /Sink/],
    "a property of an event that does not exist": ["createTracker({}).subscribe((event) => event.kind)", /kind/],
    "a provider without a tracker": ["<ChatVitalsProvider />", /tracker/],
    "a message without an id": ['useImpressionRef({ role: "assistant" })', /messageId/],
    "a page view with a number for a title": ["usePageView({ title: 5 })", /number.*string/],
    "a metric of a window that does not exist": ['computeCsat([], { filter: { range: "1y" } })', /"1y"/],
    "a widget with the report of another metric": ["<CsatDistribution data={computeFunnel([])} />", /Funnel/],
    "a dashboard without events": ["<MetricsDashboard />", /events/],
  };
  test("finds every mistake, and nothing else", BUDGET, async () => {
    const head = `import { createTracker } from "chatvitals"; import { ChatVitalsProvider, useImpressionRef, usePageView } from "chatvitals/react"; import { CsatDistribution, MetricsDashboard } from "chatvitals/dashboards"; import { computeCsat, computeFunnel } from "chatvitals/metrics";\nexport const used = [createTracker, ChatVitalsProvider, useImpressionRef, usePageView, CsatDistribution, MetricsDashboard, computeCsat, computeFunnel] as unknown;\n`;
    const names = Object.keys(WRONG).map((what) => [what, `${what.replace(/\W+/g, "-")}.tsx`]);
    const said = await compile(Object.fromEntries(names.map(([what, name]) => [name, `${head}export const wrong = () => ${WRONG[what][0]};`])));
    for (const [what, name] of names) {
      const errors = said.split(/\n(?=\S)/).filter((line) => line.includes(name));
      assert.equal(errors.length, 1, `${what}: ${said}`);
      assert.match(errors[0], WRONG[what][1]);
    }
  });

  test("say of every event what its schema says: a whole one fits, one with a wrong field does not", BUDGET, async () => {
    const line = (type, properties) => `export const ${type} = ${JSON.stringify(properties)} satisfies EventProperties["${type}"];`;
    const file = (lines) => ['import type { EventProperties } from "chatvitals";', ...lines].join("\n");
    assert.ok(catalogue.length > 49);
    assert.equal(await compile({ "right.ts": file(catalogue.map(([type, properties]) => line(type, properties))) }), "");

    // Every field of every event once with what no field may be.
    const wrong = catalogue.flatMap(([type, properties]) => Object.keys(properties).map((field) => ({ type, field, properties: { ...properties, [field]: null } })));
    const said = await compile({ "wrong.ts": file(wrong.map(({ type, properties }, at) => line(type, properties).replace(type, `${type}_${at}`))) });
    const lines = new Set([...said.matchAll(/wrong\.ts\((\d+),/g)].map(([, at]) => Number(at)));
    assert.deepEqual(wrong.filter((_, at) => !lines.has(at + 2)).map(({ type, field }) => `${type}.${field}`), []);
  });
});
