/** A page of an application with the element in it, in two lines as the documentation has them. */
import { readFileSync } from 'node:fs';
import { open } from '../../../e2e/support/browser.mjs';

const file = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const STYLE = `html { color-scheme: light dark } body { margin: 0; font-family: system-ui }
header { display: flex; justify-content: space-between; padding: 0.5rem 1rem; align-items: center } h1 { font-size: 1.2rem; margin: 0 }`;
let count = 0;

/** Opens a page with `<frontdesk-inbox>` as this person. */
export async function openInbox(browser, front, as, { attributes = '', lang = 'en', script = '', ...options } = {}) {
  count += 1;
  const at = `/page-${count}/`;
  front.pages.set(at, [
    'text/html',
    `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Embedded</title>
    <link rel="stylesheet" href="${at}page.css"></head><body><header><h1>Our page</h1><frontdesk-inbox ${attributes}></frontdesk-inbox></header>
    <main><button id="other">Something else</button></main><script type="module" src="${at}page.js"></script></body></html>`,
  ]);
  front.pages.set(`${at}page.css`, ['text/css', STYLE]);
  front.pages.set(`${at}frontdesk-inbox.js`, ['text/javascript', file('inbox/dist/frontdesk-inbox.js')]);
  front.pages.set(`${at}page.js`, [
    'text/javascript',
    `import './frontdesk-inbox.js'; const inbox = document.querySelector('frontdesk-inbox'); inbox.tokenProvider = () => ${JSON.stringify(as.token)}; ${script}`,
  ]);
  const opened = await open(browser, null, options);
  await opened.page.goto(front.url + at);
  return opened;
}
