// The real collector binary, on a free port, with its database in a folder of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { required } from "./env.mjs";
import { until } from "./until.mjs";

/** Starts a collector. `dir` keeps its data between two starts; `port` fixes the port for a restart. */
export async function startCollector({ args = [], dir, port = 0 } = {}) {
  const folder = dir ?? (await mkdtemp(join(tmpdir(), "chatvitals-")));
  const child = spawn(
    required("CHATVITALS_COLLECTOR"),
    ["--listen", `127.0.0.1:${port}`, "--db", join(folder, "events.db"), ...args],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += chunk));
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      const found = /listening on (http:\/\/\S+)/.exec(line);
      if (found) resolve(found[1]);
    });
    exited.then(() => reject(new Error(`the collector ended before it listened:\n${errors}`)));
  });

  const get = async (path) => {
    const response = await fetch(url + path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const collector = {
    url,
    dir: folder,
    get,
    /** All events stored so far, oldest first by the client's clock, then id. */
    async events(type) {
      const { events } = await get(`/api/events?limit=10000${type ? `&type=${type}` : ""}`);
      return events.sort((a, b) => a.timestamp.localeCompare(b.timestamp) || a.id.localeCompare(b.id));
    },
    /** Waits until the stored events satisfy `condition`, and returns them. */
    async waitFor(condition, what = String(condition)) {
      let last = [];
      await until(async () => condition((last = await collector.events())), () => `${what}; stored: ${JSON.stringify(last.map((e) => e.type))}`);
      return last;
    },
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      await exited;
    },
    async close() {
      if (child.exitCode === null && child.signalCode === null) await collector.stop("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
  return collector;
}
