// What is done with a draft rarely: renamed, moved, copied, deleted.
import { ActionIcon, Button, Group, Kbd, Menu, Modal, Stack, Text } from '@mantine/core';
import {
  IconAlignLeft,
  IconCopy,
  IconDots,
  IconFolderSymlink,
  IconRestore,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useCreateSqlScript, useDeleteSqlScript, usePatchSqlScript } from '../api/changes';
import type { SqlScript } from '../api/resources';
import { tell } from '../components/tell';
import { addressOf } from './address';
import type { OpenDraft } from './draft';
import { NameForm } from './NameForm';
import { foldersOf } from './tree';

interface Props {
  script: SqlScript;
  scripts: SqlScript[];
  draft: OpenDraft;
}

interface MenuProps extends Props {
  onFormat: () => void;
}

interface DialogProps extends Props {
  onDone: () => void;
}

function RenameForm({ script, scripts, onDone }: DialogProps) {
  const { id, namespace, name, folder } = script.metadata;
  const patch = usePatchSqlScript(namespace);
  return (
    <NameForm
      initial={{ name, folder }}
      folders={foldersOf(scripts)}
      action="Rename or move"
      isPending={patch.isPending}
      error={patch.error}
      onSubmit={(metadata) => patch.mutate({ id, metadata }, { onSuccess: onDone })}
    />
  );
}

function CopyForm({ script, scripts, draft, onDone }: DialogProps) {
  const { namespace, name, folder } = script.metadata;
  const create = useCreateSqlScript(namespace);
  const navigate = useNavigate();
  return (
    <NameForm
      initial={{ name: `${name}-copy`, folder }}
      folders={foldersOf(scripts)}
      action="Copy"
      isPending={create.isPending}
      error={create.error}
      onSubmit={(naming) =>
        create.mutate(
          { ...naming, script: draft.text },
          {
            onSuccess: ({ metadata }) => {
              onDone();
              void navigate(addressOf(namespace, metadata.id));
            },
          },
        )
      }
    />
  );
}

function DeleteForm({ script, draft, onDone }: DialogProps) {
  const { id, namespace } = script.metadata;
  const remove = useDeleteSqlScript(namespace);
  const navigate = useNavigate();
  // Not by a callback of the change: with the draft this is gone, too.
  const confirm = () =>
    void remove
      .mutateAsync(id)
      .then(() => {
        draft.drop();
        return navigate(addressOf(namespace));
      })
      .catch((error: Error) => {
        onDone();
        tell(error);
      });
  return (
    <Stack>
      <Text size="sm">
        All texts it has had are deleted with it. Deployments that were made from it stay.
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone} data-autofocus>
          Leave it
        </Button>
        <Button color="red" onClick={confirm} loading={remove.isPending}>
          Delete
        </Button>
      </Group>
    </Stack>
  );
}

const dialogs = {
  rename: { title: 'Rename or move', content: RenameForm },
  copy: { title: 'Copy', content: CopyForm },
  delete: { title: 'Delete the draft?', content: DeleteForm },
};

export function MoreMenu({ onFormat, ...props }: MenuProps) {
  const { draft } = props;
  const [shown, setShown] = useState<keyof typeof dialogs>();
  const close = () => setShown(undefined);
  const { title, content: Form } = dialogs[shown ?? 'rename'];
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More">
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconAlignLeft size={16} aria-hidden />}
            rightSection={<Kbd size="xs">Shift+Alt+F</Kbd>}
            onClick={onFormat}
          >
            Format
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFolderSymlink size={16} aria-hidden />}
            onClick={() => setShown('rename')}
          >
            Rename or move
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopy size={16} aria-hidden />}
            onClick={() => setShown('copy')}
          >
            Copy
          </Menu.Item>
          <Menu.Item
            leftSection={<IconRestore size={16} aria-hidden />}
            disabled={!draft.isChanged}
            onClick={draft.drop}
          >
            Drop changes
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setShown('delete')}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={shown !== undefined} onClose={close} title={title}>
        <Form {...props} onDone={close} />
      </Modal>
    </>
  );
}
