/**
 * `make postgrest`: a migrated database with two organizations, a PostgREST-like server on it, and the tests beside this
 * file. Runs inside `devdb with`, which gives FRONTDESK_TEST_DATABASE_URL and takes the cluster away afterwards.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const root = fileURLToPath(new URL('../..', import.meta.url));
const given = new URL(process.env.FRONTDESK_TEST_DATABASE_URL.replace('@/', '@localhost/'));
const socket = given.searchParams.get('host');
// The server's driver wants a host in its place and then goes by the parameter; ours takes either as one more host.
const url = (user, host = '') => `postgresql://${user}@${host}/postgrest?host=${encodeURIComponent(socket)}`;

const psql = (arguments_) =>
  execFileSync('psql', ['--quiet', '--no-psqlrc', '--set=ON_ERROR_STOP=1', `--host=${socket}`, '--username=postgres', ...arguments_]);
psql(['--dbname=postgres', '--command=create role postgrest_owner login createrole']);
psql(['--dbname=postgres', '--command=create database postgrest owner postgrest_owner']);
const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FRONTDESK_')));
execFileSync(`${root}/target/debug/frontdesk`, ['migrate', 'up'], { env: { ...clean, DATABASE_URL: url('postgrest_owner') } });
psql(['--dbname=postgrest', `--file=${root}/e2e/postgrest/rows.sql`]);

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = probe.address();
    probe.close(() => resolve(free));
  });
});
const secret = randomBytes(32).toString('hex');
const server = spawn('postrust', [], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    ...clean,
    DATABASE_URL: url('authenticator', 'localhost'),
    PGRST_JWT_SECRET: secret,
    PGRST_DB_SCHEMAS: 'frontdesk',
    PGRST_DB_ANON_ROLE: 'anon',
    PGRST_DB_PRE_REQUEST: 'frontdesk.pre_request',
    PGRST_SERVER_HOST: '127.0.0.1',
    PGRST_SERVER_PORT: String(port),
    PGRST_DB_CHANNEL_ENABLED: 'false',
    RUST_LOG: 'off',
  },
});
let ended = false;
server.on('exit', () => (ended = true));
const base = `http://127.0.0.1:${port}/api`;
for (let tries = 0; ; tries += 1) {
  if (ended || tries > 100) throw new Error('the server did not start');
  if (await fetch(base).then(() => true, () => false)) break;
  await sleep(100);
}
const tests = spawn(process.execPath, ['--test', '--test-timeout=60000', `${root}/e2e/postgrest/client.test.mjs`], {
  stdio: 'inherit',
  env: { ...process.env, POSTGREST_URL: base, PGRST_JWT_SECRET: secret },
});
const code = await new Promise((resolve) => tests.on('exit', (status) => resolve(status ?? 1)));
server.kill();
process.exit(code);
