// What a program for Flink is: a jar, its entry and its arguments.
import { Stack, TextInput } from '@mantine/core';
import { templateOf, withArtifact, type Draft } from './draft';

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
}

export function JarForm({ draft, onChange }: Props) {
  const { jarUri = '', entryClass = '', mainArgs = '' } = templateOf(draft).artifact;
  const put = (change: Parameters<typeof withArtifact>[1]) => onChange(withArtifact(draft, change));
  return (
    <Stack>
      <TextInput
        label="Jar"
        description="artifact:NAME, file:///path or http(s)://address"
        required
        value={jarUri}
        onChange={(event) => put({ jarUri: event.currentTarget.value })}
      />
      <TextInput
        label="Entry class"
        description="Left out: as the jar's manifest says"
        value={entryClass}
        onChange={(event) => put({ entryClass: event.currentTarget.value || undefined })}
      />
      <TextInput
        label="Arguments"
        value={mainArgs}
        onChange={(event) => put({ mainArgs: event.currentTarget.value || undefined })}
      />
    </Stack>
  );
}
