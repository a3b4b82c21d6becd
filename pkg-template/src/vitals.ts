import init, { observe, type Room } from "chatvitals-vitals-wasm";
import { addEntries } from "./vitals-entries.js";
import { keepLongFrames } from "./vitals-frames.js";
import type {
  CLSMetric,
  FCPMetric,
  FIDMetric,
  INPMetric,
  INPReportOptions,
  LCPMetric,
  Metric,
  ReportOptions,
  TTFBMetric,
} from "./vitals.types.js";

export type * from "./vitals.types.js";

type AnyMetric = Metric<string, Record<string, unknown>>;
type Listener = (metric: AnyMetric) => void;

// All listeners of a page share one room; it is made when the first of them comes.
let room: Promise<Room> | undefined;
const listeners = new Map<number, Listener>();

/** Largest Contentful Paint: when the largest thing on the page was there. */
export const onLCP = (onReport: (metric: LCPMetric) => void, options?: ReportOptions): void =>
  listen("LCP", onReport as unknown as Listener, options);
/** Cumulative Layout Shift: how much the page moved under the reader's eyes. */
export const onCLS = (onReport: (metric: CLSMetric) => void, options?: ReportOptions): void =>
  listen("CLS", onReport as unknown as Listener, options);
/** Interaction to Next Paint: how long the page makes people wait when they act. */
export const onINP = (onReport: (metric: INPMetric) => void, options?: INPReportOptions): void =>
  listen("INP", onReport as unknown as Listener, options);
/** First Contentful Paint: when the page first showed something of its own. */
export const onFCP = (onReport: (metric: FCPMetric) => void, options?: ReportOptions): void =>
  listen("FCP", onReport as unknown as Listener, options);
/** Time to First Byte: how long the person waited before the server's answer began. */
export const onTTFB = (onReport: (metric: TTFBMetric) => void, options?: ReportOptions): void =>
  listen("TTFB", onReport as unknown as Listener, options);
/** First Input Delay, which web-vitals had up to version 4. */
export const onFID = (onReport: (metric: FIDMetric) => void, options?: ReportOptions): void =>
  listen("FID", onReport as unknown as Listener, options);

function listen(name: string, onReport: Listener, options: INPReportOptions = {}): void {
  // On a server there is nothing to measure.
  if (typeof document === "undefined") return;
  const { generateTarget, wasmUrl, ...asked } = options;
  if (name === "INP") keepLongFrames();
  room ??= open(wasmUrl);
  room.then((room) => {
    const targetOf = generateTarget && ((node: Node) => generateTarget(node) ?? selectorOf(node));
    const watch = room.watch(name, { ...asked, targetOf });
    if (watch >= 0) listeners.set(watch, onReport);
  }, () => {
    // WebAssembly is refused or did not arrive: nothing is measured, and the page goes on.
  });
}

async function open(wasmUrl: string | undefined): Promise<Room> {
  // One literal URL: bundlers find the file by it.
  await init({ module_or_path: wasmUrl ?? new URL("chatvitals_vitals_bg.wasm", import.meta.url) });
  // A page that is being prerendered is measured from when somebody sees it.
  if ((document as { prerendering?: boolean }).prerendering) {
    await new Promise((resolve) => addEventListener("prerenderingchange", resolve, { once: true, capture: true }));
  }
  return observe((watch, metric: AnyMetric) => {
    addEntries(metric);
    try {
      listeners.get(watch)?.(metric);
    } catch (error) {
      // The page hears of it as of any error of its own, and the other listeners are told all the same.
      queueMicrotask(() => {
        throw error;
      });
    }
  }, selectorOf);
}

/** web-vitals cuts a selector here, characters. */
const MAX_SELECTOR = 100;

/** An element as web-vitals names it: tags and classes upwards, to an id where there is one. */
function selectorOf(node: Node | null): string {
  let path = "";
  for (let at = node; at && at.nodeType !== Node.DOCUMENT_NODE; at = at.parentNode) {
    const { id, classList, nodeType, nodeName } = at as Element;
    const name = nodeType === Node.ELEMENT_NODE ? nodeName.toLowerCase() : nodeName.toUpperCase().replace(/^#/, "");
    const part = id ? `#${id}` : [name, ...[...(classList ?? [])].sort()].join(".");
    if (path.length + part.length >= MAX_SELECTOR) return path || part;
    path = path ? `${part}>${path}` : part;
    if (id) break;
  }
  return path;
}
