import { NativeSelect, type NativeSelectProps } from '@mantine/core';
import type { Role } from '../api/session';

const choices: { value: Role; label: string }[] = [
  { value: 'viewer', label: 'viewer: sees' },
  { value: 'editor', label: 'editor: changes, too' },
  { value: 'owner', label: 'owner: gives roles, too' },
];

interface Props extends Omit<NativeSelectProps, 'value' | 'onChange' | 'data'> {
  value: Role;
  onChange: (role: Role) => void;
}

export function RoleSelect({ value, onChange, ...input }: Props) {
  return (
    <NativeSelect
      {...input}
      data={choices}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as Role)}
    />
  );
}
