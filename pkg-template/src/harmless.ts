import { snapshot } from "./snapshot.js";

/** The same functions, which throw nothing into the page, whatever it hands them. What is not a function stays as it is. */
export function harmless<Functions extends object>(functions: Functions): Functions {
  const all = functions as Record<string, unknown>;
  for (const name of Object.keys(all)) {
    const act = all[name];
    if (typeof act !== "function") continue;
    all[name] = (...args: unknown[]): unknown => {
      try {
        return act(...args);
      } catch {
        // A name that is no text, a proxy that throws: nothing was said.
      }
    };
  }
  return functions;
}

/** A name as text, whatever it was given as. */
export const nameOf = (given: unknown): string => (typeof given === "string" ? given : snapshot(given));
