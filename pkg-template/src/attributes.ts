import { isField } from "./fields.js";
import type { Fields, Options } from "./options.js";

/** Every option that an attribute can give. */
const NAMES: Record<Exclude<keyof Options, "sink" | "dimensions">, 1> = {
  enabled: 1,
  endpoint: 1,
  headers: 1,
  includeContent: 1,
  context: 1,
  sampleRate: 1,
  consent: 1,
  respectConsent: 1,
  respectGpc: 1,
  maxEvents: 1,
  batch: 1,
  session: 1,
  page: 1,
  chat: 1,
  propagateTraceTo: 1,
  fields: 1,
  debug: 1,
  wasmUrl: 1,
};

/**
 * Options from `data-` attributes: `data-sample-rate="0.5"`, `data-endpoint="/api/events"`, `data-batch='{"size":5}'`, and
 * custom fields, from attributes (`data-s1="red"`) or the script's address (`chatvitals.js?n1=5`). Other tools
 * put attributes on scripts too: an unknown one is passed over, unless it reads like one of ours.
 */
export function readAttributes(script: HTMLScriptElement | null): Options {
  const options: Record<string, unknown> = {};
  const fields: Record<string, unknown> = {};
  if (script?.src) new URL(script.src).searchParams.forEach((value, name) => isField(name) && (fields[name] = value));
  for (const [name, value = ""] of Object.entries(script?.dataset ?? {})) {
    if (isField(name)) fields[name] = value;
    else if (name in NAMES) options[name] = parse(value);
    else {
      const meant = Object.keys(NAMES).find((known) => areClose(name.toLowerCase(), known.toLowerCase()));
      if (meant) console.error(`ChatVitals: unknown option "${name}"; "${meant}" was probably meant`);
    }
  }
  return { ...options, fields: { ...fields, ...(options.fields as object) } as Fields };
}

function parse(value: string): unknown {
  try {
    return value === "" ? true : JSON.parse(value);
  } catch {
    return value;
  }
}

/** Whether at most one letter is wrong, missing, too many or in another's place, in words that are long enough. */
function areClose(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < 4) return false;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from++;
  const rest = (skipA: number, skipB: number) => a.slice(from + skipA) === b.slice(from + skipB);
  const swapped = a[from] === b[from + 1] && a[from + 1] === b[from] && rest(2, 2);
  return rest(1, 1) || rest(0, 1) || rest(1, 0) || rest(0, 0) || swapped;
}
