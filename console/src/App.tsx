/** Signed out or signed in: the token decides which of the two pages of the world is shown. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { ApiProblem, connect } from './api/client';
import { RealtimeProvider } from './realtime/RealtimeProvider';
import { SessionContext } from './session/SessionContext';
import { SignIn } from './session/SignIn';
import { forgetToken, rememberToken, takeToken } from './session/token';
import { Shell } from './shell/Shell';

export function App() {
  const [token, setToken] = useState(takeToken);
  const [why, setWhy] = useState<string | null>(null);

  // A second sign-in link pasted into the same tab changes the fragment only, without a page load.
  useEffect(() => {
    function arrive() {
      setToken(takeToken());
      setWhy(null);
    }
    window.addEventListener('hashchange', arrive);
    return () => window.removeEventListener('hashchange', arrive);
  }, []);

  if (token === null) {
    return (
      <SignIn
        why={why}
        onToken={(given) => {
          rememberToken(given);
          setWhy(null);
          setToken(given);
        }}
      />
    );
  }
  return (
    <SignedIn
      key={token}
      token={token}
      onSignOut={(reason) => {
        forgetToken();
        setWhy(reason ?? null);
        setToken(null);
      }}
    />
  );
}

/** Everything that needs a person. Keyed by the token, so that nothing of one person is shown to the next. */
function SignedIn({ token, onSignOut }: { token: string; onSignOut: (why?: string) => void }) {
  const [client] = useState(newQueryClient);
  const [signOut] = useState(() => onSignOut);
  const session = useMemo(() => ({ api: connect(token, signOut), signOut }), [token, signOut]);
  return (
    <SessionContext value={session}>
      <QueryClientProvider client={client}>
        <RealtimeProvider>
          <Shell />
        </RealtimeProvider>
      </QueryClientProvider>
    </SessionContext>
  );
}

/** Asks again only when another try can help: the server was unreachable or failed, not when it refused. */
function worthRetrying(error: Error): boolean {
  return !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500;
}

function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { staleTime: 5_000, retry: (count, error) => count < 3 && worthRetrying(error) } },
  });
}
