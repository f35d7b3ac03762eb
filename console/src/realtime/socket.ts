/**
 * A WebSocket that comes back: each attempt buys a fresh one-use ticket, failures wait longer each time (backoff.ts), and
 * being online again or coming back to the tab tries at once. It knows nothing of what the frames mean.
 */
import { retryDelay } from './backoff';
import { parseFrame } from './frames';
import type { ServerFrame } from '../api/contract';

export interface Line {
  /** Sends when connected; dropped otherwise (the server repeats what was not acknowledged). */
  send(frame: object): void;
  close(): void;
}

interface Options {
  ticket: () => Promise<string>;
  onFrame: (frame: ServerFrame) => void;
  onConnected: (connected: boolean) => void;
}

/** Opens the line; it stays up until `close`. */
export function openLine({ ticket, onFrame, onConnected }: Options): Line {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let closed = false;
  let connecting = false;

  async function connect() {
    if (closed || connecting || socket !== null) return;
    connecting = true;
    clearTimeout(timer);
    try {
      const url = new URL(`/v1/realtime?ticket=${encodeURIComponent(await ticket())}`, location.href);
      url.protocol = url.protocol.replace('http', 'ws');
      if (!closed) listen(new WebSocket(url));
    } catch {
      retry();
    } finally {
      connecting = false;
    }
  }

  function listen(opened: WebSocket) {
    socket = opened;
    opened.addEventListener('message', (event) => {
      const frame = typeof event.data === 'string' ? parseFrame(event.data) : null;
      if (frame === null || closed) return;
      if (frame.type === 'ready') {
        attempt = 0;
        onConnected(true);
      }
      onFrame(frame);
    });
    opened.addEventListener('close', () => {
      if (socket === opened) socket = null;
      if (closed) return;
      onConnected(false);
      retry();
    });
  }

  function retry() {
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(() => void connect(), retryDelay(attempt, Math.random()));
    attempt += 1;
  }

  function hurry() {
    if (document.visibilityState === 'visible') void connect();
  }

  window.addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  void connect();
  return {
    send(frame) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    },
    close() {
      closed = true;
      clearTimeout(timer);
      window.removeEventListener('online', hurry);
      document.removeEventListener('visibilitychange', hurry);
      socket?.close();
    },
  };
}
