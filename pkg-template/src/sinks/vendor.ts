import type { Sink, TrackedEvent } from "../options.js";
import { onLeaving } from "./leaving.js";
import { quietly } from "./quietly.js";

export { details } from "./details.js";

/** What all sinks to other tools can be told. */
export interface VendorOptions {
  /** How many events wait for a tool that is not there yet; then the oldest go. Default 1000. */
  maxWaiting?: number;
}

/** How often a tool that is not there is looked for, ms, and how many times in a row; later events look once each. */
const LOOK_MS = 250;
const LOOKS = 120;
/** How many waiting events are handed over at once: a tool that arrives late must not cost the page a long task. */
const HANDFUL = 50;

/**
 * A sink to a tool that the page loads by itself, with the rules that all of them share: events wait, bounded and in
 * order, until `find` finds the tool (or the stub that keeps calls for it); then `deliver` is called once for each.
 * What either throws or rejects is swallowed, and the tool's global is only ever read.
 */
export function vendorSink<Vendor extends object>(
  find: () => Vendor | false | undefined,
  deliver: (vendor: Vendor, event: TrackedEvent) => unknown,
  { maxWaiting = 1000 }: VendorOptions = {},
): Sink {
  const waiting: TrackedEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looks = 0;
  let isDelivering = false;
  let unwatch: (() => void) | undefined;

  /** Hands over what waits, as far as the tool is there. */
  const handOver = (most: number): void => {
    // The tool's own code may make events, which wait their turn.
    if (isDelivering) return;
    const vendor = quietly(find);
    if (vendor) {
      looks = 0;
      isDelivering = true;
      while (waiting.length && most-- > 0) {
        const event = waiting.shift()!;
        quietly(() => deliver(vendor, event));
      }
      isDelivering = false;
    }
    if (!waiting.length) return rest();
    unwatch ??= onLeaving(() => handOver(Infinity));
    if (timer === undefined && (vendor || looks++ < LOOKS)) {
      timer = setTimeout(() => {
        timer = undefined;
        handOver(HANDFUL);
      }, vendor ? 0 : LOOK_MS);
    }
  };
  /** Nothing waits: no timer, no listener. */
  const rest = (): void => {
    clearTimeout(timer);
    timer = undefined;
    unwatch?.();
    unwatch = undefined;
  };
  const forget = (): void => {
    waiting.length = 0;
    rest();
  };

  return Object.assign(
    (event: TrackedEvent) => {
      waiting.push(event);
      if (waiting.length > maxWaiting) waiting.splice(0, waiting.length - maxWaiting);
      if (timer === undefined) handOver(HANDFUL);
    },
    {
      withdrawn: forget,
      shutdown() {
        handOver(Infinity);
        forget();
      },
    },
  );
}

/** The page's global of that name, once it has that method: a tool, or its stub. */
export function globalWith<Vendor extends object>(name: string, method: keyof Vendor & string): Vendor | undefined {
  const vendor = (globalThis as Record<string, unknown>)[name] as Vendor | undefined;
  return typeof vendor?.[method] === "function" ? vendor : undefined;
}
