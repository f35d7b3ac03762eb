import { expect, test } from 'vitest';
import { parseFrame } from './frames';

test('known frames are read', () => {
  expect(parseFrame('{"type":"ready","unread":3}')).toEqual({ type: 'ready', unread: 3 });
  expect(parseFrame('{"type":"notification.progress","notification_id":"n"}')).toEqual({
    type: 'notification.progress',
    notification_id: 'n',
  });
  const created = { type: 'notification.created', delivery_id: 'd', notification: { notification_id: 'n', title: 'T' } };
  expect(parseFrame(JSON.stringify(created))).toEqual(created);
});

test('unknown and broken frames are ignored', () => {
  for (const text of ['', 'null', '[]', '{"type":"later"}', '{"type":"ready"}', '{"type":"notification.created","delivery_id":1}']) {
    expect(parseFrame(text)).toBeNull();
  }
});
