// The page's life: shown, hidden, focused, left, brought back from the back/forward cache; and what reaches it from outside. There is no listener for
// `unload` or `beforeunload`: they would keep the page out of that cache.
import { BLURRED, FOCUSED, FROZEN, HIDDEN, LEFT, ONLINE, RESTORED, SHOWN, STORED, TICK } from "./signals.js";
import { listen } from "./listen.js";

// How often time is told while the page is visible, ms; `page/engagement.rs` knows the same.
const TICK_MS = 5000;

export function watchLife(heard) {
  let tick = 0;
  let later = 0;
  const visibility = () => {
    clearInterval(tick);
    const visible = document.visibilityState === "visible";
    if (visible) tick = setInterval(() => heard(TICK, ""), TICK_MS);
    heard(visible ? SHOWN : HIDDEN, "");
  };
  const focus = () => heard(document.hasFocus() ? FOCUSED : BLURRED, "");
  const onFocus = (event) => {
    // Elements are focused too, and those events pass by the window while capturing.
    if (event.target !== window) return;
    // Where the focus went is known after the event: an iframe of this page, such as a chat, is still this page.
    clearTimeout(later);
    later = setTimeout(focus);
  };
  const undo = [
    listen(document, "visibilitychange", visibility),
    listen(document, "freeze", () => heard(FROZEN, "")),
    listen(window, "focus blur", onFocus),
    listen(window, "pagehide", () => heard(LEFT, "")),
    listen(window, "pageshow", (event) => event.persisted && heard(RESTORED, "")),
    listen(window, "online", () => heard(ONLINE, "")),
    () => {
      clearInterval(tick);
      clearTimeout(later);
      clearTimeout(tabs);
    },
  ];
  // For this one browsers open their storage, which takes as long as all the others together: in a task of its own.
  const tabs = setTimeout(() => undo.push(listen(window, "storage", (event) => heard(STORED, event.key ?? ""))));
  focus();
  visibility();
  return undo;
}
