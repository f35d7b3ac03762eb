/** Write a message, see who would get it, send it, and go on to watch it arrive. */
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useLocation } from 'wouter';
import { useAudiencePreview, useCreateNotification } from '../api/queries';
import { Page } from '../shell/Page';
import { people } from '../words/labels';
import { AudienceBuilder } from './AudienceBuilder';
import { AudiencePreview } from './AudiencePreview';
import { ChannelFields } from './ChannelFields';
import { EMPTY_DRAFT, hasAudience, namesIn, toAudience, toRequest } from './draft';
import type { Draft } from './draft';
import { MessageFields } from './MessageFields';
import { checkDraft, FIELDS, fromServer, hasProblems, NO_PROBLEMS } from './problems';
import type { Problems } from './problems';
import { randomKey, submissionFor } from './submission';
import type { Submission } from './submission';
import { useSettled } from './useSettled';
import '../styles/compose.css';

const REST_MS = 250;

export default function ComposePage() {
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const [problems, setProblems] = useState<Problems>(NO_PROBLEMS);
  const audience = toAudience(draft);
  const counted = useSettled(JSON.stringify(audience), REST_MS);
  const previewed = hasAudience(audience) ? (JSON.parse(counted) as typeof audience) : null;
  const asked = previewed !== null && hasAudience(previewed) ? previewed : null;
  const { send, sending } = useSend(setProblems);

  function change(part: Partial<Draft>) {
    setDraft((before) => ({ ...before, ...part }));
    setProblems((before) => withoutChanged(before, part));
  }

  return (
    <Page title="Compose">
      <form className="compose" noValidate onSubmit={(event) => send(event, draft)}>
        <div className="compose__form">
          <Unplaced problems={problems.rest} />
          <MessageFields draft={draft} onChange={change} problems={problems.fields} />
          <AudienceBuilder draft={draft} onChange={change} problem={problems.fields.audience} />
          <ChannelFields draft={draft} onChange={change} problem={problems.fields.channels} />
        </div>
        <div className="compose__side">
          <AudiencePreview audience={asked} names={namesIn(draft)} />
          <SendButton audience={asked} sending={sending} emergency={draft.category === 'emergency'} />
        </div>
      </form>
    </Page>
  );
}

/** Sends once per click and leads to the notification; what is wrong goes to its field, which takes the focus. */
function useSend(onProblems: (problems: Problems) => void) {
  const [, navigate] = useLocation();
  const create = useCreateNotification();
  const last = useRef<Submission | null>(null);

  function show(problems: Problems) {
    onProblems(problems);
    const first = FIELDS.find((field) => problems.fields[field] !== undefined);
    // After the problem is on the page, so that the field is read out together with it.
    requestAnimationFrame(() => document.getElementById(first ? `field-${first}` : 'compose-problems')?.focus());
  }

  function send(event: FormEvent, draft: Draft) {
    event.preventDefault();
    if (create.isPending) return;
    const found = checkDraft(draft);
    if (hasProblems(found)) return show(found);
    const body = toRequest(draft);
    last.current = submissionFor(JSON.stringify(body), last.current, randomKey);
    create.mutate(
      { body, idempotencyKey: last.current.key },
      {
        onSuccess: (created) => navigate(`/notifications/${created.id}`),
        onError: (error) => show(fromServer(error)),
      },
    );
  }
  return { send, sending: create.isPending };
}

/** A problem goes away as soon as its field is touched. */
function withoutChanged(problems: Problems, change: Partial<Draft>): Problems {
  const touched = Object.keys(change).map((name) =>
    ['mode', 'roles', 'classes', 'grades', 'schools', 'people'].includes(name) ? 'audience' : name,
  );
  const fields = Object.fromEntries(Object.entries(problems.fields).filter(([field]) => !touched.includes(field)));
  return { fields, rest: [] };
}

function Unplaced({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <div className="notice notice--error" id="compose-problems" role="alert" tabIndex={-1}>
      <p>
        <strong>The message was not sent.</strong>
      </p>
      {problems.map((problem) => (
        <p key={problem}>{problem}</p>
      ))}
    </div>
  );
}

interface SendButtonProps {
  audience: ReturnType<typeof toAudience> | null;
  sending: boolean;
  emergency: boolean;
}

/** Says how many it is about to reach; the count is the one shown above it. */
function SendButton({ audience, sending, emergency }: SendButtonProps) {
  const preview = useAudiencePreview(audience);
  const total = audience === null || preview.isPlaceholderData ? undefined : preview.data?.total;
  const to = total === undefined || total === 0 ? '' : ` to ${people(total)}`;
  return (
    <button className={`button button--large ${emergency ? 'button--danger' : 'button--primary'}`} type="submit" aria-disabled={sending}>
      {sending ? 'Sending…' : `Send${emergency ? ' emergency' : ''}${to}`}
    </button>
  );
}
