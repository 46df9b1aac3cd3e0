import { Button, Card, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { parse } from 'yaml';
import { Needs } from '../access/Needs';
import { useNamespace } from '../app/namespace';
import { useTitle } from '../app/title';
import { usePatchDefaults } from '../api/changes';
import { defaultsQuery, globalDefaultsQuery } from '../api/queries';
import type { Defaults } from '../api/resources';
import { CodeEditor } from '../components/CodeEditor';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { yamlOf } from '../deployments/draft';
import { isObject, mergePatchOf } from '../lib/merge_patch';

const example = `# For example:
# template:
#   spec:
#     flinkConfiguration:
#       execution.checkpointing.interval: 30s
`;

function textOf(spec: Record<string, unknown>): string {
  return Object.keys(spec).length > 0 ? yamlOf(spec) : example;
}

// The spec that the text says, or why it says none.
function readSpec(text: string): Record<string, unknown> | Error {
  try {
    const document: unknown = parse(text) ?? {};
    return isObject(document) ? document : new Error('It has names and values, as a spec has.');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function DefaultsEditor({ namespace, defaults }: { namespace: string; defaults: Defaults }) {
  const patch = usePatchDefaults(namespace);
  const [text, setText] = useState(() => textOf(defaults.spec));
  const read = readSpec(text);
  const save = (spec: Record<string, unknown>) =>
    patch.mutate(
      {
        metadata: { resourceVersion: defaults.metadata.resourceVersion },
        spec: mergePatchOf(defaults.spec, spec),
      },
      { onSuccess: () => notifications.show({ color: 'green', message: 'Saved.' }) },
    );
  return (
    <Stack>
      <CodeEditor language="yaml" label="Defaults as YAML" value={text} onChange={setText} />
      <ErrorNote error={read instanceof Error ? read : patch.error} />
      <Needs role="editor">
        <Button
          disabled={read instanceof Error}
          loading={patch.isPending}
          onClick={() => !(read instanceof Error) && save(read)}
        >
          Save defaults
        </Button>
      </Needs>
    </Stack>
  );
}

function GlobalDefaults() {
  const { data } = useQuery(globalDefaultsQuery);
  if (!data) return null;
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="sm">
        What holds where nothing else is said
      </Title>
      <CodeEditor
        language="yaml"
        label="Global defaults"
        value={yamlOf(data.spec)}
        minHeight="4rem"
      />
    </Card>
  );
}

export default function DefaultsPage() {
  useTitle('Defaults');
  const namespace = useNamespace();
  const { data, error, isPending } = useQuery(defaultsQuery(namespace));
  return (
    <Stack maw={900}>
      <Title order={1} size="h2">
        Defaults
      </Title>
      <Text c="dimmed">
        Any part of a deployment&apos;s spec. Deployments that are created in this namespace from
        now on have it, unless they say otherwise; those that are there stay as they are.
      </Text>
      <ErrorNote error={error} />
      {isPending && <Loading what="defaults" />}
      {data && (
        <DefaultsEditor
          key={`${namespace} ${data.metadata.resourceVersion}`}
          namespace={namespace}
          defaults={data}
        />
      )}
      <GlobalDefaults />
    </Stack>
  );
}
