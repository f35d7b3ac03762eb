/** Who is signed in, for everything below the sign-in page. */
import { createContext, use } from 'react';
import type { Api } from '../api/client';

export interface Session {
  api: Api;
  signOut: (why?: string) => void;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('useSession is for components inside <SignedIn>');
  return session;
}

export function useApi(): Api {
  return useSession().api;
}
