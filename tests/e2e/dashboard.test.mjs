// The dashboard in Chromium on a collector with a week of visits: every number beside one that is counted here, from the
// same stored events, in the most obvious way.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { backlog } from "./lib/backlog.mjs";
import { launchChromium } from "./lib/chromium.mjs";
import { startCollector } from "./lib/collector.mjs";
import { openDashboard, rowsOf, settled, shows } from "./lib/dashboard.mjs";
import { until } from "./lib/until.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VIEWS = ["overview", "chat", "outcomes", "visits", "live", "delivery"];
const STATS = { id: "tracker-1", captured: 5000, sent: 4900, lost: 3, retried: 5, dropped: { sampled: 60, consent: 37 } };

let browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

const open = (t, collector, search, settings) => openDashboard(t, browser, collector, search, settings);

async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
}

describe("on a week of visits", () => {
  let collector, events;
  before(async () => {
    collector = await startCollector();
    const sent = backlog({ now: Date.now(), sessions: 120 });
    for (let at = 0; at < sent.length; at += 500) {
      const body = JSON.stringify({ events: sent.slice(at, at + 500), sentAt: new Date().toISOString(), stats: STATS });
      assert.equal((await fetch(`${collector.url}/api/events`, { method: "POST", body })).status, 204);
    }
    events = await collector.events();
    assert.equal(events.length, sent.length);
  });
  after(() => collector?.close());

  const of = (type) => events.filter((event) => event.type === type);
  const sessionsWith = (...types) => new Set(events.filter(({ type }) => types.includes(type)).map(({ sessionId }) => sessionId));
  /** The value below which a share of all lie, between two of them where it falls there. */
  const percentile = (values, share) => {
    const sorted = [...values].sort((a, b) => a - b);
    const at = share * (sorted.length - 1);
    return sorted[Math.floor(at)] + (sorted[Math.ceil(at)] - sorted[Math.floor(at)]) * (at % 1);
  };

  test("overview: visitors, views, vitals", async (t) => {
    const { page, noise } = await open(t, collector, "?range=7d");
    await shows(page, "sessions", sessionsWith("session_started").size);
    await shows(page, "views", of("page_view").length);
    await shows(page, "visits", sessionsWith("session_started").size);
    for (const name of ["LCP", "INP", "CLS", "FCP", "TTFB"]) {
      await shows(page, `vital-${name}`, percentile(of("web_vital").filter((e) => e.properties.name === name).map((e) => e.properties.value), 0.75));
    }
    const counts = new Map();
    for (const { path } of of("page_view")) counts.set(path, (counts.get(path) ?? 0) + 1);
    const top = (await page.getByTestId("top-pages").locator("tbody tr").evaluateAll((rows) => rows.map((row) => [row.cells[0].innerText.trim(), Number(row.cells[1].innerText)])));
    assert.deepEqual(new Map(top), counts);
    assert.equal(await page.title(), "Overview · ChatVitals");
    assert.deepEqual(noise, []);
  });

  test("chat: funnel, times, giving up, tools, errors, connections", async (t) => {
    const { page, noise } = await open(t, collector, "?view=chat&range=7d");
    const firstTokens = of("assistant_response_first_token").map((e) => e.properties.ttftMs);
    await shows(page, "ttftMs-p50", percentile(firstTokens, 0.5));
    await shows(page, "ttftMs-p95", percentile(firstTokens, 0.95));
    await page.getByRole("radio", { name: "Whole answer" }).check();
    const natural = of("assistant_response_completed").filter((e) => e.properties.finishReason === "natural");
    await shows(page, "totalMs-p75", percentile(natural.map((e) => e.properties.totalMs), 0.75));
    const [asked, abandoned] = [of("user_message_sent").length, of("turn_abandoned").length];
    await shows(page, "abandoned", abandoned / asked);
    await shows(page, "uptime", 1 - of("transport_disconnected").length / asked);

    await settled(page);
    const funnel = (await rowsOf(page, "Chat funnel")).map(([, sessions]) => Number(sessions));
    const settledBy = [...sessionsWith("resolution_without_escalation")].filter((id) => !sessionsWith("handoff_requested").has(id));
    assert.deepEqual([funnel[0], funnel[1], funnel[4]], [sessionsWith("chat_opened").size, sessionsWith("user_message_sent").size, settledBy.length]);

    const tools = Object.fromEntries((await rowsOf(page, "Tools")).map(([name, calls]) => [name, Number(calls)]));
    for (const [name, calls] of Object.entries(tools)) assert.equal(calls, of("tool_executed").filter((e) => e.properties.toolName === name).length, name);
    assert.equal(Object.values(tools).reduce((sum, calls) => sum + calls, 0), of("tool_executed").length);
    assert.deepEqual(await rowsOf(page, "Errors"), [["error_shown: rate_limited", String(of("error_shown").length)]]);
    assert.deepEqual(noise, []);
  });

  test("outcomes: deflection, satisfaction, lengths, revenue in each currency", async (t) => {
    const { page, noise } = await open(t, collector, "?view=outcomes&range=7d");
    await settled(page);
    const escalated = sessionsWith("handoff_requested");
    const deflected = [...sessionsWith("resolution_without_escalation")].filter((id) => !escalated.has(id)).length;
    const textOf = (name) => page.getByRole("region", { name, exact: true }).locator("dl").innerText();
    assert.match(await textOf("Deflection"), new RegExp(`${deflected} settled, ${escalated.size} escalated`));

    const ratings = [5, 4, 3, 2, 1].map((score) => of("csat_submitted").filter((e) => e.properties.score === score).length);
    assert.deepEqual((await rowsOf(page, "Satisfaction")).map(([, count]) => Number(count)), ratings);
    assert.match(await textOf("Handle time"), new RegExp(`${sessionsWith("chat_opened").size} conversations`));

    await page.getByRole("radio", { name: "Currency" }).check();
    const orders = of("purchase_completed");
    for (const [currency, , count] of await rowsOf(page, "Revenue")) {
      assert.equal(parseInt(count, 10), orders.filter((e) => e.properties.currency === currency).length, currency);
    }
    for (const currency of ["EUR", "USD"]) {
      await page.getByRole("radio", { name: "Time" }).check();
      await page.getByRole("radio", { name: currency, exact: true }).check();
      const total = orders.filter((e) => e.properties.currency === currency).reduce((sum, e) => sum + e.properties.revenue, 0);
      assert.match((await textOf("Revenue")).replaceAll(",", ""), new RegExp(`[€$]${total}\\b`));
    }
    assert.deepEqual(noise, []);
  });

  test("visits: all of them, one as a story, back again", async (t) => {
    const { page, noise } = await open(t, collector, "?view=visits&range=7d");
    await settled(page);
    assert.equal(await page.getByTestId("visit").count(), 50);
    await page.getByRole("button", { name: "Show older visits" }).click();
    await until(async () => (await page.getByTestId("visit").count()) === 120, () => "all visits");
    await page.getByTestId("only-chats").check();
    await until(async () => (await page.getByTestId("visit").count()) === sessionsWith("chat_opened").size, () => "visits with a chat");

    await page.getByTestId("visit").first().getByRole("link").click();
    await page.locator(".cv-step").first().waitFor();
    const id = new URL(page.url()).searchParams.get("visit");
    const own = events.filter((event) => event.sessionId === id);
    assert.match(await page.getByTestId("story").innerText(), new RegExp(`${own.length} events, session ${id}`));
    const types = await page.locator(".cv-step").evaluateAll((steps) => steps.map((step) => step.dataset.type));
    assert.deepEqual([types[0], types.at(-1)], ["session_started", "session_ended"]);
    for (const { traceId } of own.filter(({ type }) => type === "assistant_response_first_token")) {
      assert.ok((await page.getByText(traceId).count()) > 0, "the trace of the turn");
    }
    await page.goBack();
    await page.getByTestId("story").waitFor({ state: "detached" });
    assert.equal(new URL(page.url()).searchParams.get("chat"), "1");
    assert.deepEqual(noise, []);
  });

  test("delivery: what the trackers say became of their events", async (t) => {
    const { page } = await open(t, collector, "?view=delivery&range=7d");
    for (const name of ["captured", "sent", "lost", "retried"]) await shows(page, name, STATS[name]);
    assert.deepEqual(await rowsOf(page, "Dropped on purpose"), [["Sampled away", "60"], ["No consent", "37"]]);
  });

  test("filters count only their sessions, and stay in the address", async (t) => {
    const { page } = await open(t, collector, "?range=7d");
    const started = (wanted) => of("session_started").filter(({ context }) => wanted(context)).length;
    await page.getByTestId("filter-device").selectOption("mobile");
    const mobile = started(({ device }) => device.class === "mobile");
    await shows(page, "visits", mobile);
    await shows(page, "sessions", mobile);
    await page.getByTestId("filter-campaign").selectOption("spring");
    const both = started(({ device, campaign }) => device.class === "mobile" && campaign?.campaign === "spring");
    await shows(page, "visits", both);
    await page.reload();
    await shows(page, "visits", both);
    await page.getByRole("link", { name: "Chat" }).click();
    assert.equal(new URL(page.url()).search, "?view=chat&range=7d&device=mobile&campaign=spring");
    await page.goBack();
    await page.getByRole("button", { name: "Show all" }).click();
    await shows(page, "visits", started(() => true));
  });

  for (const [colorScheme, width] of [["light", 1440], ["dark", 375], ["light", 375], ["dark", 1440]]) {
    test(`axe finds nothing serious in any view, and nothing is wider than the page: ${colorScheme}, ${width} px`, async (t) => {
      const { page, noise } = await open(t, collector, "", { colorScheme, reducedMotion: "reduce", viewport: { width, height: 900 } });
      for (const search of [...VIEWS.map((view) => `?view=${view}&range=7d`), "?view=visits&visit=visit-0001"]) {
        await page.goto(`${collector.url}/dashboard/${search}`);
        await settled(page);
        assert.deepEqual(await violations(page), [], search);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, search);
      }
      assert.deepEqual(noise, []);
    });
  }

  test("by keys: past the header, along a chart, down the feed", async (t) => {
    const { page } = await open(t, collector, "?range=7d");
    await settled(page);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "view");
    const chart = page.getByRole("slider", { name: "Visits and page views over time" });
    await chart.press("Home");
    const first = await chart.getAttribute("aria-valuetext");
    await chart.press("ArrowRight");
    assert.notEqual(await chart.getAttribute("aria-valuetext"), first);
    const feed = page.getByTestId("feed").getByRole("button", { expanded: false });
    await feed.first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByTestId("feed-detail").waitFor();
  });
});

