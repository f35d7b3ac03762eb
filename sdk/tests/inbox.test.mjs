/** `<frontdesk-inbox>` in Chromium against a running server: by keyboard, by axe, in four languages, offline, in the dark. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Frontdesk } from '@frontdesk/client';
import { assertAccessible, assertFits, eventually, launch, shot } from '../../e2e/support/browser.mjs';
import { person } from '../../e2e/support/people.mjs';
import { openFront } from './support/front.mjs';
import { openInbox } from './support/page.mjs';

const as = (role) => new Frontdesk({ baseUrl: person(role).url, token: person(role).token });
let browser;
let front;
before(async () => {
  browser = await launch();
  front = await openFront(person('parent').url);
});
after(async () => {
  await browser.close();
  await front.close();
});

/** Sends to the demo student or parent, and waits until it has gone out. */
async function send(role, title, extra = {}) {
  const { profile } = await as(role).request('GET /v1/me');
  const body = { title, content: 'The bus stops at the front gate today, about ten minutes later than on other days.', audience: { people: [profile.id] }, channels: ['in_app', 'websocket'], ...extra };
  const { id } = await as('admin').request('POST /v1/notifications', { body });
  await eventually('it has gone out', async () => (await as('admin').request('GET /v1/notifications/{id}', { path: { id } })).state === 'done');
  return id;
}

const focused = (page) => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent?.trim() ?? null);
const rows = (page) => page.locator('frontdesk-inbox .item');

test('a message arrives by itself, is read, archived and restored, all by keyboard, and the focus is never lost', async () => {
  await as('parent').request('POST /v1/inbox/read-all');
  const { page, context, troubles } = await openInbox(browser, front, person('parent'));
  const bell = page.getByRole('button', { name: /^Inbox/ });
  await bell.waitFor();
  const mark = Date.now().toString(36);
  await send('parent', `Older ${mark}`);
  await send('parent', `Newer ${mark}`, { action_url: '/forms/1' });
  await page.getByRole('button', { name: 'Inbox, Unread: 2' }).waitFor();
  await eventually('it is announced once', async () => (await page.getByRole('status').textContent()) === `New message: Newer ${mark}`);

  await bell.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Inbox' }).waitFor();
  await eventually('the focus goes in', () => page.evaluate(() => document.querySelector('frontdesk-inbox').shadowRoot.activeElement?.id === 'panel'));
  await page.getByRole('button', { name: `Newer ${mark}` }).first().waitFor();
  await assertAccessible(page, 'the open panel');
  await shot(page, 'sdk-inbox-light');

  // Opening counts as reading.
  const title = page.getByRole('button', { name: `Unread: Newer ${mark}` });
  await title.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Inbox, Unread: 1' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Open link' }).getAttribute('href'), `${front.url}/forms/1`);
  assert.equal(await focused(page), `Newer ${mark}`);

  // The row goes, its neighbour takes the focus.
  await page.getByRole('button', { name: `Archive: Newer ${mark}` }).focus();
  await page.keyboard.press('Enter');
  await eventually('the row is gone', async () => (await page.getByRole('button', { name: `Archive: Newer ${mark}` }).count()) === 0);
  assert.equal(await focused(page), `Unread: Older ${mark}`);

  const tab = page.getByRole('tab', { name: 'All' });
  await tab.focus();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('tab', { name: 'Archived', selected: true }).waitFor();
  await page.getByRole('button', { name: `Move to inbox: Newer ${mark}` }).focus();
  await page.keyboard.press('Enter');
  await eventually('it is restored', async () => (await page.getByRole('button', { name: `Move to inbox: Newer ${mark}` }).count()) === 0);
  assert.ok((await focused(page)) !== null, 'the focus stays in the element');

  await page.getByRole('button', { name: 'Mark all as read' }).click();
  await page.getByRole('button', { name: 'Inbox', exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await eventually('Escape returns the focus to the bell', () => page.evaluate(() => document.querySelector('frontdesk-inbox').shadowRoot.activeElement?.part.contains('bell')));
  assert.equal((await as('parent').request('GET /v1/inbox/counts')).unread, 0);
  assert.deepEqual(troubles, []);
  await context.close();
});

