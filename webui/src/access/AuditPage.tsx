import { Badge, Button, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { auditQuery, type AuditEntry } from '../api/access';
import { useTitle } from '../app/title';
import { EmptyState } from '../components/EmptyState';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { Time } from '../components/Time';
import { useReason } from './account';

function Row({ entry: { metadata, spec } }: { entry: AuditEntry }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Time at={metadata.createdAt} />
      </Table.Td>
      <Table.Td>
        {spec.actor || 'nobody known'}
        <Text size="xs" c="dimmed">
          from {spec.address}
        </Text>
      </Table.Td>
      <Table.Td>
        {spec.operation}
        <Text size="xs" c="dimmed" className="fact">
          {spec.resource}
          {spec.resourceVersion !== null && `, version ${spec.resourceVersion}`}
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge variant="default" tt="none">
          {spec.outcome.toLowerCase()}
        </Badge>
        {spec.message && (
          <Text size="xs" className="fact">
            {spec.message}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function Log() {
  const [typed, setTyped] = useState('');
  const [actor] = useDebouncedValue(typed.trim(), 300);
  const audit = useInfiniteQuery(auditQuery(actor));
  const entries = audit.data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <TextInput
        aria-label="Only what this user has asked for"
        placeholder="Only what this user has asked for"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        maw={420}
      />
      <ErrorNote error={audit.error} />
      {audit.isPending && <Loading what="the audit log" />}
      {entries?.length === 0 && (
        <EmptyState title="No such change">Nobody of that name has asked for one.</EmptyState>
      )}
      {entries && entries.length > 0 && (
        <Table.ScrollContainer minWidth={680}>
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>Who</Table.Th>
                <Table.Th>What</Table.Th>
                <Table.Th>Outcome</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entries.map((entry) => (
                <Row key={entry.metadata.id} entry={entry} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {audit.hasNextPage && (
        <Button
          variant="default"
          onClick={() => void audit.fetchNextPage()}
          loading={audit.isFetchingNextPage}
          w="fit-content"
        >
          Show earlier ones
        </Button>
      )}
    </>
  );
}

function ExportButtons() {
  return (
    <Group gap="xs">
      {(['csv', 'jsonl'] as const).map((format) => (
        <Button
          key={format}
          component="a"
          href={`/access/v1/audit:export?format=${format}`}
          download
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {format === 'csv' ? 'Export as CSV' : 'Export as JSON lines'}
        </Button>
      ))}
    </Group>
  );
}

export function AuditPage() {
  useTitle('Audit log');
  const reason = useReason('admin');
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          Audit log
        </Title>
        {!reason && <ExportButtons />}
      </Group>
      <Text c="dimmed">
        Every change that was asked for, also those that were refused. Kept for 180 days.
      </Text>
      {reason ? <EmptyState title="For admins">{reason}</EmptyState> : <Log />}
    </Stack>
  );
}
