/**
 * `npm run pictures`: takes the README's pictures anew, from the demo data, into docs/images/. Needs a built server, like the
 * tests. They show what somebody sees in the first minute after `make up`.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startServer } from './support/server.mjs';

const images = fileURLToPath(new URL('../docs/images/', import.meta.url));
mkdirSync(images, { recursive: true });
const server = await startServer();
process.env.FRONTDESK_LINKS = server.links;
const { eventually, launch, open } = await import('./support/browser.mjs');
const { person } = await import('./support/people.mjs');
const { audienceCount, chooseClass, classOf, startMessage } = await import('./support/scenario.mjs');

const shot = (page, name) => page.screenshot({ path: `${images}${name}.png`, animations: 'disabled' });
const browser = await launch();
try {
  const { class: wanted, parents } = await classOf(person('parent'));
  const family = await open(browser, person('parent').link, { viewport: { width: 420, height: 800 } });
  const desk = await open(browser, person('admin').link, { viewport: { width: 1280, height: 1150 } });
  await family.page.getByRole('heading', { name: 'Inbox', level: 1 }).waitFor();
  await startMessage(desk.page, 'Field trip on Friday', 'We meet at 8:15 at the front gate.\nPlease bring lunch.');
  await desk.page.getByRole('checkbox', { name: 'Parents' }).check();
  await chooseClass(desk.page, wanted);
  await eventually('the live count', async () => (await audienceCount(desk.page).textContent())?.startsWith(`${parents} `));
  await desk.page.evaluate(() => globalThis.scrollTo(0, 0));
  await shot(desk.page, 'compose');
  await desk.page.getByRole('button', { name: /^Send to / }).click();
  await desk.page.getByText('Done', { exact: true }).waitFor();
  await desk.page.setViewportSize({ width: 1280, height: 760 });
  await shot(desk.page, 'progress');
  await family.page.getByRole('list', { name: 'Messages' }).getByText('Field trip on Friday').first().waitFor();
  await shot(family.page, 'inbox');
} finally {
  await browser.close();
  await server.stop();
}
