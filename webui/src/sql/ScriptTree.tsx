// The drafts of the namespace in their folders.
import { ActionIcon, Group, NavLink, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconFile, IconFolder, IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { Needs } from '../access/Needs';
import type { SqlScript } from '../api/resources';
import { addressOf } from './address';
import { useEdit } from './edits';
import { matches, treeOf, type Folder } from './tree';

interface Props {
  scripts: SqlScript[];
  open: string | undefined; // the id of the one that is shown
  onNew: () => void;
}

function Unsaved({ script }: { script: SqlScript }) {
  const { edit } = useEdit(script.metadata.id);
  if (!edit || edit.text === script.spec.script) return null;
  return (
    <Tooltip label="Has changes that are not saved">
      <span role="img" aria-label="not saved" className="unsaved" />
    </Tooltip>
  );
}

function Script({ script, isOpen }: { script: SqlScript; isOpen: boolean }) {
  const { id, namespace, name } = script.metadata;
  return (
    <NavLink
      component={Link}
      to={addressOf(namespace, id)}
      label={name}
      leftSection={<IconFile size={16} aria-hidden />}
      rightSection={<Unsaved script={script} />}
      active={isOpen}
      aria-current={isOpen ? 'page' : undefined}
      noWrap
    />
  );
}

function Content({ folder, open }: { folder: Folder; open: string | undefined }) {
  return (
    <>
      {folder.folders.map((inner) => (
        <NavLink
          key={inner.path}
          component="button"
          type="button"
          label={inner.name}
          leftSection={<IconFolder size={16} aria-hidden />}
          childrenOffset={16}
          defaultOpened
          noWrap
        >
          <Content folder={inner} open={open} />
        </NavLink>
      ))}
      {folder.scripts.map((script) => (
        <Script key={script.metadata.id} script={script} isOpen={script.metadata.id === open} />
      ))}
    </>
  );
}

export function ScriptTree({ scripts, open, onNew }: Props) {
  const [search, setSearch] = useState('');
  const found = scripts.filter((script) => matches(script, search));
  return (
    <Stack gap="xs" component="nav" aria-label="Drafts">
      <Group gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          aria-label="Search drafts"
          placeholder="Names and texts"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Needs role="editor">
          <ActionIcon size="lg" onClick={onNew} aria-label="New draft" title="New draft">
            <IconPlus size={18} aria-hidden />
          </ActionIcon>
        </Needs>
      </Group>
      <div>
        <Content folder={treeOf(found)} open={open} />
      </div>
      {found.length === 0 && (
        <Text size="sm" c="dimmed">
          {search ? 'No draft has that in its name or text.' : 'No drafts yet.'}
        </Text>
      )}
    </Stack>
  );
}
