// A draft as a form or as YAML: the same document, whichever way it is changed.
import { Alert, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { CodeEditor } from '../components/CodeEditor';
import { isEqual } from '../lib/merge_patch';
import type { Problem } from '../lib/problem';
import { readDraft, templateOf, withScript, yamlOf, type Draft } from './draft';
import { JarForm } from './JarForm';
import { SettingsForm } from './SettingsForm';

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
  onUnreadable: (isUnreadable: boolean) => void; // the YAML says no document
  problem?: Problem; // of the script
}

function YamlEditor({ draft, onChange, onUnreadable }: Props) {
  const [typed, setTyped] = useState(() => yamlOf(draft));
  const said = readDraft(typed);
  const error = said instanceof Error ? said : undefined;
  // What was changed elsewhere takes the place of what was typed.
  const text = error || isEqual(said, draft) ? typed : yamlOf(draft);
  const change = (changed: string) => {
    setTyped(changed);
    const read = readDraft(changed);
    onUnreadable(read instanceof Error);
    if (!(read instanceof Error)) onChange(read);
  };
  return (
    <Stack gap="xs">
      <CodeEditor
        language="yaml"
        label="The deployment as YAML"
        value={text}
        onChange={change}
        minHeight="24rem"
      />
      {error && (
        <Alert color="red" role="alert" title="This is no deployment yet">
          <Text size="sm" className="fact">
            {error.message}
          </Text>
        </Alert>
      )}
    </Stack>
  );
}

export function DraftEditor(props: Props) {
  const { draft, onChange, onUnreadable, problem } = props;
  const [view, setView] = useState('form');
  const [isStuck, setStuck] = useState(false);
  const setUnreadable = (isUnreadable: boolean) => {
    setStuck(isUnreadable);
    onUnreadable(isUnreadable);
  };
  return (
    <Stack>
      <SegmentedControl
        w="fit-content"
        aria-label="How to edit"
        value={view}
        onChange={setView}
        disabled={isStuck}
        data={[
          { value: 'form', label: 'Form' },
          { value: 'yaml', label: 'YAML' },
        ]}
      />
      {view === 'yaml' ? (
        <YamlEditor {...props} onUnreadable={setUnreadable} />
      ) : (
        <>
          {templateOf(draft).artifact.kind === 'JAR' ? (
            <JarForm draft={draft} onChange={onChange} />
          ) : (
            <CodeEditor
              language="sql"
              label="SQL script"
              value={templateOf(draft).artifact.sqlScript ?? ''}
              onChange={(script) => onChange(withScript(draft, script))}
              problem={problem}
              minHeight="18rem"
            />
          )}
          <SettingsForm draft={draft} onChange={onChange} />
        </>
      )}
    </Stack>
  );
}
