import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Needs } from '../access/Needs';
import { usePatchDeployment } from '../api/changes';
import { Refusal } from '../api/client';
import { versionsQuery } from '../api/queries';
import type { Deployment } from '../api/resources';
import { CodeDiff } from '../components/CodeDiff';
import { ErrorNote } from '../components/ErrorNote';
import { applyMergePatch, isEqual, mergePatchOf } from '../lib/merge_patch';
import { readProblem } from '../lib/problem';
import { draftOf, templateOf, yamlOf, type Draft } from './draft';
import { DraftEditor } from './DraftEditor';

// What somebody began with, and what it is to become. While nothing is changed it follows the platform.
interface Edit {
  base: Deployment;
  draft: Draft;
}

function patchOf({ base, draft }: Edit): Record<string, unknown> {
  return mergePatchOf({ ...draftOf(base) }, { ...draft });
}

interface ConflictProps {
  edit: Edit;
  current: Deployment;
  onEdit: (edit: Edit) => void;
  onDrop: () => void;
}

function Conflict({ edit, current, onEdit, onDrop }: ConflictProps) {
  const merged = applyMergePatch(draftOf(current), patchOf(edit)) as Draft;
  return (
    <Alert color="orange" role="alert" title="Somebody else has changed this deployment meanwhile">
      <Stack gap="sm">
        <Text size="sm">
          What is there now is on the left, with your changes on it on the right.
        </Text>
        <CodeDiff language="yaml" before={yamlOf(draftOf(current))} after={yamlOf(merged)} />
        <Group>
          <Button size="sm" onClick={() => onEdit({ base: current, draft: merged })}>
            Put my changes on it
          </Button>
          <Button size="sm" variant="default" onClick={onDrop}>
            Drop my changes
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

// The planner's error about the newest version, as long as its script is the one that is shown.
function useScriptProblem(deployment: Deployment, draft: Draft) {
  const { namespace, id } = deployment.metadata;
  const { data: versions } = useQuery(versionsQuery(namespace, id));
  const newest = versions?.[0];
  const isShown =
    newest?.status.state === 'INVALID' &&
    newest.spec.template.spec.artifact.sqlScript === templateOf(draft).artifact.sqlScript;
  const message = isShown ? newest.status.message : undefined;
  return useMemo(() => (message ? readProblem(message) : undefined), [message]);
}

function Review({ edit }: { edit: Edit }) {
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="sm">
        Your changes
      </Title>
      <CodeDiff language="yaml" before={yamlOf(draftOf(edit.base))} after={yamlOf(edit.draft)} />
    </Card>
  );
}

export default function ConfigurationTab({ deployment }: { deployment: Deployment }) {
  const { namespace, id, resourceVersion } = deployment.metadata;
  const [edit, setEdit] = useState<Edit>();
  const [isUnreadable, setUnreadable] = useState(false);
  const [round, setRound] = useState(0); // another one begins with what the platform has
  const patch = usePatchDeployment(namespace, id);
  const draft = edit?.draft ?? draftOf(deployment);
  const problem = useScriptProblem(deployment, draft);
  const isChanged = edit !== undefined && !isEqual(edit.draft, draftOf(edit.base));
  const hasConflict = isChanged && edit.base.metadata.resourceVersion !== resourceVersion;
  const change = (changed: Draft) => setEdit({ base: edit?.base ?? deployment, draft: changed });
  const begin = () => {
    setEdit(undefined);
    setUnreadable(false);
    setRound(round + 1);
  };
  const save = () => {
    if (!edit) return;
    const { metadata = {}, ...rest } = patchOf(edit) as { metadata?: object };
    const known = { resourceVersion: edit.base.metadata.resourceVersion };
    patch.mutate(
      { ...rest, metadata: { ...metadata, ...known } },
      {
        onSuccess: () => {
          begin();
          notifications.show({ color: 'green', message: 'Saved. Events tell how it goes on.' });
        },
      },
    );
  };
  const isConflict = patch.error instanceof Refusal && patch.error.status === 409;
  return (
    <Stack maw={1100}>
      {problem && (
        <Alert color="red" role="alert" title={`Line ${problem.line ?? '?'}: ${problem.message}`}>
          {problem.help ?? 'The last valid version stays in force until this is put right.'}
        </Alert>
      )}
      {hasConflict && <Conflict edit={edit} current={deployment} onEdit={setEdit} onDrop={begin} />}
      <DraftEditor
        key={round}
        draft={draft}
        onChange={change}
        onUnreadable={setUnreadable}
        problem={problem}
      />
      {isChanged && !hasConflict && !isUnreadable && <Review edit={edit} />}
      <ErrorNote error={isConflict ? null : patch.error} />
      <Group>
        <Needs role="editor">
          <Button
            onClick={save}
            disabled={!isChanged || hasConflict || isUnreadable}
            loading={patch.isPending}
          >
            Save changes
          </Button>
        </Needs>
        {(isChanged || isUnreadable) && (
          <Button variant="default" onClick={begin}>
            Drop changes
          </Button>
        )}
      </Group>
    </Stack>
  );
}
