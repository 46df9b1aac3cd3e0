import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Refusal } from '../api/client';

const titles: Record<number, string> = {
  0: 'No answer',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Somebody was faster',
};

// Nothing, if there is no error.
export function ErrorNote({ error }: { error: Error | null }) {
  if (!error) return null;
  const title = error instanceof Refusal ? titles[error.status] : undefined;
  return (
    <Alert
      role="alert"
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={title ?? 'That did not work'}
    >
      <Text size="sm" className="fact">
        {error.message}
      </Text>
    </Alert>
  );
}
