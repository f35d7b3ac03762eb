/**
 * Prints what a first visit to the console loads and fails over the budget: index.html, its scripts with everything they
 * import at once, and their styles, each gzipped. Lazy pages and the API reference are printed, not counted.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET = 200 * 1000;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

const weigh = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

/** The files an entry loads before it runs. */
function closure(key, seen = new Set()) {
  const chunk = manifest[key];
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const css of chunk.css ?? []) seen.add(css);
  for (const next of chunk.imports ?? []) closure(next, seen);
  return seen;
}

function print(title, files) {
  const rows = [...files].map((file) => [file, weigh(file)]);
  const total = rows.reduce((sum, [, bytes]) => sum + bytes, 0);
  console.log(`${title}: ${(total / 1000).toFixed(1)} KB gzip`);
  for (const [file, bytes] of rows) console.log(`  ${(bytes / 1000).toFixed(1).padStart(7)}  ${file}`);
  return total;
}

const first = new Set(['index.html', ...closure('index.html')]);
const total = print('console, first load', first);
for (const key of manifest['index.html'].dynamicImports ?? []) {
  print(`lazy ${key}`, [...closure(key)].filter((file) => !first.has(file)));
}
print('API reference', ['docs.html', ...closure('docs.html')]);

if (total > BUDGET) {
  console.error(`The console's first load is over its budget of ${BUDGET / 1000} KB: load a page lazily or drop a dependency.`);
  process.exit(1);
}
console.log(`within the budget of ${BUDGET / 1000} KB`);
