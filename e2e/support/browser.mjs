/**
 * Chromium for the tests: contexts that fail on errors in the page, screenshots into artifacts/, axe-core, geometry.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const ARTIFACTS = fileURLToPath(new URL('../artifacts/', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function launch() {
  mkdirSync(ARTIFACTS, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A page of its own person. `troubles` collects what the page complained of: script errors, refused requests, policy breaches. */
export async function open(browser, link, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, colorScheme: 'light', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    // A refused request is the server's answer to a wrong input, which the tests provoke on purpose.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) troubles.push(message.text());
  });
  if (link) await page.goto(link);
  return { page, context, troubles };
}

export async function shot(page, name) {
  await page.screenshot({ path: `${ARTIFACTS}${name}.png`, animations: 'disabled' });
}

/** Fails with the rule, the element and the reason for each serious or critical finding. */
export async function assertAccessible(page, where) {
  await stillness(page);
  // Through the debugger, not as a script element: the page's own policy stays as it is.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} — ${node.failureSummary}`));
  assert.deepEqual(grave, [], `axe on ${where}`);
}

/** Colours are judged after the transitions have run. */
async function stillness(page) {
  await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity).map((one) => one.finished.catch(() => {}))));
}

/** Nothing sticks out sideways: the page as a whole does not scroll, and no element passes the edge. */
export async function assertFits(page, where) {
  const outside = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth > width ? [`the page is ${document.documentElement.scrollWidth} wide`] : [];
    const past = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 1 && box.right > width + 1 && getComputedStyle(element).position !== 'fixed' && !element.closest('svg');
    });
    return [...wide, ...past.map((element) => `${element.tagName.toLowerCase()}.${element.className}`)];
  });
  assert.deepEqual(outside, [], `${where} at ${page.viewportSize().width} px`);
}

/** Waits until `check` holds, asking every 100 ms; says what was waited for. */
export async function eventually(what, check, limitMs = 20_000) {
  const until = Date.now() + limitMs;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > until) assert.fail(`waited ${limitMs / 1000} s for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
