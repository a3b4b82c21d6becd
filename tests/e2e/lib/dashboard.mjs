// The dashboard as its reader finds it.
import { listen } from "./chromium.mjs";
import { until } from "./until.mjs";

/** Opens the dashboard at an address, in a context of its own. `noise`: what it said in the console. */
export async function openDashboard(t, browser, collector, search = "", settings = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...settings });
  t.after(() => context.close());
  const page = await context.newPage();
  const noise = listen(page);
  await page.goto(`${collector.url}/dashboard/${search}`);
  return { page, noise };
}

/** Waits until a figure has this value. */
export async function shows(page, testId, wanted) {
  let value;
  await until(async () => {
    value = Number(await page.getByTestId(testId).getAttribute("data-value"));
    return Math.abs(value - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
  }, () => `${testId} is ${value}, wanted ${wanted}`);
}

/** Waits until everything in sight has been answered. */
export async function settled(page) {
  let waiting;
  await until(async () => {
    waiting = await page.evaluate(() => {
      const widgets = [...document.querySelectorAll(".cv-widget")].filter((widget) => widget.checkVisibility());
      const busy = widgets.filter((widget) => widget.ariaBusy === "true" || widget.querySelector(".cv-empty:is(.is-loading, .is-error)"));
      return widgets.length === 0 ? ["any widget"] : busy.map((widget) => widget.innerText);
    });
    return waiting.length === 0;
  }, () => waiting.join("\n"), 60_000);
}

/** The rows of a widget's table: the cells' texts. */
export const rowsOf = (page, name) =>
  page.getByRole("region", { name, exact: true }).locator("tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
