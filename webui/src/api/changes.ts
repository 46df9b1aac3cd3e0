// What the console asks the platform to change. Each drops the answers that may no longer hold.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answerOf, client, mergePatch } from './client';
import type { components } from './generated';
import { sqlScriptsQuery } from './queries';
import type { Deployment, SqlScript } from './resources';

type NewDeployment = components['schemas']['Deployment'];

const deploymentPath = '/api/v1/namespaces/{namespace}/deployments/{id}';

function useChange<Argument, Answer>(
  change: (argument: Argument) => Promise<Answer>,
  stale: readonly unknown[],
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: stale }),
  });
}

export const useCreateNamespace = () =>
  useChange(
    (name: string) => answerOf(client.POST('/namespaces/v1/namespaces', { body: { name } })),
    ['namespaces'],
  );

export const useCreateDeployment = (namespace: string) =>
  useChange(
    async (body: NewDeployment) => {
      const path = '/api/v1/namespaces/{namespace}/deployments';
      const made = await answerOf(client.POST(path, { params: { path: { namespace } }, body }));
      return made as unknown as Deployment;
    },
    ['deployments', namespace],
  );

export const usePatchDeployment = (namespace: string, id: string) =>
  useChange(
    async (body: Record<string, unknown>) => {
      const params = { path: { namespace, id } };
      const options = { params, body, headers: mergePatch };
      return (await answerOf(client.PATCH(deploymentPath, options))) as unknown as Deployment;
    },
    ['deployments', namespace],
  );

export const useDeleteDeployment = (namespace: string, id: string) =>
  useChange(
    () => answerOf(client.DELETE(deploymentPath, { params: { path: { namespace, id } } })),
    ['deployments', namespace, 'list'],
  );

export const useRollBack = (namespace: string, id: string) =>
  useChange(
    (body: { version?: number; savepointId?: string }) => {
      const path = '/api/v1/namespaces/{namespace}/deployments/{id}/rollback';
      return answerOf(client.POST(path, { params: { path: { namespace, id } }, body }));
    },
    ['deployments', namespace, id],
  );

export const useCreateSavepoint = (namespace: string, deploymentId: string) =>
  useChange(() => {
    const path = '/api/v1/namespaces/{namespace}/savepoints';
    const body = { metadata: { deploymentId } };
    return answerOf(client.POST(path, { params: { path: { namespace } }, body }));
  }, ['deployments', namespace, deploymentId]);

export const useDeleteSavepoint = (namespace: string, deploymentId: string) =>
  useChange(
    (id: string) => {
      const path = '/api/v1/namespaces/{namespace}/savepoints/{id}';
      return answerOf(client.DELETE(path, { params: { path: { namespace, id } } }));
    },
    ['deployments', namespace, deploymentId],
  );

const secretsPath = '/api/v1/namespaces/{namespace}/secret-values';

export const useCreateSecret = (namespace: string) =>
  useChange(
    ({ name, value }: { name: string; value: string }) => {
      const body = { metadata: { name }, spec: { value } };
      return answerOf(client.POST(secretsPath, { params: { path: { namespace } }, body }));
    },
    ['secrets', namespace],
  );

export const useReplaceSecret = (namespace: string) =>
  useChange(
    ({ name, value }: { name: string; value: string }) => {
      const params = { path: { namespace, name } };
      const options = { params, body: { spec: { value } }, headers: mergePatch };
      return answerOf(client.PATCH(`${secretsPath}/{name}`, options));
    },
    ['secrets', namespace],
  );

export const useDeleteSecret = (namespace: string) =>
  useChange(
    (name: string) =>
      answerOf(client.DELETE(`${secretsPath}/{name}`, { params: { path: { namespace, name } } })),
    ['secrets', namespace],
  );

const artifactPath = '/api/v1/namespaces/{namespace}/artifacts/{name}';

export const useUploadArtifact = (namespace: string) =>
  useChange(
    ({ name, file }: { name: string; file: File }) =>
      answerOf(
        client.PUT(artifactPath, {
          params: { path: { namespace, name } },
          headers: { 'Content-Type': 'application/octet-stream' },
          // The contract knows bytes as a text; what is sent is the file itself.
          body: '',
          bodySerializer: () => file,
        }),
      ),
    ['artifacts', namespace],
  );

export const useDeleteArtifact = (namespace: string) =>
  useChange(
    (name: string) =>
      answerOf(client.DELETE(artifactPath, { params: { path: { namespace, name } } })),
    ['artifacts', namespace],
  );

export const usePatchDefaults = (namespace: string) =>
  useChange(
    (body: Record<string, unknown>) => {
      const path = '/api/v1/namespaces/{namespace}/deployment-defaults';
      const options = { params: { path: { namespace } }, body, headers: mergePatch };
      return answerOf(client.PATCH(path, options));
    },
    ['defaults', namespace],
  );

const sqlScriptsPath = '/sql/v1beta1/namespaces/{namespace}/sqlscripts';

// Puts the draft into the list that is known before the list is asked for again: whoever has saved sees
// that at once, and never what was there before.
function useChangeOfScript<Argument>(
  namespace: string,
  change: (argument: Argument) => Promise<unknown>,
) {
  const queries = useQueryClient();
  const { queryKey } = sqlScriptsQuery(namespace);
  return useMutation({
    mutationFn: async (argument: Argument) => (await change(argument)) as SqlScript,
    onMutate: () => queries.cancelQueries({ queryKey }),
    onSuccess: (made) =>
      queries.setQueryData(queryKey, (known = []) => [
        ...known.filter(({ metadata }) => metadata.id !== made.metadata.id),
        made,
      ]),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
}

export interface NewSqlScript {
  name: string;
  folder: string;
  script: string;
}

export const useCreateSqlScript = (namespace: string) =>
  useChangeOfScript(namespace, ({ name, folder, script }: NewSqlScript) => {
    const body = { metadata: { name, folder }, spec: { script } };
    return answerOf(client.POST(sqlScriptsPath, { params: { path: { namespace } }, body }));
  });

export interface SqlScriptPatch {
  id: string;
  metadata?: { name?: string; folder?: string; resourceVersion?: number };
  spec?: { script: string };
}

export const usePatchSqlScript = (namespace: string) =>
  useChangeOfScript(namespace, ({ id, ...body }: SqlScriptPatch) => {
    const options = { params: { path: { namespace, id } }, body, headers: mergePatch };
    return answerOf(client.PATCH(`${sqlScriptsPath}/{id}`, options));
  });

export const useDeleteSqlScript = (namespace: string) =>
  useChange(
    (id: string) =>
      answerOf(client.DELETE(`${sqlScriptsPath}/{id}`, { params: { path: { namespace, id } } })),
    ['sql', namespace],
  );
