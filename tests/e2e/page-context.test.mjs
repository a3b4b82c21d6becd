// Where visitors come from, on which device, and the site's own fields; and what of an address never leaves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inBrowsers, running, SOON } from "./lib/stage.mjs";
import { page as html } from "./lib/site.mjs";

inBrowsers("context", (stage, browser) => {
  test("a campaign is on the visit and on its first view, by its words, its ids and its channel", async (t) => {
    const { page, go, received } = await stage(t, { open: "/?utm_source=News%20Letter&utm_medium=email&utm_campaign=fall&utm_term=a+b&utm_content=top&utm_id=7&gclid=G1&msclkid=M1&q=secret", pages: { "/": "one", "/two": "two" } });
    const [started] = await received("session_started");
    const [view] = await received("page_view");
    const expected = { source: "News Letter", medium: "email", campaign: "fall", term: "a b", content: "top", id: "7", gclid: "G1", msclkid: "M1", channel: "email" };
    assert.deepEqual(started.context.campaign, expected);
    assert.deepEqual(view.context.campaign, expected);
    assert.ok(!JSON.stringify([started, view]).includes("secret"));
    await page.evaluate(() => location.assign("/two"));
    const [, second] = await received("page_view", 2);
    assert.equal(second.context.campaign.channel, "internal");
    void go;
  });

  test("without a campaign the referrer says the channel", async (t) => {
    const { newTab, site, received } = await stage(t, { open: null });
    const seen = {};
    for (const [referrer, channel] of [["", "direct"], ["https://www.google.com/", "organic_search"], ["https://chatgpt.com/", "ai_assistant"], ["https://t.co/abc", "social"], ["https://blog.example/post?id=9", "referral"]]) {
      const tab = await newTab(null);
      await tab.evaluateOnNewDocument((value) => Object.defineProperty(document, "referrer", { value }), referrer);
      await tab.goto(`${site.url}/?utm_nothing=`);
      await running(tab);
      seen[channel] = referrer;
      const views = await received("page_view", Object.keys(seen).length);
      assert.deepEqual(views.at(-1).context.campaign, { ...(referrer && { referrerHost: new URL(referrer).host }), channel });
      assert.equal(views.at(-1).properties.referrer, referrer ? referrer.split("?")[0] : undefined);
      await tab.close();
    }
  });

  test("a page with a Temporal of its own loses nothing by it", async (t) => {
    const { page, received, noise } = await stage(t, { init: () => Object.defineProperty(window, "Temporal", { value: {} }) });
    const [view] = await received("page_view");
    assert.equal(view.context.device.timeZone, await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone));
    assert.deepEqual(noise, []);
  });

  test("the device is on visits and views: what every page may know, and nothing more", async (t) => {
    const { page, received, settled } = await stage(t);
    const [started] = await received("session_started");
    const [view] = await received("page_view");
    const { device } = view.context;
    assert.deepEqual(started.context.device, device);
    const real = await page.evaluate(() => ({
      language: navigator.language,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      viewport: { width: innerWidth, height: innerHeight },
      screen: { width: screen.width, height: screen.height },
      pixelRatio: devicePixelRatio,
    }));
    for (const [name, value] of Object.entries(real)) assert.deepEqual(device[name], value, name);
    assert.deepEqual([device.class, device.platform, device.touch], ["desktop", "Linux", false]);
    assert.match(device.browser, browser === "firefox" ? /^Firefox$/ : /^Chromium$/);
    assert.match(device.browserVersion, /^\d+$/);
    assert.deepEqual([device.colorScheme, device.reducedMotion], ["light", false]);
    if (browser === "chromium") assert.ok(["4g", "3g", "2g", "slow-2g"].includes(device.connection));
    const known = ["class", "browser", "browserVersion", "platform", "language", "timeZone", "viewport", "screen", "pixelRatio", "touch", "connection", "saveData", "colorScheme", "reducedMotion", "moreContrast"];
    assert.deepEqual(Object.keys(device).filter((name) => !known.includes(name)), []);
    await page.evaluate(() => window.chatvitals("track", "plain"));
    assert.equal((await received("plain"))[0].context?.device, undefined, "other events do not repeat it");
    await settled(page);
  });

  for (const [name, agent, kind] of [
    ["a phone", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", ["mobile", "Safari", "18", "iPhone"]],
    ["a tablet", "Mozilla/5.0 (Linux; Android 15; Tab) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", ["tablet", "Chrome", "140", "Android"]],
  ]) {
    test(`${name} is told from a desk`, async (t) => {
      const { newTab, site, received } = await stage(t, { open: null });
      const tab = await newTab(null);
      await tab.evaluateOnNewDocument((value) => {
        Object.defineProperty(navigator, "userAgent", { value });
        Object.defineProperty(navigator, "userAgentData", { value: undefined });
      }, agent);
      await tab.goto(site.url);
      const [{ context: { device } }] = await received("page_view");
      assert.deepEqual([device.class, device.browser, device.browserVersion, device.platform], kind);
    });
  }

  test("custom fields come from the page's address, the script's, and its attributes, in their types, on every event", async (t) => {
    const { page, received, settled } = await stage(t, {
      open: "/?s1=red&n2=4.5&b1=true&n3=nonsense&s1x=no",
      pages: { "/": html("<button>x</button>", { attributes: `${SOON} data-s2="from attribute" data-n1="7" data-s1="beaten"` }).replace("/chatvitals.js", "/chatvitals.js?s3=script&b2=0&s2=beaten") },
    });
    await page.click("button");
    await received("click");
    await page.evaluate(() => history.pushState({}, "", "/next?s1=blue"));
    await received("page_view", 2);
    const own = (event) => Object.fromEntries(Object.entries(event.context ?? {}).filter(([name]) => /^[snb]\d/.test(name)));
    const fields = { s1: "red", s2: "from attribute", s3: "script", n1: 7, n2: 4.5, b1: true, b2: false };
    const check = (event) => assert.deepEqual(own(event), event.path === "/next" ? { ...fields, s1: "blue" } : fields, event.type);
    (await settled(page)).forEach(check);
    // What was measured on the first view may be told from the second: it keeps the fields of its own address.
    await page.goto("about:blank");
    await received("page_leave", 2);
    const vitals = await received("web_vital");
    assert.ok(vitals.some((event) => event.path === "/"));
    vitals.forEach(check);
  });

  test("queries and fragments stay here, in every place an address can be, save what the site allows", async (t) => {
    const { page, site, received, settled } = await stage(t, {
      open: "/?page=2&token=secret1&utm_source=ok#secret2",
      attributes: `data-page='{"allowQuery":["page"]}'`,
      pages: { "/": `<a href="/file.pdf?page=3&key=secret3">file</a><a id="out" href="https://u:secret4@other.example/x?mail=secret5&page=4">out</a><script>addEventListener("click", (e) => e.preventDefault())</script>` },
    });
    await page.click("a");
    await page.click("#out");
    await page.evaluate(() => {
      history.pushState({}, "", "/next?secret6=1&page=5");
      document.body.insertAdjacentHTML("beforeend", '<img src="/none.png?secret7=1">');
    });
    await received("js_error");
    const all = await settled(page);
    const said = JSON.stringify(all);
    assert.ok(!said.includes("secret"), said.match(/.{60}secret\d/)?.[0]);
    const views = all.filter((event) => event.type === "page_view");
    assert.deepEqual(views.map((view) => view.properties.url), [`${site.url}/?page=2&utm_source=ok`, `${site.url}/next?page=5`]);
    assert.equal(views[1].properties.referrer, `${site.url}/?page=2&utm_source=ok`);
    assert.equal(all.find((event) => event.type === "outbound_click").properties.href, "https://other.example/x?page=4");
    assert.equal(all.find((event) => event.type === "file_download").properties.href, `${site.url}/file.pdf?page=3`);
  });
});
