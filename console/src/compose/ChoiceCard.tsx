/** A radio button or checkbox as a card: its name is its name, the line below it its description. */
import { useId } from 'react';

interface Props {
  type: 'radio' | 'checkbox';
  /** The radio group it belongs to. */
  group?: string;
  name: string;
  hint: string;
  checked: boolean;
  onChange: () => void;
  /** Colours the card of the emergency. */
  category?: string;
}

export function ChoiceCard({ type, group, name, hint, checked, onChange, category }: Props) {
  const id = useId();
  return (
    <label className="choice" data-category={category}>
      <input type={type} name={group} checked={checked} onChange={onChange} aria-labelledby={`${id}-name`} aria-describedby={`${id}-hint`} />
      <span className="choice__name" id={`${id}-name`}>
        {name}
      </span>
      <span className="choice__hint" id={`${id}-hint`}>
        {hint}
      </span>
    </label>
  );
}
