/** Without a mouse: a message is written, addressed and sent, and the inbox is worked through, by keys alone. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, launch, open } from '../support/browser.mjs';
import { api, person } from '../support/people.mjs';
import { audienceCount, classOf, sendTo, uniqueTitle } from '../support/scenario.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Presses Tab until the focused element's accessible name matches; fails when the focus went all round. */
async function tabTo(page, name) {
  for (let presses = 0; presses < 60; presses += 1) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const labelled = element?.getAttribute('aria-labelledby')?.split(' ').map((id) => document.getElementById(id)?.textContent).join(' ');
      return [labelled, element?.getAttribute('aria-label'), element?.labels?.[0]?.textContent, element?.textContent].find((text) => text?.trim()) ?? '';
    });
    if (name.test(focused.trim())) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab never came to ${name}`);
}

test('compose works with the keyboard alone', async () => {
  const parent = person('parent');
  const target = await classOf(parent);
  const title = uniqueTitle('By keyboard');
  const { page, context, troubles } = await open(browser, person('admin').link, { reducedMotion: 'reduce' });
  await page.getByRole('heading', { name: 'Notifications', level: 1 }).waitFor();

  await tabTo(page, /^Compose$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Compose', level: 1 }).waitFor();
  await eventually('the heading to have the focus', () => page.evaluate(() => document.activeElement?.tagName === 'H1'));

  await tabTo(page, /^Title$/);
  await page.keyboard.type(title);
  await tabTo(page, /^Text$/);
  await page.keyboard.type('Typed, tabbed and sent.');
  await tabTo(page, /^Parents$/);
  await page.keyboard.press('Space');
  await tabTo(page, /^Classes$/);
  await page.keyboard.type(target.class.name);
  await page.getByRole('option', { name: target.class.name }).first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await eventually('the live count', async () => /^\d/.test((await audienceCount(page).textContent()) ?? ''));
  await tabTo(page, /^Send to /);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
});

test('Escape closes the bell’s panel and the focus returns to the bell', async () => {
  const { page, context } = await open(browser, person('parent').link);
  const bell = page.getByRole('button', { name: /^Inbox, / });
  await bell.focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Newest in your inbox' });
  await panel.waitFor();
  await eventually('the focus to be in the panel', () => panel.evaluate((element) => element.contains(document.activeElement)));
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'hidden' });
  assert.match(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), /^Inbox, /);
  await context.close();
});

test('archiving a message keeps the focus in the list and the rest in place', async () => {
  const parent = person('parent');
  const titles = [uniqueTitle('Older one'), uniqueTitle('Newer one')];
  for (const title of titles) {
    const { id } = await sendTo(parent, title);
    await eventually('the message to be in the inbox', async () => (await api(parent, 'GET', '/v1/inbox')).items.some((item) => item.notification_id === id));
  }
  const { page, context } = await open(browser, parent.link);
  const archive = page.getByRole('main').getByRole('button', { name: `Archive: ${titles[1]}` });
  await archive.focus();
  await page.keyboard.press('Enter');
  await archive.waitFor({ state: 'detached' });
  assert.ok(await page.evaluate((older) => document.activeElement?.textContent?.includes(older), titles[0]), 'the next row has the focus');
  await page.getByRole('button', { name: 'Archived' }).click();
  await page.getByText(titles[1]).first().waitFor();
  assert.match(page.url(), /status=archived/);
  await page.reload();
  await page.getByText(titles[1]).first().waitFor();
  await context.close();
});
