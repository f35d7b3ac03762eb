/**
 * `<frontdesk-inbox>`: bell, panel and emergency banner, drawn from the store of `@frontdesk/client`. It holds no truth of its
 * own but what is open. Popovers are the browser's: they bring the top layer, Escape, closing by a click elsewhere.
 */
import { Frontdesk, Inbox } from '@frontdesk/client';
import type { InboxItem, InboxStatus, InboxView, TokenProvider } from '@frontdesk/client';
import { html, nothing, render, svg } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { styles } from './styles.js';
import { directionOf, laterThan, since, wordsOf } from './words.js';
import type { Words } from './words.js';

const BELL = svg`<path d="M6 9a6 6 0 0 1 12 0c0 6 2.5 7.5 2.5 7.5h-17S6 15 6 9M10 20a2.3 2.3 0 0 0 4 0"/>`;
const CHECK = svg`<path d="m5 12 5 5 9-10"/>`;
const CHECKS = svg`<path d="m2 12 5 5 9-10m-4 9 1 1 9-10"/>`;
const DOT = svg`<circle cx="12" cy="12" r="5"/>`;
const BOX = svg`<path d="M3 5h18v4H3zM5 9v10h14V9M10 13h4"/>`;
const OUT = svg`<path d="M12 16V7m-4 4 4-4 4 4M4 20h16"/>`;
const CLOCK = svg`<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 3"/>`;
const CROSS = svg`<path d="m6 6 12 12M18 6 6 18"/>`;

const VIEWS: readonly (InboxView & { word: keyof Words })[] = [
  { status: null, word: 'all' },
  { status: 'unread', word: 'unread' },
  { status: null, snoozed: true, word: 'snoozed' },
  { status: 'archived', word: 'archived' },
];
const GAP = 8;

const icon = (path: TemplateResult<2>) => html`<svg viewBox="0 0 24 24" aria-hidden="true">${path}</svg>`;

/** A sender's link is followed only when it leads to a web page: never `javascript:` or another scheme. */
function safeLink(url: string | null | undefined): string | null {
  if (!url || !URL.canParse(url, location.href)) return null;
  const { protocol, href } = new URL(url, location.href);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}

/** Attributes and the properties that they set. */
const ATTRIBUTES = { 'base-url': 'baseUrl', token: 'token', locale: 'locale', placement: 'placement' } as const;

/** The element. Give it `client`, or `tokenProvider` (or `token`) and, for another origin, `base-url`. */
export class FrontdeskInbox extends HTMLElement {
  static readonly observedAttributes = Object.keys(ATTRIBUTES);

