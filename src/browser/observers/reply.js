// Whether the page replied to a click: it changed, scrolled, went elsewhere, moved the focus or the selection, played,
// or was hidden. A click that looked as if something would happen and got no reply was dead.
import { listen } from "./listen.js";

const WAIT_MS = 2500;
// More clicks than this at once are answered or unanswered together.
const MAX_WAITING = 10;
const REPLIES = "scroll selectionchange focusin input change submit play pause copy fullscreenchange visibilitychange";
const WINDOW_REPLIES = "blur popstate hashchange pagehide beforeprint";
const CHANGES = { subtree: true, childList: true, attributes: true, characterData: true };
const LOOKS = "button,summary,[onclick],[role=button],[role=link],[role=tab],[role=menuitem],[role=option],[role=switch]";

export function watchReply(dead) {
  const waiting = new Set();
  let undo = [];
  let changes;
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
    // Pressing the button moves the focus and the caret by itself; text that is selected then is a reply.
    if (event.type === "focusin" && pressed) return;
    if (event.type !== "selectionchange" || !getSelection().isCollapsed) settle();
  };
  return {
    stop: settle,
    // Menus open when the button goes down, before the click.
    press() {
      if (pressed) return;
      pressed = new MutationObserver((_, observer) => {
        observer.disconnect();
        observer.moved = true;
      });
      pressed.observe(document, CHANGES);
    },
    // `fair`: a click to which a reply may be expected.
    expect(fair, target, selector, path) {
      const moved = pressed?.moved || pressed?.takeRecords().length;
      pressed?.disconnect();
      pressed = undefined;
      if (!fair || moved || waiting.size >= MAX_WAITING) return;
      if (!waiting.size) {
        changes = new MutationObserver(settle);
        changes.observe(document, CHANGES);
        undo = [listen(document, REPLIES, replied), listen(window, WINDOW_REPLIES, replied), () => changes.disconnect()];
      }
      // The document's observer does not look into shadow trees.
      for (const element of path) if (element.shadowRoot) changes.observe(element.shadowRoot, CHANGES);
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
