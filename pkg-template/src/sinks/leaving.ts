/**
 * Calls back, synchronously, each time the page is hidden or left; it may never be shown again. Returns how to stop.
 *
 * The tracker listens in the capture phase and tells its last events there, so that those are already here.
 */
export function onLeaving(act: () => void): () => void {
  if (typeof document === "undefined") return () => {};
  const hidden = () => {
    if (document.visibilityState === "hidden") act();
  };
  document.addEventListener("visibilitychange", hidden);
  // Safari navigates away without `visibilitychange` (https://bugs.webkit.org/show_bug.cgi?id=116769).
  window.addEventListener("pagehide", act);
  return () => {
    document.removeEventListener("visibilitychange", hidden);
    window.removeEventListener("pagehide", act);
  };
}
