/**
 * Every question the console asks, as a TanStack Query hook, and every change it makes. Keys live here only, so that
 * realtime frames (realtime/RealtimeProvider.tsx) and mutations invalidate the same names.
 */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { useApi } from '../session/SessionContext';
import type {
  Audience,
  AudiencePreview,
  Delivery,
  DeliveryState,
  Group,
  InboxCounts,
  InboxItem,
  InboxStatus,
  Me,
  NewNotification,
  Notification,
  Page,
  Profile,
  Recipient,
  SchoolClass,
} from './contract';

export const keys = {
  me: ['me'] as const,
  inbox: ['inbox'] as const,
  inboxList: (status: InboxStatus | null) => ['inbox', 'list', status] as const,
  counts: ['inbox', 'counts'] as const,
  notifications: ['notifications'] as const,
  notification: (id: string) => ['notification', id] as const,
};

/** States in which a notification's figures no longer move by themselves. */
const SETTLED: readonly string[] = ['done', 'cancelled', 'expired'];

export function isSettled(notification: Pick<Notification, 'state'> | undefined): boolean {
  return notification !== undefined && SETTLED.includes(notification.state);
}

export function useMe() {
  const api = useApi();
  return useQuery({ queryKey: keys.me, queryFn: ({ signal }) => api.get<Me>('/v1/me', {}, signal), staleTime: 300_000 });
}

export function useInbox(status: InboxStatus | null, limit = 20) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [...keys.inboxList(status), limit],
    queryFn: ({ pageParam, signal }) => api.get<Page<InboxItem>>('/v1/inbox', { status, limit, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useInboxCounts() {
  const api = useApi();
  return useQuery({ queryKey: keys.counts, queryFn: ({ signal }) => api.get<InboxCounts>('/v1/inbox/counts', {}, signal) });
}

/** Changes one inbox row; the screen shows it at once and falls back to the server's truth afterwards. */
export function useSetInboxStatus() {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { id: string; status: InboxStatus }) =>
      api.send<InboxItem>('PATCH', `/v1/inbox/${encodeURIComponent(change.id)}`, { status: change.status }),
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey: keys.inbox });
      applyStatus(client, change.id, change.status);
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.inbox }),
  });
}

export function useReadAll() {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.send<{ updated: number }>('POST', '/v1/inbox/read-all'),
    onSettled: () => client.invalidateQueries({ queryKey: keys.inbox }),
  });
}

type InboxPages = InfiniteData<Page<InboxItem>, string | null>;

function applyStatus(client: QueryClient, id: string, status: InboxStatus): void {
  for (const [key, data] of client.getQueriesData<InboxPages>({ queryKey: ['inbox', 'list'] })) {
    if (!data) continue;
    const filter = key[2] as InboxStatus | null;
    const stays = filter === null ? status !== 'archived' : status === filter;
    const pages = data.pages.map((page) => ({
      ...page,
      items: page.items.flatMap((item) => {
        if (item.notification_id !== id) return [item];
        return stays ? [{ ...item, status }] : [];
      }),
    }));
    client.setQueryData<InboxPages>(key, { ...data, pages });
  }
}

export function useNotifications() {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: keys.notifications,
    queryFn: ({ pageParam, signal }) => api.get<Page<Notification>>('/v1/notifications', { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: (query) => {
      const moving = query.state.data?.pages.some((page) => page.items.some((item) => !isSettled(item)));
      return moving ? 2_000 : false;
    },
  });
}

/**
 * One notification, kept true: the socket says when to ask again; while something is still moving it is asked every
 * second as well, so that the page is right without a socket. Reading goes on afterwards, so a slow beat stays.
 */
export function useNotification(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.notification(id),
    queryFn: ({ signal }) => api.get<Notification>(`/v1/notifications/${encodeURIComponent(id)}`, {}, signal),
    refetchInterval: (query) => (isSettled(query.state.data) ? 5_000 : 1_000),
  });
}

export function useRecipients(id: string, cursor: string | null, settled: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: [...keys.notification(id), 'recipients', cursor],
    queryFn: ({ signal }) =>
      api.get<Page<Recipient>>(`/v1/notifications/${encodeURIComponent(id)}/recipients`, { limit: 20, cursor }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: settled ? 5_000 : 2_000,
  });
}

/** The first hundred deliveries in one state: enough to say what went wrong. */
export function useDeliveries(id: string, status: DeliveryState, enabled: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: [...keys.notification(id), 'deliveries', status],
    queryFn: ({ signal }) =>
      api.get<Page<Delivery>>(`/v1/notifications/${encodeURIComponent(id)}/deliveries`, { limit: 100, status }, signal),
    enabled,
  });
}

export function useCreateNotification() {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: { body: NewNotification; idempotencyKey: string }) =>
      api.send<Notification>('POST', '/v1/notifications', request.body, {
        headers: { 'idempotency-key': request.idempotencyKey },
      }),
    onSuccess: (created) => {
      client.setQueryData(keys.notification(created.id), created);
      void client.invalidateQueries({ queryKey: keys.notifications });
    },
  });
}

/** Who the audience would reach right now. `audience` is null while nothing is chosen. */
export function useAudiencePreview(audience: Audience | null) {
  const api = useApi();
  return useQuery({
    queryKey: ['audience', audience],
    queryFn: ({ signal }) => api.send<AudiencePreview>('POST', '/v1/audiences/preview', { audience }, { signal }),
    enabled: audience !== null,
    placeholderData: (previous) => (audience === null ? undefined : previous),
  });
}

export function useGroups(kind: 'schools' | 'grades') {
  const api = useApi();
  return useQuery({
    queryKey: ['directory', kind],
    queryFn: ({ signal }) => api.get<Page<Group>>(`/v1/${kind}`, { limit: 100 }, signal),
    staleTime: 60_000,
  });
}

export function useClassSearch(q: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['directory', 'classes', q],
    queryFn: ({ signal }) => api.get<Page<SchoolClass>>('/v1/classes', { q, limit: 30 }, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

export function usePeopleSearch(q: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['directory', 'people', q],
    queryFn: ({ signal }) => api.get<Page<Profile>>('/v1/profiles', { q, limit: 30 }, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
