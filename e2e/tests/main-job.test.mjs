/** The main job, as two people see it at the same time: an admin writes to the parents of a class, a parent's bell rings. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, eventually, launch, open, shot } from '../support/browser.mjs';
import { api, person } from '../support/people.mjs';
import { audienceCount, chooseClass, classOf, startMessage, uniqueTitle, unreadOnBell } from '../support/scenario.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('an announcement to the parents of a class rings the bell of a parent and is followed until it is done', async () => {
  const parent = person('parent');
  const title = uniqueTitle('Field trip on Friday');
  const target = await classOf(parent);

  const family = await open(browser, parent.link);
  await family.page.getByRole('heading', { name: 'Inbox', level: 1 }).waitFor();
  assert.ok(!family.page.url().includes('token'), 'the token is gone from the address');
  await family.page.evaluate(() => (globalThis.sinceLoad = true));
  const { unread } = await api(parent, 'GET', '/v1/inbox/counts');
  await eventually('the bell to show what was unread before', async () => (await unreadOnBell(family.page)) === unread);

  const desk = await open(browser, null);
  await desk.page.addInitScript(watchStates);
  await desk.page.goto(person('admin').link);
  await startMessage(desk.page, title, 'We meet at 8:15 at the front gate.\nPlease bring lunch.');
  await desk.page.getByRole('checkbox', { name: 'Parents' }).check();
  await chooseClass(desk.page, target.class);
  await eventually(`the live count to be ${target.parents}`, async () => (await audienceCount(desk.page).textContent())?.startsWith(`${target.parents} `));
  const reach = desk.page.getByRole('region', { name: 'Who this reaches' });
  assert.match(await reach.textContent(), / of .+, who is in /, 'the sample says why');
  await shot(desk.page, 'main-1-compose');
  const sendLabel = target.parents === 1 ? 'Send to 1 person' : `Send to ${target.parents} people`;
  await desk.page.getByRole('button', { name: sendLabel }).click();
  const sentAt = Date.now();

  await desk.page.getByRole('heading', { name: title, level: 1 }).waitFor();
  await eventually('the bell to ring', async () => (await unreadOnBell(family.page)) === unread + 1, 5_000);
  console.log(`# the parent's bell showed it ${Date.now() - sentAt} ms after the click`);
  await family.page.getByRole('article').filter({ hasText: title }).waitFor();
  assert.match(await family.page.getByRole('status').filter({ hasText: title }).textContent(), /^New message: /);
  await family.page.getByRole('list', { name: 'Messages' }).getByText(title).first().waitFor();
  assert.equal(await family.page.evaluate(() => globalThis.sinceLoad), true, 'without a reload');
  await shot(family.page, 'main-2-bell');

  await desk.page.getByText('Done', { exact: true }).waitFor();
  await shot(desk.page, 'main-3-done');
  const states = await desk.page.evaluate(() => globalThis.statesSeen);
  console.log(`# states seen on the page: ${states.join(' → ')}`);
  assert.ok(states.length > 1 && states.at(-1) === 'Done', 'the states changed under the eyes of the admin');
  await channelReaches(desk.page, 'Email', target.parents);
  await channelReaches(desk.page, 'Inbox', target.parents);
  const row = desk.page.getByRole('row').filter({ hasText: parent.name });
  await eventually('the live delivery to be acknowledged', async () => /Delivered/.test((await row.textContent()) ?? ''));

  await family.page.getByRole('button', { name: new RegExp(`^(Unread: )?${title}`) }).click();
  await eventually('the bell to count down', async () => (await unreadOnBell(family.page)) === unread);
  await eventually('the admin to see that it was read', async () => /Read/.test((await row.textContent()) ?? ''), 30_000);

  await assertAccessible(desk.page, 'the notification page');
  await assertAccessible(family.page, 'the inbox with a message open');
  await mailIsThere(desk.page, title);
  assert.deepEqual([...desk.troubles, ...family.troubles], []);
});

/** In the page, from its start: notes each state that the notification's page shows, in `statesSeen`. */
function watchStates() {
  globalThis.statesSeen = [];
  new MutationObserver(() => {
    const state = document.querySelector('.section__head .pill')?.textContent;
    if (state && state !== globalThis.statesSeen.at(-1)) globalThis.statesSeen.push(state);
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

async function channelReaches(page, name, count) {
  const channel = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
  await eventually(`${name} to reach ${count}`, async () => (await channel.textContent())?.includes(`${count} of ${count}`));
}

async function mailIsThere(page, title) {
  const { origin } = new URL(page.url());
  await page.goto(`${origin}/dev/mail`);
  await page.getByText(title).first().waitFor();
  await shot(page, 'main-4-mail');
}
