// What the deployment's jobs have done, one after the other.
import {
  Card,
  Group,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  Title,
  useComputedColorScheme,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { metricsQuery } from '../../api/queries';
import type { Deployment } from '../../api/resources';
import { EmptyState } from '../../components/EmptyState';
import { ErrorNote } from '../../components/ErrorNote';
import { Loading } from '../../components/Loading';
import { fullTime } from '../../lib/time';
import { Chart } from './Chart';
import { panels, showValue, type DeploymentMetrics, type Panel } from './series';

const ranges = [
  { value: '15', label: '15 min' },
  { value: '60', label: '1 h' },
  { value: '360', label: '6 h' },
  { value: '1440', label: '1 day' },
  { value: '10080', label: '7 days' },
];

// The newest values, which the picture tells only those who see it.
function latestOf(panel: Panel, metrics: DeploymentMetrics): string {
  return panel.lines
    .flatMap(([name, label]) => {
      const series = metrics.series.find((each) => each.name === name);
      const newest = series?.values.findLast((value) => value !== null);
      return series && newest !== undefined ? [`${label} ${showValue(newest, series.unit)}`] : [];
    })
    .join(', ');
}

function Marks({ marks }: { marks: DeploymentMetrics['marks'] }) {
  if (marks.length === 0) return null;
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">
        What the lines mark
      </Title>
      {marks.toReversed().map(({ time, kind, version, message }) => (
        <Text size="sm" key={`${time} ${kind}`}>
          {fullTime(new Date(time).toISOString())}: {kind.toLowerCase()}, version {version}
          {message ? `: ${message}` : ''}
        </Text>
      ))}
    </Card>
  );
}

export default function ChartsTab({ deployment }: { deployment: Deployment }) {
  const { namespace, id } = deployment.metadata;
  const [minutes, setMinutes] = useState('15');
  const { data, error, isPending } = useQuery(metricsQuery(namespace, id, Number(minutes)));
  const isDark = useComputedColorScheme('light') === 'dark';
  const hasValues = data?.series.some(({ values }) => values.some((value) => value !== null));
  return (
    <Stack>
      <Group>
        <SegmentedControl
          aria-label="How far back"
          size="xs"
          data={ranges}
          value={minutes}
          onChange={setMinutes}
        />
      </Group>
      <ErrorNote error={error} />
      {isPending && <Loading what="metrics" />}
      {data && !hasValues && (
        <EmptyState title="Nothing has run in this time">
          What jobs do is kept here, second by second for an hour and by the minute for days, and
          runs on from one job to the next.
        </EmptyState>
      )}
      {data && hasValues && (
        <>
          <SimpleGrid cols={{ base: 1, lg: 2 }}>
            {panels.map((panel) => (
              <Card withBorder key={panel.title} padding="sm">
                <Title order={2} size="h5">
                  {panel.title}
                </Title>
                <Text size="xs" c="dimmed">
                  {latestOf(panel, data) || 'no values yet'}
                </Text>
                <Chart panel={panel} metrics={data} isDark={isDark} />
              </Card>
            ))}
          </SimpleGrid>
          <Marks marks={data.marks} />
        </>
      )}
    </Stack>
  );
}
