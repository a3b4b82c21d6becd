// What ran while a person waited, by the long animation frames that the browser tells (https://web.dev/articles/inp).
import type { LongestScript } from "./vitals.types.js";

interface Script extends PerformanceEntry {
  forcedStyleAndLayoutDuration: number;
}
interface LongFrame extends PerformanceEntry {
  styleAndLayoutStart: number;
  scripts: Script[];
}

/** Frames kept for interactions still to come; the shortest go first, because the value comes from long ones. */
const MAX_FRAMES = 50;
const frames: LongFrame[] = [];
let observer: PerformanceObserver | undefined;

const endOf = (entry: PerformanceEntry): number => entry.startTime + entry.duration;

/** Begins to remember long animation frames, where the browser tells them. */
export function keepLongFrames(): void {
  const type = "long-animation-frame";
  if (observer || !globalThis.PerformanceObserver?.supportedEntryTypes?.includes(type)) return;
  observer = new PerformanceObserver((list) => {
    for (const frame of list.getEntries() as LongFrame[]) {
      frames.push(frame);
      if (frames.length > MAX_FRAMES) {
        const shortest = frames.reduce((a, b) => (b.duration < a.duration ? b : a));
        frames.splice(frames.indexOf(shortest), 1);
      }
    }
  });
  observer.observe({ type, buffered: true });
}

/** The long frames between the action and the end of its handlers, and where the time of those went. */
export function explainByLongFrames(attribution: Record<string, unknown>): Record<string, unknown> {
  const acted = Number(attribution.interactionTime);
  const begun = acted + Number(attribution.inputDelay);
  const handled = begun + Number(attribution.processingDuration);
  const painted = Number(attribution.nextPaintTime);
  const around = frames.filter((frame) => frame.startTime <= handled && endOf(frame) >= acted);
  const last = around.at(-1);
  if (!last) return { longAnimationFrameEntries: around };

  let scripting = 0;
  let layout = 0;
  let longest: LongestScript | undefined;
  for (const frame of around) {
    layout += endOf(frame) - frame.styleAndLayoutStart;
    for (const script of frame.scripts) {
      if (endOf(script) < acted) continue;
      const during = endOf(script) - Math.max(acted, script.startTime);
      // Of a script that began before the action, as much of its layout is ours as of its time.
      const forced = script.duration ? (during / script.duration) * script.forcedStyleAndLayoutDuration : 0;
      scripting += during - forced;
      layout += forced;
      if (during > (longest?.intersectingDuration ?? 0)) {
        const subpart =
          script.startTime < begun ? "input-delay" : script.startTime >= handled ? "presentation-delay" : "processing-duration";
        longest = { entry: script, subpart, intersectingDuration: during };
      }
    }
  }
  const painting = endOf(last) >= handled ? painted - endOf(last) : 0;
  return {
    longAnimationFrameEntries: around,
    longestScript: longest,
    totalScriptDuration: scripting,
    totalStyleAndLayoutDuration: layout,
    totalPaintDuration: painting,
    totalUnattributedDuration: painted - acted - scripting - layout - painting,
  };
}
