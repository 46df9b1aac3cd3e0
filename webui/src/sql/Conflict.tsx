import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { CodeDiff } from '../components/CodeDiff';
import type { OpenDraft } from './draft';

// Two have changed one draft: each text is shown, and one of them chosen.
export function Conflict({ draft, saved }: { draft: OpenDraft; saved: string }) {
  return (
    <Alert color="orange" role="alert" title="Somebody else has saved this draft meanwhile">
      <Stack gap="sm">
        <Text size="sm">What is saved now is on the left, your text on the right.</Text>
        <CodeDiff language="sql" before={saved} after={draft.text} />
        <Group>
          <Button size="sm" onClick={draft.insist}>
            Keep my text
          </Button>
          <Button size="sm" variant="default" onClick={draft.drop}>
            Take what is saved
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
