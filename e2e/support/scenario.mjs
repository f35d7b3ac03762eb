/** What several tests do with the demo data and with the compose page. */
import assert from 'node:assert/strict';
import { api, person } from './people.mjs';

/**
 * A class with few enough parents that the preview lists all of them, the given parent among them, and how many they are.
 * Found through the API, so that the tests do not depend on one demo school.
 */
export async function classOf(parent) {
  const admin = person('admin');
  const { profile } = await api(parent, 'GET', '/v1/me');
  const { items } = await api(admin, 'GET', '/v1/classes?limit=100');
  for (const found of items) {
    const preview = await api(admin, 'POST', '/v1/audiences/preview', { audience: { roles: ['parent'], classes: [found.id] } });
    if (preview.sample.some(({ id }) => id === profile.id)) return { class: found, parents: preview.total };
  }
  return assert.fail(`the demo parent ${parent.name} has no child in any of the ${items.length} classes looked at`);
}

/** A title that no other test and no earlier run used. */
export function uniqueTitle(words) {
  return `${words} ${Date.now().toString(36)}`;
}

/** Opens Compose from the navigation and fills in the message. */
export async function startMessage(page, title, text) {
  await page.getByRole('link', { name: 'Compose' }).first().click();
  await page.getByRole('heading', { name: 'Compose', level: 1 }).waitFor();
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Text').fill(text);
}

/** Chooses a class in the picker by typing its name. */
export async function chooseClass(page, wanted) {
  const box = page.getByRole('combobox', { name: 'Classes' });
  await box.fill(wanted.name);
  await page.getByRole('option', { name: wanted.name }).first().click();
  await page.keyboard.press('Escape');
}

/** How many the compose page says it would reach. */
export function audienceCount(page) {
  return page.getByTestId('audience-count');
}

/** Sends to the demo parent alone, through the API. */
export async function sendTo(recipient, title, extra = {}) {
  const { profile } = await api(recipient, 'GET', '/v1/me');
  return api(person('admin'), 'POST', '/v1/notifications', {
    title,
    content: 'The bus stops at the front gate today.',
    audience: { people: [profile.id] },
    channels: ['in_app', 'websocket'],
    ...extra,
  });
}

/** The unread number that the bell shows. */
export async function unreadOnBell(page) {
  const label = await page.getByRole('button', { name: /^Inbox, / }).getAttribute('aria-label');
  return Number(/(\d+) unread/.exec(label ?? '')?.[1] ?? 0);
}