test('an emergency stands over everything until it is acknowledged', async () => {
  const { page, context, troubles } = await openInbox(browser, front, person('student'));
  await page.getByRole('button', { name: /^Inbox/ }).waitFor();
  const id = await send('student', 'The building is closed', { type: 'emergency', category: 'emergency', acknowledgement: true });
  const banner = page.getByRole('region', { name: 'Emergency' });
  await banner.waitFor();
  await eventually('it is spoken at once', async () => (await page.getByRole('alert').textContent()).startsWith('Emergency: The building is closed'));
  // Over a dialog of the page, too.
  const top = await page.evaluate(() => {
    const box = document.querySelector('frontdesk-inbox').shadowRoot.querySelector('.banner').getBoundingClientRect();
    return document.elementFromPoint(box.x + box.width / 2, box.y + 20)?.localName;
  });
  assert.equal(top, 'frontdesk-inbox');
  await page.keyboard.press('Escape');
  assert.ok(await banner.isVisible(), 'Escape does not take it away');
  await assertAccessible(page, 'the emergency');
  await shot(page, 'sdk-inbox-emergency');
  await banner.getByRole('button', { name: 'I have read this' }).click();
  await banner.waitFor({ state: 'hidden' });
  await eventually('the sender knows', async () => {
    const { items } = await as('student').request('GET /v1/inbox', { query: { category: 'emergency' } });
    return items.some((one) => one.notification_id === id && one.acknowledged_at !== null && one.status === 'read');
  });
  await eventually('the focus is on the bell', () => page.evaluate(() => document.querySelector('frontdesk-inbox').shadowRoot.activeElement?.part.contains('bell')));
  assert.deepEqual(troubles, []);
  await context.close();
});

test('a message is put off until tomorrow and taken back, by keyboard', async () => {
  await as('parent').request('POST /v1/inbox/read-all');
  const title = `Later ${Date.now().toString(36)}`;
  const id = await send('parent', title);
  const { page, context, troubles } = await openInbox(browser, front, person('parent'));
  await page.getByRole('button', { name: 'Inbox, Unread: 1' }).click();
  await page.getByRole('combobox', { name: `Snooze: ${title}` }).selectOption('tomorrow');
  await page.getByRole('button', { name: 'Inbox', exact: true }).waitFor();
  assert.equal(await page.getByRole('combobox', { name: `Snooze: ${title}` }).count(), 0);
  assert.ok((await focused(page)) !== null, 'the neighbour has the focus');
  await eventually('the server knows', async () => (await as('parent').request('GET /v1/inbox', { query: { snoozed: true } })).items.some((one) => one.notification_id === id));
  await page.getByRole('tab', { name: 'Snoozed' }).click();
  await assertAccessible(page, 'what is put off');
  await page.getByRole('button', { name: `Move to inbox: ${title}` }).press('Enter');
  await page.getByRole('button', { name: 'Inbox, Unread: 1' }).waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
});

test('offline is said; what came meanwhile is there after', async () => {
  const { page, context } = await openInbox(browser, front, person('parent'));
  await page.getByRole('button', { name: /^Inbox/ }).click();
  const offline = page.getByText('Offline. What you see may be old.');
  await page.getByRole('tab', { name: 'All' }).waitFor();
  await context.setOffline(true);
  await offline.waitFor();
  await shot(page, 'sdk-inbox-offline');
  const title = `Meanwhile ${Date.now().toString(36)}`;
  await send('parent', title);
  await context.setOffline(false);
  await offline.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: `Unread: ${title}` }).waitFor();
  await context.close();
});

