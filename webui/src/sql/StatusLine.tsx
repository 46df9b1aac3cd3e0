// What the planner says of the text, in a line below it.
import { Group, Loader, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { Place } from '../components/CodeEditor';
import type { Problem } from '../lib/problem';
import type { Verdict } from '../api/sql';
import { ProblemText } from './ProblemText';
import type { Said } from './verdict';

const verdicts: Record<Verdict['validationResult'], string> = {
  VALIDATION_RESULT_VALID_DDL_STATEMENT:
    'Valid so far: it defines tables. A SELECT shows rows of them, an INSERT can be deployed.',
  VALIDATION_RESULT_VALID_INSERT_QUERY: 'Valid: it writes to a table, and can be deployed.',
  VALIDATION_RESULT_VALID_SELECT_QUERY: 'Valid: a preview shows its rows.',
  VALIDATION_RESULT_INVALID: 'Not valid.',
};

interface Props {
  said: Said | undefined;
  isCurrent: boolean; // said of the text as it is now
  problem: Problem | undefined;
  onPlace: (place: Place) => void;
}

export function StatusLine({ said, isCurrent, problem, onPlace }: Props) {
  return (
    <Group role="status" gap="xs" wrap="nowrap" mih={24} align="flex-start">
      {problem && (
        <Group gap={6} wrap="nowrap" align="flex-start">
          <IconAlertTriangle size={18} color="var(--mantine-color-red-text)" aria-hidden />
          <ProblemText problem={problem} onPlace={onPlace} />
        </Group>
      )}
      {!problem && said?.verdict && (
        <Group gap={6} wrap="nowrap" align="flex-start">
          <IconCircleCheck size={18} color="var(--mantine-color-green-text)" aria-hidden />
          <Text size="sm">{verdicts[said.verdict.validationResult]}</Text>
        </Group>
      )}
      {!isCurrent && <Loader size={16} mt={2} aria-hidden />}
    </Group>
  );
}
