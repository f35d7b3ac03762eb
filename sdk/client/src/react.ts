/**
 * `@frontdesk/client/react`: hooks. One provider near the root holds the connection, the inbox store and the realtime line;
 * the hooks below it share them.
 *
 * @packageDocumentation
 */
import { createContext, createElement, useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { Address, Answer, Frontdesk, Input } from './frontdesk.js';
import type { Frame } from './frames.js';
import { Inbox } from './inbox.js';
import type { InboxState } from './inbox.js';
import { Line } from './line.js';
import type { LineState } from './line.js';
import { ProblemError, unreachable } from './problem.js';

interface Shared {
  frontdesk: Frontdesk;
  inbox: Inbox;
}
const Context = createContext<Shared | null>(null);

/** Gives the hooks below it a connection. `children` are rendered at once. */
export function FrontdeskProvider({ frontdesk, children }: { frontdesk: Frontdesk; children?: ReactNode }): ReactNode {
  const shared = useMemo(() => ({ frontdesk, inbox: new Inbox(frontdesk) }), [frontdesk]);
  return createElement(Context.Provider, { value: shared }, children);
}

function useShared(): Shared {
  const shared = useContext(Context);
  if (!shared) throw new Error('Frontdesk hooks need a <FrontdeskProvider> above them');
  return shared;
}

/** The connection, for requests that answer to what somebody does. */
export function useFrontdesk(): Frontdesk {
  return useShared().frontdesk;
}

const users = new WeakMap<Inbox, number>();

/** The person's inbox, live, and what can be done with it. The realtime line is up while a component uses this. */
export function useInbox(): { state: InboxState; inbox: Inbox } {
  const { inbox } = useShared();
  useEffect(() => {
    users.set(inbox, (users.get(inbox) ?? 0) + 1);
    inbox.start();
    return () => {
      const left = (users.get(inbox) ?? 1) - 1;
      users.set(inbox, left);
      if (left === 0) inbox.stop();
    };
  }, [inbox]);
  const subscribe = useCallback((listener: () => void) => inbox.subscribe(listener), [inbox]);
  const state = useSyncExternalStore(subscribe, () => inbox.state, () => inbox.state);
  return { state, inbox };
}

/** What a GET address answers, fetched anew when the input changes or `reload` is called. */
export function useAnswer<A extends Address & `GET ${string}`>(
  address: A,
  input: Input<A>,
): { answer: Answer<A> | null; problem: ProblemError | null; loading: boolean; reload: () => void } {
  const frontdesk = useFrontdesk();
  const [turn, setTurn] = useState(0);
  const [found, setFound] = useState<{ to: string; answer: Answer<A> | null; problem: ProblemError | null } | null>(null);
  // What is asked, as one value: an answer to something else is not one to this.
  const question = JSON.stringify([address, input, turn]);
  useEffect(() => {
    const controller = new AbortController();
    const [to, parts] = JSON.parse(question) as [A, Input<A>];
    const request = frontdesk.request.bind(frontdesk) as (address: A, input: Input<A>) => Promise<Answer<A>>;
    request(to, { ...parts, signal: controller.signal })
      .then((answer) => setFound({ to: question, answer, problem: null }))
      .catch((error: unknown) => {
        if (controller.signal.aborted) return;
        setFound({ to: question, answer: null, problem: error instanceof ProblemError ? error : unreachable() });
      });
    return () => controller.abort();
  }, [frontdesk, question]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  // The last answer stays in view until the next one is there.
  return { answer: found?.answer ?? null, problem: found?.problem ?? null, loading: found?.to !== question, reload };
}

/** Every frame of a realtime line of its own, such as the progress of what was sent. */
export function useRealtime(onFrame: (frame: Frame) => void): LineState {
  const frontdesk = useFrontdesk();
  const [state, setState] = useState<LineState>('connecting');
  const latest = useRef(onFrame);
  useEffect(() => {
    latest.current = onFrame;
  });
  useEffect(() => {
    const line = new Line(frontdesk, { onFrame: (frame) => latest.current(frame), onState: setState });
    return () => line.close();
  }, [frontdesk]);
  return state;
}
