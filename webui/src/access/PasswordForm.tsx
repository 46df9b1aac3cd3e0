import { Button, PasswordInput, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { accountKey, changePassword } from '../api/session';
import { ErrorNote } from '../components/ErrorNote';

export function PasswordForm({ onDone }: { onDone: () => void }) {
  const queries = useQueryClient();
  const [before, setBefore] = useState('');
  const [after, setAfter] = useState('');
  const [again, setAgain] = useState('');
  const change = useMutation({
    mutationFn: () => changePassword(before, after),
    onSuccess: (account) => {
      queries.setQueryData(accountKey, account);
      setBefore('');
      setAfter('');
      setAgain('');
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  const isTyped = again.length > 0 && again.length >= after.length;
  return (
    <form onSubmit={submit}>
      <Stack>
        <PasswordInput
          label="Password so far"
          autoComplete="current-password"
          value={before}
          onChange={(event) => setBefore(event.currentTarget.value)}
          required
        />
        <PasswordInput
          label="New password"
          description="At least 10 characters"
          autoComplete="new-password"
          minLength={10}
          value={after}
          onChange={(event) => setAfter(event.currentTarget.value)}
          required
        />
        <PasswordInput
          label="New password again"
          autoComplete="new-password"
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
          error={isTyped && again !== after ? 'This is another one.' : undefined}
          required
        />
        <ErrorNote error={change.error} />
        <Button type="submit" disabled={after !== again} loading={change.isPending}>
          Change password
        </Button>
      </Stack>
    </form>
  );
}
