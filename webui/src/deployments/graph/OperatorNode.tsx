import { Badge, Group, Paper, Text } from '@mantine/core';
import { Handle, Position, useStore, type NodeProps } from '@xyflow/react';
import { showRate } from '../../lib/numbers';
import type { OperatorNodeType } from './layout';
import { nodeHeight, nodeWidth } from './layout';
import { loadOf, loads, type VertexStatus } from './load';

// A second of the thread, as a bar: busy, back-pressured, idle.
function ThreadBar({ thread }: { thread: VertexStatus | undefined }) {
  const { busyTimeMsPerSecond: busy = 0, backPressuredTimeMsPerSecond: pressed = 0 } =
    thread?.metrics ?? {};
  const busyColour = loads[busy > 500 ? 'busy' : 'working'].colour;
  return (
    <div className="thread-bar" aria-hidden>
      <span style={{ width: `${busy / 10}%`, background: busyColour }} />
      <span style={{ width: `${pressed / 10}%`, background: loads.backPressured.colour }} />
    </div>
  );
}

export function OperatorNode({ data: { operator } }: NodeProps<OperatorNodeType>) {
  const { vertex, status, thread } = operator;
  const load = loads[loadOf(thread)];
  const isDownwards = useStore((state) => state.width < 600);
  const [from, to] = isDownwards
    ? [Position.Top, Position.Bottom]
    : [Position.Left, Position.Right];
  return (
    <Paper
      withBorder
      w={nodeWidth}
      h={nodeHeight}
      p="xs"
      style={{ borderLeft: `5px solid ${load.colour}` }}
      title={vertex.description}
    >
      <Handle type="target" position={from} isConnectable={false} />
      <Group justify="space-between" wrap="nowrap" gap={4}>
        <Text size="sm" fw={600} truncate>
          {vertex.name}
        </Text>
        {status && <Text size="xs">×{status.parallelism}</Text>}
      </Group>
      <Text size="xs" c="dimmed">
        {showRate(status?.metrics.numRecordsInPerSecond)} in,{' '}
        {showRate(status?.metrics.numRecordsOutPerSecond)} out
      </Text>
      <Group justify="space-between" wrap="nowrap" gap={4}>
        <Text size="xs">{load.label}</Text>
        {vertex.stateful && (
          <Badge size="xs" variant="default" tt="none">
            state
          </Badge>
        )}
      </Group>
      <ThreadBar thread={thread} />
      <Handle type="source" position={to} isConnectable={false} />
    </Paper>
  );
}
