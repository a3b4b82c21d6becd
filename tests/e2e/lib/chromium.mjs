import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";
import { required } from "./env.mjs";

/** Headless, quiet: it looks up nothing outside this machine. */
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

/** Real Chromium. */
export function launchChromium({ args = [], ...rest } = {}) {
  return chromium.launch({ executablePath: required("CHATVITALS_CHROMIUM"), args: [...QUIET, ...args], ...rest });
}

/** Real Chromium by Puppeteer: where a page behind another must really be hidden, which Playwright prevents. */
export function launchPuppet() {
  return puppeteer.launch({ executablePath: required("CHATVITALS_CHROMIUM"), args: QUIET });
}

/** Collects everything a page prints or throws. */
export function listen(page) {
  const noise = [];
  page.on("console", (message) => noise.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => noise.push(`thrown: ${error.message}`));
  return noise;
}

/** Waits until the tracker of a script-tag page runs. */
export function ready(page) {
  // Not `async`: Playwright takes a promise for an answer, and then waits for it. There is no tracker before the shell.
  return page.waitForFunction(() => window.chatvitals?.tracker?.ready);
}
