// Whether the page replied to a click: it changed, scrolled, went elsewhere, moved the focus or the selection, played,
// or was hidden. A click that looked as if something would happen and got no reply was dead.
import { listen } from "./listen.js";

const WAIT_MS = 2500;
// More clicks than this at once are answered or unanswered together.
const MAX_WAITING = 10;
const REPLIES = ["scroll", "selectionchange", "focusin", "input", "change", "submit", "play", "pause", "copy", "fullscreenchange", "visibilitychange"];
const WINDOW_REPLIES = ["blur", "popstate", "hashchange", "pagehide", "beforeprint"];
const CHANGES = { subtree: true, childList: true, attributes: true, characterData: true };
const LOOKS = "button,summary,[onclick],[role=button],[role=link],[role=tab],[role=menuitem],[role=option],[role=switch]";

export function watchReply(dead) {
  let waiting = new Set();
  let undo = [];
  let pressed;
  const settle = () => {
    waiting.forEach(clearTimeout);
    waiting.clear();
    undo.forEach((end) => end());
    undo = [];
    pressed?.disconnect();
    pressed = undefined;
  };
  const replied = (event) => {
    // A click moves the caret; only text that was selected is a reply.
    if (event.type !== "selectionchange" || !getSelection().isCollapsed) settle();
  };
  return {
    stop: settle,
    // Menus open when the button goes down, before the click.
    press() {
      if (pressed) return;
      const changes = new MutationObserver(() => {
        changes.disconnect();
        changes.moved = true;
      });
      changes.observe(document, CHANGES);
      pressed = changes;
    },
    expect(target, selector, path) {
      const before = pressed;
      pressed = undefined;
      const moved = before?.moved || before?.takeRecords().length;
      before?.disconnect();
      if (moved || waiting.size >= MAX_WAITING) return;
      const changes = new MutationObserver(settle);
      changes.observe(document, CHANGES);
      // The document's observer does not look into shadow trees.
      for (const element of path) if (element.shadowRoot) changes.observe(element.shadowRoot, CHANGES);
      undo.push(listen(document, REPLIES, replied), listen(window, WINDOW_REPLIES, replied), () => changes.disconnect());
      const here = location.href;
      const timer = setTimeout(() => {
        const looked = target.isConnected && (target.matches(LOOKS) || getComputedStyle(target).cursor === "pointer");
        waiting.delete(timer);
        if (!waiting.size || location.href !== here) settle();
        if (looked && location.href === here) dead(selector);
      }, WAIT_MS);
      waiting.add(timer);
    },
  };
}
