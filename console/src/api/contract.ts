/**
 * The wire format of the HTTP API and of the realtime socket, as the console uses it. Written by hand from the OpenAPI
 * document; nothing here is invented by the console.
 */

export const ROLES = ['admin', 'staff', 'teacher', 'parent', 'student'] as const;
export type Role = (typeof ROLES)[number];

export const CATEGORIES = ['announcement', 'reminder', 'system', 'emergency'] as const;
export type Category = (typeof CATEGORIES)[number];

export const PRIORITIES = ['low', 'normal', 'high', 'urgent', 'emergency'] as const;
export type Priority = (typeof PRIORITIES)[number];

export type Severity = 'info' | 'success' | 'warning' | 'error';

export const CHANNELS = ['in_app', 'websocket', 'email'] as const;
export type Channel = (typeof CHANNELS)[number];

export const DELIVERY_STATES = ['delivered', 'sent', 'pending', 'skipped', 'bounced', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export type NotificationState = 'scheduled' | 'expanding' | 'sending' | 'done' | 'cancelled' | 'expired';
export type InboxStatus = 'unread' | 'read' | 'archived';

/** A page of a list; `next_cursor` is null on the last one. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export type OrganizationKind = 'school' | 'clinic' | 'other';

export interface Me {
  organization: { id: string; name: string; slug: string; kind: OrganizationKind; timezone: string; locale: string };
  /** Null for a service key, which is nobody. */
  profile: { id: string; role: Role; name: string; email: string | null } | null;
}

/** Who is signed in, when it is a person. */
export type Person = Me & { profile: NonNullable<Me['profile']> };

export interface Profile {
  id: string;
  role: Role;
  status: string;
  name: string;
  email: string | null;
  phone: string | null;
}

/** A school or a grade. */
export interface Group {
  id: string;
  external_id: string | null;
  name: string;
}

export interface SchoolClass {
  id: string;
  external_id: string | null;
  name: string;
  course: string | null;
  period: string | null;
  /** The grade's and the school's names. */
  grade: string | null;
  school: string | null;
}

/** Lists of different kinds are and-ed, entries within a list or-ed; `all` and `people` stand alone. */
export interface Audience {
  all?: boolean;
  people?: string[];
  roles?: Role[];
  classes?: string[];
  grades?: string[];
  schools?: string[];
}

/** Why a person is among the recipients. */
export interface Reason {
  why: string;
  role?: Role;
  student_id?: string;
  student?: string;
  relationship?: string;
  class_id?: string;
  class?: string;
}

export interface AudiencePreview {
  total: number;
  by_role: Partial<Record<Role, number>>;
  sample: { id: string; name: string; role: Role; reasons: Reason[] }[];
}

export interface NewNotification {
  title: string;
  content: string;
  audience: Audience;
  category: Category;
  priority: Priority;
  channels: Channel[];
}

export type ChannelTotals = Record<DeliveryState, number>;

export interface Notification {
  id: string;
  title: string;
  content: string;
  severity: Severity;
  type: string | null;
  category: Category;
  priority: Priority;
  state: NotificationState;
  channels: Channel[];
  audience: Audience;
  sender_id: string | null;
  sender_name: string | null;
  action_url: string | null;
  scheduled_for: string | null;
  expires_at: string | null;
  created_at: string;
  recipients: { total: number; unread: number; read: number; archived: number };
  totals: Partial<Record<Channel, ChannelTotals>>;
}

export interface Recipient {
  recipient_id: string;
  name: string;
  role: Role;
  reasons: Reason[];
  status: InboxStatus;
  read_at: string | null;
  deliveries: Partial<Record<Channel, DeliveryState>>;
}

export interface Delivery {
  id: string;
  recipient_id: string;
  channel: Channel;
  status: DeliveryState;
  reason: string | null;
  error_message: string | null;
  retry_count: number;
}

export interface InboxItem {
  notification_id: string;
  title: string;
  content: string;
  severity: Severity;
  type: string | null;
  category: Category;
  priority: Priority;
  action_url: string | null;
  sender_name: string | null;
  status: InboxStatus;
  read_at: string | null;
  created_at: string;
}

export interface InboxCounts {
  unread: number;
  total: number;
}

/** RFC 9457, with Frontdesk's stable `code` and the fields at fault. */
export interface ProblemDocument {
  title: string;
  status: number;
  code: string;
  detail?: string | null;
  request_id?: string | null;
  errors?: { field: string; message: string }[];
}

/** What the server says over the socket. */
export type ServerFrame =
  | { type: 'ready'; unread: number }
  | { type: 'notification.created'; delivery_id: string; notification: InboxItem }
  | { type: 'inbox.count'; unread: number }
  | { type: 'notification.progress'; notification_id: string };
