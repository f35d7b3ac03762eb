/**
 * A clinic's reception in React: tell colleagues something and watch it reach them. Served by the clinic's own server, which
 * hands /v1 on to Frontdesk; see docs/sdk.md.
 */
import { Frontdesk, ProblemError } from '@frontdesk/client';
import type { Me, Notification } from '@frontdesk/client';
import { FrontdeskProvider, useAnswer, useFrontdesk, useInbox, useRealtime } from '@frontdesk/client/react';
import { FrontdeskInbox } from '@frontdesk/inbox/react';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { createRoot } from 'react-dom/client';

function Reception() {
  const frontdesk = useFrontdesk();
  const me = useAnswer('GET /v1/me', {});
  return (
    <>
      <header>
        <h1>{me.answer?.organization.name ?? 'Reception'}</h1>
        <FrontdeskInbox client={frontdesk} theme="auto" />
      </header>
      <main>
        {me.problem && <p role="alert">{me.problem.message}</p>}
        <Waiting />
        {me.answer && <Desk me={me.answer} />}
      </main>
    </>
  );
}

/** The same inbox as the bell's, in the page's own words. */
function Waiting() {
  const { state } = useInbox();
  return (
    <p>
      <output data-line={state.line}>{state.unread === 0 ? 'Nothing is waiting for you.' : `Waiting for you: ${state.unread}`}</output>
    </p>
  );
}

function Desk({ me }: { me: Me }) {
  const [sent, setSent] = useState<Notification | null>(null);
  return me.profile?.role === 'admin' || me.profile?.role === 'staff' ? (
    <>
      <Tell onSent={setSent} />
      {sent && <Progress id={sent.id} />}
    </>
  ) : (
    <p>Only staff may write to everybody.</p>
  );
}

function Tell({ onSent }: { onSent: (sent: Notification) => void }) {
  const frontdesk = useFrontdesk();
  const [problem, setProblem] = useState<ProblemError | null>(null);
  // One key for one message, however often the button is pressed.
  const [idempotencyKey, setKey] = useState(() => crypto.randomUUID());

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      const body = {
        title: String(form.get('title')),
        content: String(form.get('content')),
        audience: { roles: ['admin' as const, 'staff' as const] },
        channels: ['in_app' as const, 'websocket' as const],
      };
      onSent(await frontdesk.request('POST /v1/notifications', { body, idempotencyKey }));
      setKey(crypto.randomUUID());
      setProblem(null);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      setProblem(error);
    }
  }

  return (
    <form onSubmit={(event) => void send(event)}>
      <h2>Tell colleagues</h2>
      <label>
        Title
        <input name="title" aria-invalid={problem?.field('title') != null} />
      </label>
      <label>
        Text
        <textarea name="content" />
      </label>
      {problem && <p role="alert">{problem.message}</p>}
      <button>Send</button>
    </form>
  );
}

function Progress({ id }: { id: string }) {
  const { answer, reload } = useAnswer('GET /v1/notifications/{id}', { path: { id } });
  useRealtime((frame) => {
    if (frame.type === 'notification.progress' && frame.notification_id === id) reload();
  });
  if (!answer) return null;
  return (
    <output>
      “{answer.title}” is {answer.state}: {answer.recipients.read} of {answer.recipients.total} have read it.
    </output>
  );
}

/** A real page asks its own server for the signed-in person's token; here it stands in the link, as `frontdesk up` prints it. */
const frontdesk = new Frontdesk({ token: () => new URLSearchParams(location.hash.slice(1)).get('token') ?? '' });
const page = document.getElementById('page');
if (page) {
  createRoot(page).render(
    <FrontdeskProvider frontdesk={frontdesk}>
      <Reception />
    </FrontdeskProvider>,
  );
}
