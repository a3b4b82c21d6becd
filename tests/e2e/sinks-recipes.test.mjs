// The recipes are complete files: they type-check as they are, against the package as it is published.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { promisify } from "node:util";
import { installed, pkg } from "./lib/sink-page.mjs";

const tsc = new URL("../../pkg-template/node_modules/.bin/tsc", import.meta.url).pathname;

test("the recipes are what the documentation lists, and type-check in an application", async () => {
  const app = await mkdtemp(join(tmpdir(), "chatvitals-recipes-"));
  try {
    await mkdir(join(app, "node_modules"));
    await symlink(pkg(), join(app, "node_modules/chatvitals"));
    await symlink(installed("@opentelemetry"), join(app, "node_modules/@opentelemetry"));
    await cp(join(pkg(), "recipes"), join(app, "src"), { recursive: true });
    assert.deepEqual((await readdir(join(app, "src"))).sort(), ["amplitude.js", "anosys-key-resolution.js", "datadog-rum.js", "opentelemetry-tracer.js", "posthog.js", "rudderstack.js"]);
    await writeFile(join(app, "tsconfig.json"), JSON.stringify({ compilerOptions: { allowJs: true, checkJs: true, noEmit: true, strict: true, module: "esnext", moduleResolution: "bundler", target: "es2022", lib: ["es2022", "dom"], types: [], skipLibCheck: true }, include: ["src"] }));
    const { stdout } = await promisify(execFile)(tsc, ["-p", app]).catch((error) => error);
    assert.equal(stdout, "");
  } finally {
    await rm(app, { recursive: true, force: true });
  }
});
