import { Button, Checkbox, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import {
  useCreateUser,
  useDeleteUser,
  useResetPassword,
  usersQuery,
  useSetAdmin,
  type User,
} from '../api/access';
import { useTitle } from '../app/title';
import { ConfirmButton } from '../components/ConfirmButton';
import { EmptyState } from '../components/EmptyState';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { tell } from '../components/tell';
import { Time } from '../components/Time';
import { useReason } from './account';
import { Secret } from './Secret';

interface Given {
  name: string;
  password: string;
}

const givenBy = (user: User): Given => ({
  name: user.metadata.name,
  password: user.status.oneTimePassword ?? '',
});

function NewUser({ onGiven }: { onGiven: (given: Given) => void }) {
  const [name, setName] = useState('');
  const [admin, setAdmin] = useState(false);
  const create = useCreateUser();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const done = (user: User) => {
      setName('');
      setAdmin(false);
      onGiven(givenBy(user));
    };
    create.mutate({ name, admin }, { onSuccess: done });
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
          <Checkbox
            label="Admin"
            mb={8}
            checked={admin}
            onChange={(event) => setAdmin(event.currentTarget.checked)}
          />
          <Button type="submit" loading={create.isPending}>
            Create user
          </Button>
        </Group>
      </form>
      <ErrorNote error={create.error} />
    </Stack>
  );
}

function Row({ user, onGiven }: { user: User; onGiven: (given: Given) => void }) {
  const { name, createdAt } = user.metadata;
  const setAdmin = useSetAdmin();
  const reset = useResetPassword();
  const remove = useDeleteUser();
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      <Table.Td>
        <Checkbox
          aria-label={`${name} is admin`}
          checked={user.spec.admin}
          onChange={(event) =>
            setAdmin.mutate({ name, admin: event.currentTarget.checked }, { onError: tell })
          }
        />
      </Table.Td>
      <Table.Td>{user.status.mustChangePassword ? 'to be changed' : 'their own'}</Table.Td>
      <Table.Td>
        <Time at={createdAt} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <ConfirmButton
            size="compact-xs"
            label="Reset password"
            question={`Give ${name} another password?`}
            onConfirm={() =>
              reset.mutate(name, { onSuccess: (made) => onGiven(givenBy(made)), onError: tell })
            }
          >
            It is good for one login. Where they have logged in, they are logged out.
          </ConfirmButton>
          <ConfirmButton
            size="compact-xs"
            label="Delete"
            question={`Delete ${name}?`}
            onConfirm={() => remove.mutate(name, { onError: tell })}
          >
            With their sessions, tokens and roles. What they have made stays.
          </ConfirmButton>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function Users() {
  const { data, error, isPending } = useQuery(usersQuery);
  const [given, setGiven] = useState<Given>();
  return (
    <>
      <NewUser onGiven={setGiven} />
      {given && (
        <Secret
          what={`The password of ${given.name}`}
          text={given.password}
          onDone={() => setGiven(undefined)}
        />
      )}
      <ErrorNote error={error} />
      {isPending && <Loading what="users" />}
      {data && (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Admin</Table.Th>
                <Table.Th>Password</Table.Th>
                <Table.Th>Created</Table.Th>
                <Table.Th>What to do</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((user) => (
                <Row key={user.metadata.name} user={user} onGiven={setGiven} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  );
}

export function UsersPage() {
  useTitle('Users');
  const reason = useReason('admin');
  return (
    <Stack maw={900}>
      <Title order={1} size="h2">
        Users
      </Title>
      <Text c="dimmed">
        People who can log in. An admin may everything; others have the roles that namespaces give
        them.
      </Text>
      {reason ? <EmptyState title="For admins">{reason}</EmptyState> : <Users />}
    </Stack>
  );
}
