/**
 * The one place that talks HTTP: `request` takes an address of the API and is typed by it, so there is nothing by hand that
 * could get out of step with the server. Failures are `ProblemError`s; what may be sent twice is sent again when no answer came.
 */
import { REPEATABLE } from './generated/operations.gen.js';
import type { Operations } from './generated/operations.gen.js';
import type { NewSession, StartedSession } from './generated/types.gen.js';
import { ProblemError, problemOf, unreachable } from './problem.js';

/** Method and path, as openapi.json has them: `'GET /v1/inbox'`. */
export type Address = keyof Operations;
/** What an address answers. */
export type Answer<A extends Address> = Operations[A]['answer'];

interface Extras {
  /** For addresses that take one: the same key again is the same message. Made up when left out. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}
type Given<A extends Address> = Omit<Operations[A]['data'], 'url' | 'headers'>;
/** What an address takes: `path`, `query` and `body`. */
export type Input<A extends Address> = Given<A> & Extras;
type Arguments<A extends Address> = object extends Given<A> ? [input?: Input<A>] : [input: Input<A>];

/** The addresses that answer in pages. */
export type ListAddress = { [A in Address]: Answer<A> extends { items: unknown[]; next_cursor?: string | null } ? A : never }[Address];
/** What stands in the pages of a list. */
export type Item<A extends ListAddress> = Answer<A> extends { items: (infer T)[] } ? T : never;

/** Gives a token when one is needed. `refused` is the one that the server did not take any more: do not give that again. */
export type TokenProvider = (refused?: string) => string | Promise<string>;

export interface FrontdeskOptions {
  /** Where Frontdesk is; in a browser the page's own origin when left out. */
  baseUrl?: string;
  /** The identity provider's token, a session's (`fds_…`) or, on a server, a service key (`fdk_…`). */
  token: string | TokenProvider;
  /** How often a request that may be repeated is sent again when no answer came; 2. */
  retries?: number;
  fetch?: typeof fetch;
}

/** The parts of a request before it is sent, whatever its address. */
interface Parts extends Extras {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
}

const PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** A connection to one Frontdesk as one person or service. */
export class Frontdesk {
  readonly baseUrl: string;
  readonly #provider: TokenProvider;
  readonly #retries: number;
  readonly #fetch: typeof fetch;
  #session: string | null = null;

  constructor({ baseUrl, token, retries = 2, fetch: own }: FrontdeskOptions) {
    this.baseUrl = (baseUrl ?? globalThis.location?.origin ?? '').replace(/\/+$/, '');
    if (!/^https?:\/\//.test(this.baseUrl)) throw new TypeError(`baseUrl must begin with http:// or https://, not "${this.baseUrl}"`);
    this.#provider = typeof token === 'string' ? () => token : token;
    this.#retries = retries;
    this.#fetch = own ?? ((input, init) => fetch(input, init));
  }

  /** Sends one request. Throws a `ProblemError` for every answer that is not a success. */
  async request<A extends Address>(address: A, ...[input]: Arguments<A>): Promise<Answer<A>> {
    const parts = (input ?? {}) as Parts;
    const repeatable = REPEATABLE.includes(address);
    const headers = new Headers({ accept: 'application/json' });
    if (parts.body !== undefined) headers.set('content-type', 'application/json');
    if (repeatable) headers.set('idempotency-key', parts.idempotencyKey ?? crypto.randomUUID());
    const [method = 'GET', template = ''] = address.split(' ');
    const init: RequestInit & { headers: Headers } = { method, headers };
    if (parts.body !== undefined) init.body = JSON.stringify(parts.body);
    if (parts.signal) init.signal = parts.signal;
    const url = this.baseUrl + fill(template, parts.path) + queryOf(parts.query);
    const response = await this.#send(url, init, repeatable || method === 'GET' ? this.#retries : 0);
    return (response.status === 204 ? undefined : await response.json()) as Answer<A>;
  }

  /** Everything in a list, page after page, as far as it is asked for. */
  async *items<A extends ListAddress>(address: A, ...[input]: Arguments<A>): AsyncGenerator<Item<A>, void, undefined> {
    let cursor: string | null | undefined;
    do {
      const parts: Parts = { ...(input as Parts | undefined) };
      if (cursor) parts.query = { ...parts.query, cursor };
      const page = (await this.request(address, ...([parts] as unknown as Arguments<A>))) as { items: Item<A>[]; next_cursor?: string | null };
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor);
  }

  /**
   * Signs this device in: trades the provider's token for a session, which is used from then on. The person's other device
   * is signed out by that, or this one is refused (`signed_in_elsewhere`), as the organization has chosen.
   */
  async signIn(device: NewSession): Promise<StartedSession> {
    this.#session = null;
    const started = await this.request('POST /v1/sessions', { body: device });
    this.#session = started.token;
    return started;
  }

  /** Goes on with a session that was started earlier. */
  useSession(token: string): void {
    this.#session = token;
  }

  /** Ends the session. */
  async signOut(): Promise<void> {
    await this.request('DELETE /v1/sessions/current');
    this.#session = null;
  }

  async #send(url: string, init: RequestInit & { headers: Headers }, retries: number): Promise<Response> {
    let token = this.#session ?? (await this.#provider());
    let renewed = false;
    for (let attempt = 0; ; ) {
      init.headers.set('authorization', `Bearer ${token}`);
      const response = await this.#fetch(url, init).catch((error: unknown) => {
        if (init.signal?.aborted) throw error;
        return null;
      });
      if (response?.ok) return response;
      if (response?.status === 401 && this.#session === null && !renewed) {
        renewed = true;
        const other = await this.#provider(token);
        if (other !== token) {
          token = other;
          continue;
        }
      }
      const later = response === null || [429, 502, 503, 504].includes(response.status);
      if (!later || attempt >= retries) throw response ? await problemOf(response) : unreachable();
      await pause(attempt, Number(response?.headers.get('retry-after')));
      attempt += 1;
    }
  }
}

function fill(template: string, path: Record<string, string> = {}): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = path[name];
    if (!value) throw new ProblemError({ status: 0, code: 'not_found', title: `${template} needs ${name}` });
    return encodeURIComponent(value);
  });
}

function queryOf(query: Record<string, unknown> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** Longer each time and never the same for all clients at once; the server's own word goes first. */
function pause(attempt: number, seconds: number): Promise<void> {
  const wait = seconds > 0 ? seconds * 1000 : PAUSE_MS * 2 ** attempt * (0.5 + Math.random());
  return new Promise((resolve) => setTimeout(resolve, Math.min(wait, LONGEST_PAUSE_MS)));
}
