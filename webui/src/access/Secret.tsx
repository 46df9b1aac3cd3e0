import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';

interface Props {
  what: string;
  text: string;
  onDone: () => void;
}

// A password or token that nobody can be shown again.
export function Secret({ what, text, onDone }: Props) {
  return (
    <Alert color="green" title={`${what}: copy it now, it is not shown again`}>
      <Stack gap="xs">
        <Code block className="fact">
          {text}
        </Code>
        <Group gap="xs">
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button size="compact-sm" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button size="compact-sm" variant="default" onClick={onDone}>
            I have it
          </Button>
        </Group>
        <Text size="sm">
          Whoever has it may what it allows: it belongs into no chat and no mail.
        </Text>
      </Stack>
    </Alert>
  );
}
