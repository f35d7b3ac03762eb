/** The sample pages in Chromium: what they are made of is enough for a page that somebody would use. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Frontdesk } from '@frontdesk/client';
import { assertAccessible, eventually, launch, open, shot } from '../../e2e/support/browser.mjs';
import { people, person } from '../../e2e/support/people.mjs';
import { openFront } from './support/front.mjs';

const file = (path) => readFileSync(new URL(`../examples/${path}`, import.meta.url), 'utf8');
let browser;
let front;

before(async () => {
  browser = await launch();
  front = await openFront(person('parent').url);
  for (const name of ['school', 'clinic']) {
    front.pages.set(`/${name}/`, ['text/html', file(`${name}/index.html`)]);
    front.pages.set(`/${name}/main.js`, ['text/javascript', file(`${name}/dist/main.js`)]);
    front.pages.set(`/${name}/style.css`, ['text/css', file('style.css')]);
  }
});
after(async () => {
  await browser.close();
  await front.close();
});

test('the school: a parent sees the notices, a new one comes by itself, in Vietnamese too', async () => {
  const parent = person('parent');
  const { profile } = await new Frontdesk({ baseUrl: parent.url, token: parent.token }).request('GET /v1/me');
  const { page, context, troubles } = await open(browser, `${front.url}/school/#token=${parent.token}`);
  await page.getByRole('heading', { name: `Welcome to Riverside School, ${parent.name}` }).waitFor();
  const admin = new Frontdesk({ baseUrl: parent.url, token: person('admin').token });
  const title = `Trip ${Date.now().toString(36)}`;
  await eventually('the line is up', () => page.evaluate(() => document.querySelector('frontdesk-inbox').inbox?.state.line === 'online'));
  await admin.request('POST /v1/notifications', { body: { title, content: 'On Friday.', audience: { people: [profile.id] }, channels: ['in_app', 'websocket'] } });
  await page.getByRole('listitem').filter({ hasText: title }).waitFor();
  await page.getByLabel('Language').selectOption('vi');
  await page.getByRole('button', { name: /^Hộp thư/ }).click();
  await page.getByRole('button', { name: `Chưa đọc: ${title}` }).waitFor();
  await assertAccessible(page, 'the school');
  await shot(page, 'sdk-school');
  assert.deepEqual(troubles, []);
  await context.close();
});

test('the clinic: reception tells its colleagues, and watches them read it', async () => {
  const clinic = people.filter(({ organization }) => organization === 'Lotus Clinic');
  const admin = clinic.find(({ role }) => role === 'admin');
  const colleague = clinic.find(({ role }) => role === 'staff');
  const { page, context, troubles } = await open(browser, `${front.url}/clinic/#token=${admin.token}`);
  await page.getByRole('heading', { name: 'Lotus Clinic' }).waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('p[role=alert]').filter({ hasText: /./ }).first().waitFor();
  const title = `Room 2 ${Date.now().toString(36)}`;
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Text').fill('It is free again.');
  await page.getByRole('button', { name: 'Send' }).click();
  const status = page.getByRole('status').filter({ hasText: `“${title}” is done` });
  await status.waitFor();
  const reader = new Frontdesk({ baseUrl: admin.url, token: colleague.token });
  const { items } = await reader.request('GET /v1/inbox');
  const { notification_id } = items.find((item) => item.title === title);
  await reader.request('PATCH /v1/inbox/{notification_id}', { path: { notification_id }, body: { status: 'read' } });
  await eventually('it is seen as read', async () => /: [1-9]\d* of/.test(await status.textContent()));
  await assertAccessible(page, 'the clinic');
  await shot(page, 'sdk-clinic');
  assert.deepEqual(troubles, []);
  await context.close();
});
