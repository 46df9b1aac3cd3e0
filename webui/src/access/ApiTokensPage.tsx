import { Button, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { apiTokensQuery, useCreateApiToken, useDeleteApiToken } from '../api/access';
import type { Role } from '../api/session';
import { useNamespace } from '../app/namespace';
import { useTitle } from '../app/title';
import { ConfirmButton } from '../components/ConfirmButton';
import { EmptyState } from '../components/EmptyState';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { tell } from '../components/tell';
import { Time } from '../components/Time';
import { useReason } from './account';
import { RoleSelect } from './RoleSelect';
import { Secret } from './Secret';

const shortName = (name: string) => name.split('/').at(-1) ?? name;

function NewToken({ namespace }: { namespace: string }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const create = useCreateApiToken(namespace);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name, role }, { onSuccess: () => setName('') });
  };
  return (
    <Stack gap="sm">
      <form onSubmit={submit}>
        <Group align="flex-end">
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
          />
          <RoleSelect label="Role" value={role} onChange={setRole} />
          <Button type="submit" loading={create.isPending}>
            Create token
          </Button>
        </Group>
      </form>
      <ErrorNote error={create.error} />
      {create.data && <Secret what="The token" text={create.data} onDone={create.reset} />}
    </Stack>
  );
}

function Tokens({ namespace }: { namespace: string }) {
  const { data, error, isPending } = useQuery(apiTokensQuery(namespace));
  const remove = useDeleteApiToken(namespace);
  return (
    <>
      <NewToken namespace={namespace} />
      <ErrorNote error={error} />
      {isPending && <Loading what="tokens" />}
      {data?.length === 0 && (
        <EmptyState title="No tokens yet">
          A pipeline that deploys, or a program that reads figures, has its own token with no more
          than the role it needs.
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Role</Table.Th>
                <Table.Th>Created</Table.Th>
                <Table.Th>Last used</Table.Th>
                <Table.Th>What to do</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((token) => (
                <Table.Tr key={token.name}>
                  <Table.Td>{shortName(token.name)}</Table.Td>
                  <Table.Td>{token.role}</Table.Td>
                  <Table.Td>
                    <Time at={token.createdAt} /> by {token.createdBy}
                  </Table.Td>
                  <Table.Td>
                    <Time at={token.lastUsedAt} />
                  </Table.Td>
                  <Table.Td>
                    <ConfirmButton
                      size="compact-xs"
                      label="Revoke"
                      question={`Revoke ${shortName(token.name)}?`}
                      onConfirm={() => remove.mutate(shortName(token.name), { onError: tell })}
                    >
                      Programs that carry it are refused from now on.
                    </ConfirmButton>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  );
}

export function ApiTokensPage() {
  useTitle('API tokens');
  const namespace = useNamespace();
  const reason = useReason('owner');
  return (
    <Stack maw={900}>
      <Title order={1} size="h2">
        API tokens
      </Title>
      <Text c="dimmed">
        For programs: each has a role in {namespace}, and none anywhere else. Tokens that ask in
        your own name are on your account&apos;s page.
      </Text>
      {reason ? (
        <EmptyState title="For owners">{reason}</EmptyState>
      ) : (
        <Tokens namespace={namespace} />
      )}
    </Stack>
  );
}
