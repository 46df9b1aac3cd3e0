import {
  Button,
  Code,
  Group,
  Modal,
  PasswordInput,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Needs } from '../access/Needs';
import { useNamespace } from '../app/namespace';
import { useTitle } from '../app/title';
import { useCreateSecret, useDeleteSecret, useReplaceSecret } from '../api/changes';
import { secretsQuery } from '../api/queries';
import { ConfirmButton } from '../components/ConfirmButton';
import { EmptyState } from '../components/EmptyState';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { Time } from '../components/Time';

interface FormProps {
  replaced?: string; // the secret whose value is to be another; without it a new one is made
  onDone: () => void;
}

function SecretForm({ replaced, onDone }: FormProps) {
  const namespace = useNamespace();
  const create = useCreateSecret(namespace);
  const replace = useReplaceSecret(namespace);
  const change = replaced ? replace : create;
  const [name, setName] = useState(replaced ?? '');
  const [value, setValue] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ name, value }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          disabled={replaced !== undefined}
          required
          data-autofocus={replaced ? undefined : true}
        />
        <PasswordInput
          label="Value"
          description="It is kept encrypted, and never shown again."
          autoComplete="new-password"
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          required
          data-autofocus={replaced ? true : undefined}
        />
        <ErrorNote error={change.error} />
        <Button type="submit" loading={change.isPending}>
          {replaced ? 'Replace value' : 'Create secret value'}
        </Button>
      </Stack>
    </form>
  );
}

function Usage({ name }: { name: string }) {
  return <Code>{`\${secret_values.${name}}`}</Code>;
}

export function SecretsPage() {
  useTitle('Secret values');
  const namespace = useNamespace();
  const { data, error, isPending } = useQuery(secretsQuery(namespace));
  const remove = useDeleteSecret(namespace);
  const [isOpen, { open, close }] = useDisclosure(false);
  const [replaced, setReplaced] = useState<string>();
  const show = (name?: string) => {
    setReplaced(name);
    open();
  };
  const tell = (failure: Error) =>
    notifications.show({ color: 'red', title: 'That did not work', message: failure.message });
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          Secret values
        </Title>
        <Needs role="editor">
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => show()}>
            New secret value
          </Button>
        </Needs>
      </Group>
      <ErrorNote error={error} />
      {isPending && <Loading what="secret values" />}
      {data?.length === 0 && (
        <EmptyState title="No secret values yet">
          <Text c="dimmed">
            A password or a key that scripts need has its place here. A script says{' '}
            <Usage name="name" /> where it is to stand, and shows it to nobody.
          </Text>
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <Table.ScrollContainer minWidth={520}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>In a script</Table.Th>
                <Table.Th>Changed</Table.Th>
                <Table.Th>What to do</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map(({ metadata: { name, modifiedAt } }) => (
                <Table.Tr key={name}>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td>
                    <Usage name={name} />
                  </Table.Td>
                  <Table.Td>
                    <Time at={modifiedAt} />
                  </Table.Td>
                  <Table.Td>
                    <Group gap="xs" wrap="nowrap">
                      <Button size="compact-xs" variant="default" onClick={() => show(name)}>
                        Replace value
                      </Button>
                      <ConfirmButton
                        size="compact-xs"
                        label="Delete"
                        question={`Delete ${name}?`}
                        onConfirm={() => remove.mutate(name, { onError: tell })}
                      >
                        Scripts that name it cannot be planned any more. Jobs that run keep it.
                      </ConfirmButton>
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Modal
        opened={isOpen}
        onClose={close}
        title={replaced ? `Replace ${replaced}` : 'New secret value'}
      >
        <SecretForm replaced={replaced} onDone={close} />
      </Modal>
    </Stack>
  );
}
