/** What the element says, by language. Numbers, dates and directions come from `Intl`; counts stand apart from words, so no plurals. */
export interface Words {
  inbox: string;
  unread: string;
  all: string;
  archived: string;
  readAll: string;
  markRead: string;
  markUnread: string;
  archive: string;
  restore: string;
  snooze: string;
  snoozed: string;
  link: string;
  arrived: string;
  emergency: string;
  acknowledge: string;
  offline: string;
  ended: string;
  loading: string;
  failed: string;
  again: string;
  close: string;
  nothing: string;
  upToDate: string;
}

const en: Words = {
  inbox: 'Inbox',
  unread: 'Unread',
  all: 'All',
  archived: 'Archived',
  readAll: 'Mark all as read',
  markRead: 'Mark as read',
  markUnread: 'Mark as unread',
  archive: 'Archive',
  restore: 'Move to inbox',
  snooze: 'Snooze',
  snoozed: 'Snoozed',
  link: 'Open link',
  arrived: 'New message',
  emergency: 'Emergency',
  acknowledge: 'I have read this',
  offline: 'Offline. What you see may be old.',
  ended: 'You are signed out here.',
  loading: 'Loading…',
  failed: 'That did not work.',
  again: 'Try again',
  close: 'Close',
  nothing: 'Nothing here',
  upToDate: 'You are up to date',
};

const vi: Words = {
  inbox: 'Hộp thư',
  unread: 'Chưa đọc',
  all: 'Tất cả',
  archived: 'Đã lưu trữ',
  readAll: 'Đánh dấu đã đọc tất cả',
  markRead: 'Đánh dấu đã đọc',
  markUnread: 'Đánh dấu chưa đọc',
  archive: 'Lưu trữ',
  restore: 'Chuyển về hộp thư',
  snooze: 'Hoãn lại',
  snoozed: 'Đã hoãn',
  link: 'Mở liên kết',
  arrived: 'Tin nhắn mới',
  emergency: 'Khẩn cấp',
  acknowledge: 'Tôi đã đọc tin này',
  offline: 'Ngoại tuyến. Nội dung có thể đã cũ.',
  ended: 'Bạn đã đăng xuất trên thiết bị này.',
  loading: 'Đang tải…',
  failed: 'Không thực hiện được.',
  again: 'Thử lại',
  close: 'Đóng',
  nothing: 'Không có gì ở đây',
  upToDate: 'Bạn đã đọc hết',
};

const es: Words = {
  inbox: 'Bandeja de entrada',
  unread: 'No leídos',
  all: 'Todos',
  archived: 'Archivados',
  readAll: 'Marcar todo como leído',
  markRead: 'Marcar como leído',
  markUnread: 'Marcar como no leído',
  archive: 'Archivar',
  restore: 'Devolver a la bandeja',
  snooze: 'Posponer',
  snoozed: 'Pospuestos',
  link: 'Abrir enlace',
  arrived: 'Mensaje nuevo',
  emergency: 'Emergencia',
  acknowledge: 'Lo he leído',
  offline: 'Sin conexión. Lo que ves puede no estar al día.',
  ended: 'Tu sesión aquí ha terminado.',
  loading: 'Cargando…',
  failed: 'No ha funcionado.',
  again: 'Reintentar',
  close: 'Cerrar',
  nothing: 'No hay nada aquí',
  upToDate: 'Estás al día',
};

const ar: Words = {
  inbox: 'صندوق الوارد',
  unread: 'غير مقروءة',
  all: 'الكل',
  archived: 'المؤرشفة',
  readAll: 'تعليم الكل كمقروء',
  markRead: 'تعليم كمقروءة',
  markUnread: 'تعليم كغير مقروءة',
  archive: 'أرشفة',
  restore: 'نقل إلى الوارد',
  snooze: 'تأجيل',
  snoozed: 'المؤجلة',
  link: 'فتح الرابط',
  arrived: 'رسالة جديدة',
  emergency: 'حالة طارئة',
  acknowledge: 'لقد قرأت هذا',
  offline: 'غير متصل. قد يكون ما تراه قديمًا.',
  ended: 'انتهت جلستك هنا.',
  loading: 'جارٍ التحميل…',
  failed: 'لم ينجح ذلك.',
  again: 'إعادة المحاولة',
  close: 'إغلاق',
  nothing: 'لا يوجد شيء هنا',
  upToDate: 'لقد قرأت كل شيء',
};

const LANGUAGES: Record<string, Words> = { en, vi, es, ar };
const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur'];

/** The words of a locale, English where we do not have it. */
export function wordsOf(locale: string): Words {
  return LANGUAGES[language(locale)] ?? en;
}

/** Which way the words of a locale run; English words run from left to right even where the locale does not. */
export function directionOf(locale: string): 'rtl' | 'ltr' {
  return language(locale) in LANGUAGES && RIGHT_TO_LEFT.includes(language(locale)) ? 'rtl' : 'ltr';
}

function language(locale: string): string {
  return locale.toLowerCase().split('-')[0] ?? '';
}

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** "5 minutes ago", "yesterday", and a date from a week on. */
export function since(at: string, now: number, locale: string): string {
  const time = Date.parse(at);
  const ago = now - time;
  if (ago >= 7 * DAY) return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(time);
  const say = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (ago >= DAY) return say.format(-Math.round(ago / DAY), 'day');
  if (ago >= 60 * MINUTE) return say.format(-Math.round(ago / (60 * MINUTE)), 'hour');
  return ago >= MINUTE ? say.format(-Math.round(ago / MINUTE), 'minute') : say.format(0, 'second');
}

/** "in 1 hour", "tomorrow", "next week" in the locale's words, and when that is: mornings at eight. */
export function laterThan(now: Date, locale: string): { name: string; at: Date }[] {
  const say = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const morning = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 8);
  return [
    { name: say.format(1, 'hour'), at: new Date(now.getTime() + 60 * MINUTE) },
    { name: say.format(1, 'day'), at: morning(1) },
    { name: say.format(1, 'week'), at: morning(7) },
  ];
}
