import { Badge, Group, Paper, Text } from '@mantine/core';
import { Handle, Position, useStore, type NodeProps } from '@xyflow/react';
import { showRate } from '../../lib/numbers';
import type { OperatorNodeType } from './layout';
import { nodeHeight, nodeWidth } from './layout';
import { loadOf, loads, type Operator, type VertexStatus } from './load';

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

function Figures({ operator: { vertex, status, thread } }: { operator: Operator }) {
  return (
    <>
      <Text size="xs" c="dimmed">
        {showRate(status?.metrics.numRecordsInPerSecond)} in,{' '}
        {showRate(status?.metrics.numRecordsOutPerSecond)} out
      </Text>
      <Group justify="space-between" wrap="nowrap" gap={4}>
        <Text size="xs">{loads[loadOf(thread)].label}</Text>
        {vertex.stateful && <StateMark />}
      </Group>
      <ThreadBar thread={thread} />
    </>
  );
}

// Of one that does not run: what it is to do, which Flink writes in parentheses behind its name.
function Description({ operator: { vertex } }: { operator: Operator }) {
  const { name, description } = vertex;
  return (
    <>
      <Text size="xs" c="dimmed" lineClamp={vertex.stateful ? 2 : 3} className="fact">
        {description.startsWith(`${name}(`) ? description.slice(name.length + 1, -1) : description}
      </Text>
      {vertex.stateful && <StateMark />}
    </>
  );
}

function StateMark() {
  return (
    <Badge size="xs" variant="default" tt="none">
      state
    </Badge>
  );
}

export function OperatorNode({ data: { operator } }: NodeProps<OperatorNodeType>) {
  const { vertex, status, thread } = operator;
  const colour = status ? loads[loadOf(thread)].colour : 'var(--mantine-color-river-filled)';
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
      style={{ borderLeft: `5px solid ${colour}` }}
      title={vertex.description}
    >
      <Handle type="target" position={from} isConnectable={false} />
      <Group justify="space-between" wrap="nowrap" gap={4}>
        <Text size="sm" fw={600} truncate>
          {vertex.name}
        </Text>
        {status && <Text size="xs">×{status.parallelism}</Text>}
      </Group>
      {status ? <Figures operator={operator} /> : <Description operator={operator} />}
      <Handle type="source" position={to} isConnectable={false} />
    </Paper>
  );
}
