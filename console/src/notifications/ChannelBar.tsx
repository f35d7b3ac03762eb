/** One channel's deliveries as a bar that fills, with the figures beside it: colour is never the only difference. */
import type { Channel, ChannelTotals } from '../api/contract';
import { CHANNEL, deliveryWord } from '../words/labels';
import { reached, segments, sum } from './progress';

interface Props {
  channel: Channel;
  totals: ChannelTotals;
  /** How many it is for; before the recipients are known the bar is empty. */
  recipients: number;
}

export function ChannelBar({ channel, totals, recipients }: Props) {
  const parts = segments(totals);
  const all = Math.max(sum(totals), recipients);
  return (
    <li className="channel" data-channel={channel}>
      <div className="channel__head">
        <h3>{CHANNEL[channel]?.name ?? channel}</h3>
        <p className="channel__figure">
          <strong>{reached(totals).toLocaleString('en')}</strong> of {all.toLocaleString('en')}
        </p>
      </div>
      <svg className="bar" aria-hidden="true" focusable="false">
        {parts.map(({ state, from, share }) => (
          <rect key={state} data-state={state} x={`${from}%`} width={`${share}%`} height="100%" />
        ))}
      </svg>
      <ul className="legend">
        {parts.map(({ state, count }) => (
          <li key={state} data-state={state}>
            <span className="legend__key" aria-hidden="true" />
            {deliveryWord(channel, state)} <strong>{count.toLocaleString('en')}</strong>
          </li>
        ))}
        {parts.length === 0 && <li className="muted">Nothing yet</li>}
      </ul>
    </li>
  );
}
