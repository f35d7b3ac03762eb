/** The names behind the ids of an audience and of reasons, from the directory; asked only for what is mentioned. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Api } from '../api/client';
import type { Audience, Group, Page, Profile, SchoolClass } from '../api/contract';
import { useApi } from '../session/SessionContext';

/** The directory is read a hundred at a time; past this many pages ids stay numbers rather than keep a person waiting. */
const MOST_PAGES = 10;
const MOST_PEOPLE = 3;

export function useAudienceNames(audience: Audience | undefined): ReadonlyMap<string, string> {
  const api = useApi();
  const names = useQuery({
    queryKey: ['directory', 'names', audience],
    queryFn: async ({ signal }) => new Map(await namesOf(api, audience ?? {}, signal)),
    enabled: audience !== undefined,
    staleTime: Infinity,
  });
  return useMemo(() => names.data ?? new Map<string, string>(), [names.data]);
}

async function namesOf(api: Api, audience: Audience, signal: AbortSignal): Promise<[string, string][]> {
  const lists = await Promise.all([
    walk<SchoolClass>(api, '/v1/classes', audience.classes, signal),
    walk<Group>(api, '/v1/grades', audience.grades, signal),
    walk<Group>(api, '/v1/schools', audience.schools, signal),
    (audience.people?.length ?? 0) <= MOST_PEOPLE ? walk<Profile>(api, '/v1/profiles', audience.people, signal) : [],
  ]);
  return lists.flat();
}

/** Reads pages until every wanted id is named. */
async function walk<T extends { id: string; name: string; external_id?: string | null }>(
  api: Api,
  path: string,
  wanted: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<[string, string][]> {
  const missing = new Set(wanted);
  const found: [string, string][] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES && missing.size > 0; page += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const read: Page<T> = await api.get<Page<T>>(path, { limit: 100, cursor }, signal);
    for (const item of read.items) {
      for (const id of [item.id, item.external_id]) {
        if (id && missing.delete(id)) found.push([id, item.name], [item.id, item.name]);
      }
    }
    cursor = read.next_cursor;
    if (cursor === null) break;
  }
  return found;
}
