/**
 * A person's inbox as a store that any user interface can watch: what is shown, how much is unread, whether the line is up.
 * Changes show at once and are taken back when the server refuses them; news come over the realtime line by themselves.
 * The custom element and the React hooks are both made on it. The state is never changed in place: every change is a new one.
 */
import type { Frame } from './frames.js';
import type { Frontdesk } from './frontdesk.js';
import type { InboxItem, InboxStatus } from './generated/types.gen.js';
import { Line } from './line.js';
import type { LineState } from './line.js';
import { ProblemError, unreachable } from './problem.js';

/** Which messages are shown: one status, or with null all that are not archived; those that are hidden until later, or the others. */
export interface InboxView {
  readonly status: InboxStatus | null;
  readonly snoozed?: boolean;
}

export interface InboxState {
  /** Newest first. */
  readonly items: readonly InboxItem[];
  readonly view: InboxView;
  readonly unread: number;
  /** Emergencies that wait for an acknowledgement, or that have not been read. */
  readonly urgent: readonly InboxItem[];
  /** The message that came last while watching, to be announced. */
  readonly arrived: InboxItem | null;
  readonly loading: boolean;
  /** Whether there are older ones to load. */
  readonly more: boolean;
  readonly line: LineState;
  /** What went wrong last, until something works again. */
  readonly problem: ProblemError | null;
}

export interface InboxOptions {
  pageSize?: number;
  /** Where there is none built in, such as in Node 20. */
  WebSocket?: typeof WebSocket;
}

const URGENT = 'emergency';

