/** Runs the dashboard's unit tests: esbuild bundles them, Node's own runner runs them. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const tests = fileURLToPath(new URL('dashboard/test/', import.meta.url));
const out = await mkdtemp(path.join(os.tmpdir(), 'chatvitals-www-'));
try {
  const files = (await readdir(tests)).filter((name) => name.endsWith('.test.ts'));
  await build({
    entryPoints: files.map((name) => path.join(tests, name)),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  const built = files.map((name) => path.join(out, name.replace(/\.ts$/, '.mjs')));
  process.exitCode = spawnSync(process.execPath, ['--enable-source-maps', '--test', '--test-reporter=spec', ...built], { stdio: 'inherit' }).status ?? 1;
} finally {
  await rm(out, { recursive: true, force: true });
}
