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
  // How a call's lines begin; calls of one name within a millisecond share it.
  let head: string;
  let named: string;
  let until = 0;
  return {
    isOpen: () => isOpen,
    put(name, properties) {
      const now = performance.now();
      if (!lines) setTimeout(capture);
      if (name !== named || now >= until) {
        until = now + 1;
        named = name;
        head = `${now}\n${JSON.stringify(name)}\n`;
      }
      lines += head + properties + "\n";
      if (lines.length > MAX_CHARS) capture();
    },
    take(hurry) {
      if (hurry !== undefined) isOpen = !hurry;
      const taken = lines;
      lines = "";
      // What comes next may come after another event of this millisecond, and is not to seem earlier.
      until = 0;
      return taken || undefined;
    },
  };
}