export class Inbox {
  readonly #frontdesk: Frontdesk;
  readonly #options: InboxOptions;
  readonly #listeners = new Set<() => void>();
  #line: Line | null = null;
  #cursor: string | null | undefined;
  /** Counts up with every fresh load, so that an answer to an older question is let go. */
  #question = 0;
  #shown = false;
  #state: InboxState = {
    items: [],
    view: { status: null },
    unread: 0,
    urgent: [],
    arrived: null,
    loading: false,
    more: false,
    line: 'connecting',
    problem: null,
  };

  constructor(frontdesk: Frontdesk, options: InboxOptions = {}) {
    this.#frontdesk = frontdesk;
    this.#options = options;
  }

  get state(): InboxState {
    return this.#state;
  }

  /** Calls back after every change of `state`, until the answer is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Counts, looks for emergencies and opens the realtime line. */
  start(): void {
    if (this.#line) return;
    const { WebSocket: own } = this.#options;
    this.#set({ line: 'connecting' });
    this.#line = new Line(this.#frontdesk, {
      onFrame: (frame) => this.#take(frame),
      onState: (line) => this.#set({ line }),
      ...(own ? { WebSocket: own } : {}),
    });
    void this.#look();
  }

  stop(): void {
    this.#line?.close();
    this.#line = null;
  }

  /** Loads the newest of a view. */
  async show(view: InboxView = this.#state.view): Promise<void> {
    this.#shown = true;
    const other = view.status !== this.#state.view.status || Boolean(view.snoozed) !== Boolean(this.#state.view.snoozed);
    this.#cursor = undefined;
    this.#set({ view, ...(other ? { items: [], more: false } : {}) });
    await this.#load((page) => page);
  }

  /** Loads older ones, if there are any and none are on their way. */
  async loadMore(): Promise<void> {
    if (this.#state.loading || !this.#state.more) return;
    await this.#load((page) => {
      const known = new Set(this.#state.items.map(idOf));
      return [...this.#state.items, ...page.filter((item) => !known.has(idOf(item)))];
    });
  }

  /** Marks a message; it leaves the list when it is archived, or taken out of the archive. */
  async mark(id: string, status: InboxStatus): Promise<void> {
    await this.#change(
      (item) => (idOf(item) === id ? { ...item, status } : item),
      async () => {
        const item = await this.#frontdesk.request('PATCH /v1/inbox/{notification_id}', { path: { notification_id: id }, body: { status } });
        this.#replace(item);
      },
    );
  }

  /** Hides a message until then; null shows it again. */
  async snooze(id: string, until: Date | null): Promise<void> {
    const snoozed_until = until?.toISOString() ?? null;
    await this.#change(
      (item) => (idOf(item) === id ? { ...item, snoozed_until } : item),
      async () => {
        const item = await this.#frontdesk.request('PATCH /v1/inbox/{notification_id}', { path: { notification_id: id }, body: { snoozed_until } });
        this.#replace(item);
      },
    );
  }

  /** Tells the sender that it was understood, if they want to know, and counts as reading. */
  async acknowledge({ notification_id, acknowledgement }: InboxItem): Promise<void> {
    const path = { notification_id };
    await this.#change(
      (item) => (idOf(item) === notification_id ? { ...item, status: 'read', acknowledged_at: new Date().toISOString() } : item),
      async () => {
        if (acknowledgement) await this.#frontdesk.request('POST /v1/inbox/{notification_id}/acknowledge', { path });
        this.#replace(await this.#frontdesk.request('PATCH /v1/inbox/{notification_id}', { path, body: { status: 'read' } }));
      },
    );
  }

  /** Marks everything as read. */
  async readAll(): Promise<void> {
    await this.#change(
      (item) => (item.status === 'unread' ? { ...item, status: 'read' } : item),
      async () => {
        await this.#frontdesk.request('POST /v1/inbox/read-all');
        this.#set({ unread: 0 });
      },
    );
  }

  /** Shows the change at once; takes it back when it is refused. The counts are the server's. */
  async #change(change: (item: InboxItem) => InboxItem, ask: () => Promise<void>): Promise<void> {
    const before = this.#state;
    const items = before.items.map(change).filter((item) => this.#stays(item));
    const urgent = before.urgent.map(change).filter(isUrgent);
    const fewer = count(before.items) - count(before.items.map(change));
    this.#set({ items, urgent, unread: Math.max(0, before.unread - fewer), problem: null });
    try {
      await ask();
      await this.#count();
    } catch (error) {
      this.#set({ items: before.items, urgent: before.urgent, unread: before.unread, problem: problemFrom(error) });
    }
  }

  /** Read and unread ones stay where they are until the view is loaded again, so that nothing jumps away under the reader. */
  #stays(item: InboxItem): boolean {
    const { status, snoozed } = this.#state.view;
    return (item.status === 'archived') === (status === 'archived') && isSnoozed(item) === Boolean(snoozed);
  }

  async #load(merge: (page: InboxItem[]) => InboxItem[]): Promise<void> {
    const question = ++this.#question;
    this.#set({ loading: true, problem: null });
    try {
      const query = { limit: this.#options.pageSize ?? 20, ...asked(this.#state.view), ...(this.#cursor ? { cursor: this.#cursor } : {}) };
      const page = await this.#frontdesk.request('GET /v1/inbox', { query });
      if (question !== this.#question) return;
      this.#cursor = page.next_cursor;
      this.#set({ items: merge(page.items), loading: false, more: Boolean(page.next_cursor) });
    } catch (error) {
      if (question === this.#question) this.#set({ loading: false, problem: problemFrom(error) });
    }
  }

  /** What the bell and the banner need. */
  async #look(): Promise<void> {
    try {
      const ask = (query: { status?: 'unread'; unacknowledged?: true }) => this.#frontdesk.request('GET /v1/inbox', { query: { ...query, category: URGENT, limit: 100 } });
      const pages = await Promise.all([ask({ status: 'unread' }), ask({ unacknowledged: true })]);
      const each = new Map(pages.flatMap(({ items }) => items.filter(isUrgent)).map((item) => [idOf(item), item]));
      this.#set({ urgent: [...each.values()] });
      await this.#count();
    } catch (error) {
      this.#set({ problem: problemFrom(error) });
    }
  }

  async #count(): Promise<void> {
    const { unread } = await this.#frontdesk.request('GET /v1/inbox/counts');
    this.#set({ unread });
  }

  #take(frame: Frame): void {
    switch (frame.type) {
      case 'ready':
      case 'inbox.count':
        this.#set({ unread: frame.unread });
        break;
      case 'notification.created':
        this.#arrive(frame.notification);
        if (frame.delivery_id) this.#line?.acknowledge(frame.delivery_id);
        break;
      case 'notification.updated':
        this.#replace(frame.notification);
        break;
      case 'notification.withdrawn':
        this.#drop(frame.notification_id);
        break;
      case 'refetch':
        void this.#look();
        if (this.#shown) void this.show();
        break;
      default:
    }
  }

  #arrive(item: InboxItem): void {
    const { view, items, urgent } = this.#state;
    const known = [...items, ...urgent].some((one) => idOf(one) === idOf(item));
    if (known) return this.#replace(item);
    this.#set({
      items: this.#shown && !view.snoozed && (view.status === null || view.status === item.status) ? [item, ...items] : items,
      urgent: isUrgent(item) ? [item, ...urgent] : urgent,
      arrived: item,
    });
  }

  #replace(item: InboxItem): void {
    const swap = (one: InboxItem) => (idOf(one) === idOf(item) ? item : one);
    this.#set({
      items: this.#state.items.map(swap).filter((one) => this.#stays(one)),
      urgent: this.#state.urgent.map(swap).filter(isUrgent),
    });
  }

  #drop(id: string): void {
    const others = (one: InboxItem) => idOf(one) !== id;
    this.#set({ items: this.#state.items.filter(others), urgent: this.#state.urgent.filter(others) });
    void this.#count().catch(() => {});
  }

  #set(change: Partial<InboxState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

const idOf = (item: InboxItem): string => item.notification_id;
const count = (items: readonly InboxItem[]): number => items.filter((item) => item.status === 'unread' && !isSnoozed(item)).length;
const isSnoozed = ({ snoozed_until: until }: InboxItem): boolean => Boolean(until) && Date.parse(until ?? '') > Date.now();

function isUrgent(item: InboxItem): boolean {
  if (item.category !== URGENT) return false;
  return item.acknowledgement ? !item.acknowledged_at : item.status === 'unread';
}

function asked({ status, snoozed }: InboxView): { status?: InboxStatus; snoozed?: true } {
  return { ...(status === null ? {} : { status }), ...(snoozed ? { snoozed } : {}) };
}

function problemFrom(error: unknown): ProblemError {
  return error instanceof ProblemError ? error : unreachable();
}