test('a long inbox loads as it is scrolled, each message once', async () => {
  const { profile } = await as('teacher').request('GET /v1/me');
  const body = { content: 'x', audience: { people: [profile.id] }, channels: ['in_app'] };
  for (let number = 0; number < 45; number += 1) await as('admin').request('POST /v1/notifications', { body: { ...body, title: `Number ${number}` } });
  await eventually('all have gone out', async () => (await as('teacher').request('GET /v1/inbox/counts')).unread >= 45);
  const { page, context } = await openInbox(browser, front, person('teacher'));
  await page.getByRole('button', { name: /^Inbox/ }).click();
  await eventually('the first page', async () => (await rows(page).count()) >= 20);
  assert.ok((await rows(page).count()) < 45, 'not everything at once');
  await eventually('the end of it', async () => {
    await page.evaluate(() => document.querySelector('frontdesk-inbox').shadowRoot.querySelector('.list').scrollBy(0, 400));
    return (await rows(page).count()) >= 45;
  });
  const titles = await page.locator('frontdesk-inbox h3').allTextContents();
  const ours = titles.filter((title) => title.includes('Number '));
  assert.equal(new Set(ours).size, ours.length);
  await context.close();
});

for (const [locale, inbox, direction] of [['en', 'Inbox', 'ltr'], ['vi', 'Hộp thư', 'ltr'], ['es', 'Bandeja de entrada', 'ltr'], ['ar', 'صندوق الوارد', 'rtl']]) {
  test(`it speaks ${locale} and fits on a small screen`, async () => {
    await send('staff', 'Xin chào · Hola · مرحبا');
    const { page, context, troubles } = await openInbox(browser, front, person('staff'), { lang: locale, viewport: { width: 320, height: 640 } });
    await page.getByRole('button', { name: new RegExp(`^${inbox}`) }).click();
    const dialog = page.getByRole('dialog', { name: inbox });
    await dialog.waitFor();
    await rows(page).first().waitFor();
    assert.equal(await dialog.evaluate((panel) => getComputedStyle(panel).direction), direction);
    const box = await dialog.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 320 && box.y + box.height <= 640, JSON.stringify(box));
    await assertFits(page, `the panel in ${locale}`);
    await assertAccessible(page, `the panel in ${locale}`);
    await shot(page, `sdk-inbox-${locale}`);
    assert.deepEqual(troubles, []);
    await context.close();
  });
}

test('dark, forced colours and 200 per cent keep it legible', async () => {
  const { page, context } = await openInbox(browser, front, person('staff'), { attributes: 'theme="auto"', colorScheme: 'dark', viewport: { width: 640, height: 430 }, deviceScaleFactor: 2 });
  await page.getByRole('button', { name: /^Inbox/ }).click();
  await rows(page).first().waitFor();
  await assertAccessible(page, 'the dark panel');
  await assertFits(page, 'the dark panel');
  await shot(page, 'sdk-inbox-dark');
  await page.emulateMedia({ forcedColors: 'active' });
  await assertAccessible(page, 'forced colours');
  await shot(page, 'sdk-inbox-forced');
  await context.close();
});

test('a page themes it by custom properties and parts, fills its slots and has the last word on what it does', async () => {
  const script = `
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('frontdesk-inbox { --frontdesk-accent: rgb(0, 90, 60) } frontdesk-inbox::part(title) { font-style: italic }');
    document.adoptedStyleSheets = [sheet];
    inbox.innerHTML = '<p slot="footer">Ours</p>';
    inbox.addEventListener('frontdesk-open', (event) => { event.preventDefault(); document.title = event.detail.item.title; });`;
  await send('staff', 'Themed');
  const { page, context } = await openInbox(browser, front, person('staff'), { script });
  await page.getByRole('button', { name: /^Inbox/ }).click();
  await page.getByRole('button', { name: 'Themed' }).first().click();
  await eventually('the page has heard of it', async () => (await page.title()) === 'Themed');
  assert.equal(await page.getByRole('button', { name: 'Themed' }).first().getAttribute('aria-expanded'), 'false');
  assert.ok(await page.getByText('Ours').isVisible());
  const look = await page.evaluate(() => {
    const root = document.querySelector('frontdesk-inbox').shadowRoot;
    return [getComputedStyle(root.querySelector('[aria-selected=true]')).color, getComputedStyle(root.querySelector('h3')).fontStyle];
  });
  assert.deepEqual(look, ['rgb(0, 90, 60)', 'italic']);
  await context.close();
});
