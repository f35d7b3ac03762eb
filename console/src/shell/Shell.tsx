/** The frame around every page: header, routes, toasts. Staff pages are loaded when first visited. */
import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { useMe } from '../api/queries';
import type { Me, Person } from '../api/contract';
import { InboxPage } from '../inbox/InboxPage';
import { Toasts } from '../inbox/Toasts';
import { useRealtime } from '../realtime/RealtimeContext';
import { useSession } from '../session/SessionContext';
import { Header } from './Header';
import { Page } from './Page';
import { Loading, Trouble } from './Feedback';

const ComposePage = lazy(() => import('../compose/ComposePage'));
const NotificationsPage = lazy(() => import('../notifications/NotificationsPage'));
const NotificationPage = lazy(() => import('../notifications/NotificationPage'));

/** Who may send. The server decides; this only hides what would be refused. */
function maySend({ profile }: Person): boolean {
  return profile.role === 'admin' || profile.role === 'staff';
}

function isPerson(me: Me): me is Person {
  return me.profile !== null;
}

export function Shell() {
  const me = useMe();
  if (me.isPending) return <Loading what="Signing in" />;
  if (me.isError) {
    return (
      <main className="page" id="main">
        <Trouble error={me.error} onRetry={() => void me.refetch()} />
      </main>
    );
  }
  if (!isPerson(me.data)) return <NotAPerson organization={me.data.organization.name} />;
  return (
    <>
      <a className="skip" href="#main" onClick={skipToMain}>
        Skip to the content
      </a>
      <Header me={me.data} maySend={maySend(me.data)} />
      <Offline />
      <main className="page" id="main" tabIndex={-1}>
        <Suspense fallback={<Loading what="Loading the page" />}>
          <Routes maySend={maySend(me.data)} />
        </Suspense>
      </main>
      <Toasts />
    </>
  );
}

/** A service key may send but is nobody: it has no inbox and no name to show. */
function NotAPerson({ organization }: { organization: string }) {
  const { signOut } = useSession();
  return (
    <main className="page" id="main">
      <div className="notice notice--warning" role="alert">
        <p>This is a service key of {organization}, not a person. Sign in with a person’s token.</p>
        <button className="button" type="button" onClick={() => signOut()}>
          Sign in as somebody
        </button>
      </div>
    </main>
  );
}

/** Moves focus by hand: a fragment in the address would be taken for a sign-in link. */
function skipToMain(event: React.MouseEvent) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function Routes({ maySend: sender }: { maySend: boolean }) {
  return (
    <Switch>
      <Route path="/inbox" component={InboxPage} />
      {sender && <Route path="/compose" component={ComposePage} />}
      {sender && <Route path="/notifications" component={NotificationsPage} />}
      {sender && (
        <Route path="/notifications/:id">{({ id }) => <NotificationPage key={id} id={decodeURIComponent(id)} />}</Route>
      )}
      <Route path="/">
        <Redirect to={sender ? '/notifications' : '/inbox'} replace />
      </Route>
      <Route>
        <Page title="Page not found">
          <p className="muted">There is no such page, or your role may not see it. The links above lead back.</p>
        </Page>
      </Route>
    </Switch>
  );
}

function Offline() {
  const { connected } = useRealtime();
  return (
    <div role="status" className="offline-holder">
      {connected === false && <p className="offline">Live updates are interrupted. Reconnecting…</p>}
    </div>
  );
}
