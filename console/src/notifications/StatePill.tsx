/** A notification's state as a word with a colour; the moving ones pulse. */
import type { Notification } from '../api/contract';
import { stateWord } from '../words/labels';

export function StatePill({ of }: { of: Notification }) {
  return (
    <span className="pill" data-state={of.state}>
      <span className="pill__dot" aria-hidden="true" />
      {stateWord(of)}
    </span>
  );
}
