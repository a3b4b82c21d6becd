/** What waits is captured meanwhile when it has so many characters: like everything that can grow, it has a bound. */
const MAX_CHARS = 50_000;

/**
 * Events of the site's own, between the call and a task of ours: for the site's code `track()` costs its snapshot, and many
 * of them cross into WebAssembly at once. Whatever else the core is asked or hears comes after them: nobody can tell that
 * they waited.
 */
export interface Aside {
  /** Whether events may wait at all: not on a page that is hidden or gone, which may have no other task. */
  isOpen(): boolean;
  put(name: string, properties: string): void;
  /** Gives what waits, for `Core.track`, or nothing. `hurry`: whether what comes from now on may not wait. */
  take(hurry?: boolean): string | undefined;
}

/** `capture` is called when what waits is to be taken. */
export function createAside(capture: () => void): Aside {
  let lines = "";
  let isOpen = true;
  return {
    isOpen: () => isOpen,
    put(name, properties) {
      if (!lines) setTimeout(capture);
      lines += `${performance.now()}\n${JSON.stringify(name)}\n${properties}\n`;
      if (lines.length > MAX_CHARS) capture();
    },
    take(hurry) {
      if (hurry !== undefined) isOpen = !hurry;
      const taken = lines;
      lines = "";
      return taken || undefined;
    },
  };
}
