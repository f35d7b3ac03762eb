/** The frame around every page: header, routes, toasts. Staff pages are loaded when first visited. */
import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { useMe } from '../api/queries';
import type { Me } from '../api/contract';
import { InboxPage } from '../inbox/InboxPage';
import { Toasts } from '../inbox/Toasts';
import { useRealtime } from '../realtime/RealtimeContext';
import { Header } from './Header';
import { Page } from './Page';
import { Loading, Trouble } from './Feedback';

const ComposePage = lazy(() => import('../compose/ComposePage'));
const NotificationsPage = lazy(() => import('../notifications/NotificationsPage'));
const NotificationPage = lazy(() => import('../notifications/NotificationPage'));

/** Who may send. The server decides; this only hides what would be refused. */
function maySend(me: Me): boolean {
  return me.profile.role === 'admin' || me.profile.role === 'staff';
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
