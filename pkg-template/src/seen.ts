/** Half of the element, or, where it is larger than the window, half of the window. */
const SHARE = 0.5;
/** Where the browser looks again: large elements never have half of them visible. */
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, SHARE];

/** Calls back once the element is seen; answers with how to stop waiting for it. */
export function watchSeen(element: Element, seen: () => void): () => void {
  if (typeof IntersectionObserver === "undefined") return () => {};
  const observer = new IntersectionObserver(
    (entries) => {
      const isSeen = entries.some(({ isIntersecting, intersectionRatio, intersectionRect, rootBounds }) => {
        const window = rootBounds?.height ?? innerHeight;
        return isIntersecting && (intersectionRatio >= SHARE || intersectionRect.height >= window * SHARE);
      });
      if (!isSeen) return;
      observer.disconnect();
      seen();
    },
    { threshold: STEPS },
  );
  observer.observe(element);
  return () => observer.disconnect();
}
