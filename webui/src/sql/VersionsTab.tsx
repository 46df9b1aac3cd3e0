// All texts that the draft has had: compared with the one in the editor, and taken back into it.
import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sqlScriptVersionsQuery } from '../api/queries';
import type { SqlScript } from '../api/resources';
import { CodeDiff } from '../components/CodeDiff';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { fullTime } from '../lib/time';
import type { OpenDraft } from './draft';

export function VersionsTab({ script, draft }: { script: SqlScript; draft: OpenDraft }) {
  const { namespace, id, version } = script.metadata;
  const { data, error, isPending } = useQuery(sqlScriptVersionsQuery(namespace, id, version));
  const [chosen, setChosen] = useState<string | null>(null);
  // What it was before, if there is nothing new in the editor.
  const first = draft.isChanged ? version : Math.max(version - 1, 1);
  const shown = data?.find(
    ({ metadata }) => String(metadata.version) === (chosen ?? String(first)),
  );
  const restore = (text: string) => {
    draft.change(text);
    notifications.show({ message: 'It is in the editor. Save it to make it the newest version.' });
  };
  return (
    <Stack gap="sm">
      <ErrorNote error={error} />
      {isPending && <Loading what="versions" />}
      {data && shown && (
        <>
          <Group align="flex-end">
            <Select
              label="Version"
              w={300}
              maw="100%"
              data={data.map(({ metadata }) => ({
                value: String(metadata.version),
                label: `${metadata.version}, ${fullTime(metadata.createdAt)}`,
              }))}
              value={String(shown.metadata.version)}
              onChange={setChosen}
              allowDeselect={false}
            />
            <Button
              variant="default"
              disabled={shown.spec.script === draft.text}
              onClick={() => restore(shown.spec.script)}
            >
              Restore
            </Button>
          </Group>
          {shown.spec.script === draft.text ? (
            <Text size="sm" c="dimmed">
              That is the text in the editor.
            </Text>
          ) : (
            <>
              <Text size="sm" c="dimmed">
                Version {shown.metadata.version} is on the left, what is in the editor on the right.
              </Text>
              <CodeDiff language="sql" before={shown.spec.script} after={draft.text} />
            </>
          )}
        </>
      )}
    </Stack>
  );
}
