// Rows of one query of the script, as they come.
import { Alert, Button, Group, Select, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { StateBadge } from '../../components/StateBadge';
import type { Place } from '../../components/CodeEditor';
import { useNow } from '../../lib/now';
import { problemOf } from '../../lib/problem';
import { ProblemText } from '../ProblemText';
import { isOnlyInserts, resultOf } from './changelog';
import { RowTable } from './RowTable';
import type { Limits, Run } from './run';

interface Props {
  run: Run | undefined;
  limits: Limits;
  onLimits: (limits: Limits) => void;
  onStop: () => void;
  onPlace: (place: Place) => void;
}

const rowChoices = [10, 100, 1000, 10_000].map((rows) => ({
  value: String(rows),
  label: `${rows.toLocaleString('en')} rows`,
}));
const timeChoices = [10, 60, 180].map((seconds) => ({
  value: String(seconds),
  label: `${seconds} seconds`,
}));

function Controls({ run, limits, onLimits, onStop }: Props) {
  const isGoingOn = run?.state === 'STARTING' || run?.state === 'RUNNING';
  return (
    <Group gap="xs" align="flex-end">
      <Select
        aria-label="At most so many rows"
        w={140}
        data={rowChoices}
        value={String(limits.maxRows)}
        allowDeselect={false}
        onChange={(rows) => onLimits({ ...limits, maxRows: Number(rows) })}
      />
      <Select
        aria-label="At most so long"
        w={140}
        data={timeChoices}
        value={String(limits.maxSeconds)}
        allowDeselect={false}
        onChange={(seconds) => onLimits({ ...limits, maxSeconds: Number(seconds) })}
      />
      {isGoingOn && (
        <Button
          color="red"
          variant="light"
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          onClick={onStop}
        >
          Stop
        </Button>
      )}
    </Group>
  );
}

function Elapsed({ run }: { run: Run }) {
  const seconds = Math.max(Math.floor((useNow() - run.startedAt) / 1000), 0);
  return `, ${Math.min(seconds, run.limits.maxSeconds)} of ${run.limits.maxSeconds} s`;
}

function Progress({ run }: { run: Run }) {
  return (
    <Group gap="xs" role="status">
      <StateBadge state={run.state} />
      <Text size="sm">
        {run.rows.length.toLocaleString('en')} of at most {run.limits.maxRows.toLocaleString('en')}{' '}
        rows
        {run.state === 'RUNNING' && <Elapsed run={run} />}
        {run.state !== 'FAILED' && run.message && `: ${run.message}`}
      </Text>
    </Group>
  );
}

function Failure({ run, onPlace }: { run: Run; onPlace: Props['onPlace'] }) {
  const problem = run.error ? problemOf(run.error) : { message: run.message };
  return (
    <Alert color="red" role="alert" title="The query has failed">
      <ProblemText problem={problem} onPlace={onPlace} />
    </Alert>
  );
}

function Rows({ run }: { run: Run }) {
  const [view, setView] = useState('changes');
  const hasUpdates = !isOnlyInserts(run.rows);
  const isResult = hasUpdates && view === 'result';
  return (
    <Stack gap="xs">
      {hasUpdates && (
        <SegmentedControl
          w="fit-content"
          size="xs"
          aria-label="What to show"
          value={view}
          onChange={setView}
          data={[
            { value: 'changes', label: 'Every change' },
            { value: 'result', label: 'The result so far' },
          ]}
        />
      )}
      <RowTable
        key={view}
        label="Rows of the preview"
        columns={run.columns}
        rows={isResult ? resultOf(run.rows).map((row) => ({ row })) : run.rows}
      />
    </Stack>
  );
}

export function PreviewTab(props: Props) {
  const { run, onPlace } = props;
  return (
    <Stack gap="sm">
      <Controls {...props} />
      <Text size="sm" c="dimmed">
        A preview runs the query at the cursor: a SELECT, or that of an INSERT. Its rows are shown
        here, and nothing is written to any table.
      </Text>
      {run && <Progress run={run} />}
      {run?.state === 'FAILED' && <Failure run={run} onPlace={onPlace} />}
      {run && run.rows.length > 0 && <Rows key={run.startedAt} run={run} />}
    </Stack>
  );
}
