/** Many recipients: everyone is counted, each is found once while leafing through the pages, and each has a reason. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from '../support/browser.mjs';
import { api, person } from '../support/people.mjs';
import { audienceCount, startMessage, uniqueTitle } from '../support/scenario.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('a message to everyone is sent from the form and its recipients can be leafed through', async () => {
  const { total } = await api(person('admin'), 'POST', '/v1/audiences/preview', { audience: { all: true } });
  assert.ok(total > 20, `the demo school has ${total} people, too few for a second page`);
  const { page, context, troubles } = await open(browser, person('admin').link);
  const title = uniqueTitle('To everyone');
  await startMessage(page, title, 'The school is closed on Monday.');
  await page.getByRole('radio', { name: 'Everyone' }).check();
  await page.getByRole('checkbox', { name: 'Email' }).uncheck();
  await audienceCount(page).getByText(String(total), { exact: true }).waitFor();
  await page.getByRole('button', { name: `Send to ${total} people` }).click();
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
  await page.getByText('Done', { exact: true }).waitFor();
  await page.getByRole('heading', { name: 'Email', exact: true }).waitFor({ state: 'detached' });

  const next = page.getByRole('button', { name: 'Next' });
  const rows = page.getByRole('table').locator('tbody tr');
  let seen = 0;
  for (let number = 1; seen < total; number += 1) {
    await page.getByText(`Page ${number}`, { exact: true }).waitFor();
    const expected = Math.min(20, total - seen);
    await page.waitForFunction((count) => document.querySelectorAll('tbody tr').length === count, expected);
    assert.match(await rows.first().textContent(), /Everyone gets it/);
    seen += expected;
    if (seen < total) {
      await page.waitForFunction(() => [...document.querySelectorAll('.pager button')].at(-1)?.getAttribute('aria-disabled') === 'false');
      await next.click();
    }
  }
  assert.equal(await next.getAttribute('aria-disabled'), 'true', 'the last page is the last');
  assert.deepEqual(troubles, []);
  await context.close();
});
