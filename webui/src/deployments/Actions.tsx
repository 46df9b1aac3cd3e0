// The buttons that change what a deployment should be.
import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCamera, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { useCreateSavepoint, useDeleteDeployment, usePatchDeployment } from '../api/changes';
import { Needs } from '../access/Needs';
import type { Deployment, DesiredState } from '../api/resources';
import { ConfirmButton } from '../components/ConfirmButton';

function tell(error: Error) {
  notifications.show({ color: 'red', title: 'That did not work', message: error.message });
}

function DeleteButton({ deployment }: { deployment: Deployment }) {
  const { namespace, id, name } = deployment.metadata;
  const remove = useDeleteDeployment(namespace, id);
  const navigate = useNavigate();
  const leave = () => void navigate(`/ns/${namespace}/deployments`);
  return (
    <ConfirmButton
      label="Delete"
      question={`Delete ${name}?`}
      color="red"
      onConfirm={() => remove.mutate(undefined, { onSuccess: leave, onError: tell })}
    >
      Its versions, events and logs are forgotten. The files of its savepoints stay.
    </ConfirmButton>
  );
}

export function Actions({ deployment }: { deployment: Deployment }) {
  const { metadata, spec, status } = deployment;
  const patch = usePatchDeployment(metadata.namespace, metadata.id);
  const save = useCreateSavepoint(metadata.namespace, metadata.id);
  // Without a resource version: the newest wish counts, whatever else has changed.
  const want = (state: DesiredState) => patch.mutate({ spec: { state } }, { onError: tell });
  const isRunning = status.state === 'RUNNING';
  const isOver = ['SUSPENDED', 'CANCELLED', 'FAILED', 'FINISHED'].includes(status.state);
  const saved = () =>
    notifications.show({ message: 'A savepoint is being taken; it will be under Snapshots.' });
  return (
    <Needs role="editor">
      <Group gap="xs">
        {spec.state !== 'RUNNING' && (
          <Button
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            onClick={() => want('RUNNING')}
            loading={patch.isPending}
          >
            Start
          </Button>
        )}
        {spec.state === 'RUNNING' && (
          <Button
            variant="default"
            leftSection={<IconPlayerPause size={16} aria-hidden />}
            onClick={() => want('SUSPENDED')}
            loading={patch.isPending}
          >
            Suspend
          </Button>
        )}
        {isRunning && (
          <Button
            variant="default"
            leftSection={<IconCamera size={16} aria-hidden />}
            loading={save.isPending}
            onClick={() => save.mutate(undefined, { onSuccess: saved, onError: tell })}
          >
            Savepoint
          </Button>
        )}
        {spec.state !== 'CANCELLED' && (
          <ConfirmButton
            label="Cancel"
            question={`Cancel ${metadata.name}?`}
            onConfirm={() => want('CANCELLED')}
          >
            The job is stopped at once, without a savepoint. What it has done since its last
            checkpoint is done again if it is started from there. Suspend takes a savepoint first.
          </ConfirmButton>
        )}
        {isOver && spec.state === 'CANCELLED' && <DeleteButton deployment={deployment} />}
      </Group>
    </Needs>
  );
}
