import { Button, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { membersQuery, useDeleteMember, usePutMember, type Member } from '../api/access';
import type { Role } from '../api/session';
import { useNamespace } from '../app/namespace';
import { useTitle } from '../app/title';
import { ConfirmButton } from '../components/ConfirmButton';
import { EmptyState } from '../components/EmptyState';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { tell } from '../components/tell';
import { Time } from '../components/Time';
import { Needs } from './Needs';
import { RoleSelect } from './RoleSelect';

function NewMember({ namespace }: { namespace: string }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const put = usePutMember(namespace);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    put.mutate({ name, role }, { onSuccess: () => setName('') });
  };
  return (
    <Stack gap="sm">
      <form onSubmit={submit}>
        <Group align="flex-end">
          <TextInput
            label="User"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
          />
          <RoleSelect label="Role" value={role} onChange={setRole} />
          <Button type="submit" loading={put.isPending}>
            Add member
          </Button>
        </Group>
      </form>
      <ErrorNote error={put.error} />
    </Stack>
  );
}

function Row({ namespace, member }: { namespace: string; member: Member }) {
  const { name, createdAt } = member.metadata;
  const put = usePutMember(namespace);
  const remove = useDeleteMember(namespace);
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      <Table.Td>
        <Needs role="owner">
          <RoleSelect
            aria-label={`Role of ${name}`}
            value={member.spec.role}
            onChange={(role) => put.mutate({ name, role }, { onError: tell })}
          />
        </Needs>
      </Table.Td>
      <Table.Td>
        <Time at={createdAt} />
      </Table.Td>
      <Table.Td>
        <Needs role="owner">
          <ConfirmButton
            size="compact-xs"
            label="Remove"
            question={`Remove ${name}?`}
            onConfirm={() => remove.mutate(name, { onError: tell })}
          >
            They may nothing in this namespace any more. What they have made stays.
          </ConfirmButton>
        </Needs>
      </Table.Td>
    </Table.Tr>
  );
}

export function MembersPage() {
  useTitle('Members');
  const namespace = useNamespace();
  const { data, error, isPending } = useQuery(membersQuery(namespace));
  return (
    <Stack maw={900}>
      <Title order={1} size="h2">
        Members
      </Title>
      <Text c="dimmed">Who may what in {namespace}. Admins of the platform may everything.</Text>
      <Needs role="owner">
        <NewMember namespace={namespace} />
      </Needs>
      <ErrorNote error={error} />
      {isPending && <Loading what="members" />}
      {data?.length === 0 && (
        <EmptyState title="No members yet">
          A user whom an admin has made becomes a member by being given a role.
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <Table.ScrollContainer minWidth={520}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>User</Table.Th>
                <Table.Th>Role</Table.Th>
                <Table.Th>Since</Table.Th>
                <Table.Th>What to do</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((member) => (
                <Row key={member.metadata.name} namespace={namespace} member={member} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}
