/**
 * Search and choose several entries of the directory. The list comes from the server; what is chosen stands below as tags
 * that can be removed. React Aria brings the combo box and tag patterns (keyboard, screen reader, touch).
 */
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ComboBox } from 'react-aria-components/ComboBox';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Tag, TagGroup, TagList } from 'react-aria-components/TagGroup';
import { CheckIcon, CloseIcon } from '../shell/icons';
import type { Choice } from './draft';

interface Props {
  label: string;
  placeholder: string;
  options: readonly Choice[];
  chosen: readonly Choice[];
  onChange: (chosen: Choice[]) => void;
  /** Called with what is typed when the server searches; without it the given options are filtered here. */
  onSearch?: (text: string) => void;
  loading: boolean;
  failed: boolean;
}

export function Picker({ label, placeholder, options, chosen, onChange, onSearch, loading, failed }: Props) {
  const [text, setText] = useState('');
  const missing = failed ? 'The list could not be loaded. Type to try again.' : loading ? 'Searching…' : 'Nothing found.';

  function search(typed: string) {
    setText(typed);
    onSearch?.(typed);
  }

  function choose(keys: readonly (string | number)[]) {
    const known = new Map([...options, ...chosen].map((choice) => [choice.id, choice]));
    onChange(keys.map((key) => known.get(String(key))).filter((choice) => choice !== undefined));
    search('');
  }

  return (
    <div className="picker">
      <ComboBox
        className="picker__box"
        selectionMode="multiple"
        menuTrigger="focus"
        allowsEmptyCollection
        items={options}
        value={chosen.map(({ id }) => id)}
        onChange={choose}
        inputValue={text}
        onInputChange={search}
        {...(onSearch ? { defaultFilter: () => true } : {})}
      >
        <Label className="picker__label">{label}</Label>
        <Input className="picker__input" placeholder={placeholder} autoComplete="off" spellCheck={false} />
        <Popover className="picker__popover" offset={6}>
          <ListBox className="picker__list" renderEmptyState={() => <p className="picker__none">{missing}</p>}>
            {(choice: Choice) => (
              <ListBoxItem className="picker__option" id={choice.id} textValue={`${choice.name} ${choice.detail}`}>
                {({ isSelected }) => (
                  <>
                    <span className="picker__name">{choice.name}</span>
                    <span className="picker__detail">{choice.detail}</span>
                    {isSelected && <CheckIcon className="picker__check" />}
                  </>
                )}
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
      {chosen.length > 0 && (
        <TagGroup
          aria-label={`${label}: chosen`}
          onRemove={(removed) => onChange(chosen.filter(({ id }) => !removed.has(id)))}
        >
          <TagList className="picker__tags" items={chosen}>
            {(choice) => (
              <Tag className="picker__tag" id={choice.id} textValue={choice.name}>
                {choice.name}
                <Button slot="remove" className="picker__remove">
                  <CloseIcon />
                </Button>
              </Tag>
            )}
          </TagList>
        </TagGroup>
      )}
    </div>
  );
}
