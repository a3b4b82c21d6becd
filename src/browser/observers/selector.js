// A short path to an element that survives re-rendering: a test id or an id where there is one, otherwise tag and place,
// upwards and out of open shadow trees. It never reads what an element says.
const MAX_PARTS = 6;
// Counting the elements before it stops here: an endless list must not make a click slow.
const MAX_PLACE = 99;
// Ids with several digits, and those that React and its libraries make, differ on the next page load.
const MADE = /\d{3}|[:«]|_r_/;

export function selectorOf(element) {
  let path = "";
  let joint = "";
  for (let at = element, parts = 0; at && parts < MAX_PARTS; parts++) {
    const tag = at.localName;
    const mark = at.getAttribute("data-testid");
    if (mark) return `${tag}[data-testid=${JSON.stringify(mark)}]` + joint + path;
    if (at.id && !MADE.test(at.id)) return `${tag}#${CSS.escape(at.id)}` + joint + path;
    let part = tag;
    if (tag !== "body" && tag !== "html") {
      let place = 1;
      for (let before = at; (before = before.previousElementSibling) && place < MAX_PLACE; ) {
        if (before.localName === tag) place++;
      }
      part += `:nth-of-type(${place})`;
    }
    path = part + joint + path;
    if (tag === "body") break;
    joint = at.parentElement ? ">" : ">>>";
    at = at.parentElement || at.getRootNode().host;
  }
  return path;
}
