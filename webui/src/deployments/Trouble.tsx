// Why a deployment is not as it should be, and what to do about it.
import { Alert, Anchor, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Deployment } from '../api/resources';
import { readProblem } from '../lib/problem';
import { nameOf } from './Health';

function Note({ title, message, address }: { title: string; message: string; address: string }) {
  const { line, column, message: what, help } = readProblem(message);
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden />} title={title}>
      <Stack gap={4}>
        <Text size="sm" className="fact">
          {what}
        </Text>
        {help && <Text size="sm">{help}</Text>}
        {line !== undefined ? (
          <Anchor component={Link} to={`${address}/configuration`} size="sm">
            Show line {line}, column {column} in the script
          </Anchor>
        ) : (
          <Anchor component={Link} to={`${address}/logs`} size="sm">
            Read the logs
          </Anchor>
        )}
      </Stack>
    </Alert>
  );
}

export function Trouble({ deployment }: { deployment: Deployment }) {
  const { metadata, spec, status } = deployment;
  const address = `/ns/${metadata.namespace}/deployments/${metadata.id}`;
  const notes = status.conditions.map((condition) => ({
    title: nameOf(condition),
    message: condition.message,
  }));
  if (status.message && !notes.some(({ message }) => message === status.message)) {
    notes.unshift({
      title: status.state === 'FAILED' ? 'Failed' : 'Note',
      message: status.message,
    });
  }
  const isGivenUp = status.state === 'FAILED' && spec.state === 'RUNNING';
  return (
    <>
      {notes.map(({ title, message }) => (
        <Note key={title} title={title} message={message} address={address} />
      ))}
      {isGivenUp && (
        <Text size="sm" c="dimmed">
          Another version starts it again; so do Cancel and then Start.
        </Text>
      )}
    </>
  );
}
