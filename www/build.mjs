/**
 * Builds the pages a person opens: `node build.mjs [OUTDIR]`, by default ../target/www.
 *
 *   OUTDIR/dashboard/  index.html, icon.svg, main.js, main.css
 *   OUTDIR/demo/       the demo site as it is, and the chat element it uses
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(here, '../target/www'));

const dashboard = path.join(out, 'dashboard');
const demo = path.join(out, 'demo');
for (const folder of [dashboard, demo]) {
  // Files that no longer exist here must not live on there: the collector embeds the whole folder.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

const shared = {
  outdir: dashboard,
  bundle: true,
  minify: true,
  target: ['chrome123', 'firefox124', 'safari17.5'], // the first with light-dark() and AbortSignal.any()
  legalComments: 'eof',
  logLevel: 'warning',
};
// The widgets come from the built package, as others get them; React is the one that is installed here.
const widgets = path.join(here, '../pkg');
await build({
  ...shared,
  entryPoints: [{ in: path.join(here, 'dashboard/src/main.tsx'), out: 'main' }],
  format: 'esm',
  jsx: 'automatic',
  alias: { 'chatvitals/dashboards': path.join(widgets, 'dashboards/index.js') },
  nodePaths: [path.join(here, 'node_modules')],
  define: { 'process.env.NODE_ENV': '"production"' },
  logOverride: { 'ignored-bare-import': 'silent' },
});
await build({ ...shared, entryPoints: [{ in: path.join(here, 'dashboard/src/styles/dashboard.css'), out: 'main' }] });
for (const file of ['index.html', 'icon.svg']) {
  await cp(path.join(here, 'dashboard', file), path.join(dashboard, file));
}
await cp(path.join(here, 'demo'), demo, { recursive: true });

// deep-chat comes built, in one file; its licence travels with it.
const deepChat = path.join(here, 'node_modules/deep-chat');
const [licence, code] = await Promise.all(['LICENSE', 'dist/deepChat.bundle.js'].map((file) => readFile(path.join(deepChat, file), 'utf8')));
await writeFile(path.join(demo, 'assets/deep-chat.js'), `/*! deep-chat\n${licence.trim()}\n*/\n${code}`);
