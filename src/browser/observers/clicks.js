// What a click hit, as one text; and whether it was dead: whether anything at all happened after it.
import { CLICKED, DEAD } from "./signals.js";
import { ignored, listen, pathOf } from "./listen.js";
import { selectorOf } from "./selector.js";
import { watchReply } from "./reply.js";

// What a click on something inside it is meant for.
const INTERACTIVE = "a,button,input,select,textarea,summary,label,[onclick],[data-cv-cta],[data-cv-event]";
const ACTIVE_ROLE = /^(button|link|tab|menuitem|option|checkbox|switch|radio)/;
// Places where many clicks, or clicks that change nothing we can see, are what people are there for.
const FIELDS = "a[href],input,select,textarea,option,label,canvas,video,audio,iframe,embed,object,[contenteditable]";
const ROLES = { a: "link", area: "link", button: "button", summary: "button", select: "combobox", textarea: "textbox", img: "img", option: "option" };
const INPUT_ROLES = { checkbox: "checkbox", radio: "radio", range: "slider", number: "spinbutton", button: "button", submit: "button", reset: "button", image: "button" };

const roleOf = (element, tag) =>
  element.getAttribute("role") || (tag === "input" ? INPUT_ROLES[element.type] || "textbox" : ROLES[tag]);

export function watchClicks(heard, content) {
  const reply = watchReply((selector) => heard(DEAD, selector));
  let labelled;
  const onClick = (event) => {
    const middle = event.type === "auxclick";
    const path = pathOf(event);
    const hit = path[0];
    if (!hit || ignored(path)) return;
    // A click on a label is followed at once by one on its control: one click of the visitor.
    if (hit === labelled?.control && event.timeStamp - labelled.at < 100) return;
    const find = (css) => path.find((element) => element.matches(css));
    const control = find("label")?.control;
    labelled = control && !path.includes(control) && { control, at: event.timeStamp };
    const link = find("a[href],area[href]");
    if (middle && !(link && event.button === 1)) return;
    const target = path.find((element) => element.matches(INTERACTIVE) || ACTIVE_ROLE.test(element.getAttribute("role"))) || hit;
    const tag = target.localName;
    const selector = selectorOf(target);
    const mark = find("[data-cv-event]");
    const own = {};
    for (const name in mark?.dataset) {
      if (/^cv[A-Z]/.test(name) && name !== "cvEvent") own[name[2].toLowerCase() + name.slice(3)] = mark.dataset[name];
    }
    // A key that activates an element clicks nowhere. (Firefox counts it as one click; Safari knows no pointer type.)
    const byPointer = (event.pointerType ?? event.detail > 0) || event.clientX || event.clientY;
    const x = Math.round(event.clientX);
    const y = Math.round(event.clientY);
    const fair = event.isTrusted && !middle && byPointer && !find(FIELDS);
    heard(
      CLICKED,
      JSON.stringify({
        click: {
          selector,
          tag,
          role: roleOf(target, tag),
          position: byPointer ? { x, y } : undefined,
          text: content ? target.textContent.trim().replace(/\s+/g, " ").slice(0, 200) : undefined,
        },
        // Three clicks that select a paragraph are no rage.
        near: fair && getSelection()?.isCollapsed !== false ? [x, y] : undefined,
        selector,
        href: link ? (link.href.baseVal ?? link.href) : undefined,
        download: link?.hasAttribute("download"),
        cta: find("[data-cv-cta]")?.getAttribute("data-cv-cta") || undefined,
        event: mark?.getAttribute("data-cv-event") || undefined,
        own,
      }),
    );
    reply.expect(fair, target, selector, path);
  };
  return [listen(document, "click auxclick", onClick), listen(document, "pointerdown", reply.press), reply.stop];
}
