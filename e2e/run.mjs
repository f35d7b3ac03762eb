/**
 * `npm test`: starts one Frontdesk for all browser tests, on a free port and an empty folder, hands its sign-in links to
 * the tests, and stops it. With FRONTDESK_LINKS set (the lines that `frontdesk up` printed) that server is used instead.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { startServer } from './support/server.mjs';

const here = new URL('.', import.meta.url);
const wanted = process.argv.slice(2);
const tests = wanted.length > 0 ? wanted : readdirSync(new URL('tests/', here)).filter((name) => name.endsWith('.test.mjs'));

const server = process.env.FRONTDESK_LINKS ? null : await startServer();
const runner = spawn(
  process.execPath,
  // One file at a time: the tests share the server and two cores.
  ['--test', '--test-concurrency=1', '--test-timeout=180000', ...tests.map((name) => `tests/${name}`)],
  { cwd: here, stdio: 'inherit', env: { ...process.env, FRONTDESK_LINKS: process.env.FRONTDESK_LINKS ?? server.links } },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => runner.kill(signal));
const code = await new Promise((resolve) => runner.on('exit', (status) => resolve(status ?? 1)));
await server?.stop();
process.exit(code);
