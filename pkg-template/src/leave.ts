/** What happens to a page while its tracker has no core yet. */
interface Life {
  /** Hidden or left: it may never come back. */
  leave(): void;
  /** Its address may have changed. */
  move(): void;
  /** Back from the back/forward cache. */
  restored(): void;
}

/** Listens to the page's life; answers with how to stop. No `unload`: that would keep the page out of the cache. */
export function watchLife({ leave, move, restored }: Life): () => void {
  const { navigation } = window as { navigation?: EventTarget };
  const watches: [EventTarget | undefined, string, (event: Event) => void][] = [
    [document, "visibilitychange", () => document.visibilityState === "hidden" && leave()],
    [window, "pagehide", leave],
    [window, "pageshow", (event) => (event as PageTransitionEvent).persisted && restored()],
    [window, "popstate", move],
    [navigation, "currententrychange", move],
  ];
  for (const [target, type, listener] of watches) target?.addEventListener(type, listener);
  return () => watches.forEach(([target, type, listener]) => target?.removeEventListener(type, listener));
}
