/** Who should get it: by what they are, by name, or everyone. */
import { ROLES } from '../api/contract';
import type { OrganizationKind, Role } from '../api/contract';
import { useMe } from '../api/queries';
import { ROLE_MANY } from '../words/labels';
import { ChoiceCard } from './ChoiceCard';
import { ClassPicker, GradePicker, PeoplePicker, SchoolPicker } from './DirectoryPickers';
import type { AudienceMode, Draft } from './draft';
import { FieldProblem } from './FieldProblem';

/** Classes, grades and schools are offered where there are some. */
function modes(kind: OrganizationKind): readonly { mode: AudienceMode; name: string; hint: string }[] {
  return [
    kind === 'school'
      ? { mode: 'matching', name: 'By role or class', hint: 'Parents of a class, teachers of a grade…' }
      : { mode: 'matching', name: 'By role', hint: 'Everyone who is staff, for example.' },
    { mode: 'named', name: 'By name', hint: 'People you pick one by one.' },
    { mode: 'everyone', name: 'Everyone', hint: 'All active people here.' },
  ];
}

const SCHOOL_ROLES: readonly Role[] = ['teacher', 'parent', 'student'];

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  problem: string | undefined;
}

export function AudienceBuilder({ draft, onChange, problem }: Props) {
  const kind = useMe().data?.organization.kind ?? 'other';
  const describedBy = problem === undefined ? undefined : 'audience-problem';
  return (
    <fieldset className="card section" id="field-audience" tabIndex={-1} aria-describedby={describedBy} data-invalid={problem !== undefined}>
      <legend>Who gets it</legend>
      <FieldProblem id="audience-problem" text={problem} />
      <div className="choices choices--three">
        {modes(kind).map(({ mode, name, hint }) => (
          <ChoiceCard key={mode} type="radio" group="mode" name={name} hint={hint} checked={draft.mode === mode} onChange={() => onChange({ mode })} />
        ))}
      </div>
      {draft.mode === 'matching' && <Matching draft={draft} onChange={onChange} school={kind === 'school'} />}
      {draft.mode === 'named' && <PeoplePicker chosen={draft.people} onChange={(people) => onChange({ people })} />}
    </fieldset>
  );
}

function Matching({ draft, onChange, school }: Omit<Props, 'problem'> & { school: boolean }) {
  const roles = school ? ROLES : ROLES.filter((role) => !SCHOOL_ROLES.includes(role));
  function toggle(role: Role) {
    const chosen = draft.roles.includes(role) ? draft.roles.filter((one) => one !== role) : [...draft.roles, role];
    onChange({ roles: chosen });
  }
  return (
    <>
      <div className="field" role="group" aria-labelledby="audience-roles">
        <p className="field__label" id="audience-roles">
          Roles {school && <span className="muted">(none: all who belong to what you choose below)</span>}
        </p>
        <div className="chips">
          {roles.map((role) => (
            <label key={role} className="chip">
              <input type="checkbox" checked={draft.roles.includes(role)} onChange={() => toggle(role)} />
              {ROLE_MANY[role]}
            </label>
          ))}
        </div>
      </div>
      {school && (
        <>
          <ClassPicker chosen={draft.classes} onChange={(classes) => onChange({ classes })} />
          <div className="pair">
            <GradePicker chosen={draft.grades} onChange={(grades) => onChange({ grades })} />
            <SchoolPicker chosen={draft.schools} onChange={(schools) => onChange({ schools })} />
          </div>
        </>
      )}
    </>
  );
}
