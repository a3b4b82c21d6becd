// A real OpenTelemetry receiver: Rotel, a collector in Rust whose Python package brings the program.
import { execFile, spawn } from "node:child_process";
import { access, chmod, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "./until.mjs";

const run = promisify(execFile);
const REQUIREMENTS = new URL("../../otlp/requirements.txt", import.meta.url).pathname;

/** Starts it on free ports; `log()` is what it saw so far. Where it cannot be had, `missing` says why. */
export async function startRotel() {
  let program;
  try {
    program = await install();
  } catch (error) {
    return { missing: `no receiver: ${error.message.split("\n")[0]}`, close() {} };
  }
  const folder = await mkdtemp(join(tmpdir(), "chatvitals-rotel-"));
  const [http, grpc] = [await freePort(), await freePort()];
  const child = spawn(
    program,
    ["start", "--otlp-http-endpoint", `127.0.0.1:${http}`, "--otlp-grpc-endpoint", `127.0.0.1:${grpc}`, "--exporter", "blackhole", "--debug-log", "logs", "--debug-log", "traces", "--debug-log-verbosity", "detailed", "--pid-file", join(folder, "pid"), "--log-file", join(folder, "log")],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk) => (log += chunk));
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const url = `http://127.0.0.1:${http}`;
  await until(async () => (await fetch(`${url}/v1/logs`, { method: "POST", headers: { "content-type": "application/json" }, body: '{"resourceLogs":[]}' }).catch(() => undefined))?.ok, () => log);
  return {
    url,
    log: () => log,
    async close() {
      child.kill("SIGKILL");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The program, pinned by version and digest, from the package index that pip is set up with. */
async function install() {
  const folder = join(process.env.CHATVITALS_TOOLS ?? join(homedir(), ".cache/chatvitals/tools"), "rotel-0.0.1a15");
  const program = join(folder, "rotel/rotel-agent");
  if (await access(program).then(() => true, () => false)) return program;
  const aside = await mkdtemp(join(tmpdir(), "chatvitals-rotel-"));
  try {
    await run("python3", ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--python-version=311", "--platform=manylinux_2_34_x86_64", "--require-hashes", "--requirement", REQUIREMENTS, "--dest", aside], { timeout: 120_000 });
    const [wheel] = await readdir(aside);
    await run("python3", ["-m", "zipfile", "-e", join(aside, wheel), join(aside, "unpacked")]);
    await chmod(join(aside, "unpacked/rotel/rotel-agent"), 0o755);
    await mkdir(join(folder, ".."), { recursive: true });
    await rename(join(aside, "unpacked"), folder).catch(async (error) => {
      // Another disk: copied.
      if (error.code !== "EXDEV") throw error;
      await run("cp", ["-r", join(aside, "unpacked"), folder]);
    });
    return program;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** A port that is free now. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
