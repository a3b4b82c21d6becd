// What differs between measurements of the same page loads.
import { until } from "./until.mjs";

/** Groups in the order of their first member. (`Map.groupBy` is younger than the Node we support.) */
function by(lines, keyOf) {
  const groups = new Map();
  for (const line of lines) {
    const key = keyOf(line);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return groups;
}

/** The members of two values that differ, by their paths. */
function differing(wanted, told, place = "") {
  if (typeof wanted === "number" && typeof told === "number" ? Math.abs(wanted - told) <= 1e-6 : Object.is(wanted, told)) return [];
  if (wanted && told && typeof wanted === "object" && typeof told === "object") {
    const names = new Set([...Object.keys(wanted), ...Object.keys(told)]);
    return [...names].flatMap((name) => differing(wanted[name], told[name], place ? `${place}.${name}` : name));
  }
  return [{ field: place, wanted, told }];
}

/** What an explanation says by long animation frames. */
const BY_FRAMES = ["frames", "longest", "totalScriptDuration", "totalStyleAndLayoutDuration", "totalPaintDuration", "totalUnattributedDuration"];
const hasFrames = ({ told }) => told.attribution.frames?.length > 0;

/** Reports without what frames say of them, where only one of two listeners knew any yet: browsers tell them one after the other. */
function withoutNews(lines, others) {
  return lines.map((line, place) => {
    if (!others[place] || hasFrames(line) === hasFrames(others[place])) return line;
    const known = Object.entries(line.told.attribution).filter(([name]) => !BY_FRAMES.includes(name));
    return { ...line, told: { ...line.told, attribution: Object.fromEntries(known) } };
  });
}

/** Compares what listeners to `chatvitals/vitals` were told with what those to web-vitals were: everything, and when. */
export function differences(lines) {
  const groups = (library) => by(lines.filter((line) => line.library === library), ({ doc, options, told }) => `${doc} ${options} ${told.name}`);
  const [wanted, told] = [groups("web-vitals"), groups("chatvitals")];
  if (!wanted.size) return [{ field: "reports", wanted: "some", told: "none" }];
  const framed = (groups) => [...groups.values()].flat().some(hasFrames);
  if (framed(wanted) !== framed(told)) return [{ field: "frames", wanted: framed(wanted), told: framed(told) }];
  const keys = new Set([...wanted.keys(), ...told.keys()]);
  const shown = ({ moment, told }) => ({ moment, ...told });
  return [...keys].flatMap((key) => {
    const [theirs, ours] = [wanted.get(key) ?? [], told.get(key) ?? []];
    return differing(withoutNews(theirs, ours).map(shown), withoutNews(ours, theirs).map(shown)).map((found) => ({ metric: key, ...found }));
  });
}

/** Compares the events that the collector has of `path` with what a listener to web-vitals was told, there from the start. */
export async function fromTracker(collector, path, lines) {
  const NAMES = ["LCP", "CLS", "INP", "FCP", "TTFB"];
  const shown = ({ id, name, value, delta, rating, navigationType }) => ({ id, name, value, delta, rating, navigationType });
  const wanted = lines.map(({ told, doc }) => shown({ ...told, id: `${doc} ${told.id}` }));
  let events = [];
  await until(async () => {
    const views = (await collector.events("page_view")).filter((event) => event.path === path).map((event) => event.sessionId);
    // A soft navigation's events are of its own view: those of the visit that began on this path.
    events = (await collector.events("web_vital")).filter((event) => event.path === path || (views.includes(event.sessionId) && event.path.startsWith("/route/")));
    return events.filter((event) => NAMES.includes(event.properties.name)).length >= wanted.length;
  }, () => `${wanted.length} events of ${path}; stored: ${JSON.stringify(events.map((event) => event.properties))}; wanted: ${JSON.stringify(wanted)}`);
  const told = events.map((event) => shown(event.properties)).filter(({ name }) => NAMES.includes(name));
  // Ids are different texts: each is named by the place of its first report.
  const numbered = (reports) => reports.map((report) => ({ ...report, id: reports.findIndex(({ id }) => id === report.id) }));
  const found = NAMES.flatMap((name) => {
    const of = (reports) => numbered(reports.filter((report) => report.name === name));
    return differing(of(wanted), of(told)).map((difference) => ({ metric: `tracker ${name}`, ...difference }));
  });
  return { count: told.length, differences: found };
}
