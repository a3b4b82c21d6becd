import { execFileSync } from "node:child_process";
import { cpus, loadavg, release, totalmem } from "node:os";

/** What the figures hold for: the machine, how busy it is at the moment, and the state of the repository. */
export function machine() {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpu.model.trim(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `Linux ${release()}`,
    node: process.version,
    commit: execFileSync("git", ["describe", "--always", "--dirty"], { cwd: new URL(".", import.meta.url), encoding: "utf8" }).trim(),
    load: Number(loadavg()[0].toFixed(1)),
  };
}
