/** The pickers of the audience builder, each fed by its list of the API. */
import { useState } from 'react';
import { useClassSearch, useGroups, usePeopleSearch } from '../api/queries';
import type { Group, SchoolClass } from '../api/contract';
import { ROLE_ONE } from '../words/labels';
import type { Choice } from './draft';
import { Picker } from './Picker';
import { useSettled } from './useSettled';

interface Props {
  chosen: readonly Choice[];
  onChange: (chosen: Choice[]) => void;
}

const REST_MS = 200;

export function ClassPicker(props: Props) {
  const [text, setText] = useState('');
  const found = useClassSearch(useSettled(text, REST_MS));
  return (
    <Picker
      {...props}
      label="Classes"
      placeholder="Search by name or number"
      options={(found.data?.items ?? []).map(classChoice)}
      onSearch={setText}
      loading={found.isFetching}
      failed={found.isError}
    />
  );
}

export function PeoplePicker(props: Props) {
  const [text, setText] = useState('');
  const found = usePeopleSearch(useSettled(text, REST_MS));
  return (
    <Picker
      {...props}
      label="People"
      placeholder="Search by name or email"
      options={(found.data?.items ?? []).map(({ id, name, role, email }) => ({
        id,
        name,
        detail: [ROLE_ONE[role], email].filter(Boolean).join(' · '),
      }))}
      onSearch={setText}
      loading={found.isFetching}
      failed={found.isError}
    />
  );
}

export function GradePicker(props: Props) {
  const found = useGroups('grades');
  return (
    <Picker
      {...props}
      label="Grades"
      placeholder="Any grade"
      options={(found.data?.items ?? []).map(gradeChoice)}
      loading={found.isFetching}
      failed={found.isError}
    />
  );
}

export function SchoolPicker(props: Props) {
  const found = useGroups('schools');
  return (
    <Picker
      {...props}
      label="Schools"
      placeholder="Any school"
      options={(found.data?.items ?? []).map(({ id, name, external_id }) => ({ id, name, detail: external_id ?? '' }))}
      loading={found.isFetching}
      failed={found.isError}
    />
  );
}

/** Schools call their grades "6" or "10B": said with the word. */
function gradeChoice({ id, name, external_id }: Group): Choice {
  return { id, name: gradeName(name), detail: external_id !== null && external_id !== name ? external_id : '' };
}

function classChoice({ id, name, external_id, course, grade, school }: SchoolClass): Choice {
  const detail = [external_id === name ? null : external_id, course === name ? null : course, grade === null ? null : gradeName(grade), school];
  return { id, name, detail: detail.filter(Boolean).join(' · ') };
}

function gradeName(name: string): string {
  return /^\d/.test(name) ? `Grade ${name}` : name;
}
