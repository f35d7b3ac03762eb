/**
 * A parents' page in plain TypeScript: the element for the bell, the typed client for the rest. Served by the school's own
 * server, which hands /v1 on to Frontdesk; see docs/sdk.md.
 */
import { Frontdesk, ProblemError } from '@frontdesk/client';
import type { InboxItem, Me } from '@frontdesk/client';
import '@frontdesk/inbox';

const LANGUAGES = { en: 'English', vi: 'Tiếng Việt', es: 'Español', ar: 'العربية' };

function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no #${id}`);
  return found;
}

/** A real page asks its own server for the signed-in person's token; here it stands in the link, as `frontdesk up` prints it. */
const frontdesk = new Frontdesk({ token: () => new URLSearchParams(location.hash.slice(1)).get('token') ?? '' });

const inbox = document.querySelector('frontdesk-inbox');
if (inbox) inbox.client = frontdesk;

const language = byId('language', HTMLSelectElement);
for (const [code, name] of Object.entries(LANGUAGES)) language.add(new Option(name, code));
language.addEventListener('change', () => {
  if (inbox) inbox.locale = language.value;
});

function greet({ profile, organization }: Me): void {
  byId('greeting', HTMLHeadingElement).textContent = `Welcome to ${organization.name}, ${profile?.name ?? 'guest'}`;
}

function entry(item: InboxItem): HTMLLIElement {
  const row = document.createElement('li');
  const title = document.createElement('strong');
  title.textContent = item.title;
  const when = document.createElement('time');
  when.dateTime = item.created_at;
  when.textContent = new Date(item.created_at).toLocaleString();
  row.append(title, ' ', when, document.createElement('br'), item.content);
  return row;
}

/** One page more of the notices each time; the generator keeps the cursor. */
const notices = frontdesk.items('GET /v1/inbox', { query: { limit: 10 } });
async function showOlder(count: number): Promise<void> {
  for (let shown = 0; shown < count; shown += 1) {
    const next = await notices.next();
    if (next.done) {
      byId('older', HTMLButtonElement).disabled = true;
      return;
    }
    byId('list', HTMLUListElement).append(entry(next.value));
  }
}

function complain(error: unknown): void {
  byId('trouble', HTMLParagraphElement).textContent = error instanceof ProblemError && error.status === 401 ? 'Please sign in again.' : String(error);
}

inbox?.addEventListener('frontdesk-arrived', ({ detail }) => byId('list', HTMLUListElement).prepend(entry(detail.item)));
byId('older', HTMLButtonElement).addEventListener('click', () => void showOlder(10).catch(complain));
frontdesk.request('GET /v1/me').then(greet).catch(complain);
showOlder(10).catch(complain);
