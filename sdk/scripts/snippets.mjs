/**
 * Compiles every snippet of docs/sdk.md against the built packages, each as a module of its own under the settings of the
 * examples, so that what people copy is right.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const guide = fileURLToPath(new URL('../../docs/sdk.md', import.meta.url));
const folder = fileURLToPath(new URL('../examples/snippets-check/', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

const snippets = [...readFileSync(guide, 'utf8').matchAll(/^```(tsx?)\n(.*?)^```$/gms)];
if (snippets.length === 0) throw new Error('docs/sdk.md has no snippets: this script looks for them in the wrong way');

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
try {
  for (const [index, [, kind, code]] of snippets.entries()) writeFileSync(`${folder}snippet-${index + 1}.${kind}`, code);
  writeFileSync(`${folder}tsconfig.json`, JSON.stringify({ extends: '../tsconfig.json', compilerOptions: { noUnusedLocals: false, moduleDetection: 'force' }, include: ['.'] }));
  execFileSync(process.execPath, [tsc, '-p', folder], { stdio: 'inherit' });
} catch (error) {
  if (!('status' in error)) throw error;
  console.error('snippet-N is the N-th ```ts or ```tsx block of docs/sdk.md');
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
