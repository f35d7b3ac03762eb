/** What goes over the realtime line; docs/API-DESIGN.md describes each. Frames that are not known here are passed over. */
import type { InboxItem } from './generated/types.gen.js';

/** Frames with an `id` have a place in the organization's order; the last one is where a line resumes. */
interface Placed {
  id?: string | null;
}

export type Frame =
  | (Placed & { type: 'ready'; unread: number; resumed?: boolean })
  | (Placed & { type: 'notification.created'; delivery_id: string | null; notification: InboxItem })
  | (Placed & { type: 'notification.updated'; notification: InboxItem })
  | (Placed & { type: 'notification.withdrawn'; notification_id: string })
  | (Placed & { type: 'notification.progress'; notification_id: string })
  | (Placed & { type: 'inbox.count'; unread: number })
  | (Placed & { type: 'ack.recorded'; delivery_ids: string[] })
  | (Placed & { type: 'session.terminated'; reason: string })
  | (Placed & { type: 'reconnect'; after_ms: number })
  /** What is shown must be fetched anew: the place to resume after is not known any more. */
  | (Placed & { type: 'refetch' });

const KNOWN: readonly string[] = [
  'ready',
  'notification.created',
  'notification.updated',
  'notification.withdrawn',
  'notification.progress',
  'inbox.count',
  'ack.recorded',
  'session.terminated',
  'reconnect',
  'refetch',
] satisfies Frame['type'][];

/** A frame that we know, or nothing. */
export function parseFrame(text: unknown): Frame | null {
  try {
    const frame: unknown = JSON.parse(String(text));
    return typeof frame === 'object' && frame !== null && 'type' in frame && KNOWN.includes(String(frame.type)) ? (frame as Frame) : null;
  } catch {
    return null;
  }
}
