// `chatvitals.js`: all that a page has to wait for. It keeps calls with their time and address, and brings the rest.
import { download } from "./download.js";
import { type Settings, sayFarewell } from "./farewell.js";
import type { Early, Global, Kept, Words } from "./kit.js";

/** The digests of the files this script was built with. */
declare const CHATVITALS_SHELL_DIGEST: string;
declare const CHATVITALS_WASM_DIGEST: string;

/** Calls that wait are bounded, like everything that can grow. */
const MAX_KEPT = 1000;

// There is no current script in a module or in a bundle of a tag manager.
const script = (document.currentScript ?? document.querySelector('script[src*="chatvitals"]')) as HTMLScriptElement | null;

// Included twice: the first one runs.
if (!window.chatvitals?.kept) load(window.chatvitals?.q ?? []);

function load(early: Early[]): void {
  const kept: Kept[] = [];
  const options: Settings = {};
  const keep = (at: number, url: string | undefined, words: Words): void => {
    if (words[0] === "options") Object.assign(options, words[1]);
    else if (kept.length < MAX_KEPT) kept.push({ at, url, words });
  };
  for (const [at, ...words] of early) keep(at, undefined, words);
  const keepNow: Global = (...words) => keep(Date.now(), location.href, words);
  let answer = keepNow;
  const run: Global = (...words) => answer(...words);
  run.kept = kept;
  window.chatvitals = run;
  const settings = (): Settings => ({ ...script?.dataset, ...options });
  const { enabled, wasmUrl } = settings();
  if (String(enabled) === "false") return;

  // Where the page is loaded, and where it moves to.
  const waiting = new AbortController();
  const { navigation } = window as { navigation?: EventTarget };
  const move = (): void => void keepNow();
  move();
  addEventListener("popstate", move, waiting);
  navigation?.addEventListener("currententrychange", move, waiting);
  addEventListener("pagehide", () => sayFarewell(settings(), kept), waiting);

  const base = new URL(wasmUrl || script?.src || "", document.baseURI);
  const wasm = download(wasmUrl ? base : new URL("chatvitals_bg.wasm", base), script?.integrity && CHATVITALS_WASM_DIGEST);
  // Whoever waits for it hears of it; where nobody ever does, it is no error of the page's.
  wasm.catch(() => {});
  bring(new URL("chatvitals.shell.js", script?.src || base), CHATVITALS_SHELL_DIGEST).then(
    ({ start }: typeof import("./script.js")) => {
      waiting.abort();
      ({ tracker: run.tracker, answer } = start({ script, options, kept, wasm, bring }));
    },
    // Missing or refused, which the browser says: calls go on to be kept, and the page's farewell is all there is.
    () => {},
  );
}

/**
 * `import()` passes on the nonce and the trust of this script, which an element of ours would not. But it takes no digest:
 * a module that an element has loaded by its digest is the one that everybody gets.
 */
async function bring({ href }: URL, digest: string): Promise<any> {
  if (script?.integrity) {
    const module = Object.assign(document.createElement("script"), { type: "module", crossOrigin: "anonymous", integrity: digest, nonce: script.nonce, src: href });
    await new Promise((onload, onerror) => document.head.append(Object.assign(module, { onload, onerror })));
  }
  return import(href);
}
