import { Card, Group, Select, Stack, Table, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useRollBack } from '../api/changes';
import { versionsQuery } from '../api/queries';
import type { Deployment, Version } from '../api/resources';
import { CodeDiff } from '../components/CodeDiff';
import { Needs } from '../access/Needs';
import { ConfirmButton } from '../components/ConfirmButton';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { StateBadge } from '../components/StateBadge';
import { Time } from '../components/Time';
import { yamlOf } from './draft';

function RollBackButton({ deployment, version }: { deployment: Deployment; version: number }) {
  const { namespace, id } = deployment.metadata;
  const rollBack = useRollBack(namespace, id);
  const tell = (error: Error) =>
    notifications.show({ color: 'red', title: 'That did not work', message: error.message });
  return (
    <ConfirmButton
      size="compact-xs"
      label="Roll back"
      question={`Go back to version ${version}?`}
      onConfirm={() => rollBack.mutate({ version }, { onError: tell })}
    >
      It becomes the newest version and begins with the state that the present one began with. What
      the present one has counted since is left behind.
    </ConfirmButton>
  );
}

function VersionTable({ deployment, versions }: { deployment: Deployment; versions: Version[] }) {
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Version</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Made</Table.Th>
            <Table.Th>What to do</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {versions.map(({ metadata, status }) => (
            <Table.Tr key={metadata.version}>
              <Table.Td>{metadata.version}</Table.Td>
              <Table.Td>
                <StateBadge state={status.state} />
                {status.message && (
                  <Text size="xs" className="fact">
                    {status.message}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <Time at={metadata.createdAt} />
              </Table.Td>
              <Table.Td>
                {metadata.version !== deployment.status.version && (
                  <Needs role="editor">
                    <RollBackButton deployment={deployment} version={metadata.version} />
                  </Needs>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function scriptOf({ spec }: Version): string {
  return spec.template.spec.artifact.sqlScript ?? '';
}

// All of a template but its script, which is compared by itself.
function settingsOf({ spec }: Version): string {
  const { artifact, ...settings } = spec.template.spec;
  return yamlOf({ ...settings, artifact: { ...artifact, sqlScript: undefined } });
}

function Comparison({ versions }: { versions: Version[] }) {
  const [before, setBefore] = useState<string | null>(null);
  const [after, setAfter] = useState<string | null>(null);
  const find = (number: string | null, otherwise: Version | undefined) =>
    versions.find(({ metadata }) => String(metadata.version) === number) ?? otherwise;
  const newer = find(after, versions[0]);
  const older = find(before, versions[1] ?? versions[0]);
  const data = versions.map(({ metadata }) => ({
    value: String(metadata.version),
    label: `Version ${metadata.version}`,
  }));
  if (!older || !newer) return null;
  return (
    <Card withBorder>
      <Stack>
        <Title order={2} size="h4">
          What has changed
        </Title>
        <Group grow>
          <Select
            label="From"
            data={data}
            value={String(older.metadata.version)}
            onChange={setBefore}
            allowDeselect={false}
          />
          <Select
            label="To"
            data={data}
            value={String(newer.metadata.version)}
            onChange={setAfter}
            allowDeselect={false}
          />
        </Group>
        <Text size="sm" fw={600}>
          Script
        </Text>
        <CodeDiff language="sql" before={scriptOf(older)} after={scriptOf(newer)} />
        <Text size="sm" fw={600}>
          Settings
        </Text>
        <CodeDiff language="yaml" before={settingsOf(older)} after={settingsOf(newer)} />
      </Stack>
    </Card>
  );
}

export default function VersionsTab({ deployment }: { deployment: Deployment }) {
  const { namespace, id } = deployment.metadata;
  const { data, error, isPending } = useQuery(versionsQuery(namespace, id));
  return (
    <Stack>
      <ErrorNote error={error} />
      {isPending && <Loading what="versions" />}
      {data && <VersionTable deployment={deployment} versions={data} />}
      {data && data.length > 1 && <Comparison versions={data} />}
      {data?.length === 1 && (
        <Text c="dimmed" size="sm">
          Each change of the script or its settings makes another version, and each can be compared
          and gone back to.
        </Text>
      )}
    </Stack>
  );
}
