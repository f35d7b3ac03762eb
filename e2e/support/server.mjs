/** A Frontdesk of its own for one test run. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const START_LIMIT_MS = 180_000;
const STOP_LIMIT_MS = 20_000;

/** Starts `frontdesk up`; resolves once its sign-in links are printed and it says that it is ready. */
export async function startServer() {
  const binary = process.env.FRONTDESK_BIN ?? fileURLToPath(new URL('../../target/debug/frontdesk', import.meta.url));
  if (!existsSync(binary)) throw new Error(`${binary} is missing: build it with \`cargo build\`, or set FRONTDESK_BIN`);
  const folder = mkdtempSync(join(tmpdir(), 'frontdesk-e2e-'));
  // As root, PostgreSQL runs as another user, who must get to its folder.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const child = spawn(binary, ['up', '--dir', folder, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: withoutDatabase(process.env),
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));

  async function stop() {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    await ready(child, port, () => printed);
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n--- what it printed ---\n${printed}`);
  }
  return { links: printed, stop };
}

/** The tests write: never into a database that the caller's environment happens to name. */
function withoutDatabase(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'DATABASE_URL' && !name.startsWith('FRONTDESK_DATABASE')));
}

async function ready(child, port, printed) {
  const until = Date.now() + START_LIMIT_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`frontdesk up ended with ${child.exitCode} before it was ready`);
    const answer = await fetch(`http://localhost:${port}/readyz`).catch(() => null);
    if (answer?.ok && printed().includes('#token=')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`frontdesk up was not ready after ${START_LIMIT_MS / 1000} s`);
}

/** Ctrl-C, as a person would, and only then by force. */
async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exit;
  clearTimeout(force);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
