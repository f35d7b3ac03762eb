/** A notification's state as a word with a colour; the moving ones pulse. */
import type { NotificationState } from '../api/contract';
import { STATE } from '../words/labels';

export function StatePill({ state }: { state: NotificationState }) {
  return (
    <span className="pill" data-state={state}>
      <span className="pill__dot" aria-hidden="true" />
      {STATE[state] ?? state}
    </span>
  );
}
