import {
  Anchor,
  Badge,
  Button,
  Card,
  Group,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { IconPlus, IconSearch, IconTag } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { Needs } from '../access/Needs';
import { useNamespace } from '../app/namespace';
import { useTitle } from '../app/title';
import { deploymentsQuery } from '../api/queries';
import type { Deployment } from '../api/resources';
import { EmptyState } from '../components/EmptyState';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { StateBadge } from '../components/StateBadge';
import { Time } from '../components/Time';
import { showLabels } from '../lib/labels';
import { Health } from './Health';

interface ListProps {
  deployments: Deployment[];
  onLabel: (label: string) => void;
}

function LabelList({
  deployment,
  onLabel,
}: {
  deployment: Deployment;
  onLabel: ListProps['onLabel'];
}) {
  return (
    <Group gap={4}>
      {showLabels(deployment.metadata.labels).map((label) => (
        <Badge
          key={label}
          component="button"
          type="button"
          variant="default"
          tt="none"
          aria-label={`Only those with ${label}`}
          onClick={() => onLabel(label)}
        >
          {label}
        </Badge>
      ))}
    </Group>
  );
}

function NameLink({ deployment: { metadata } }: { deployment: Deployment }) {
  const address = `/ns/${metadata.namespace}/deployments/${metadata.id}`;
  return (
    <Anchor component={Link} to={address} fw={600}>
      {metadata.name}
    </Anchor>
  );
}

function Rows({ deployments, onLabel }: ListProps) {
  return (
    <Table.ScrollContainer minWidth={600}>
      <Table highlightOnHover verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Health</Table.Th>
            <Table.Th>Labels</Table.Th>
            <Table.Th>Version</Table.Th>
            <Table.Th>Changed</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deployments.map((deployment) => (
            <Table.Tr key={deployment.metadata.id}>
              <Table.Td>
                <NameLink deployment={deployment} />
              </Table.Td>
              <Table.Td>
                <StateBadge state={deployment.status.state} />
              </Table.Td>
              <Table.Td>
                <Health status={deployment.status} />
              </Table.Td>
              <Table.Td>
                <LabelList deployment={deployment} onLabel={onLabel} />
              </Table.Td>
              <Table.Td>{deployment.status.version}</Table.Td>
              <Table.Td>
                <Time at={deployment.metadata.modifiedAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Cards({ deployments, onLabel }: ListProps) {
  return (
    <Stack gap="xs">
      {deployments.map((deployment) => (
        <Card key={deployment.metadata.id} withBorder padding="sm">
          <Group justify="space-between" wrap="nowrap">
            <NameLink deployment={deployment} />
            <StateBadge state={deployment.status.state} />
          </Group>
          <Group justify="space-between" mt={6}>
            <Health status={deployment.status} />
            <Text size="sm" c="dimmed">
              <Time at={deployment.metadata.modifiedAt} />
            </Text>
          </Group>
          <LabelList deployment={deployment} onLabel={onLabel} />
        </Card>
      ))}
    </Stack>
  );
}

function NoneYet({ createAddress }: { createAddress: string }) {
  return (
    <EmptyState title="Nothing is deployed here yet">
      <Text c="dimmed">
        A deployment is a SQL script that the platform keeps running: it starts it, takes snapshots
        of its state, brings it back when it fails, and upgrades it without losing what it has
        counted.
      </Text>
      <Needs role="editor">
        <Group>
          <Button component={Link} to={`${createAddress}?example=auctions`}>
            Begin with an example
          </Button>
          <Button component={Link} to={createAddress} variant="default">
            Write my own
          </Button>
        </Group>
      </Needs>
    </EmptyState>
  );
}

function useFilters() {
  const [parameters, setParameters] = useSearchParams();
  const put = (name: string, value: string) =>
    setParameters(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  return { name: parameters.get('name') ?? '', labels: parameters.get('labels') ?? '', put };
}

export function ListPage() {
  useTitle('Deployments');
  const namespace = useNamespace();
  const { name, labels, put } = useFilters();
  const [selector] = useDebouncedValue(labels, 300);
  const { data, error, isPending } = useQuery(deploymentsQuery(namespace, selector));
  const isNarrow = useMediaQuery('(max-width: 48em)');
  const createAddress = `/ns/${namespace}/deployments/new`;
  const shown = data?.filter((deployment) =>
    deployment.metadata.name.toLowerCase().includes(name.toLowerCase()),
  );
  const List = isNarrow ? Cards : Rows;
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          Deployments
        </Title>
        <Needs role="editor">
          <Button
            component={Link}
            to={createAddress}
            leftSection={<IconPlus size={16} aria-hidden />}
          >
            New deployment
          </Button>
        </Needs>
      </Group>
      <Group grow>
        <TextInput
          aria-label="Search by name"
          placeholder="Search by name"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={name}
          onChange={(event) => put('name', event.currentTarget.value)}
        />
        <TextInput
          aria-label="Filter by labels"
          placeholder="Labels: team=a, !test"
          leftSection={<IconTag size={16} aria-hidden />}
          value={labels}
          onChange={(event) => put('labels', event.currentTarget.value)}
        />
      </Group>
      <ErrorNote error={error} />
      {isPending && <Loading what="deployments" />}
      {shown && shown.length > 0 && (
        <List deployments={shown} onLabel={(label) => put('labels', label)} />
      )}
      {shown?.length === 0 &&
        (name || labels ? (
          <EmptyState title="No deployment is like that">
            Another name or other labels may find it; without both, all are shown.
          </EmptyState>
        ) : (
          <NoneYet createAddress={createAddress} />
        ))}
    </Stack>
  );
}
