/**
 * `npm test`: starts one Frontdesk for all tests of the SDK, on a free port and an empty folder, hands its sign-in links to
 * the tests, and stops it. With FRONTDESK_LINKS set (the lines that `frontdesk up` printed) that server is used instead.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { startServer } from '../../e2e/support/server.mjs';

const here = new URL('.', import.meta.url);
const wanted = process.argv.slice(2);
const tests = wanted.length > 0 ? wanted : readdirSync(here).filter((name) => name.endsWith('.test.mjs'));

const server = process.env.FRONTDESK_LINKS ? null : await startServer();
const runner = spawn(
  process.execPath,
  // Node 20 has a WebSocket, but only when asked.
  ['--experimental-websocket', '--no-warnings', '--test', '--test-concurrency=1', '--test-timeout=120000', ...tests],
  { cwd: here, stdio: 'inherit', env: { ...process.env, FRONTDESK_LINKS: process.env.FRONTDESK_LINKS ?? server.links } },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => runner.kill(signal));
const code = await new Promise((resolve) => runner.on('exit', (status) => resolve(status ?? 1)));
await server?.stop();
process.exit(code);
