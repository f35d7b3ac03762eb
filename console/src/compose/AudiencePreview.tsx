/** Who would get it right now: how many, of which roles, and a few of them with the reason. */
import { useAudiencePreview } from '../api/queries';
import type { Audience, AudiencePreview as Preview } from '../api/contract';
import { PeopleIcon } from '../shell/icons';
import { describeReasons, describeRoles } from '../words/audience';
import type { Names } from '../words/audience';
import { people, ROLE_ONE } from '../words/labels';
import { allProblems } from './problems';

export function AudiencePreview({ audience, names }: { audience: Audience | null; names: Names }) {
  const preview = useAudiencePreview(audience);
  return (
    // It scrolls beside a long form, so the keyboard must be able to reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrollable region has to be focusable
    <section className="card reach" aria-labelledby="reach-title" aria-busy={preview.isFetching} tabIndex={0}>
      <h2 id="reach-title">Who this reaches</h2>
      {audience === null ? (
        <div className="reach__nobody">
          <PeopleIcon className="reach__people" />
          <p className="muted">Choose who should get it, and see here who that is.</p>
        </div>
      ) : preview.isError ? (
        <Refused error={preview.error} />
      ) : (
        <Reached preview={preview.data} stale={preview.isPlaceholderData} names={names} />
      )}
    </section>
  );
}

function Reached({ preview, stale, names }: { preview: Preview | undefined; stale: boolean; names: Names }) {
  const total = preview?.total ?? 0;
  return (
    <div className="reach__result" data-stale={stale}>
      <p className="reach__count" role="status" data-testid="audience-count">
        <strong>{preview === undefined ? '…' : total.toLocaleString('en')}</strong>{' '}
        <span>{total === 1 ? 'person' : 'people'}</span>
      </p>
      {preview !== undefined && total === 0 && <p>Nobody matches all of this. Loosen one of the choices.</p>}
      {preview !== undefined && total > 0 && (
        <>
          <ul className="reach__roles" aria-label="By role">
            {describeRoles(preview.by_role).map(({ role, text }) => (
              <li key={role} className="tag" data-role={role}>
                {text}
              </li>
            ))}
          </ul>
          <Sample preview={preview} names={names} />
        </>
      )}
    </div>
  );
}

/** The audience cannot be counted, and why; choosing something else asks again. */
function Refused({ error }: { error: Error }) {
  return (
    <div className="notice notice--warning" role="status">
      {allProblems(error).map((problem) => (
        <p key={problem}>{problem}</p>
      ))}
    </div>
  );
}

function Sample({ preview, names }: { preview: Preview; names: Names }) {
  const others = preview.total - preview.sample.length;
  return (
    <>
      <h3>{others > 0 ? 'For example' : 'These people'}</h3>
      <ul className="reach__sample">
        {preview.sample.map((person) => (
          <li key={person.id}>
            <p className="reach__name">
              {person.name} <span className="muted">{ROLE_ONE[person.role] ?? person.role}</span>
            </p>
            <p className="reach__why">{describeReasons(person.reasons, names)}</p>
          </li>
        ))}
      </ul>
      {others > 0 && <p className="muted small">and {people(others)} more</p>}
    </>
  );
}
