import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { isEqual } from '../lib/merge_patch';

type Row = [key: string, value: string];

interface Props {
  label: string;
  description: string;
  values: Record<string, string>;
  onChange: (values: Record<string, string>) => void;
}

// Rows without a key are shown, and count for nothing.
function valuesOf(rows: Row[]): Record<string, string> {
  return Object.fromEntries(rows.filter(([key]) => key !== ''));
}

export function KeyValues({ label, description, values, onChange }: Props) {
  const [shown, setRows] = useState<Row[]>(() => Object.entries(values));
  const rows = isEqual(valuesOf(shown), values) ? shown : Object.entries(values);
  const change = (changed: Row[]) => {
    setRows(changed);
    onChange(valuesOf(changed));
  };
  const put = (index: number, row: Row) => change(rows.with(index, row));
  return (
    <Stack gap={6} role="group" aria-label={label}>
      <div>
        <Text size="sm" fw={500}>
          {label}
        </Text>
        <Text size="xs" c="dimmed">
          {description}
        </Text>
      </div>
      {rows.map(([key, value], index) => (
        <Group key={index} gap="xs" wrap="nowrap">
          <TextInput
            flex={1}
            aria-label={`${label}: name ${index + 1}`}
            placeholder="name"
            value={key}
            onChange={(event) => put(index, [event.currentTarget.value, value])}
          />
          <TextInput
            flex={1}
            aria-label={`${label}: value ${index + 1}`}
            placeholder="value"
            value={value}
            onChange={(event) => put(index, [key, event.currentTarget.value])}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove ${key || 'row'}`}
            onClick={() => change(rows.toSpliced(index, 1))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        w="fit-content"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => setRows([...rows, ['', '']])}
      >
        Add to {label.toLowerCase()}
      </Button>
    </Stack>
  );
}
