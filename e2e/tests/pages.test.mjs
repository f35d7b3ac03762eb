/** Every page in light and in dark, wide and at 320 px: nothing serious for axe, nothing past the edge. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, assertFits, eventually, launch, open, shot } from '../support/browser.mjs';
import { api, person } from '../support/people.mjs';
import { sendTo, uniqueTitle } from '../support/scenario.mjs';

let browser;
let sent;
before(async () => {
  browser = await launch();
  sent = await sendTo(person('parent'), uniqueTitle('Snow: school starts two hours late today'), { category: 'emergency', priority: 'emergency' });
  await eventually('the example message to be done', async () => (await api(person('admin'), 'GET', `/v1/notifications/${sent.id}`)).state === 'done');
});
after(() => browser.close());

const PAGES = [
  { name: 'notifications', as: 'admin', path: () => '/notifications', ready: (page) => page.getByRole('link', { name: sent.title }) },
  { name: 'compose', as: 'admin', path: () => '/compose', ready: (page) => page.getByLabel('Title') },
  { name: 'notification', as: 'admin', path: () => `/notifications/${sent.id}`, ready: (page) => page.getByRole('table') },
  { name: 'inbox', as: 'parent', path: () => '/inbox', ready: (page) => page.getByRole('list', { name: 'Messages' }) },
  { name: 'nowhere', as: 'parent', path: () => '/no/such/page', ready: (page) => page.getByRole('heading', { name: 'Page not found' }) },
];

for (const colorScheme of ['light', 'dark']) {
  for (const { name, as, path, ready } of PAGES) {
    test(`${name} is accessible and fits in ${colorScheme}`, async () => {
      const who = person(as);
      const { page, context, troubles } = await open(browser, who.link, { colorScheme });
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.goto(who.url + path());
      await ready(page).first().waitFor();
      await assertAccessible(page, `${name}, ${colorScheme}`);
      await shot(page, `page-${name}-${colorScheme}`);
      await page.setViewportSize({ width: 320, height: 720 });
      await ready(page).first().waitFor({ state: 'attached' });
      await assertFits(page, name);
      await assertAccessible(page, `${name}, ${colorScheme}, 320 px`);
      await shot(page, `page-${name}-${colorScheme}-320`);
      assert.deepEqual(troubles, []);
      await context.close();
    });
  }

  test(`the sign-in page is accessible and fits in ${colorScheme}`, async () => {
    const { page, context, troubles } = await open(browser, person('admin').url, { colorScheme, viewport: { width: 320, height: 720 } });
    await page.getByRole('heading', { name: 'Sign in to Frontdesk' }).waitFor();
    await assertFits(page, 'sign-in');
    await assertAccessible(page, `sign-in, ${colorScheme}`);
    await shot(page, `page-signin-${colorScheme}-320`);
    assert.deepEqual(troubles, []);
    await context.close();
  });

  test(`the bell's panel is accessible and stays on the screen in ${colorScheme}`, async () => {
    const { page, context } = await open(browser, person('parent').link, { colorScheme, viewport: { width: 320, height: 720 } });
    await page.getByRole('button', { name: /^Inbox, / }).click();
    const panel = page.getByRole('dialog', { name: 'Newest in your inbox' });
    await panel.getByRole('list', { name: 'Messages' }).waitFor();
    const box = await panel.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 320, `the panel spans ${box.x} to ${box.x + box.width}`);
    await assertAccessible(page, `the bell's panel, ${colorScheme}`);
    await shot(page, `page-bell-${colorScheme}-320`);
    await context.close();
  });

  test(`the API reference shows the operations and is accessible in ${colorScheme}`, async () => {
    const { page, context, troubles } = await open(browser, `${person('admin').url}/docs`, { colorScheme });
    const foreign = [];
    page.on('request', (request) => new URL(request.url()).origin !== person('admin').url && foreign.push(request.url()));
    await page.reload();
    await page.getByText('/v1/notifications').or(page.getByText('OPERATIONS', { exact: false })).first().waitFor();
    await assertAccessible(page, `the API reference, ${colorScheme}`);
    await shot(page, `page-docs-${colorScheme}`);
    assert.deepEqual(foreign, [], 'nothing is loaded from elsewhere');
    assert.deepEqual(troubles, []);
    await context.close();
  });
}
