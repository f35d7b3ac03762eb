/** The words the console uses for the values of the API. */
import type { Category, Channel, DeliveryState, InboxStatus, Notification, NotificationState, Priority, Role } from '../api/contract';

export const ROLE_ONE: Record<Role, string> = {
  admin: 'Admin',
  staff: 'Staff',
  teacher: 'Teacher',
  parent: 'Parent',
  student: 'Student',
};

export const ROLE_MANY: Record<Role, string> = {
  admin: 'Admins',
  staff: 'Staff',
  teacher: 'Teachers',
  parent: 'Parents',
  student: 'Students',
};

export const CATEGORY: Record<Category, { name: string; hint: string }> = {
  announcement: { name: 'Announcement', hint: 'News that people should see today.' },
  reminder: { name: 'Reminder', hint: 'Something that is coming up.' },
  system: { name: 'System', hint: 'About the service itself.' },
  emergency: { name: 'Emergency', hint: 'Goes first, to everyone, at once.' },
};

export const PRIORITY: Record<Priority, string> = {
  low: 'Low',
  normal: 'Normal',
  high: 'High',
  urgent: 'Urgent',
  emergency: 'Emergency',
};

export const CHANNEL: Record<Channel, { name: string; hint: string }> = {
  in_app: { name: 'Inbox', hint: 'Waits in each person’s inbox.' },
  websocket: { name: 'Live', hint: 'Rings at once for those who are online.' },
  email: { name: 'Email', hint: 'One message to each address.' },
};

const DELIVERY: Record<DeliveryState, string> = {
  delivered: 'Delivered',
  sent: 'Sent',
  pending: 'Waiting',
  skipped: 'Skipped',
  bounced: 'Bounced',
  failed: 'Failed',
};

/** A delivery's state in words. The live channel waits for the person, not for the server. */
export function deliveryWord(channel: Channel, state: DeliveryState): string {
  if (channel === 'websocket' && state === 'pending') return 'Not online yet';
  return DELIVERY[state] ?? state;
}

const STATE: Record<NotificationState, string> = {
  scheduled: 'Scheduled',
  expanding: 'Finding people',
  sending: 'Sending',
  done: 'Done',
  cancelled: 'Cancelled',
  expired: 'Expired',
};

/** A notification's state in words. One that was due from the start waits its turn, not for a date. */
export function stateWord({ state, scheduled_for, created_at }: Pick<Notification, 'state' | 'scheduled_for' | 'created_at'>): string {
  const dueAtOnce = scheduled_for === null || Date.parse(scheduled_for) <= Date.parse(created_at);
  if (state === 'scheduled' && dueAtOnce) return 'Queued';
  return STATE[state] ?? state;
}

export const INBOX_STATUS: Record<InboxStatus, string> = { unread: 'Unread', read: 'Read', archived: 'Archived' };

/** `1 person`, `1,004 people`. */
export function people(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'person' : 'people'}`;
}
