// Where SQL is written and tried out before it is deployed: drafts beside the one that is worked on.
import { Anchor, Box, Button, Group, Modal, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { useNamespace } from '../app/namespace';
import { useTitle } from '../app/title';
import { useCreateSqlScript } from '../api/changes';
import { sqlScriptsQuery } from '../api/queries';
import type { SqlScript } from '../api/resources';
import { EmptyState } from '../components/EmptyState';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { countsExample } from '../deployments/examples';
import { addressOf } from './address';
import { NameForm } from './NameForm';
import { ScriptTree } from './ScriptTree';
import { foldersOf } from './tree';
import { Workbench } from './Workbench';

interface NewProps {
  namespace: string;
  scripts: SqlScript[];
  folder: string; // that of the draft that is shown
  onDone: () => void;
}

function NewForm({ namespace, scripts, folder, onDone }: NewProps) {
  const create = useCreateSqlScript(namespace);
  const navigate = useNavigate();
  return (
    <NameForm
      initial={{ name: '', folder }}
      folders={foldersOf(scripts)}
      action="Create draft"
      isPending={create.isPending}
      error={create.error}
      onSubmit={(naming) =>
        create.mutate(
          { ...naming, script: '' },
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

function FirstSteps({ namespace, onNew }: { namespace: string; onNew: () => void }) {
  const create = useCreateSqlScript(namespace);
  const navigate = useNavigate();
  // Not by a callback of the change: with the first draft this is gone, and what it has called for, too.
  const begin = () =>
    void create
      .mutateAsync({ name: 'counts-per-second', folder: 'examples', script: countsExample })
      .then(({ metadata }) => navigate(addressOf(namespace, metadata.id)))
      .catch(() => undefined); // it is shown
  return (
    <EmptyState title="Try SQL out before it runs for good">
      <Text c="dimmed">
        A draft is a script that nothing runs yet. While you write it, the planner says what is
        wrong and where. A preview shows the rows of a query as they come and writes them nowhere.
        Each time you save is another version. When it is right, deploy it.
      </Text>
      <ErrorNote error={create.error} />
      <Group>
        <Button onClick={begin} loading={create.isPending}>
          Begin with an example
        </Button>
        <Button variant="default" onClick={onNew}>
          Write my own
        </Button>
      </Group>
    </EmptyState>
  );
}

interface ContentProps {
  namespace: string;
  scripts: SqlScript[];
  id: string | undefined;
  onNew: () => void;
}

function Content({ namespace, scripts, id, onNew }: ContentProps) {
  const open = scripts.find(({ metadata }) => metadata.id === id);
  if (open) return <Workbench key={id} script={open} scripts={scripts} />;
  return (
    <Stack>
      <Title order={1} size="h2">
        SQL
      </Title>
      {id ? (
        <EmptyState title="There is no such draft">
          <Text c="dimmed">It may have been deleted, or be one of another namespace.</Text>
        </EmptyState>
      ) : scripts.length > 0 ? (
        <EmptyState title="Choose a draft, or begin another">
          <Button onClick={onNew}>New draft</Button>
        </EmptyState>
      ) : (
        <FirstSteps namespace={namespace} onNew={onNew} />
      )}
    </Stack>
  );
}

// On a phone there is room for one of both.
function Frame(props: ContentProps) {
  const { namespace, scripts, id, onNew } = props;
  return (
    <div className="beside">
      <Box visibleFrom={id ? 'sm' : undefined}>
        <ScriptTree scripts={scripts} open={id} onNew={onNew} />
      </Box>
      <Stack gap="sm">
        {id && (
          <Anchor
            component={Link}
            to={addressOf(namespace)}
            size="sm"
            w="fit-content"
            hiddenFrom="sm"
          >
            <Group gap={4}>
              <IconArrowLeft size={14} aria-hidden /> Drafts
            </Group>
          </Anchor>
        )}
        <Content {...props} />
      </Stack>
    </div>
  );
}

export default function SqlPage() {
  const namespace = useNamespace();
  const { id } = useParams();
  const { data, error, isPending } = useQuery(sqlScriptsQuery(namespace));
  const [isMaking, { open: make, close }] = useDisclosure(false);
  const open = data?.find(({ metadata }) => metadata.id === id)?.metadata;
  useTitle(open?.name ?? 'SQL');
  return (
    <>
      <ErrorNote error={error} />
      {isPending && <Loading what="drafts" />}
      {data && <Frame namespace={namespace} scripts={data} id={id} onNew={make} />}
      <Modal opened={isMaking} onClose={close} title="New draft">
        <NewForm
          namespace={namespace}
          scripts={data ?? []}
          folder={open?.folder ?? ''}
          onDone={close}
        />
      </Modal>
    </>
  );
}
