// The package as a user gets it: packed, then installed from the tarball beside fresh applications.
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { required } from "../../e2e/lib/env.mjs";

const run = promisify(execFile);
const here = new URL("..", import.meta.url).pathname;

/** Where the applications are: below the folder whose node_modules has the bundlers. */
export const work = join(here, ".work");

/** Packs the built package and installs it from the tarball. Answers with what `npm pack` says of it. */
export async function install() {
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const { stdout } = await run("npm", ["pack", required("CHATVITALS_PKG"), "--json", "--pack-destination", work]);
  const [packed] = [JSON.parse(stdout)].flat().map((answer) => answer.filename ? answer : Object.values(answer)[0]);
  // No network: the package has no dependencies, and its peers are there already.
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--no-package-lock", "--legacy-peer-deps", "--prefix", work, join(work, packed.filename)]);
  return packed;
}

/** A fresh copy of an application of `apps/`. */
export async function freshApp(name, as = name) {
  const folder = join(work, as);
  await cp(join(here, "apps", name), folder, { recursive: true });
  return folder;
}

/** A file of the installed package. */
export const installedFile = (name) => readFile(join(work, "node_modules/chatvitals", name));
