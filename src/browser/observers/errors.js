// What went wrong on the page: scripts, promises, resources, and what its Content Security Policy refused.
import { FAILED } from "./signals.js";
import { ignored, listen, pathOf } from "./listen.js";

// The first place a stack names, in Chromium's, Firefox's and Safari's way of writing.
const PLACE = /([a-z][\w+.-]*:\/\/[^\s()]+?):(\d+)(?::(\d+))?\)?$/m;
// Extensions are not the page, and neither are we.
const OTHERS = /^\w+-extension:|\/chatvitals[\w.-]*\.(js|wasm)\b/;
// A message is content: it stays here unless content is let in. What leaves of it is a number that is equal for equal
// messages, and only where no place in the code tells errors apart.
const shapeOf = (message) => {
  let shape = 0;
  for (const letter of message.replace(/\d+/g, "")) shape = Math.imul(shape ^ letter.codePointAt(0), 16777619);
  return shape >>> 0;
};

export function watchErrors(heard, content, endpoint) {
  const ours = endpoint && new URL(endpoint, location.href).href;
  const report = (kind, name, source, line, column, message) => {
    // What is refused or lost on our own way is counted elsewhere.
    if (OTHERS.test(source) || (ours && source?.startsWith(ours))) return;
    heard(
      FAILED,
      JSON.stringify({
        type: /^[\w-]{1,40}$/.test(name) ? `${kind}:${name}` : kind,
        source: source || undefined,
        line: line || undefined,
        column: column || undefined,
        message: content ? message.slice(0, 500) : undefined,
        shape: source ? 0 : shapeOf(message),
      }),
    );
  };
  const thrown = (kind, error, source, line, column, message) => {
    const known = typeof error === "object" && error !== null;
    const stack = known && typeof error.stack === "string" ? error.stack : "";
    if (!source) [, source, line, column] = PLACE.exec(stack) ?? [];
    report(kind, known ? error.name : "", source, +line, +column, String(message ?? (known ? error.message : error)));
  };
  // What a page throws may be anything, even something that throws when it is read.
  const quietly = (act) => (event) => {
    try {
      act(event);
    } catch {}
  };
  return [
    listen(window, "error", quietly((event) => {
      const { target } = event;
      // An element's own event of that name, such as a chat's.
      if (event instanceof CustomEvent) return;
      if (target instanceof Element) {
        if (!ignored(pathOf(event))) report("resource", target.localName, target.src || target.href, 0, 0, "");
      } else {
        thrown("error", event.error, event.filename, event.lineno, event.colno, event.message);
      }
    })),
    listen(window, "unhandledrejection", quietly((event) => thrown("unhandledrejection", event.reason))),
    listen(document, "securitypolicyviolation", quietly((event) => {
      report("csp", event.effectiveDirective, event.blockedURI, event.lineNumber, event.columnNumber, "");
    })),
  ];
}
