import { Group, Text, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { Condition, DeploymentStatus } from '../api/resources';

const names: Record<string, string> = {
  JobUnstable: 'Unstable',
  'SpecValid/PlanningFailed': 'Newest version is invalid',
  'SpecValid/StateWouldBeLost': 'Newest version would lose state',
  'SpecValid/RolledBack': 'Newest version was rolled back',
};

export function nameOf({ type, reason }: Condition): string {
  return names[`${type}/${reason}`] ?? names[type] ?? type;
}

function Mark({ status }: { status: DeploymentStatus }) {
  if (status.state === 'FAILED') {
    return <IconCircleX size={18} color="var(--mantine-color-red-6)" aria-hidden />;
  }
  if (status.conditions.length > 0) {
    return <IconAlertTriangle size={18} color="var(--mantine-color-orange-6)" aria-hidden />;
  }
  return <IconCircleCheck size={18} color="var(--mantine-color-green-6)" aria-hidden />;
}

// In a word, and on request in the platform's own.
export function Health({ status }: { status: DeploymentStatus }) {
  const condition = status.conditions[0];
  const word = condition
    ? nameOf(condition)
    : status.state === 'FAILED'
      ? 'Failed'
      : status.state === 'RUNNING'
        ? 'Healthy'
        : undefined;
  if (!word) return <Text c="dimmed">–</Text>;
  const why = condition?.message ?? status.message;
  return (
    <Tooltip label={why} disabled={!why} multiline maw={480}>
      <Group gap={6} wrap="nowrap" w="fit-content">
        <Mark status={status} />
        <Text size="sm">{word}</Text>
      </Group>
    </Tooltip>
  );
}
