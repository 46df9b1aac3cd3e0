// What the console asks the platform to change. Each drops the answers that may no longer hold.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answerOf, client, mergePatch } from './client';
import type { components } from './generated';
import type { Deployment } from './resources';

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

export const usePatchDefaults = (namespace: string) =>
  useChange(
    (body: Record<string, unknown>) => {
      const path = '/api/v1/namespaces/{namespace}/deployment-defaults';
      const options = { params: { path: { namespace } }, body, headers: mergePatch };
      return answerOf(client.PATCH(path, options));
    },
    ['defaults', namespace],
  );
