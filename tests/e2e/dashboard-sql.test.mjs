// The dashboard in Chromium on the demo's invented month (`--seed-demo`): every view beside what SQL says of the same store.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { launchChromium } from "./lib/chromium.mjs";
import { startCollector } from "./lib/collector.mjs";
import { openDashboard, rowsOf, settled, shows } from "./lib/dashboard.mjs";
import { required } from "./lib/env.mjs";
import { until } from "./lib/until.mjs";

const run = promisify(execFile);

/** Sessions that went to a human, and those settled without one. */
const ESCALATED = "SELECT DISTINCT session_id FROM events WHERE type = 'handoff_requested' OR (type = 'resolution_submitted' AND json_extract(body, '$.properties.escalated'))";
const DEFLECTED = `SELECT DISTINCT session_id FROM events WHERE (type = 'resolution_without_escalation' OR (type = 'resolution_submitted' AND NOT coalesce(json_extract(body, '$.properties.escalated'), 0)))
  AND session_id NOT IN (${ESCALATED})`;

describe("the dashboard beside SQL", () => {
  let browser, collector;
  before(async () => {
    [browser, collector] = await Promise.all([launchChromium(), startCollector({ args: ["--demo", "--seed-demo"] })]);
    // It is filled while it answers already; all of the 2,400 visits have begun.
    await until(async () => (await cell("SELECT count(*) FROM events WHERE type = 'session_started'")) === 2400, "the whole month", 120_000);
  });
  after(async () => {
    await browser?.close();
    await collector?.close();
  });

  async function rows(sql) {
    const { stdout } = await run(required("CHATVITALS_SQL"), [`${collector.dir}/events.db`, sql], { maxBuffer: 1 << 26 });
    return stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  }
  /** The only cell of the only row. */
  const cell = async (sql) => Object.values((await rows(sql))[0])[0];
  const property = (name) => `json_extract(body, '$.properties.${name}')`;
  /** The value below which a share of them lies, between two of them where it falls there. */
  const percentile = (value, where, share) =>
    cell(`WITH ranked AS (SELECT ${value} AS x, row_number() OVER (ORDER BY ${value}) - 1 AS place, ${share} * (count(*) OVER () - 1) AS wanted FROM events WHERE ${where})
      SELECT sum(x * max(0, 1 - abs(place - wanted))) FROM ranked`);
  const open = async (t, view) => {
    const { page, noise } = await openDashboard(t, browser, collector, `?view=${view}&range=30d`);
    t.after(() => assert.deepEqual(noise, []));
    return page;
  };

  test("overview", async (t) => {
    const page = await open(t, "overview");
    await shows(page, "sessions", await cell("SELECT count(DISTINCT session_id) FROM events"));
    await shows(page, "views", await cell("SELECT count(*) FROM events WHERE type = 'page_view'"));
    await shows(page, "visitors", await cell("SELECT count(DISTINCT visitor) FROM events"));
    await shows(page, "visits", await cell("SELECT count(*) FROM events WHERE type = 'session_started'"));
    for (const name of ["LCP", "INP", "CLS", "FCP", "TTFB"]) {
      await shows(page, `vital-${name}`, await percentile(property("value"), `type = 'web_vital' AND ${property("name")} = '${name}'`, 0.75));
    }
    const table = (testId) => page.getByTestId(testId).locator("tbody tr").evaluateAll((all) => all.map(({ cells }) => [cells[0].innerText.trim(), Number(cells[1].innerText.replaceAll(",", ""))]));
    const top = await rows("SELECT path, count(*) AS views FROM events WHERE type = 'page_view' GROUP BY path ORDER BY views DESC");
    const shown = await table("top-pages");
    assert.ok(shown.length >= Math.min(5, top.length));
    for (const [path, views] of shown) assert.equal(views, top.find((row) => row.path === path).views, path);
    assert.equal(shown[0][1], top[0].views);
    const types = await rows("SELECT type, count(*) AS events FROM events GROUP BY type");
    for (const [type, events] of await table("by-type")) assert.equal(events, types.find((row) => row.type === type).events, type);
  });

  test("chat", async (t) => {
    const page = await open(t, "chat");
    const first = "type = 'assistant_response_first_token'";
    await shows(page, "ttftMs-p50", await percentile(property("ttftMs"), first, 0.5));
    await shows(page, "ttftMs-p95", await percentile(property("ttftMs"), first, 0.95));
    await page.getByRole("radio", { name: "Whole answer" }).check();
    await shows(page, "totalMs-p75", await percentile(property("totalMs"), `type = 'assistant_response_completed' AND ${property("finishReason")} = 'natural'`, 0.75));
    const count = (type) => `(SELECT count(*) FROM events WHERE type = '${type}')`;
    await shows(page, "abandoned", await cell(`SELECT 1.0 * ${count("turn_abandoned")} / ${count("user_message_sent")}`));
    await shows(page, "uptime", await cell(`SELECT 1 - 1.0 * ${count("transport_disconnected")} / ${count("user_message_sent")}`));
    await settled(page);
    const number = (text) => Number(text.replaceAll(",", ""));
    const funnel = (await rowsOf(page, "Chat funnel")).map(([, sessions]) => number(sessions));
    // A later step proves the earlier ones.
    const [reached] = await rows(`WITH furthest AS (
        SELECT max(CASE
          WHEN session_id IN (${DEFLECTED}) THEN 5
          WHEN type = 'assistant_response_completed' AND ${property("finishReason")} = 'natural' THEN 4
          WHEN type = 'session_ended' AND ${property("assistantTurnCount")} > 0 THEN 4
          WHEN type = 'assistant_response_first_token' THEN 3
          WHEN type IN ('user_message_sent', 'assistant_response_started', 'assistant_response_completed', 'turn_abandoned') THEN 2
          WHEN type = 'session_ended' AND ${property("userTurnCount")} > 0 THEN 2
          WHEN type = 'chat_opened' THEN 1
        END) AS step FROM events GROUP BY session_id)
      SELECT sum(step >= 1) AS opened, sum(step >= 2) AS sent, sum(step >= 3) AS token, sum(step >= 4) AS completed, sum(step = 5) AS resolved FROM furthest`);
    assert.deepEqual(funnel, [reached.opened, reached.sent, reached.token, reached.completed, reached.resolved]);
    const tools = await rows(`SELECT ${property("toolName")} AS name, count(*) AS calls FROM events WHERE type = 'tool_executed' GROUP BY name ORDER BY calls DESC`);
    assert.deepEqual((await rowsOf(page, "Tools")).map(([name, calls]) => ({ name, calls: number(calls) })), tools);
  });

  test("outcomes", async (t) => {
    const page = await open(t, "outcomes");
    await settled(page);
    const textOf = async (name) => (await page.getByRole("region", { name, exact: true }).locator("dl").innerText()).replaceAll(",", "");
    const count = (select) => cell(`SELECT count(*) FROM (${select})`);
    assert.match(await textOf("Deflection"), new RegExp(`\\b${await count(DEFLECTED)} settled ${await count(ESCALATED)} escalated`));
    const scores = await rows(`SELECT ${property("score")} AS score, count(*) AS ratings FROM events WHERE type = 'csat_submitted' GROUP BY score`);
    const ratings = [5, 4, 3, 2, 1].map((score) => scores.find((row) => row.score === score)?.ratings ?? 0);
    assert.deepEqual((await rowsOf(page, "Satisfaction")).map(([, count]) => Number(count.replaceAll(",", ""))), ratings);
    assert.match(await textOf("Handle time"), new RegExp(`${await cell("SELECT count(DISTINCT session_id) FROM events WHERE type = 'chat_opened'")} conversations`));
    await page.getByRole("radio", { name: "Currency" }).check();
    const orders = await rows(`SELECT ${property("currency")} AS currency, count(*) AS orders, round(sum(${property("revenue")}), 2) AS total FROM events WHERE type = 'purchase_completed' GROUP BY currency`);
    const revenue = await rowsOf(page, "Revenue");
    assert.equal(revenue.length, orders.length);
    for (const [currency, , count] of revenue) assert.equal(parseInt(count, 10), orders.find((row) => row.currency === currency).orders, currency);
    await page.getByRole("radio", { name: "Time" }).check();
    for (const { currency, total } of orders) {
      await page.getByRole("radio", { name: currency, exact: true }).check();
      const figures = (await textOf("Revenue")).match(/\d+(\.\d+)?/g).map(Number);
      assert.ok(figures.some((figure) => Math.abs(figure - total) <= 1), `${currency}: ${total} in ${figures}`);
    }
  });

  test("visits, and one as a story", async (t) => {
    const page = await open(t, "visits");
    await settled(page);
    const newest = await rows("SELECT session_id AS id, min(at) AS start FROM events GROUP BY session_id ORDER BY start DESC LIMIT 50");
    const shown = await page.getByTestId("visit").getByRole("link").evaluateAll((links) => links.map((link) => new URL(link.href).searchParams.get("visit")));
    assert.deepEqual(shown, newest.map(({ id }) => id));
    await page.getByTestId("visit").nth(7).getByRole("link").click();
    await page.locator(".cv-step").first().waitFor();
    const own = await cell(`SELECT count(*) FROM events WHERE session_id = '${newest[7].id}'`);
    assert.match(await page.getByTestId("story").innerText(), new RegExp(`${own} events, session ${newest[7].id}`));
  });

  test("live", async (t) => {
    const page = await open(t, "live");
    const feed = page.getByTestId("feed-row");
    await feed.first().waitFor();
    const shown = await feed.evaluateAll((all) => all.map(({ dataset }) => dataset.id));
    const newest = await rows(`SELECT id FROM events ORDER BY at DESC, seq DESC LIMIT ${shown.length}`);
    assert.deepEqual(shown, newest.map(({ id }) => id));
  });

  test("delivery", async (t) => {
    const page = await open(t, "delivery");
    const [sums] = await rows("SELECT sum(captured) AS captured, sum(sent) AS sent, sum(lost) AS lost, sum(retried) AS retried, sum(json_extract(dropped, '$.sampled')) AS sampled FROM tracker_stats");
    for (const name of ["captured", "sent", "lost", "retried"]) await shows(page, name, sums[name]);
    const dropped = Object.fromEntries(await rowsOf(page, "Dropped on purpose"));
    assert.equal(Number(dropped["Sampled away"].replaceAll(",", "")), sums.sampled);
  });
});
