/** `@frontdesk/client` in Node against a running server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frontdesk, Inbox, Line, ProblemError } from '@frontdesk/client';
import { person } from '../../e2e/support/people.mjs';
import { openProxy } from './support/proxy.mjs';

const as = (role, extra = {}) => new Frontdesk({ baseUrl: person(role).url, token: person(role).token, ...extra });

async function eventually(what, check, limitMs = 20_000) {
  const until = Date.now() + limitMs;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > until) assert.fail(`waited for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function send(to, title, extra = {}) {
  const { profile } = await to.request('GET /v1/me');
  return as('admin').request('POST /v1/notifications', {
    body: { title, content: 'By the front gate.', audience: { people: [profile.id] }, channels: ['in_app', 'websocket'], ...extra },
  });
}

test('a request is typed by its address and answers with what the server says', async () => {
  const me = await as('parent').request('GET /v1/me');
  assert.equal(me.profile.name, person('parent').name);
  const sent = await send(as('parent'), 'Typed');
  const found = await as('admin').request('GET /v1/notifications/{id}', { path: { id: sent.id } });
  assert.equal(found.title, 'Typed');
});

test('a list is walked page by page, each row once', async () => {
  const ids = [];
  for await (const one of as('admin').items('GET /v1/classes', { query: { limit: 1 } })) ids.push(one.id);
  assert.ok(ids.length > 1, 'more than one page');
  assert.equal(new Set(ids).size, ids.length);
});

test('a refusal is a ProblemError that names the fields', async () => {
  const refused = as('admin').request('POST /v1/notifications', { body: { title: '', content: 'x', audience: { classes: ['no such class'] }, channels: ['in_app'] } });
  await assert.rejects(refused, (error) => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.status, 422);
    assert.equal(error.code, 'validation_failed');
    assert.ok(error.errors.length > 0);
    assert.equal(error.field(error.errors[0].field), error.errors[0].message);
    assert.ok(error.requestId);
    return true;
  });
  await assert.rejects(as('parent').request('GET /v1/notifications'), { status: 403 });
});

test('no server is a ProblemError too, after the retries', async () => {
  let calls = 0;
  const nobody = new Frontdesk({ baseUrl: 'http://localhost:1', token: 'x', retries: 1, fetch: (...all) => ((calls += 1), fetch(...all)) });
  await assert.rejects(nobody.request('GET /v1/me'), { code: 'unreachable', status: 0 });
  assert.equal(calls, 2);
});

test('an answer that was lost on the way does not send a message twice', async () => {
  let lost = 0;
  const admin = as('admin', {
    fetch: async (...all) => {
      const response = await fetch(...all);
      if (all[1].method !== 'POST' || lost > 0) return response;
      lost += 1;
      throw new TypeError('the connection was cut');
    },
  });
  const title = `Once only ${Date.now()}`;
  const { profile } = await as('parent').request('GET /v1/me');
  const sent = await admin.request('POST /v1/notifications', { body: { title, content: 'x', audience: { people: [profile.id] }, channels: ['in_app'] } });
  assert.equal(lost, 1);
  const found = [];
  const { items } = await as('admin').request('GET /v1/notifications', { query: { limit: 20 } });
  for (const one of items) if (one.title === title) found.push(one.id);
  assert.deepEqual(found, [sent.id]);
});

test('the same idempotency key with another body is refused', async () => {
  const idempotencyKey = `sdk-${Date.now()}`;
  const { profile } = await as('parent').request('GET /v1/me');
  const body = { title: 'One', content: 'x', audience: { people: [profile.id] }, channels: ['in_app'] };
  await as('admin').request('POST /v1/notifications', { body, idempotencyKey });
  await assert.rejects(as('admin').request('POST /v1/notifications', { body: { ...body, title: 'Two' }, idempotencyKey }), { code: 'idempotency_key_reused' });
});

test('a provider is asked for another token when the first is refused, and only then', async () => {
  const asked = [];
  const token = (refused) => (asked.push(refused ?? null), refused ? person('parent').token : 'stale.token.here');
  const me = await new Frontdesk({ baseUrl: person('parent').url, token }).request('GET /v1/me');
  assert.equal(me.profile.name, person('parent').name);
  assert.deepEqual(asked, [null, 'stale.token.here']);
  await assert.rejects(as('parent', { token: 'not a token' }).request('GET /v1/me'), { status: 401 });
});

test('a session is started, used and ended; a new one ends the line of the old one for good', async () => {
  const first = as('teacher');
  await first.signIn({ device_type: 'web' });
  const states = [];
  const line = new Line(first, { onFrame: () => {}, onState: (state, reason) => states.push([state, reason]) });
  await eventually('the line is up', () => line.state === 'online');
  const second = as('teacher');
  await second.signIn({ device_type: 'web' });
  await eventually('the old line is over', () => line.state === 'ended');
  assert.equal(states.at(-1)[0], 'ended');
  await assert.rejects(first.request('GET /v1/me'), { status: 401 });
  await second.signOut();
  line.close();
});

test('a line that was cut comes back, tells everything that happened meanwhile, and nothing twice', async () => {
  const parent = as('parent');
  const proxy = await openProxy(person('parent').url);
  const device = new Frontdesk({ baseUrl: proxy.url, token: person('parent').token });
  const titles = [];
  const states = [];
  const line = new Line(device, {
    onFrame: (frame) => {
      if (frame.type !== 'notification.created') return;
      titles.push(frame.notification.title);
      if (frame.delivery_id) line.acknowledge(frame.delivery_id);
    },
    onState: (state) => states.push(state),
  });
  try {
    await eventually('the line is up', () => line.state === 'online');
    const mark = Date.now();
    await send(parent, `Before ${mark}`);
    await eventually('the first message', () => titles.includes(`Before ${mark}`));
    proxy.cut();
    await eventually('the break is noticed', () => line.state === 'offline');
    for (const number of [1, 2, 3]) {
      const { id } = await send(parent, `Missed ${number} ${mark}`);
      await eventually('it has gone out', async () => (await as('admin').request('GET /v1/notifications/{id}', { path: { id } })).state === 'done');
    }
    proxy.mend();
    await eventually('what was missed', () => titles.includes(`Missed 3 ${mark}`));
    await send(parent, `After ${mark}`);
    await eventually('what came after', () => titles.includes(`After ${mark}`));
    const ours = titles.filter((title) => title.endsWith(String(mark)));
    assert.deepEqual(ours, [`Before ${mark}`, `Missed 1 ${mark}`, `Missed 2 ${mark}`, `Missed 3 ${mark}`, `After ${mark}`]);
    assert.ok(states.includes('offline'));
  } finally {
    line.close();
    await proxy.close();
  }
});

test('the inbox store shows a change at once, and takes it back when the server refuses', async () => {
  let refuse = false;
  const parent = as('parent', {
    fetch: (url, init) => (refuse && init.method === 'PATCH' ? Promise.resolve(Response.json({ code: 'internal', title: 'No' }, { status: 500 })) : fetch(url, init)),
  });
  const inbox = new Inbox(parent);
  inbox.start();
  try {
    await inbox.show({ status: null });
    const title = `Store ${Date.now()}`;
    await send(parent, title);
    await eventually('it arrives by itself', () => inbox.state.arrived?.title === title);
    const [item] = inbox.state.items;
    assert.equal(item.title, title);
    await eventually('the unread count', () => inbox.state.unread > 0);
    const before = inbox.state.unread;

    refuse = true;
    const marking = inbox.mark(item.notification_id, 'read');
    assert.equal(inbox.state.items[0].status, 'read');
    assert.equal(inbox.state.unread, before - 1);
    await marking;
    assert.equal(inbox.state.items[0].status, 'unread');
    assert.equal(inbox.state.problem.code, 'internal');

    refuse = false;
    await inbox.mark(item.notification_id, 'archived');
    assert.ok(!inbox.state.items.some((one) => one.notification_id === item.notification_id));
    assert.equal(inbox.state.problem, null);
    await inbox.show({ status: 'archived' });
    assert.equal(inbox.state.items[0].title, title);
    await inbox.readAll();
    await eventually('nothing unread', () => inbox.state.unread === 0);
  } finally {
    inbox.stop();
  }
});
