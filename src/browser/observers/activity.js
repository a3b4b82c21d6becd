// The visitor moved, typed, touched or scrolled: at most one call a second.
import { ACTIVE } from "./signals.js";
import { listen } from "./listen.js";

const TYPES = "pointermove pointerdown keydown wheel scroll touchstart";

export function watchActivity(heard) {
  let timer = 0;
  const onMove = (event) => {
    // What scrolls inside the page may be a carousel that moves by itself.
    if (timer || (event.type === "scroll" && event.target !== document)) return;
    timer = setTimeout(() => (timer = 0), 1000);
    heard(ACTIVE, "");
  };
  return [listen(window, TYPES, onMove), () => clearTimeout(timer)];
}
