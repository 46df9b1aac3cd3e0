import { Button, Card, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { ownTokensQuery, useCreateOwnToken, useDeleteOwnToken } from '../api/access';
import { useTitle } from '../app/title';
import { ConfirmButton } from '../components/ConfirmButton';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { tell } from '../components/tell';
import { Time } from '../components/Time';
import { useAccount } from './account';
import { PasswordForm } from './PasswordForm';
import { Secret } from './Secret';

function Roles() {
  const { status } = useAccount();
  if (status.admin) return <Text>You are admin of the whole platform.</Text>;
  if (status.namespaces.length === 0) return <Text>You have no role in any namespace yet.</Text>;
  return status.namespaces.map(({ namespace, role }) => (
    <Text key={namespace}>
      {role} in {namespace}
    </Text>
  ));
}

function NewToken() {
  const [name, setName] = useState('');
  const create = useCreateOwnToken();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(name, { onSuccess: () => setName('') });
  };
  return (
    <Stack gap="sm">
      <form onSubmit={submit}>
        <Group align="flex-end">
          <TextInput
            label="Name of a new token"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
          />
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

function Tokens() {
  const { data, error, isPending } = useQuery(ownTokensQuery);
  const remove = useDeleteOwnToken();
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        Tokens
      </Title>
      <Text c="dimmed">
        Programs ask in your name with one of them: castor by CASTOR_TOKEN or --token-file, others
        by the header Authorization: Bearer. It may whatever you may.
      </Text>
      <NewToken />
      <ErrorNote error={error} />
      {isPending && <Loading what="tokens" />}
      {data && data.length > 0 && (
        <Table.ScrollContainer minWidth={420}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Created</Table.Th>
                <Table.Th>Last used</Table.Th>
                <Table.Th>What to do</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map(({ metadata: { id, name, createdAt, lastUsedAt } }) => (
                <Table.Tr key={id}>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td>
                    <Time at={createdAt} />
                  </Table.Td>
                  <Table.Td>
                    <Time at={lastUsedAt} />
                  </Table.Td>
                  <Table.Td>
                    <ConfirmButton
                      size="compact-xs"
                      label="Revoke"
                      question={`Revoke ${name}?`}
                      onConfirm={() => remove.mutate(id, { onError: tell })}
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
    </Stack>
  );
}

export function AccountPage() {
  const { metadata } = useAccount();
  useTitle('Account');
  const changed = () => notifications.show({ color: 'green', message: 'The password is changed.' });
  return (
    <Stack maw={760} gap="lg">
      <Title order={1} size="h2">
        {metadata.name}
      </Title>
      <Stack gap={4}>
        <Roles />
      </Stack>
      <Tokens />
      <Card withBorder maw={420}>
        <Title order={2} size="h4" mb="sm">
          Password
        </Title>
        <PasswordForm onDone={changed} />
      </Card>
    </Stack>
  );
}
