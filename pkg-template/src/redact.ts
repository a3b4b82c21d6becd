// The same rules as src/policy/{redaction,url}.rs, for the few events that leave before the core is there. Where the
// core would have to be asked (is this key content of a known event?), more is taken out rather than less.

const SECRET_KEY = /token|api\W?_?key|secret|password|authorization|credential|cookie/i;
/** The fields of the catalogue that are content. */
const CONTENT_KEY = /^(chip|text|summary|input|output|targetAgent|comment|message|uri|productSku|action)$/;
const SECRET_TEXT = /[^\s@:/]+@[^\s@/]+\.\w+|\bbearer\s+\S+|\beyJ[\w-]+\.[\w-]+\.[\w-]*/gi;
const CARD = /\b(?:\d[ -]?){13,19}\b/g;
const KEPT_PARAMETER = /^(utm_.*|(gcl|dcl|fbcl|msclk|ttcl|twcl)id|[gw]braid|li_fat_id|gad_source|ref|[snb]\d{1,3})$/;
const REDACTED = "[REDACTED]";

/** A copy of a value of the site without what looks like a secret, and without content unless it is let in. */
export function redact(json: string, includeContent?: boolean): Record<string, unknown> {
  return JSON.parse(json, (key, value) => {
    if (SECRET_KEY.test(key)) return REDACTED;
    if (!includeContent && CONTENT_KEY.test(key)) return undefined;
    return typeof value === "string" ? hide(value) : value;
  });
}

/** An address without fragment, credentials, and query parameters that are not known to be harmless. */
export function clean(url: string, allowed: string[] = []): string {
  const [place = "", query = ""] = url.split("#")[0]!.split("?");
  const kept = query.split("&").filter((pair) => {
    const name = pair.split("=")[0]!;
    return KEPT_PARAMETER.test(name) || allowed.includes(name);
  });
  return hide(place.replace(/\/\/[^/]*@/, "//") + (kept.length ? `?${kept.join("&")}` : ""));
}

function hide(text: string): string {
  return text.replace(SECRET_TEXT, REDACTED).replace(CARD, (digits) => (luhn(digits) ? REDACTED : digits));
}

function luhn(card: string): boolean {
  let sum = 0;
  let double = false;
  for (const digit of card.replace(/\D/g, "").split("").reverse()) {
    sum += double ? Math.floor(+digit / 5) + ((+digit * 2) % 10) : +digit;
    double = !double;
  }
  return sum % 10 === 0;
}
