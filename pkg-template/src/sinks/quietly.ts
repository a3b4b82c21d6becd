/** Runs code that is not ours, or talks to it: what it throws, now or later, is nobody else's problem. */
export function quietly<T>(act: () => T): T | undefined {
  try {
    const result = act();
    // Not every library's promise is a `Promise`.
    const then = (result as { then?: unknown } | undefined)?.then;
    if (typeof then === "function") then.call(result, undefined, () => {});
    return result;
  } catch {
    return undefined;
  }
}
