// The tables, as Markdown.
import { spread } from "./lib/numbers.mjs";
import { FAULTS } from "./measures/delivery.mjs";

const KIB = 1024;

/** One run as Markdown. */
export function report(run) {
  const [blank, ...results] = run.results;
  const tracking = results.filter(({ peer }) => peer.probes);
  return [
    about(run),
    "## On the wire: everything the page downloads (bytes)",
    table(["", "raw", "gzip -9", "brotli 11"], ordered(results, ({ size }) => size?.brotli).map(({ peer, size }) => [named(peer), whole(size?.raw), whole(size?.gzip), whole(size?.brotli)])),
    "## Start-up: main-thread CPU above the blank page (ms), the longest tasks, and memory",
    startups(blank, results),
    "## One event with five properties",
    events(tracking),
    ...(tracking.some(({ delivery }) => Object.keys(delivery).length > 0) ? ["## Delivery: 50 events, then at once…", deliveries(tracking)] : []),
    notes(run),
  ].join("\n\n");
}

function about({ before, after, chromium, rounds, quick, results }) {
  const versions = results.filter(({ version }) => version).map(({ peer, version }) => `${peer.package ?? peer.vendored[0]} ${version}`);
  return `${before.date}, ${chromium}, ${before.cores} × ${before.cpu}, ${before.memoryGiB} GiB, ${before.system}, Node ${before.node}. ` +
    `${rounds} round${rounds === 1 ? "" : "s"}${quick ? " (--quick: no spread, read with care)" : ""}, peers interleaved; medians, in brackets the smallest and the largest. ` +
    `Programs waiting for the processors: ${before.load} when it began, ${after.load} when it ended.\n\nVersions: ChatVitals at ${before.commit}, ${versions.join(", ")}.`;
}

function startups(blank, results) {
  const rows = results.map((result) => {
    const above = (throttle, field, scale = 1) => {
      const floor = spread(blank.startups[throttle].map((one) => one[field]))?.median ?? 0;
      return spread(result.startups[throttle].map((one) => (one[field] - floor) / scale));
    };
    const task = (field) => spread(result.startups[4].map((one) => one[field]));
    return { result, cells: [above(1, "cpu"), above(4, "cpu"), task("longest"), task("scripted"), above(1, "heap", KIB)] };
  });
  const floor = [1, 4].map((throttle) => ranged(spread(blank.startups[throttle].map(({ cpu }) => cpu))));
  const [longest, scripted] = ["longest", "scripted"].map((field) => ranged(spread(blank.startups[4].map((one) => one[field]))));
  const heap = ranged(spread(blank.startups[1].map((one) => one.heap / KIB)), 0);
  return `${table(
    ["", "1×", "4× throttled", "longest task at 4×", "longest of scripts in one task at 4×", "heap and buffers, KiB"],
    ordered(rows, ({ cells }) => cells[1]?.median).map(({ result, cells }) => [named(result.peer), ...cells.slice(0, 4).map((cell) => ranged(cell)), ranged(cells[4], 0)]),
  )}\n\nThe blank page itself: ${floor[0]}, ${floor[1]}, ${longest}, ${scripted}, ${heap}.`;
}

function events(tracking) {
  const rows = tracking.map((result) => ({
    result,
    call: spread(result.calls),
    cpu: spread(result.thousands.map(({ cpu }) => cpu)),
    arrived: Math.min(...result.thousands.map(({ arrived }) => arrived)),
    bytes: [100, 1].map((count) => result.bytes[count][0]),
    growth: result.growths[0],
  }));
  return table(
    ["", "µs per call", "main-thread ms for 1,000 until they arrive", "body bytes per event, 100 at once", "alone", "memory after 10,000 more, KiB"],
    ordered(rows, ({ cpu }) => cpu?.median).map(({ result, call, cpu, arrived, bytes, growth }) => [
      named(result.peer),
      ranged(call),
      ranged(cpu, 0) + (arrived < 1000 ? ` (${arrived} of 1,000 arrived)` : ""),
      ...bytes.map(whole),
      growth ? `${signed(growth.bytes / KIB)}${growth.arrived < 10_000 ? ` (${whole(growth.arrived)} arrived)` : ""}` : "–",
    ]),
  );
}

function deliveries(tracking) {
  const faults = Object.keys(FAULTS);
  const score = ({ delivery }) => -faults.reduce((sum, fault) => sum + (spread((delivery[fault] ?? []).map(({ alone }) => alone))?.min ?? 0), 0);
  const cell = (outcomes) => {
    if (!outcomes?.length) return "not measured";
    const [alone, after, duplicates, seconds] = ["alone", "after", "duplicates", "seconds"].map((field) => spread(outcomes.map((one) => one[field])));
    const late = after.median > alone.median ? ` → ${ranged(after, 0)}` : "";
    const twice = duplicates.max > 0 ? ` +${duplicates.max} dup` : "";
    return `${ranged(alone, 0)}${late}${twice}${alone.median > 0 && seconds.median > 20 ? `, ${seconds.median} s` : ""}`;
  };
  return `${table(["", ...faults.map((fault) => (fault.startsWith("hang") ? `${fault} (of 51)` : fault))], ordered(tracking, score).map((result) => [named(result.peer), ...faults.map((fault) => cell(result.delivery[fault]))]))}

"a → b": a arrived by themselves, b after the visitor's next page. dup: accepted more than once (for ChatVitals: stored more than once). Seconds stand where it took more than 20. An answer takes 80 ms; only what was answered 2xx counts.`;
}

function notes({ results }) {
  const missing = results.flatMap(({ peer, failed }) => Object.entries(failed).map(([what, why]) => `- ${peer.name}, ${what}: ${why}`));
  const remarks = results.filter(({ peer }) => peer.note).map(({ peer }) => `- ${peer.name}: ${peer.note}`);
  return ["## What is not measured, and what has no counterpart", ...missing, ...remarks].join("\n");
}

const named = (peer) => (peer.ships ? `**${peer.name}**` : peer.name);

/** Smallest first; what was not measured comes last. */
const ordered = (rows, by) => [...rows].sort((a, b) => (by(a) ?? Infinity) - (by(b) ?? Infinity));

const whole = (number) => (number === undefined ? "–" : number.toLocaleString("en-US"));

const signed = (number) => (number > 0 ? "+" : "") + whole(Math.round(number));

/** A median with its spread. */
function ranged(cell, digits = 1) {
  if (!cell) return "–";
  const [middle, min, max] = [cell.median, cell.min, cell.max].map((value) => Number(value.toFixed(value < 100 ? digits : 0)).toLocaleString("en-US"));
  return min === max ? middle : `${middle} (${min}–${max})`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), `|---|${"---:|".repeat(head.length - 1)}`, ...rows.map(line)].join("\n");
}
