/** What a recording needs so that `longestTask` can read it. */
export const TRACE = ["-*", "blink.user_timing", "disabled-by-default-devtools.timeline"];

/** The longest task of the thread that ran the page, in ms of that thread's own time. */
export function longestTask(recording) {
  const { traceEvents } = JSON.parse(Buffer.from(recording).toString());
  // The page marks itself: that tells its thread from those of other pages.
  const mark = traceEvents.find((event) => event.name === "bench" && event.cat.includes("blink.user_timing"));
  const tasks = traceEvents.filter((event) => event.name === "RunTask" && event.pid === mark.pid && event.tid === mark.tid);
  return Math.max(...tasks.map((task) => task.tdur ?? task.dur ?? 0)) / 1000;
}
