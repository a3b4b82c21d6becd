// What a machine that does other things at the same moment takes from a page: whoever measures before and after the same
// pause of the thread differs by that pause, and by no more. A tracker that measures wrongly does so without pauses too.

/** Notes, in the page, when its thread was late. */
export const PAUSES = () => {
  window.pauses = [];
  let beat = performance.now();
  setInterval(() => {
    const now = performance.now();
    if (now - beat > 10) window.pauses.push({ from: beat, to: now });
    beat = now;
  }, 5);
};

/** How many ms of pauses there were in the page between two moments of its clock. */
export const paused = (page, from, to) =>
  page.evaluate(([from, to]) => window.pauses.reduce((sum, pause) => sum + (pause.to > from && pause.from < to ? pause.to - pause.from : 0), 0), [from, to]);
