import init, * as module from "chatvitals-metrics-wasm";
import type { MetricsFunctions } from "./metrics.types.js";

export type * from "./metrics.types.js";

let loading: Promise<void> | undefined;
let loaded = false;

/**
 * Loads the module; every function below needs it. Ask as often as you like: it is loaded once, and again only when
 * that failed. `wasmUrl` says where the WebAssembly lies if not beside this file; the first word counts.
 */
export function ready(wasmUrl?: string | URL): Promise<void> {
  loading ??= load(wasmUrl).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(wasmUrl: string | URL | undefined): Promise<void> {
  // One literal URL: bundlers find the file by it.
  const from = wasmUrl ?? new URL("chatvitals_metrics_bg.wasm", import.meta.url);
  await init({ module_or_path: fromDisk(from) ?? from });
  loaded = true;
}

/** What of Node we need. Asked for at run time: an import of `node:fs` would break bundles for browsers. */
interface NodeProcess {
  getBuiltinModule?(name: "node:fs"): { readFileSync(path: URL): Uint8Array<ArrayBuffer> };
}

/** The bytes of a file that Node's `fetch` cannot fetch. */
function fromDisk(url: string | URL): Uint8Array<ArrayBuffer> | undefined {
  if (!String(url).startsWith("file:")) return undefined;
  const { process } = globalThis as { process?: NodeProcess };
  return process?.getBuiltinModule?.("node:fs").readFileSync(new URL(url));
}

/** The module's function, or the reason why there is none yet. */
function once<Name extends keyof MetricsFunctions>(name: Name): MetricsFunctions[Name] {
  const call = (first: unknown, options?: unknown): unknown => {
    if (!loaded) throw new Error(`chatvitals/metrics: ${name}() needs the module; \`await ready()\` comes first`);
    return module[name](first, options);
  };
  return call as MetricsFunctions[Name];
}

/** Share of the conversations that were settled without a human. */
export const computeDeflectionRate = /* @__PURE__ */ once("computeDeflectionRate");
/** How satisfied people say they are, on a scale to 5. */
export const computeCsat = /* @__PURE__ */ once("computeCsat");
/** How long conversations take: with the bot, with a human, all. */
export const computeAverageHandleTime = /* @__PURE__ */ once("computeAverageHandleTime");
/** Share of the answered sessions that needed no human. */
export const computeAgentAssistRate = /* @__PURE__ */ once("computeAgentAssistRate");
/** Revenue by currency; currencies are never summed. */
export const computeGmv = /* @__PURE__ */ once("computeGmv");
/** Web Vitals: p75 and shares of ratings, overall and by route. */
export const computeVitals = /* @__PURE__ */ once("computeVitals");
/** How long people wait for the first token and for the whole response. */
export const computeTurnLatency = /* @__PURE__ */ once("computeTurnLatency");
/** How many sessions get from opening the chat to a settled question. */
export const computeFunnel = /* @__PURE__ */ once("computeFunnel");
/** How often people give up on a turn, and when. */
export const computeAbandonment = /* @__PURE__ */ once("computeAbandonment");
/** Visits, views, engaged time and scroll depth. */
export const computeEngagement = /* @__PURE__ */ once("computeEngagement");
/** Whether an event tells how something ended: a rating, a resolution, a handoff, a purchase. */
export const isOutcomeEvent = /* @__PURE__ */ once("isOutcomeEvent");
/** Which of them, or null. */
export const outcomeKind = /* @__PURE__ */ once("outcomeKind");
