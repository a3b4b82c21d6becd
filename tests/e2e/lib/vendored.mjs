// One file of an npm package, for packages whose other files and dependencies nobody needs.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The text of `file`: packed, checked against its digest, kept. */
export async function vendored(name, version, file, sha256) {
  const cache = join(process.env.CHATVITALS_VENDORED ?? join(homedir(), ".cache/chatvitals/vendored"), `${name}-${version}`);
  const kept = join(cache, file.replaceAll("/", "_"));
  if (!existsSync(kept)) {
    const folder = await mkdtemp(join(tmpdir(), "vendored-"));
    await run("npm", ["pack", "--silent", `${name}@${version}`, "--pack-destination", folder]);
    await run("tar", ["-xzf", join(folder, `${name}-${version}.tgz`), "-C", folder, `package/${file}`]);
    await mkdir(cache, { recursive: true });
    await rename(join(folder, "package", file), `${kept}.new`).catch(async () => run("cp", [join(folder, "package", file), `${kept}.new`]));
    await rename(`${kept}.new`, kept);
    await rm(folder, { recursive: true });
  }
  const text = await readFile(kept, "utf8");
  assert.equal(createHash("sha256").update(text).digest("hex"), sha256, `${name} ${version}: ${file} is not the file it was`);
  return text;
}
