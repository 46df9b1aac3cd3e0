import { Code, CopyButton, Group, Stack, Table, Text, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useDeleteSavepoint, useRollBack } from '../api/changes';
import { savepointsQuery } from '../api/queries';
import type { Deployment, Savepoint } from '../api/resources';
import { Needs } from '../access/Needs';
import { ConfirmButton } from '../components/ConfirmButton';
import { EmptyState } from '../components/EmptyState';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { StateBadge } from '../components/StateBadge';
import { Time } from '../components/Time';

interface RowProps {
  deployment: Deployment;
  savepoint: Savepoint;
}

function RowActions({ deployment, savepoint }: RowProps) {
  const { namespace, id } = deployment.metadata;
  const remove = useDeleteSavepoint(namespace, id);
  const rollBack = useRollBack(namespace, id);
  const tell = (error: Error) =>
    notifications.show({ color: 'red', title: 'That did not work', message: error.message });
  const goBack = () =>
    rollBack.mutate(
      { version: deployment.status.version, savepointId: savepoint.metadata.id },
      { onError: tell },
    );
  const location = savepoint.spec.savepointLocation;
  return (
    <Group gap="xs" wrap="nowrap">
      {location && (
        <CopyButton value={location}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy path'}
            </Button>
          )}
        </CopyButton>
      )}
      <Needs role="editor">
        <Group gap="xs" wrap="nowrap">
          {savepoint.status.state === 'COMPLETED' && (
            <ConfirmButton
              size="compact-xs"
              label="Go back to it"
              question="Go back to this savepoint?"
              onConfirm={goBack}
            >
              The newest version begins anew with this state. What the running job has counted since
              is left behind.
            </ConfirmButton>
          )}
          <ConfirmButton
            size="compact-xs"
            label="Delete"
            question="Delete this savepoint?"
            onConfirm={() => remove.mutate(savepoint.metadata.id, { onError: tell })}
          >
            Its files are deleted, too. One that a job or a version would begin with is not deleted.
          </ConfirmButton>
        </Group>
      </Needs>
    </Group>
  );
}

function Row({ deployment, savepoint }: RowProps) {
  const { metadata, spec, status } = savepoint;
  return (
    <Table.Tr>
      <Table.Td>
        <Time at={metadata.createdAt} />
      </Table.Td>
      <Table.Td>
        <StateBadge state={status.state} />
        {status.failure && (
          <Text size="xs" className="fact">
            {status.failure.message}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{metadata.origin.toLowerCase().replaceAll('_', ' ')}</Table.Td>
      <Table.Td>
        <Code className="fact">{spec.savepointLocation ?? '–'}</Code>
      </Table.Td>
      <Table.Td>
        <RowActions deployment={deployment} savepoint={savepoint} />
      </Table.Td>
    </Table.Tr>
  );
}

export function SnapshotsTab({ deployment }: { deployment: Deployment }) {
  const { namespace, id } = deployment.metadata;
  const { data, error, isPending } = useQuery(savepointsQuery(namespace, id));
  return (
    <Stack>
      <ErrorNote error={error} />
      {isPending && <Loading what="savepoints" />}
      {data?.length === 0 && (
        <EmptyState title="No savepoints yet">
          One is taken by the button above, before a suspension or a stateful upgrade, and by a
          schedule if the configuration has one. Checkpoints, from which a failed job goes on, are
          taken besides.
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <Table.ScrollContainer minWidth={700}>
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Taken</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th>Why</Table.Th>
                <Table.Th>Where</Table.Th>
                <Table.Th>
                  <span>What to do</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((savepoint) => (
                <Row key={savepoint.metadata.id} deployment={deployment} savepoint={savepoint} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}
