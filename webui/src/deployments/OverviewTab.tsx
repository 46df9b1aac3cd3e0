import { Anchor, Card, Code, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { eventsQuery, jobsQuery, savepointsQuery } from '../api/queries';
import type { Deployment, Job } from '../api/resources';
import { EmptyState } from '../components/EmptyState';
import { StateBadge } from '../components/StateBadge';
import { Time } from '../components/Time';
import { EventList } from './EventList';
import { Facts } from './Facts';
import { Trouble } from './Trouble';

const fewEvents = 6;

function Engine({ job }: { job: Job }) {
  const { engine, engineReason, started } = job.status;
  const name = engine === 'flink' ? 'Apache Flink' : 'Native';
  if (!started?.flinkUiUrl) return <span title={engineReason}>{name}</span>;
  return (
    <Anchor href={started.flinkUiUrl} target="_blank" rel="noreferrer" title={engineReason} inherit>
      {name}
    </Anchor>
  );
}

function JobCard({ job }: { job: Job }) {
  const { metadata, spec, status } = job;
  return (
    <Card withBorder>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          Job
        </Title>
        <StateBadge state={status.state} />
      </Group>
      <Facts
        facts={[
          ['Version', metadata.version],
          ['Started', <Time key="time" at={status.started?.startedAt} />],
          ['Restarts', status.started?.observedFlinkJobRestarts ?? 0],
          ['Attempts', metadata.attempt],
          ['Engine', <Engine key="engine" job={job} />],
          ['Id', <Code key="id">{metadata.id}</Code>, true],
          ['Began with', spec.savepointLocation ?? 'no state', true],
        ]}
      />
      {status.failure && (
        <Text size="sm" mt="sm" className="fact">
          {status.failure.message}
        </Text>
      )}
    </Card>
  );
}

function SpecCard({ deployment }: { deployment: Deployment }) {
  const { namespace, id } = deployment.metadata;
  const { data: savepoints } = useQuery(savepointsQuery(namespace, id));
  const { spec, status } = deployment;
  const newest = savepoints?.find((savepoint) => savepoint.status.state === 'COMPLETED');
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="sm">
        What is wanted
      </Title>
      <Facts
        facts={[
          ['State', spec.state?.toLowerCase() ?? '–'],
          ['Newest version', status.version],
          ['Parallelism', spec.template.spec.parallelism ?? 1],
          ['Upgrades', spec.upgradeStrategy?.kind?.toLowerCase() ?? 'stateful'],
          ['Starts from', spec.restoreStrategy?.kind?.toLowerCase().replaceAll('_', ' ') ?? '–'],
          ['Latest savepoint', <Time key="time" at={newest?.metadata.createdAt} />],
        ]}
      />
    </Card>
  );
}

function Recent({ deployment }: { deployment: Deployment }) {
  const { namespace, id } = deployment.metadata;
  const { data: events } = useQuery(eventsQuery(namespace, id));
  return (
    <Card withBorder>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          What happened last
        </Title>
        <Anchor component={Link} to={`/ns/${namespace}/deployments/${id}/events`} size="sm">
          All events
        </Anchor>
      </Group>
      <EventList events={events?.slice(0, fewEvents) ?? []} />
    </Card>
  );
}

export function OverviewTab({ deployment }: { deployment: Deployment }) {
  const { namespace, id } = deployment.metadata;
  const { data: jobs } = useQuery(jobsQuery(namespace, id));
  const job = jobs?.[0];
  return (
    <Stack>
      <Trouble deployment={deployment} />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        {job ? (
          <JobCard job={job} />
        ) : (
          <EmptyState title="No job yet">
            {deployment.spec.state === 'RUNNING'
              ? 'The script is being planned; its job follows.'
              : 'Start plans the script and runs it as a job.'}
          </EmptyState>
        )}
        <SpecCard deployment={deployment} />
      </SimpleGrid>
      <Recent deployment={deployment} />
    </Stack>
  );
}
