import { Badge, type MantineColor } from '@mantine/core';

const colours: Record<string, MantineColor> = {
  RUNNING: 'green',
  STARTED: 'green',
  COMPLETED: 'green',
  VALID: 'green',
  FINISHED: 'river',
  TRANSITIONING: 'yellow',
  STARTING: 'yellow',
  TERMINATING: 'yellow',
  UNKNOWN: 'yellow',
  SUSPENDED: 'gray',
  CANCELLED: 'gray',
  TERMINATED: 'gray',
  FAILED: 'red',
  INVALID: 'red',
  UNFIT: 'red',
  REJECTED: 'red',
};

export function StateBadge({ state }: { state: string }) {
  return (
    <Badge color={colours[state] ?? 'gray'} variant="dot" tt="none" w="max-content" radius="sm">
      {state.charAt(0) + state.slice(1).toLowerCase()}
    </Badge>
  );
}
