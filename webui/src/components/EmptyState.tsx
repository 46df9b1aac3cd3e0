import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

// Tells what will be here, and what to do for it.
export function EmptyState({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="xl">
      <Stack align="flex-start" gap="sm" maw={640}>
        <Title order={2} size="h4">
          {title}
        </Title>
        {typeof children === 'string' ? <Text c="dimmed">{children}</Text> : children}
      </Stack>
    </Paper>
  );
}
