import puppeteer from "puppeteer-core";
import { required } from "./env.mjs";

/** Real Firefox, headless, by WebDriver BiDi, quiet: it looks up nothing outside this machine. */
export function launchFirefox({ prefs = {}, ...rest } = {}) {
  return puppeteer.launch({
    browser: "firefox",
    protocol: "webDriverBiDi",
    executablePath: required("CHATVITALS_FIREFOX"),
    headless: true,
    extraPrefsFirefox: {
      "app.normandy.enabled": false,
      "app.update.disabledForTesting": true,
      "browser.safebrowsing.downloads.enabled": false,
      "browser.safebrowsing.malware.enabled": false,
      "browser.safebrowsing.phishing.enabled": false,
      "datareporting.policy.dataSubmissionEnabled": false,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      "network.prefetch-next": false,
      "services.settings.server": "data:,",
      ...prefs,
    },
    ...rest,
  });
}
