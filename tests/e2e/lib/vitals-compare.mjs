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

/** Compares what listeners to `chatvitals/vitals` were told with what those to web-vitals were: everything, and when. */
export function differences(lines) {
  const groups = (library) => by(lines.filter((line) => line.library === library), ({ doc, options, told }) => `${doc} ${options} ${told.name}`);
  const [wanted, told] = [groups("web-vitals"), groups("chatvitals")];
  if (!wanted.size) return [{ field: "reports", wanted: "some", told: "none" }];
  const keys = new Set([...wanted.keys(), ...told.keys()]);
  const shown = ({ moment, told }) => ({ moment, ...told });
  return [...keys].flatMap((key) =>
    differing((wanted.get(key) ?? []).map(shown), (told.get(key) ?? []).map(shown)).map((found) => ({ metric: key, ...found })));
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
