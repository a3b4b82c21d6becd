// Runs the command given as arguments; the browser it starts by WebDriver gets one answer at a time.
//
// The server in wasm-bindgen's test runner (tiny_http 0.12) sometimes leaves a connection unread for ever when several
// come at once, and Chromium asks for our modules over six. So Chromium goes through this proxy, which asks one by one.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const proxy = createServer((asked, answer) => {
  // A proxy is asked for whole addresses.
  const { method, url, headers } = asked;
  const passed = request(url, { method, headers, agent }, (response) => {
    answer.writeHead(response.statusCode, response.headers);
    response.pipe(answer);
  });
  passed.on("error", () => answer.destroy());
  asked.pipe(passed);
});
await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));

const folder = await mkdtemp(join(tmpdir(), "chatvitals-"));
const capabilities = join(folder, "webdriver.json");
// Chromium does not ask a proxy for addresses of this machine unless told to.
const args = [`proxy-server=127.0.0.1:${proxy.address().port}`, "proxy-bypass-list=<-loopback>", "disable-background-networking", "disable-component-update"];
await writeFile(capabilities, JSON.stringify({ "goog:chromeOptions": { args } }));

const [program, ...rest] = process.argv.slice(2);
const child = spawn(program, rest, { stdio: "inherit", env: { ...process.env, WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities } });
const code = await new Promise((resolve) => child.on("error", () => resolve(127)).on("exit", (code) => resolve(code ?? 1)));
await rm(folder, { recursive: true });
process.exit(code);
