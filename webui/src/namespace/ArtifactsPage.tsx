import {
  Anchor,
  Button,
  Code,
  FileInput,
  Group,
  Modal,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNamespace } from '../app/namespace';
import { useTitle } from '../app/title';
import { useDeleteArtifact, useUploadArtifact } from '../api/changes';
import { artifactsQuery } from '../api/queries';
import type { ArtifactFile } from '../api/resources';
import { ConfirmButton } from '../components/ConfirmButton';
import { EmptyState } from '../components/EmptyState';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { Time } from '../components/Time';
import { showBytes } from '../lib/numbers';

function UploadForm({ onDone }: { onDone: () => void }) {
  const upload = useUploadArtifact(useNamespace());
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const choose = (chosen: File | null) => {
    setFile(chosen);
    if (chosen) setName(chosen.name);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file) upload.mutate({ name, file }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <FileInput
          label="File"
          description="Up to 512 MiB"
          value={file}
          onChange={choose}
          required
        />
        <TextInput
          label="Name"
          description="It never changes: another version of the file needs another name."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
        />
        <ErrorNote error={upload.error} />
        <Button type="submit" loading={upload.isPending}>
          Upload artifact
        </Button>
      </Stack>
    </form>
  );
}

function ArtifactRow({ artifact }: { artifact: ArtifactFile }) {
  const namespace = useNamespace();
  const remove = useDeleteArtifact(namespace);
  const tell = (failure: Error) =>
    notifications.show({ color: 'red', title: 'That did not work', message: failure.message });
  const { metadata, spec } = artifact;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/artifacts/${metadata.name}`;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor href={`${path}/content`} download={metadata.name} inherit>
          {metadata.name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Code>{spec.uri}</Code>
      </Table.Td>
      <Table.Td>{showBytes(spec.size)}</Table.Td>
      <Table.Td>
        <Code title={spec.sha256}>{spec.sha256.slice(0, 12)}</Code>
      </Table.Td>
      <Table.Td>
        <Time at={metadata.createdAt} />
      </Table.Td>
      <Table.Td>
        <ConfirmButton
          size="compact-xs"
          label="Delete"
          question={`Delete ${metadata.name}?`}
          onConfirm={() => remove.mutate(metadata.name, { onError: tell })}
        >
          It is refused while a version of a deployment uses it.
        </ConfirmButton>
      </Table.Td>
    </Table.Tr>
  );
}

export function ArtifactsPage() {
  useTitle('Artifacts');
  const { data, error, isPending } = useQuery(artifactsQuery(useNamespace()));
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          Artifacts
        </Title>
        <Button leftSection={<IconUpload size={16} aria-hidden />} onClick={open}>
          New artifact
        </Button>
      </Group>
      <ErrorNote error={error} />
      {isPending && <Loading what="artifacts" />}
      {data?.length === 0 && (
        <EmptyState title="No artifacts yet">
          <Text c="dimmed">
            Programs for Apache Flink, and jars that scripts need, have their place here. A
            deployment names one as <Code>artifact:name</Code>.
          </Text>
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <Table.ScrollContainer minWidth={640}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>In a deployment</Table.Th>
                <Table.Th>Size</Table.Th>
                <Table.Th>SHA-256</Table.Th>
                <Table.Th>Uploaded</Table.Th>
                <Table.Th>What to do</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((artifact) => (
                <ArtifactRow key={artifact.metadata.name} artifact={artifact} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Modal opened={isOpen} onClose={close} title="New artifact">
        <UploadForm onDone={close} />
      </Modal>
    </Stack>
  );
}
