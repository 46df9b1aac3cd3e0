// From a draft to what runs: a deployment is made from it, or one that there is gets its text.
import { Button, Menu, Modal, Select, Stack, Text } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { usePatchDeployment } from '../api/changes';
import { deploymentsQuery } from '../api/queries';
import type { Deployment } from '../api/resources';
import { CodeDiff } from '../components/CodeDiff';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import type { Handover } from '../deployments/handover';

interface Props {
  namespace: string;
  handover: Handover;
  isDisabled: boolean;
  onSave: (done: () => void) => void; // before it is deployed
}

function Update({ deployment, handover }: { deployment: Deployment; handover: Handover }) {
  const { namespace, id, name, resourceVersion } = deployment.metadata;
  const patch = usePatchDeployment(namespace, id);
  const navigate = useNavigate();
  const { artifact, variables } = deployment.spec.template.spec;
  const { sqlScript = '' } = artifact;
  const { script } = handover;
  const update = () =>
    patch.mutate(
      {
        metadata: { resourceVersion },
        spec: {
          template: {
            spec: {
              artifact: { kind: 'SQLSCRIPT', sqlScript: script },
              variables: { ...variables, ...handover.variables },
            },
          },
        },
      },
      { onSuccess: () => void navigate(`/ns/${namespace}/deployments/${id}`) },
    );
  if (sqlScript === script) {
    return <Text size="sm">{name} has this text already.</Text>;
  }
  return (
    <>
      <Text size="sm" c="dimmed">
        What {name} has is on the left, this draft on the right. It becomes its newest version; if
        it runs, it is upgraded as its settings say.
      </Text>
      <CodeDiff language="sql" before={sqlScript} after={script} />
      <ErrorNote error={patch.error} />
      <Button onClick={update} loading={patch.isPending}>
        Update {name}
      </Button>
    </>
  );
}

function UpdateForm({ namespace, handover }: { namespace: string; handover: Handover }) {
  const { data, error, isPending } = useQuery(deploymentsQuery(namespace, ''));
  const [chosen, setChosen] = useState<string | null>(null);
  const ofSql = data?.filter(({ spec }) => spec.template.spec.artifact.kind === 'SQLSCRIPT');
  const deployment =
    ofSql?.find(({ metadata }) => metadata.id === chosen) ??
    ofSql?.find(({ metadata }) => metadata.name === handover.name);
  return (
    <Stack>
      <ErrorNote error={error} />
      {isPending && <Loading what="deployments" />}
      {ofSql && (
        <Select
          label="Deployment"
          placeholder={
            ofSql.length > 0 ? 'Which one?' : 'There are none of SQL in this namespace yet'
          }
          data={ofSql.map(({ metadata }) => ({ value: metadata.id, label: metadata.name }))}
          value={deployment?.metadata.id ?? null}
          onChange={setChosen}
          searchable
          allowDeselect={false}
          data-autofocus
        />
      )}
      {deployment && (
        <Update key={deployment.metadata.id} deployment={deployment} handover={handover} />
      )}
    </Stack>
  );
}

export function DeployMenu({ namespace, handover, isDisabled, onSave }: Props) {
  const navigate = useNavigate();
  const [isUpdating, { open, close }] = useDisclosure(false);
  const isNarrow = useMediaQuery('(max-width: 48em)');
  const create = () =>
    onSave(() => void navigate(`/ns/${namespace}/deployments/new`, { state: handover }));
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="default"
            disabled={isDisabled}
            px="sm"
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            Deploy
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={create}>As a new deployment</Menu.Item>
          <Menu.Item onClick={() => onSave(open)}>Into one that there is</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isUpdating}
        onClose={close}
        title="Update a deployment"
        size="xl"
        fullScreen={isNarrow}
      >
        <UpdateForm namespace={namespace} handover={handover} />
      </Modal>
    </>
  );
}
