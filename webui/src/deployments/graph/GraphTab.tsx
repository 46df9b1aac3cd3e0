// The operators of the newest job, with what each of them does.
import { Card, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { jobGraphQuery, jobsQuery } from '../../api/queries';
import type { Deployment } from '../../api/resources';
import { EmptyState } from '../../components/EmptyState';
import { ErrorNote } from '../../components/ErrorNote';
import { Loading } from '../../components/Loading';
import { showCount, showRate } from '../../lib/numbers';
import { GraphCanvas } from './GraphCanvas';
import { loadOf, loads, operatorsOf, type Operator } from './load';

function Legend() {
  return (
    <Group gap="md">
      {Object.values(loads).map(({ colour, label }) => (
        <Group key={label} gap={6}>
          <span className="swatch" style={{ background: colour }} aria-hidden />
          <Text size="xs">{label}</Text>
        </Group>
      ))}
    </Group>
  );
}

// The same figures and more, for those whom the picture does not tell them.
function OperatorTable({ operators }: { operators: Operator[] }) {
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="sm">
        Operators
      </Title>
      <Table.ScrollContainer minWidth={720}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Operator</Table.Th>
              <Table.Th>Subtasks</Table.Th>
              <Table.Th>Load</Table.Th>
              <Table.Th>In</Table.Th>
              <Table.Th>Out</Table.Th>
              <Table.Th>Late</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {operators.map(({ vertex, status, thread }) => (
              <Table.Tr key={vertex.id}>
                <Table.Td>
                  <Text size="sm">{vertex.name}</Text>
                  <Text size="xs" c="dimmed" className="fact">
                    {vertex.description}
                  </Text>
                </Table.Td>
                <Table.Td>{status?.parallelism ?? '–'}</Table.Td>
                <Table.Td>{loads[loadOf(thread)].label}</Table.Td>
                <Table.Td>
                  {showCount(status?.metrics.numRecordsIn)} (
                  {showRate(status?.metrics.numRecordsInPerSecond)})
                </Table.Td>
                <Table.Td>
                  {showCount(status?.metrics.numRecordsOut)} (
                  {showRate(status?.metrics.numRecordsOutPerSecond)})
                </Table.Td>
                <Table.Td>{showCount(status?.metrics.numLateRecordsDropped)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

function JobGraph({ namespace, job }: { namespace: string; job: string }) {
  const { data, error, isPending } = useQuery(jobGraphQuery(namespace, job));
  const operators = useMemo(
    () => (data ? operatorsOf(data.spec.vertices, data.status.vertices) : []),
    [data],
  );
  return (
    <>
      <ErrorNote error={error} />
      {isPending && <Loading what="the graph" />}
      {data && (
        <>
          <Legend />
          <GraphCanvas label="Job graph" operators={operators} edges={data.spec.edges} />
          <OperatorTable operators={operators} />
        </>
      )}
    </>
  );
}

export default function GraphTab({ deployment }: { deployment: Deployment }) {
  const { namespace, id } = deployment.metadata;
  const { data: jobs, error, isPending } = useQuery(jobsQuery(namespace, id));
  const job = jobs?.[0];
  return (
    <Stack>
      <ErrorNote error={error} />
      {isPending && <Loading what="jobs" />}
      {jobs?.length === 0 && (
        <EmptyState title="No job has run yet">
          The operators of its plan appear here, with the rows they take and give, and how busy they
          are.
        </EmptyState>
      )}
      {job && <JobGraph key={job.metadata.id} namespace={namespace} job={job.metadata.id} />}
    </Stack>
  );
}
