import {
  Button,
  Card,
  Center,
  Group,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { accountKey, accountQuery, logIn } from '../api/session';
import { useTitle } from '../app/title';
import { ErrorNote } from '../components/ErrorNote';
import { PasswordForm } from './PasswordForm';

function LoginForm() {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const enter = useMutation({
    mutationFn: () => logIn(name, password),
    onSuccess: (account) => queries.setQueryData(accountKey, account),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          autoComplete="username"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoFocus
          required
        />
        <PasswordInput
          label="Password"
          description="The first start of the server has printed that of admin."
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
        />
        <ErrorNote error={enter.error} />
        <Button type="submit" loading={enter.isPending}>
          Log in
        </Button>
      </Stack>
    </form>
  );
}

// A path of this console, whatever the address says.
function placeOf(next: string | null) {
  return next && /^\/(?![/\\])/.test(next) ? next : '/';
}

export function LoginPage() {
  const { data: account } = useQuery(accountQuery);
  const [parameters] = useSearchParams();
  const isNew = account?.status.mustChangePassword ?? false;
  const title = isNew ? 'Choose a password' : 'Log in';
  useTitle(title);
  if (account && !isNew) return <Navigate to={placeOf(parameters.get('next'))} replace />;
  return (
    <Center component="main" mih="100vh" p="sm">
      <Card withBorder w={400} maw="100%" p="lg">
        <Stack>
          <Group gap="sm">
            <img src="/castor.svg" alt="" width={32} height={32} />
            <Title order={1} size="h3">
              {title}
            </Title>
          </Group>
          {isNew ? (
            <>
              <Text size="sm">
                The password of {account?.metadata.name} was good for one login. From now on only
                you know it.
              </Text>
              <PasswordForm onDone={() => undefined} />
            </>
          ) : (
            <LoginForm />
          )}
        </Stack>
      </Card>
    </Center>
  );
}
