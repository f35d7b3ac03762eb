/** Who should get it: by what they are, by name, or everyone. */
import { ROLES } from '../api/contract';
import type { Role } from '../api/contract';
import { ROLE_MANY } from '../words/labels';
import { ChoiceCard } from './ChoiceCard';
import { ClassPicker, GradePicker, PeoplePicker, SchoolPicker } from './DirectoryPickers';
import type { AudienceMode, Draft } from './draft';
import { FieldProblem } from './FieldProblem';

const MODES: readonly { mode: AudienceMode; name: string; hint: string }[] = [
  { mode: 'matching', name: 'By role or class', hint: 'Parents of a class, teachers of a grade…' },
  { mode: 'named', name: 'By name', hint: 'People you pick one by one.' },
  { mode: 'everyone', name: 'Everyone', hint: 'All active people here.' },
];

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  problem: string | undefined;
}

export function AudienceBuilder({ draft, onChange, problem }: Props) {
  const describedBy = problem === undefined ? undefined : 'audience-problem';
  return (
    <fieldset className="card section" id="field-audience" tabIndex={-1} aria-describedby={describedBy} data-invalid={problem !== undefined}>
      <legend>Who gets it</legend>
      <FieldProblem id="audience-problem" text={problem} />
      <div className="choices choices--three">
        {MODES.map(({ mode, name, hint }) => (
          <ChoiceCard key={mode} type="radio" group="mode" name={name} hint={hint} checked={draft.mode === mode} onChange={() => onChange({ mode })} />
        ))}
      </div>
      {draft.mode === 'matching' && <Matching draft={draft} onChange={onChange} />}
      {draft.mode === 'named' && <PeoplePicker chosen={draft.people} onChange={(people) => onChange({ people })} />}
    </fieldset>
  );
}

function Matching({ draft, onChange }: Omit<Props, 'problem'>) {
  function toggle(role: Role) {
    const roles = draft.roles.includes(role) ? draft.roles.filter((one) => one !== role) : [...draft.roles, role];
    onChange({ roles });
  }
  return (
    <>
      <div className="field" role="group" aria-labelledby="audience-roles">
        <p className="field__label" id="audience-roles">
          Roles <span className="muted">(none means every role)</span>
        </p>
        <div className="chips">
          {ROLES.map((role) => (
            <label key={role} className="chip">
              <input type="checkbox" checked={draft.roles.includes(role)} onChange={() => toggle(role)} />
              {ROLE_MANY[role]}
            </label>
          ))}
        </div>
      </div>
      <ClassPicker chosen={draft.classes} onChange={(classes) => onChange({ classes })} />
      <div className="pair">
        <GradePicker chosen={draft.grades} onChange={(grades) => onChange({ grades })} />
        <SchoolPicker chosen={draft.schools} onChange={(schools) => onChange({ schools })} />
      </div>
    </>
  );
}
