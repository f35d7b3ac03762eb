/** How it travels. */
import { CHANNELS } from '../api/contract';
import type { Channel } from '../api/contract';
import { CHANNEL } from '../words/labels';
import { ChoiceCard } from './ChoiceCard';
import type { Draft } from './draft';
import { FieldProblem } from './FieldProblem';

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  problem: string | undefined;
}

export function ChannelFields({ draft, onChange, problem }: Props) {
  /** Kept in the order of the list, so that the same choice is the same request. */
  function toggle(channel: Channel) {
    const wanted = new Set(draft.channels);
    if (!wanted.delete(channel)) wanted.add(channel);
    onChange({ channels: CHANNELS.filter((one) => wanted.has(one)) });
  }
  return (
    <fieldset className="card section" id="field-channels" tabIndex={-1} aria-describedby={problem === undefined ? undefined : 'channels-problem'} data-invalid={problem !== undefined}>
      <legend>How it travels</legend>
      <FieldProblem id="channels-problem" text={problem} />
      <div className="choices choices--three">
        {CHANNELS.map((channel) => (
          <ChoiceCard key={channel} type="checkbox" {...CHANNEL[channel]} checked={draft.channels.includes(channel)} onChange={() => toggle(channel)} />
        ))}
      </div>
    </fieldset>
  );
}
