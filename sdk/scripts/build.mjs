/**
 * Compiles the packages (types and modules by tsc, the element's one file by esbuild) and checks the examples against them.
 * Called by `npm run build`, `npm run check` and before the tests.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const compile = (folder, ...more) => execFileSync(process.execPath, [tsc, '-p', folder, ...more], { cwd: root, stdio: 'inherit' });

try {
  for (const folder of ['client', 'inbox'].filter((name) => existsSync(`${root}${name}/tsconfig.json`))) {
    rmSync(`${root}${folder}/dist`, { recursive: true, force: true });
    compile(folder);
  }
  const bundle = { bundle: true, minify: true, format: 'esm', target: 'es2022', legalComments: 'none', absWorkingDir: root };
  if (existsSync(`${root}inbox/dist/index.js`)) {
    await build({ ...bundle, entryPoints: ['inbox/dist/index.js'], outfile: 'inbox/dist/frontdesk-inbox.js' });
  }
  for (const name of ['school', 'clinic'].filter((one) => existsSync(`${root}examples/${one}/tsconfig.json`))) {
    compile(`examples/${name}`, '--noEmit');
    const entryPoints = [existsSync(`${root}examples/${name}/src/main.tsx`) ? `examples/${name}/src/main.tsx` : `examples/${name}/src/main.ts`];
    await build({ ...bundle, entryPoints, outfile: `examples/${name}/dist/main.js`, define: { 'process.env.NODE_ENV': '"production"' } });
  }
} catch (error) {
  // tsc and esbuild have said what is wrong.
  if (!('status' in error) && !('errors' in error)) throw error;
  process.exitCode = 1;
}
