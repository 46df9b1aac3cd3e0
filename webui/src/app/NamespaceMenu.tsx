import { Button, Menu, Modal, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck, IconChevronDown, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { useReason } from '../access/account';
import { useCreateNamespace } from '../api/changes';
import { namespacesQuery } from '../api/queries';
import { ErrorNote } from '../components/ErrorNote';
import { useNamespace } from './namespace';

function NewNamespace({ onMade }: { onMade: (name: string) => void }) {
  const [name, setName] = useState('');
  const create = useCreateNamespace();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(name, { onSuccess: () => onMade(name) });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="Deployments, secret values and defaults of one namespace are apart from all others."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
          required
        />
        <ErrorNote error={create.error} />
        <Button type="submit" loading={create.isPending}>
          Create namespace
        </Button>
      </Stack>
    </form>
  );
}

export function NamespaceMenu() {
  const current = useNamespace();
  const navigate = useNavigate();
  const { data: names = [current] } = useQuery(namespacesQuery);
  const [isMaking, { open, close }] = useDisclosure(false);
  const reason = useReason('admin');
  const go = (name: string) => void navigate(`/ns/${name}/deployments`);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="default"
            rightSection={<IconChevronDown size={14} aria-hidden />}
            aria-label={`Namespace ${current}`}
          >
            {current}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Namespaces</Menu.Label>
          {names.map((name) => (
            <Menu.Item
              key={name}
              onClick={() => go(name)}
              rightSection={name === current ? <IconCheck size={14} aria-hidden /> : null}
            >
              {name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={open}
            disabled={reason !== undefined}
            title={reason}
          >
            New namespace
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={isMaking} onClose={close} title="New namespace">
        <NewNamespace
          onMade={(name) => {
            close();
            go(name);
          }}
        />
      </Modal>
    </>
  );
}
