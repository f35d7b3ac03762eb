/** When something is wrong, the person learns what and where: at the field, at the door, and after a lost connection. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, eventually, launch, open, shot } from '../support/browser.mjs';
import { api, person } from '../support/people.mjs';
import { sendTo, startMessage, uniqueTitle, unreadOnBell } from '../support/scenario.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('an empty audience is refused at its field, with the focus there and nothing lost', async () => {
  const { page, context, troubles } = await open(browser, person('admin').link);
  const title = uniqueTitle('To nobody');
  await startMessage(page, title, 'Nobody should get this.');
  await page.getByRole('button', { name: /^Send/ }).click();
  const audience = page.getByRole('group', { name: 'Who gets it' });
  await eventually('the problem at the audience', () => audience.evaluate((field) => field.querySelector('.field__problem')?.textContent));
  await eventually('the focus at the audience', () => audience.evaluate((field) => field === document.activeElement));
  assert.equal(await page.getByLabel('Title').inputValue(), title);
  await shot(page, 'trouble-audience');
  await assertAccessible(page, 'compose with a problem');
  await page.getByRole('checkbox', { name: 'Parents' }).check();
  await eventually('the problem to go away', async () => (await audience.locator('.field__problem').count()) === 0);
  assert.deepEqual(troubles, []);
  await context.close();
});

test('a missing title and an over-long text are told before anything is sent', async () => {
  const { page, context } = await open(browser, person('admin').link);
  await startMessage(page, '', 'x'.repeat(10_002));
  await page.getByRole('button', { name: /^Send/ }).click();
  await page.getByText('Give the message a title.').waitFor();
  await page.getByText('Shorten the message by 2 characters.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'title');
  await context.close();
});

test('without a token the page explains how to sign in, and a pasted link signs in', async () => {
  const admin = person('admin');
  const { page, context } = await open(browser, admin.url);
  await page.getByText('frontdesk up').waitFor();
  await page.getByLabel('Token or sign-in link').fill('not a token');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('neither a token nor a sign-in link').waitFor();
  await page.getByLabel('Token or sign-in link').fill(admin.link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Notifications', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Frontdesk' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in to Frontdesk' }).waitFor();
  await context.close();
});

test('a refused token signs out and says why', async () => {
  const { page, context } = await open(browser, `${person('admin').url}/#token=aa.bb.cc`);
  await page.getByText('You were signed out.').waitFor();
  await shot(page, 'trouble-refused');
  await context.close();
});

test('a parent does not get the pages of the staff', async () => {
  const parent = person('parent');
  const { page, context } = await open(browser, parent.link);
  await page.getByRole('heading', { name: 'Inbox', level: 1 }).waitFor();
  await page.goto(`${parent.url}/compose`);
  await page.getByRole('heading', { name: 'Page not found' }).waitFor();
  await context.close();
});

test('after a lost connection the bell catches up by itself', async () => {
  const parent = person('parent');
  const lines = [];
  let refuse = false;
  const { page, context } = await open(browser, null);
  await page.routeWebSocket(/\/v1\/realtime/, (line) => {
    if (refuse) return line.close();
    line.connectToServer();
    lines.push(line);
  });
  await page.goto(parent.link);
  await eventually('the line to be up', () => lines.length > 0);
  const { unread } = await api(parent, 'GET', '/v1/inbox/counts');
  await eventually('the bell to be right', async () => (await unreadOnBell(page)) === unread);

  refuse = true;
  await lines.at(-1).close();
  await page.getByText('Live updates are interrupted').waitFor();
  const { id } = await sendTo(parent, uniqueTitle('Sent while the line was down'));
  await eventually('the message to be stored', async () => (await api(parent, 'GET', '/v1/inbox')).items.some((item) => item.notification_id === id));
  refuse = false;
  await eventually('the bell to catch up', async () => (await unreadOnBell(page)) === unread + 1);
  await page.getByText('Live updates are interrupted').waitFor({ state: 'detached' });
  await context.close();
});
