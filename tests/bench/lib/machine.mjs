import { cpus, loadavg, release, totalmem } from "node:os";

/** What the figures hold for: the machine, and how busy it is at the moment. */
export function machine() {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpu.model.trim(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `Linux ${release()}`,
    node: process.version,
    load: Number(loadavg()[0].toFixed(1)),
  };
}
