// The tracker's own watches: every metric, with elements named as clicks name theirs.
import { selectorOf } from "./selector.js";
import { VITALS } from "./signals.js";
import { NAMES, watchVitals } from "./vitals.js";

export function measureVitals(hear, reportSoftNavs) {
  // Its signals have numbers of their own.
  const tell = (signal, watch, numbers, texts) => hear(VITALS + signal, watch, numbers, texts);
  const room = watchVitals(tell, (node) => (node.nodeType === 1 ? selectorOf(node) : node.nodeName.toLowerCase()));
  for (const name of NAMES) room.watch(name, { reportSoftNavs });
  return room;
}
