/**
 * Writes src/generated/ from ../../openapi.json: the types (by @hey-api/openapi-ts) and the table of operations that
 * `Frontdesk.request` is typed by. With --check it writes nothing and fails when the files are not what the document gives.
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@hey-api/openapi-ts';

const SPEC = fileURLToPath(new URL('../../../openapi.json', import.meta.url));
const COMMITTED = fileURLToPath(new URL('../src/generated/', import.meta.url));
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

async function generate(into) {
  const spec = JSON.parse(readFileSync(SPEC, 'utf8'));
  await createClient({ input: SPEC, output: { path: into, clean: true }, logs: { level: 'silent' }, plugins: ['@hey-api/typescript'] });
  // The index's re-exports of everything would give each type two addresses.
  rmSync(join(into, 'index.ts'), { force: true });
  const types = readFileSync(join(into, 'types.gen.ts'), 'utf8');
  writeFileSync(join(into, 'operations.gen.ts'), operations(spec, types));
}

/** One line for each address: what it takes, what it answers, and which of them may be sent twice. */
function operations(spec, types) {
  const found = [];
  for (const [path, methods] of Object.entries(spec.paths)) {
    for (const method of METHODS.filter((name) => methods[name])) {
      const operation = methods[method];
      const name = operation.operationId[0].toUpperCase() + operation.operationId.slice(1);
      if (!types.includes(`export type ${name}Data =`)) throw new Error(`the generated types have no ${name}Data`);
      const answers = types.includes(`export type ${name}Response =`) ? `${name}Response` : null;
      const headers = (operation.parameters ?? []).filter((one) => one.in === 'header').map((one) => one.name.toLowerCase());
      found.push({ address: `${method.toUpperCase()} ${path}`, name, answers, repeatable: headers.includes('idempotency-key') });
    }
  }
  const imports = found.flatMap(({ name, answers }) => [`${name}Data`, ...(answers ? [answers] : [])]).sort();
  return [
    '// This file is generated from openapi.json by `npm run generate`: do not edit it.',
    `import type {\n${imports.map((one) => `  ${one},\n`).join('')}} from './types.gen.js';`,
    '',
    '/** Every address of the API: what it takes and what it answers. */',
    'export interface Operations {',
    ...found.map(({ address, name, answers }) => `  '${address}': { data: ${name}Data; answer: ${answers ?? 'unknown'} };`),
    '}',
    '',
    '/** The addresses that take an `Idempotency-Key`. */',
    `export const REPEATABLE: readonly string[] = [${found.filter((one) => one.repeatable).map((one) => `'${one.address}'`).join(', ')}];`,
    '',
  ].join('\n');
}

const read = (folder, name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : null);

function differences(fresh) {
  const names = new Set([...readdirSync(fresh), ...(existsSync(COMMITTED) ? readdirSync(COMMITTED) : [])]);
  return [...names].filter((name) => read(fresh, name) !== read(COMMITTED, name));
}

if (process.argv.includes('--check')) {
  const fresh = mkdtempSync(join(tmpdir(), 'frontdesk-types-'));
  try {
    await generate(fresh);
    const stale = differences(fresh);
    if (stale.length > 0) {
      console.error(`${stale.join(', ')} in sdk/client/src/generated is not what openapi.json gives: run \`npm run generate\` in sdk/.`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
} else {
  await generate(COMMITTED);
}