describe("as events arrive", () => {
  test("an empty collector says what to do; the first event is seen without a reload", async (t) => {
    const collector = await startCollector();
    t.after(() => collector.close());
    const { page, noise } = await open(t, collector);
    await page.getByTestId("welcome").waitFor();
    assert.match(await page.getByTestId("snippet").innerText(), new RegExp(`src="${collector.url}/chatvitals.js"`));
    assert.deepEqual(await violations(page), []);
    await page.getByTestId("status").getByText("Live").waitFor();
    const event = { id: "e-1", type: "page_view", timestamp: new Date().toISOString(), sessionId: "s-1", path: "/<b>", properties: { title: "<img src=x onerror=alert(1)>" } };
    await fetch(`${collector.url}/api/events`, { method: "POST", body: JSON.stringify({ events: [event] }) });
    await shows(page, "active-now", 1);
    await shows(page, "views", 1);
    assert.match(await page.getByTestId("feed-row").first().innerText(), /page_view[\s\S]*\/<b>[\s\S]*<img/, "a stranger's text is text");
    await page.getByRole("link", { name: "Live", exact: true }).click();
    assert.equal(await page.getByTestId("feed-row").count(), 1);
    assert.deepEqual(noise, []);
  });

  test("a collector with a token asks for it, and refuses another", async (t) => {
    const collector = await startCollector({ args: ["--token-read", "right"] });
    t.after(() => collector.close());
    const { page } = await open(t, collector);
    await page.getByTestId("token-form").waitFor();
    assert.deepEqual(await violations(page), []);
    const give = async (token) => {
      await page.getByRole("textbox", { name: "Read token" }).fill(token);
      await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Open the dashboard" }).click()]);
    };
    await give("wrong");
    await page.getByTestId("token-form").getByRole("alert").filter({ hasText: /token/i }).waitFor();
    await give("right");
    await page.getByTestId("welcome").waitFor();
  });
});
