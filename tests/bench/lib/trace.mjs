/** What a recording needs so that `longestTasks` can read it. */
export const TRACE = ["-*", "blink.user_timing", "toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"];

/** Everything in which a page's scripts (and their modules of WebAssembly) are compiled, made or run. */
const SCRIPTING = new Set([
  "v8.compile", "v8.compileModule", "v8.evaluateModule", "v8.wasm.compileConsume", "v8.wasm.compileConsumeDone",
  "EvaluateScript", "FunctionCall", "TimerFire", "EventDispatch", "FireAnimationFrame", "FireIdleCallback", "XHRReadyStateChange", "XHRLoad",
  // Where a promise's functions run, once a task is over.
  "RunMicrotasks", "BlinkScheduler_PerformMicrotaskCheckpoint",
]);

/**
 * Of the tasks of the thread that ran the page, in ms of that thread's own time: the `longest`, whatever was done in it, and
 * the longest that scripts took of one (`scripted`). Layout that a script asks for and garbage collected while it runs are its own;
 * the script in the page at `url` itself is the benchmark's, and nobody's.
 */
export function longestTasks(recording, url) {
  const { traceEvents } = JSON.parse(Buffer.from(recording).toString());
  // The page marks itself: that tells its thread from those of other pages.
  const mark = traceEvents.find((event) => event.name === "bench" && event.cat.includes("blink.user_timing"));
  const done = traceEvents.filter((event) => event.ph === "X" && event.pid === mark.pid && event.tid === mark.tid).sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  const scripting = outermost(done.filter((event) => SCRIPTING.has(event.name) && event.args?.data?.url !== url));
  const tasks = done.filter(({ name }) => name === "RunTask").map((task) => ({
    all: took(task),
    scripts: scripting.filter((event) => event.ts >= task.ts && event.ts < task.ts + task.dur).reduce((sum, event) => sum + took(event), 0),
  }));
  return { longest: Math.max(...tasks.map(({ all }) => all)), scripted: Math.max(...tasks.map(({ scripts }) => scripts)) };
}

/** ms of the thread's own time: what other programs on the machine took meanwhile does not count. */
const took = ({ tdur, dur = 0 }) => (tdur ?? dur) / 1000;

/** Without those that are within another one, and counted with it; in order of time. */
function outermost(events) {
  let end = 0;
  return events.filter(({ ts, dur = 0 }) => {
    if (ts < end) return false;
    end = ts + dur;
    return true;
  });
}
