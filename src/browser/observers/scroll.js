// Something scrolled and some time passed. The layout is read then, never in the scroll handler.
import { SCROLLED } from "./signals.js";
import { listen } from "./listen.js";

const REST_MS = 150;

export function watchScroll(heard) {
  let timer = 0;
  const onScroll = () => {
    if (timer) return;
    // When it began: scrolling of the view before must not count for the next.
    const since = performance.now();
    timer = setTimeout(() => {
      timer = 0;
      heard(SCROLLED, String(since));
    }, REST_MS);
  };
  return [listen(window, "scroll", onScroll), () => clearTimeout(timer)];
}
