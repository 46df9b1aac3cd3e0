// What the draft is called, and the buttons that do something with it.
import { Button, Group, Text, Title, Tooltip } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { Needs } from '../access/Needs';
import type { SqlScript } from '../api/resources';
import { DeployMenu } from './DeployMenu';
import type { OpenDraft } from './draft';
import { MoreMenu } from './MoreMenu';

interface Props {
  script: SqlScript;
  scripts: SqlScript[];
  draft: OpenDraft;
  variables: Record<string, string>;
  onPreview: () => void;
  onFormat: () => void;
}

export function Head({ script, scripts, draft, variables, onPreview, onFormat }: Props) {
  const { namespace, name, folder, version } = script.metadata;
  const isEmpty = draft.text.trim() === '';
  return (
    <Group justify="space-between" gap="xs">
      <div>
        <Title order={1} size="h3" className="fact">
          {name}
        </Title>
        <Text size="xs" c="dimmed">
          {folder && `${folder} · `}version {version}
          {draft.isChanged && ' · not saved'}
        </Text>
      </div>
      <Needs role="editor">
        <Group gap="xs">
          <Tooltip label="Ctrl+Enter, at the cursor">
            <Button
              px="sm"
              leftSection={<IconPlayerPlay size={16} aria-hidden />}
              onClick={onPreview}
              disabled={isEmpty}
            >
              Preview
            </Button>
          </Tooltip>
          <Tooltip label="Ctrl+S">
            <Button
              variant="default"
              px="sm"
              onClick={() => draft.save()}
              disabled={!draft.isChanged || draft.hasConflict}
              loading={draft.isSaving}
            >
              Save
            </Button>
          </Tooltip>
          <DeployMenu
            namespace={namespace}
            handover={{ name, script: draft.text, variables }}
            isDisabled={isEmpty || draft.hasConflict}
            onSave={draft.save}
          />
          <MoreMenu script={script} scripts={scripts} draft={draft} onFormat={onFormat} />
        </Group>
      </Needs>
    </Group>
  );
}
