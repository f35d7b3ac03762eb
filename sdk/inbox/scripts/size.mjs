/** Prints what the element weighs with everything it needs, gzipped, and fails over its budget. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET = 15 * 1000;
const weight = gzipSync(readFileSync(new URL('../dist/frontdesk-inbox.js', import.meta.url)), { level: 9 }).length;

console.log(`frontdesk-inbox.js with all it needs: ${(weight / 1000).toFixed(1)} KB gzip, budget ${BUDGET / 1000} KB`);
if (weight > BUDGET) {
  console.error('The element is over its budget: drop something, or load it when it is needed.');
  process.exitCode = 1;
}
