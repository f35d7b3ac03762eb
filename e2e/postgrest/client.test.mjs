/**
 * supabase-js's data client against a server that speaks PostgREST's protocol (Postrust, from crates.io), with
 * frontdesk.pre_request as its pre-request function: tokens in the shapes of the identity providers see their own
 * organization's rows, and nothing that a client can ask for shows another's.
 */
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { PostgrestClient } from '@supabase/postgrest-js';

const ASH = 'a0000000-0000-4000-8000-00000000000a';
const BIRCH = 'b0000000-0000-4000-8000-00000000000b';
const MESSAGE = '40000000-0000-4000-8000-000000000001';
const [ADA, PAT] = [1, 2].map((n) => `10000000-0000-4000-8000-00000000000${n}`);

function token(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = { role: 'authenticated', sub: ADA, exp: Math.floor(Date.now() / 1000) + 3600, ...claims };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(body)}`;
  return `${signed}.${createHmac('sha256', process.env.PGRST_JWT_SECRET).update(signed).digest('base64url')}`;
}

/** A client with these claims; without claims nobody. */
function as(claims) {
  const headers = claims ? { Authorization: `Bearer ${token(claims)}` } : {};
  return new PostgrestClient(process.env.POSTGREST_URL, { schema: 'frontdesk', headers });
}

async function names(claims) {
  const { data, error } = await as(claims).from('profiles').select('name').order('name');
  assert.equal(error, null, JSON.stringify(error));
  return data.map((row) => row.name);
}

const ASH_PEOPLE = ['Ada ash', 'Pat ash', 'Sam ash', 'Tom ash'];

test('each provider’s shape of claims leads to its own organization', async () => {
  assert.deepEqual(await names({ org_id: ASH }), ASH_PEOPLE);
  assert.deepEqual(await names({ app_metadata: { org_id: BIRCH } }), ASH_PEOPLE.map((name) => name.replace('ash', 'birch')));
  assert.deepEqual(await names({ iss: 'https://ash.eu.auth0.test/', sub: 'auth0|ada', org_id: 'org_ash' }), ASH_PEOPLE);
  assert.deepEqual(await names({ o: { id: ASH } }), ASH_PEOPLE);
  assert.deepEqual(await names({ organization: { ash: { id: ASH } } }), ASH_PEOPLE);
});

test('who is nobody here sees nothing', async () => {
  assert.deepEqual(await names({}), []);
  assert.deepEqual(await names({ organization: { ash: { id: ASH }, birch: { id: BIRCH } } }), []);
  assert.deepEqual(await names({ org_id: ASH, sub: randomUUID() }), []);
  assert.deepEqual(await names({ iss: 'https://evil.test/', sub: 'auth0|ada', org_id: 'org_ash' }), []);
  const { data, status } = await as(null).from('profiles').select('name');
  assert.ok(!data && status >= 400, `anonymous: ${status}`);
});

test('a forged token is refused', async () => {
  const headers = { Authorization: `Bearer ${token({ org_id: ASH }).slice(0, -4)}AAAA` };
  const { status, data } = await new PostgrestClient(process.env.POSTGREST_URL, { schema: 'frontdesk', headers })
    .from('profiles').select('name');
  assert.equal(status, 401);
  assert.ok(!data);
});

test('roles come from the profile, whatever the token says', async () => {
  assert.deepEqual(await names({ org_id: ASH, sub: PAT, org_role: 'admin', app_metadata: { org_role: 'service' } }), ['Pat ash']);
});

test('filters, embedding and counts reach no other organization', async () => {
  const ada = as({ org_id: ASH });
  assert.deepEqual((await ada.from('profiles').select('name').eq('org_id', BIRCH)).data, []);
  assert.deepEqual((await ada.from('organizations').select('slug')).data, [{ slug: 'ash' }]);
  const embedded = await ada.from('notification_recipients').select('org_id, notifications(org_id)');
  for (const row of embedded.data ?? []) {
    assert.equal(row.org_id, ASH);
    if (row.notifications) assert.equal([row.notifications].flat()[0].org_id, ASH);
  }
  const { count } = await ada.from('profiles').select('*', { count: 'exact', head: true });
  assert.ok(count === null || count === 4, `counted ${count}`);
});

test('writes stay in the organization', async () => {
  const ada = as({ org_id: ASH });
  const person = (org) => ({ org_id: org, id: randomUUID(), role: 'staff', name: 'New' });
  assert.equal((await ada.from('profiles').insert(person(ASH))).error, null);
  const foreign = await ada.from('profiles').insert(person(BIRCH));
  assert.ok(foreign.status >= 400, `inserted elsewhere: ${foreign.status}`);
  const moved = await ada.from('profiles').update({ org_id: BIRCH }).eq('id', PAT);
  assert.ok(moved.status >= 400, `moved: ${moved.status}`);
  const deleted = await ada.from('notifications').delete().eq('org_id', ASH);
  assert.ok(deleted.status >= 400, `deleted: ${deleted.status}`);
});

test('the inbox is read and marked by a function', async () => {
  const pat = as({ org_id: ASH, sub: PAT });
  const inbox = async () => (await pat.from('inbox').select('title,status')).data;
  assert.deepEqual(await inbox(), [{ title: 'No school on Friday', status: 'unread' }]);
  const { error } = await pat.rpc('set_inbox_status', { p_notification_ids: `{${MESSAGE}}`, p_status: 'read' });
  assert.equal(error, null, JSON.stringify(error));
  assert.deepEqual(await inbox(), [{ title: 'No school on Friday', status: 'read' }]);
  assert.deepEqual((await as({ org_id: BIRCH, sub: PAT }).from('inbox').select('status')).data, [{ status: 'unread' }]);
});

test('a session that has ended is refused, in the organization where it ended', async () => {
  const ended = await as({ org_id: ASH, session_id: 'ada-at-the-provider' }).from('profiles').select('name');
  assert.ok(ended.status >= 400 && !ended.data, `ended session: ${ended.status}`);
  assert.equal((await names({ org_id: BIRCH, session_id: 'ada-at-the-provider' })).length, 4);
});

test('the service role sees every organization', async () => {
  const { data } = await as({ role: 'service_role' }).from('organizations').select('slug').order('slug');
  assert.deepEqual(data, [{ slug: 'ash' }, { slug: 'birch' }]);
});
