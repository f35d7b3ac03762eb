/** Reads what arrives over the socket. Unknown frames are ignored, so that an older console outlives a newer server. */
import type { InboxItem, ServerFrame } from '../api/contract';

export function parseFrame(text: string): ServerFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isObject(value) ? readFrame(value) : null;
}

function readFrame(value: Record<string, unknown>): ServerFrame | null {
  switch (value.type) {
    case 'ready':
    case 'inbox.count':
      return typeof value.unread === 'number' ? { type: value.type, unread: value.unread } : null;
    case 'notification.progress':
      return typeof value.notification_id === 'string'
        ? { type: value.type, notification_id: value.notification_id }
        : null;
    case 'notification.created':
      return typeof value.delivery_id === 'string' && isInboxItem(value.notification)
        ? { type: value.type, delivery_id: value.delivery_id, notification: value.notification }
        : null;
    default:
      return null;
  }
}

function isInboxItem(value: unknown): value is InboxItem {
  return isObject(value) && typeof value.notification_id === 'string' && typeof value.title === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