  #given: {
    baseUrl?: string | null | undefined;
    token?: string | null | undefined;
    locale?: string | null | undefined;
    placement?: string | null | undefined;
    client?: Frontdesk | undefined;
    tokenProvider?: TokenProvider | undefined;
  } = {};
  #opened = false;
  #expanded: string | null = null;
  #inbox: Inbox | null = null;
  #forget: (() => void) | undefined;
  #announced: InboxItem | null = null;
  #unread = 0;
  #said = '';
  #observer: IntersectionObserver | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  #drawing: Promise<void> | null = null;
  #stale = false;
  readonly #root = this.attachShadow({ mode: 'open' });

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    this.#root.adoptedStyleSheets = [sheet];
  }

  /** Where Frontdesk is, the page's own origin when left out. */
  get baseUrl(): string | null | undefined {
    return this.#given.baseUrl;
  }
  set baseUrl(baseUrl: string | null | undefined) {
    this.#give({ baseUrl }, true);
  }

  /** A token that does not change; better give `tokenProvider`. */
  get token(): string | null | undefined {
    return this.#given.token;
  }
  set token(token: string | null | undefined) {
    this.#give({ token }, true);
  }

  /** Gives a token when one is needed. */
  get tokenProvider(): TokenProvider | undefined {
    return this.#given.tokenProvider;
  }
  set tokenProvider(tokenProvider: TokenProvider | undefined) {
    this.#give({ tokenProvider }, true);
  }

  /** A connection that the page has already. */
  get client(): Frontdesk | undefined {
    return this.#given.client;
  }
  set client(client: Frontdesk | undefined) {
    this.#give({ client }, true);
  }

  /** `vi`, `es-MX`, …: the page's language when left out. */
  get locale(): string | null | undefined {
    return this.#given.locale;
  }
  set locale(locale: string | null | undefined) {
    this.#give({ locale });
  }

  /** `start` or `end` (when left out): the edge of the bell that the panel keeps to. */
  get placement(): string | null | undefined {
    return this.#given.placement;
  }
  set placement(placement: string | null | undefined) {
    this.#give({ placement });
  }

  /** The store, for pages that want to show more than this does. */
  get inbox(): Inbox | null {
    return this.#inbox;
  }

  connectedCallback(): void {
    for (const name of ['client', 'tokenProvider', ...Object.values(ATTRIBUTES)] as const) this.#upgrade(name);
    this.#observer = new IntersectionObserver((seen) => {
      if (seen.some((one) => one.isIntersecting)) void this.#inbox?.loadMore();
    });
    this.#clock = setInterval(() => this.#opened && this.#update(), 60_000);
    addEventListener('resize', this.#place);
    this.#stale = true;
    this.#update();
  }

  disconnectedCallback(): void {
    this.#observer?.disconnect();
    clearInterval(this.#clock);
    removeEventListener('resize', this.#place);
    this.#disconnect();
  }

  attributeChangedCallback(name: keyof typeof ATTRIBUTES, _: string | null, value: string | null): void {
    this[ATTRIBUTES[name]] = value;
  }

  /** Properties that were set before the element was defined stand in the way of the ones of the class. */
  #upgrade<Name extends 'client' | 'tokenProvider' | (typeof ATTRIBUTES)[keyof typeof ATTRIBUTES]>(name: Name): void {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete (this as Partial<this>)[name];
    this[name] = value;
  }

  #give(what: object, reconnect = false): void {
    Object.assign(this.#given, what);
    this.#stale ||= reconnect;
    this.#update();
  }

  /** Draws once for all that changes in one go. */
  #update(): Promise<void> {
    this.#drawing ??= Promise.resolve().then(() => {
      this.#drawing = null;
      if (!this.isConnected) return;
      if (this.#stale) this.#connect();
      render(this.#render(), this.#root, { host: this });
      this.#updated();
    });
    return this.#drawing;
  }

  #connect(): void {
    this.#disconnect();
    this.#stale = false;
    const token = this.tokenProvider ?? this.token;
    const frontdesk = this.client ?? (token ? new Frontdesk({ token, ...(this.baseUrl ? { baseUrl: this.baseUrl } : {}) }) : null);
    if (!frontdesk) return;
    const inbox = new Inbox(frontdesk);
    this.#inbox = inbox;
    this.#forget = inbox.subscribe(() => this.#watch(inbox));
    inbox.start();
    if (this.#opened) void inbox.show();
  }

  #disconnect(): void {
    this.#forget?.();
    this.#inbox?.stop();
    this.#inbox = null;
  }

  /** Tells the page what it may want to know, then draws. */
  #watch({ state: { arrived, unread } }: Inbox): void {
    if (unread !== this.#unread) this.#tell('unread', { unread });
    this.#unread = unread;
    if (arrived && arrived !== this.#announced) {
      this.#announced = arrived;
      if (this.#tell('arrived', { item: arrived })) this.#said = `${this.#words.arrived}: ${arrived.title}`;
    }
    void this.#update();
  }

  /** `frontdesk-…`; answers false when the page has said `preventDefault`. */
  #tell(name: string, detail: object): boolean {
    return this.dispatchEvent(new CustomEvent(`frontdesk-${name}`, { detail, bubbles: true, composed: true, cancelable: true }));
  }

  get #locale(): string {
    return this.#given.locale || this.closest<HTMLElement>('[lang]')?.lang || navigator.language;
  }

  get #words(): Words {
    return wordsOf(this.#locale);
  }

  #find<T extends HTMLElement>(selector: string): T | null {
    return this.#root.querySelector<T>(selector);
  }

  #updated(): void {
    const banner = this.#find('.banner');
    banner?.togglePopover(Boolean(this.#inbox?.state.urgent.length));
    const end = this.#find('.end');
    this.#observer?.disconnect();
    // Observing anew asks anew, which matters while a page is shorter than the panel.
    if (end && !this.#inbox?.state.loading) this.#observer?.observe(end);
    this.#place();
  }

  #render(): TemplateResult {
    const state = this.#inbox?.state;
    const words = this.#words;
    const unread = new Intl.NumberFormat(this.#locale).format(Math.min(state?.unread ?? 0, 99)) + ((state?.unread ?? 0) > 99 ? '+' : '');
    return html`<div dir=${directionOf(this.#locale)} lang=${this.#locale}>
      <div class="banner" part="banner" popover="manual" role="region" aria-label=${words.emergency}>${state?.urgent[0] && this.#banner(state.urgent[0])}</div>
      <button
        class="bell"
        part="bell"
        popovertarget="panel"
        aria-haspopup="dialog"
        aria-expanded=${this.#opened}
        aria-label="${words.inbox}${state?.unread ? `, ${words.unread}: ${unread}` : ''}"
      >
        <slot name="bell">${icon(BELL)}</slot>
        ${state?.unread ? html`<span class="badge" part="badge" aria-hidden="true">${unread}</span>` : nothing}
      </button>
      <div id="panel" class="panel" part="panel" popover role="dialog" aria-labelledby="title" tabindex="-1" @toggle=${this.#toggled}>${this.#opened && state ? this.#panel() : nothing}</div>
      <p class="hidden" role="status">${this.#said}</p>
      <p class="hidden" role="alert">${state?.urgent[0] && `${words.emergency}: ${state.urgent[0].title}. ${state.urgent[0].content}`}</p>
    </div>`;
  }

  #banner(item: InboxItem): TemplateResult {
    return html`<b>${this.#words.emergency}</b>
      <h2 dir="auto">${item.title}</h2>
      <p dir="auto" class="text">${item.content}</p>
      ${this.#link(item)}
      <button class="main" part="acknowledge" @click=${() => this.#acknowledge(item)}>${this.#words.acknowledge}</button>`;
  }

  #panel(): TemplateResult {
    const words = this.#words;
    const { items, unread, loading, more, line, problem, view } = this.#inbox!.state;
    const current = VIEWS.find(({ status, snoozed }) => status === view.status && Boolean(snoozed) === Boolean(view.snoozed))!;
    return html`<header part="header">
        <h2 id="title">${words.inbox}</h2>
        <button title=${words.readAll} aria-label=${words.readAll} ?disabled=${unread === 0} @click=${this.#readAll}>${icon(CHECKS)}</button>
        <button title=${words.close} aria-label=${words.close} popovertarget="panel" popovertargetaction="hide">${icon(CROSS)}</button>
      </header>
      <div class="tabs" part="tabs" role="tablist" aria-label=${words.inbox} @keydown=${this.#tabKey}>
        ${VIEWS.map(
          (one) =>
            html`<button
              role="tab"
              part="tab"
              aria-controls="list"
              aria-selected=${one === current}
              tabindex=${one === current ? 0 : -1}
              @click=${() => this.#inbox?.show(one)}
            >
              ${words[one.word]}
            </button>`,
        )}
      </div>
      ${line === 'offline' || line === 'ended' ? html`<p class="note" part="offline">${line === 'ended' ? words.ended : words.offline}</p>` : nothing}
      ${problem
        ? html`<p class="note" part="problem"><span>${words.failed} ${problem.message}</span><button @click=${() => this.#inbox?.show()}>${words.again}</button></p>`
        : nothing}
      <div id="list" class="list" part="list" role="tabpanel" aria-label=${words[current.word]} aria-busy=${loading}>
        ${items.length > 0
          ? html`<ul role="list">
              ${repeat(items, ({ notification_id }) => notification_id, (item) => this.#row(item))}
            </ul>`
          : loading
            ? nothing
            : html`<slot name="empty"><p class="empty" part="empty">${view.status === 'archived' || view.snoozed ? words.nothing : words.upToDate}</p></slot>`}
        ${loading ? html`<p class="empty">${words.loading}</p>` : nothing} ${more ? html`<div class="end"></div>` : nothing}
      </div>
      <slot name="footer"></slot>`;
  }

  #row(item: InboxItem): TemplateResult {
    const words = this.#words;
    const unread = item.status === 'unread';
    const open = this.#expanded === item.notification_id;
    const urgent = item.category === 'emergency';
    const act = (word: keyof Words, path: TemplateResult<2>, to: InboxStatus) =>
      html`<button title=${words[word]} aria-label="${words[word]}: ${item.title}" @click=${(event: Event) => this.#act(event, `${words[to === 'archived' ? 'archived' : to === 'unread' ? 'unread' : 'all']}: ${item.title}`, (inbox) => inbox.mark(item.notification_id, to))}>${icon(path)}</button>`;
    return html`<li class="item ${unread ? 'unread' : ''} ${urgent ? 'emergency' : ''}" part="item ${unread ? 'item-unread' : ''}">
      <span class="dot"></span>
      <div>
        <h3 part="title">
          <button dir="auto" aria-expanded=${open} @click=${() => this.#open(item)}>${unread ? html`<span class="hidden">${words.unread}: </span>` : nothing}${item.title}</button>
        </h3>
        <p dir="auto" class="text ${open ? '' : 'short'}" part="text">${item.content}</p>
        ${open ? this.#link(item) : nothing}
        ${item.acknowledgement && !item.acknowledged_at
          ? html`<button
              class="main"
              part="acknowledge"
              @click=${(event: Event) => this.#act(event, item.title, (inbox) => inbox.acknowledge(item))}
            >
              ${words.acknowledge}
            </button>`
          : nothing}
        <p class="meta" part="meta">
          ${urgent ? html`<b>${words.emergency}</b> · ` : nothing}${item.sender_name ? `${item.sender_name} · ` : nothing}<time datetime=${item.created_at}
            >${since(item.created_at, Date.now(), this.#locale)}</time
          >
        </p>
      </div>
      <div class="actions">
        ${item.status === 'archived'
          ? act('restore', OUT, 'read')
          : this.#inbox?.state.view.snoozed
            ? html`<button
                title=${words.restore}
                aria-label="${words.restore}: ${item.title}"
                @click=${(event: Event) => this.#act(event, `${words.all}: ${item.title}`, (inbox) => inbox.snooze(item.notification_id, null))}
              >
                ${icon(OUT)}
              </button>`
            : [this.#snooze(item), unread ? act('markRead', CHECK, 'read') : act('markUnread', DOT, 'unread'), act('archive', BOX, 'archived')]}
      </div>
    </li>`;
  }

  #link(item: InboxItem): TemplateResult | typeof nothing {
    const href = safeLink(item.action_url);
    if (!href) return nothing;
    const follow = (event: Event) => this.#tell('link', { item, href }) || event.preventDefault();
    return html`<p><a part="link" href=${href} target="_blank" rel="noopener noreferrer" @click=${follow}>${this.#words.link}</a></p>`;
  }

  #toggled({ newState }: ToggleEvent): void {
    this.#opened = newState === 'open';
    void this.#update();
    if (!this.#opened) {
      // Where the focus was may be gone by now, and then the browser does not bring it back.
      if (document.activeElement === document.body || document.activeElement === this) this.#find('.bell')?.focus();
      return;
    }
    void this.#inbox?.show();
    void this.#update().then(() => this.#find('#panel')?.focus());
  }

  /** Below the bell or above it, wherever there is more room, and never past the edge of the window. */
  #place = (): void => {
    const panel = this.#find('#panel');
    const bell = this.#find('.bell')?.getBoundingClientRect();
    if (!this.#opened || !panel || !bell) return;
    const { clientWidth, clientHeight } = document.documentElement;
    const below = clientHeight - bell.bottom;
    const left = (this.placement === 'start') === (directionOf(this.#locale) === 'ltr') ? bell.left : bell.right - panel.offsetWidth;
    const up = below < 240 && bell.top > below;
    panel.style.setProperty('left', `${Math.max(GAP, Math.min(left, clientWidth - panel.offsetWidth - GAP))}px`);
    panel.style.setProperty(up ? 'bottom' : 'top', `${GAP + (up ? clientHeight - bell.top : bell.bottom)}px`);
    panel.style.setProperty(up ? 'top' : 'bottom', 'auto');
    panel.style.setProperty('max-height', `${Math.min(640, (up ? bell.top : below) - 2 * GAP)}px`);
  };

  #tabKey(event: KeyboardEvent): void {
    const tabs = [...this.#root.querySelectorAll<HTMLElement>('[role=tab]')];
    const forward = directionOf(this.#locale) === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const step = event.key === forward ? 1 : /^Arrow(Left|Right)$/.test(event.key) ? -1 : 0;
    if (step === 0) return;
    const next = tabs.at((tabs.indexOf(event.target as HTMLElement) + step) % tabs.length);
    next?.focus();
    next?.click();
  }

  /** Opening counts as reading. The page may do something else instead. */
  #open(item: InboxItem): void {
    if (this.#tell('open', { item })) this.#expanded = this.#expanded === item.notification_id ? null : item.notification_id;
    if (item.status === 'unread') void this.#inbox?.mark(item.notification_id, 'read');
    void this.#update();
  }

  #snooze(item: InboxItem): TemplateResult {
    const words = this.#words;
    const times = laterThan(new Date(), this.#locale);
    const choose = (event: Event) => {
      const time = times[(event.target as HTMLSelectElement).selectedIndex - 1];
      if (time) void this.#act(event, `${words.snoozed}: ${item.title}`, (inbox) => inbox.snooze(item.notification_id, time.at));
    };
    return html`<span class="snooze"
      >${icon(CLOCK)}<select title=${words.snooze} aria-label="${words.snooze}: ${item.title}" @change=${choose}>
        <option>${words.snooze}</option>
        ${times.map(({ name }) => html`<option>${name}</option>`)}
      </select></span
    >`;
  }

  /** Does it and says it. The row may go, or its button become another: whoever uses the keyboard keeps their place. */
  async #act(event: Event, said: string, what: (inbox: Inbox) => Promise<void>): Promise<void> {
    const row = (event.currentTarget as HTMLElement).closest('li');
    const index = [...(row?.parentElement?.children ?? [])].indexOf(row!);
    if (this.#inbox) void what(this.#inbox);
    this.#said = said;
    await this.#update();
    const rows = [...this.#root.querySelectorAll('.item')];
    const stays = row?.isConnected ? row.querySelector<HTMLElement>('.actions button') : null;
    (stays ?? rows[Math.min(index, rows.length - 1)]?.querySelector<HTMLElement>('h3 button') ?? this.#find('#panel'))?.focus();
  }

  async #readAll(): Promise<void> {
    void this.#inbox?.readAll();
    this.#said = this.#words.upToDate;
    await this.#update();
    // The button is disabled now.
    this.#find('[aria-selected=true]')?.focus();
  }

  async #acknowledge(item: InboxItem): Promise<void> {
    void this.#inbox?.acknowledge(item);
    await this.#update();
    this.#find(this.#inbox?.state.urgent.length ? '.main' : '.bell')?.focus();
  }
}
