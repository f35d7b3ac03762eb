/** What is said: title and text with their counters, and what kind of message it is. */
import { CATEGORIES, PRIORITIES } from '../api/contract';
import type { Priority } from '../api/contract';
import { CATEGORY, PRIORITY } from '../words/labels';
import { ChoiceCard } from './ChoiceCard';
import { characters, CONTENT_LIMIT, TITLE_LIMIT, withCategory } from './draft';
import type { Draft } from './draft';
import { FieldProblem } from './FieldProblem';
import type { Problems } from './problems';

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  problems: Problems['fields'];
}

export function MessageFields({ draft, onChange, problems }: Props) {
  return (
    <fieldset className="card section">
      <legend>Message</legend>
      <TextField name="title" label="Title" limit={TITLE_LIMIT} value={draft.title} problem={problems.title} onChange={(title) => onChange({ title })} />
      <TextField name="content" label="Text" limit={CONTENT_LIMIT} value={draft.content} problem={problems.content} long onChange={(content) => onChange({ content })} />
      <Kind draft={draft} onChange={onChange} problems={problems} />
    </fieldset>
  );
}

interface TextFieldProps {
  name: 'title' | 'content';
  label: string;
  limit: number;
  value: string;
  problem: string | undefined;
  long?: boolean;
  onChange: (value: string) => void;
}

function TextField({ name, label, limit, value, problem, long = false, onChange }: TextFieldProps) {
  const used = characters(value);
  const shared = {
    id: `field-${name}`,
    name,
    value,
    'aria-required': true,
    'aria-invalid': problem !== undefined || used > limit,
    'aria-describedby': `${name}-count${problem === undefined ? '' : ` ${name}-problem`}`,
  };
  return (
    <div className="field">
      <div className="field__head">
        <label htmlFor={shared.id}>{label}</label>
        <span className="field__count" id={`${name}-count`} data-over={used > limit}>
          {used.toLocaleString('en')} / {limit.toLocaleString('en')}
          <span className="visually-hidden"> characters</span>
        </span>
      </div>
      {long ? (
        <textarea {...shared} rows={6} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input {...shared} type="text" autoComplete="off" onChange={(event) => onChange(event.target.value)} />
      )}
      <FieldProblem id={`${name}-problem`} text={problem} />
    </div>
  );
}

function Kind({ draft, onChange, problems }: Props) {
  return (
    <>
      <div className="field" role="radiogroup" aria-labelledby="category-label" id="field-category" tabIndex={-1}>
        <p className="field__label" id="category-label">
          Category
        </p>
        <div className="choices choices--four">
          {CATEGORIES.map((category) => (
            <ChoiceCard
              key={category}
              type="radio"
              group="category"
              {...CATEGORY[category]}
              category={category}
              checked={draft.category === category}
              onChange={() => onChange(withCategory(draft, category))}
            />
          ))}
        </div>
        <FieldProblem id="category-problem" text={problems.category} />
      </div>
      <div className="field field--short">
        <label htmlFor="field-priority">Priority</label>
        <select id="field-priority" value={draft.priority} onChange={(event) => onChange({ priority: event.target.value as Priority })}>
          {PRIORITIES.map((priority) => (
            <option key={priority} value={priority}>
              {PRIORITY[priority]}
            </option>
          ))}
        </select>
        <FieldProblem id="priority-problem" text={problems.priority} />
      </div>
    </>
  );
}
