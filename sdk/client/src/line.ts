/**
 * The realtime line: a WebSocket that comes back by itself and goes on where it was. Each attempt buys a one-use ticket and
 * names the last place that was seen, so what was missed follows; repeats are let pass; what was shown is acknowledged again
 * until the server has confirmed it.
 */
import { parseFrame } from './frames.js';
import type { Frame } from './frames.js';
import type { Frontdesk } from './frontdesk.js';
import { ProblemError } from './problem.js';

/** `ended` is for good: signed out, or a credential that is refused. Everything else comes back. */
export type LineState = 'connecting' | 'online' | 'offline' | 'ended';

export interface LineOptions {
  onFrame: (frame: Frame) => void;
  /** `reason` stands with `ended`: `new_login`, `timeout`, … or a problem's code. */
  onState?: (state: LineState, reason?: string) => void;
  /** Where to go on: `line.position` of an earlier line. */
  after?: string | null;
  /** Where there is none built in, such as in Node 20. */
  WebSocket?: typeof WebSocket;
}

const MOST_IDS = 400;
const MOST_REMEMBERED = 2_000;
const LONGEST_PAUSE_MS = 30_000;
/** Closes that trying again does not mend (docs/API-DESIGN.md): ours to mend, not a member any more, session ended. */
const FINAL = [1002, 1003, 1007, 1008, 1009, 4001];

export class Line {
  readonly #frontdesk: Frontdesk;
  readonly #options: LineOptions;
  readonly #seen = new Set<string>();
  readonly #unconfirmed = new Set<string>();
  #position: string | null;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #connections = 0;
  #busy = false;
  /** How long the server asks to stay away, once. */
  #wait: number | null = null;
  #state: LineState = 'connecting';
  #reason: string | undefined;

  /** Opens the line; it stays up until `close`. */
  constructor(frontdesk: Frontdesk, options: LineOptions) {
    this.#frontdesk = frontdesk;
    this.#options = options;
    this.#position = options.after ?? null;
    globalThis.addEventListener?.('online', this.#hurry);
    globalThis.addEventListener?.('offline', this.#lost);
    globalThis.document?.addEventListener('visibilitychange', this.#hurry);
    void this.#connect();
  }

  get state(): LineState {
    return this.#state;
  }

  /** The last place in the order of events that was seen. */
  get position(): string | null {
    return this.#position;
  }

  /** Says that these deliveries have been shown. */
  acknowledge(...deliveryIds: string[]): void {
    for (const id of deliveryIds) this.#unconfirmed.add(id);
    trim(this.#unconfirmed);
    this.#send(deliveryIds);
  }

  close(): void {
    this.#end();
  }

  async #connect(): Promise<void> {
    if (this.#busy || this.#socket || this.#state === 'ended') return;
    this.#busy = true;
    clearTimeout(this.#timer);
    try {
      const { ticket } = await this.#frontdesk.request('POST /v1/realtime/tickets');
      if (this.#ended()) return;
      const url = new URL(`${this.#frontdesk.baseUrl}/v1/realtime`);
      url.protocol = url.protocol.replace('http', 'ws');
      url.searchParams.set('ticket', ticket);
      if (this.#position) url.searchParams.set('last_event_id', this.#position);
      this.#listen(new (this.#options.WebSocket ?? WebSocket)(url));
    } catch (error) {
      if (error instanceof ProblemError && [401, 403].includes(error.status)) this.#end(error.code);
      else this.#retry();
    } finally {
      this.#busy = false;
    }
  }

  #listen(socket: WebSocket): void {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const frame = this.#socket === socket ? parseFrame(data) : null;
      if (frame) this.#take(frame);
    });
    socket.addEventListener('close', ({ code, reason }) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      if (this.#ended()) return;
      if (FINAL.includes(code)) this.#end(this.#reason ?? reason);
      else this.#retry();
    });
  }

  #take(frame: Frame): void {
    if (frame.type === 'ready') this.#ready(frame.resumed === true);
    else if (frame.type === 'reconnect') this.#wait = frame.after_ms;
    else if (frame.type === 'session.terminated') this.#reason = frame.reason;
    else if (frame.type === 'ack.recorded') for (const id of frame.delivery_ids) this.#unconfirmed.delete(id);
    if (!this.#repeats(frame)) this.#options.onFrame(frame);
    if (frame.id) this.#position = frame.id;
    if (frame.type === 'session.terminated') this.#end(frame.reason);
  }

  /** After a break without resuming there may be a gap: whoever shows something must look again. */
  #ready(resumed: boolean): void {
    this.#attempt = 0;
    this.#connections += 1;
    this.#turn('online');
    this.#send([...this.#unconfirmed]);
    if (!resumed && this.#connections > 1) this.#options.onFrame({ type: 'refetch' });
  }

  #repeats(frame: Frame): boolean {
    if (frame.type !== 'notification.created' || !frame.delivery_id) return false;
    const again = this.#seen.has(frame.delivery_id);
    if (again) this.#send([...this.#unconfirmed].filter((id) => id === frame.delivery_id));
    this.#seen.add(frame.delivery_id);
    trim(this.#seen);
    return again;
  }

  #send(deliveryIds: string[]): void {
    if (this.#socket?.readyState !== 1) return;
    for (let at = 0; at < deliveryIds.length; at += MOST_IDS) {
      this.#socket.send(JSON.stringify({ type: 'ack', delivery_ids: deliveryIds.slice(at, at + MOST_IDS) }));
    }
  }

  /** Full jitter, so that a thousand clients do not come back in one moment. */
  #retry(): void {
    this.#turn('offline');
    const pause = this.#wait ?? Math.random() * Math.min(LONGEST_PAUSE_MS, 500 * 2 ** this.#attempt);
    this.#wait = null;
    this.#attempt += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), pause);
  }

  #hurry = (): void => {
    if (globalThis.document?.visibilityState !== 'hidden') void this.#connect();
  };

  /** The network is gone; the socket would notice minutes later. */
  #lost = (): void => {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    if (!this.#ended()) this.#retry();
  };

  #ended(): boolean {
    return this.#state === 'ended';
  }

  #end(reason?: string): void {
    clearTimeout(this.#timer);
    globalThis.removeEventListener?.('online', this.#hurry);
    globalThis.removeEventListener?.('offline', this.#lost);
    globalThis.document?.removeEventListener('visibilitychange', this.#hurry);
    this.#turn('ended', reason);
    this.#socket?.close();
    this.#socket = null;
  }

  #turn(state: LineState, reason?: string): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState?.(state, reason);
  }
}

function trim(set: Set<string>): void {
  for (const oldest of set) {
    if (set.size <= MOST_REMEMBERED) return;
    set.delete(oldest);
  }
}
