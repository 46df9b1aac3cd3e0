// What the console asks for, by the names under which answers are kept.
import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client';
import { explain, type Statement } from './sql';
import type { components } from './generated';
import type {
  ArtifactFile,
  Defaults,
  Deployment,
  Job,
  PlatformEvent,
  Savepoint,
  SecretValue,
  SqlFunction,
  SqlScript,
  SqlScriptVersion,
  Version,
} from './resources';

// Events tell of most changes; this is for the others, and for when no stream is open.
const idleMs = 10_000;
const busyMs = 1_000;
const pageSize = 1000;

type List = components['schemas']['List'];

// Every item, page after page, as what the caller knows them to be.
async function allItems<Item>(page: (pageToken?: string) => Promise<List>): Promise<Item[]> {
  const items: unknown[] = [];
  for (let token: string | undefined, more = true; more; more = token !== undefined) {
    const list = await page(token);
    items.push(...list.items);
    token = list.metadata.nextPageToken;
  }
  return items as Item[];
}

export const namespacesQuery = queryOptions({
  queryKey: ['namespaces'],
  queryFn: async () => {
    const list = await answerOf(client.GET('/namespaces/v1/namespaces'));
    return list.items.map((item) => String(item.metadata.name));
  },
});

export const deploymentsQuery = (namespace: string, labelSelector: string) =>
  queryOptions({
    queryKey: ['deployments', namespace, 'list', labelSelector],
    queryFn: () => {
      const path = '/api/v1/namespaces/{namespace}/deployments';
      const query = { pageSize, ...(labelSelector ? { labelSelector } : {}) };
      return allItems<Deployment>((pageToken) =>
        answerOf(
          client.GET(path, { params: { path: { namespace }, query: { ...query, pageToken } } }),
        ),
      );
    },
    refetchInterval: ({ state }) =>
      state.data?.some((deployment) => !deployment.status.settled) ? busyMs : idleMs,
    placeholderData: (previous) => previous,
  });

export const deploymentQuery = (namespace: string, id: string) =>
  queryOptions({
    queryKey: ['deployments', namespace, id],
    queryFn: async () => {
      const path = '/api/v1/namespaces/{namespace}/deployments/{id}';
      const found = await answerOf(client.GET(path, { params: { path: { namespace, id } } }));
      return found as unknown as Deployment;
    },
    refetchInterval: ({ state }) => (state.data?.status.settled === false ? busyMs : idleMs),
  });

export const versionsQuery = (namespace: string, id: string) =>
  queryOptions({
    queryKey: ['deployments', namespace, id, 'versions'],
    queryFn: async () => {
      const path = '/api/v1/namespaces/{namespace}/deployments/{id}/versions';
      const list = await answerOf(client.GET(path, { params: { path: { namespace, id } } }));
      return (list.items as unknown as Version[]).toReversed();
    },
  });

const of = (namespace: string, deploymentId: string, pageToken?: string) => ({
  params: { path: { namespace }, query: { deploymentId, pageSize, pageToken } },
});

export const jobsQuery = (namespace: string, id: string) =>
  queryOptions({
    queryKey: ['deployments', namespace, id, 'jobs'],
    queryFn: async () => {
      const path = '/api/v1/namespaces/{namespace}/jobs';
      const items = await allItems<Job>((page) =>
        answerOf(client.GET(path, of(namespace, id, page))),
      );
      return items.toReversed();
    },
    refetchInterval: idleMs,
  });

export const savepointsQuery = (namespace: string, id: string) =>
  queryOptions({
    queryKey: ['deployments', namespace, id, 'savepoints'],
    queryFn: async () => {
      const path = '/api/v1/namespaces/{namespace}/savepoints';
      const items = await allItems<Savepoint>((page) =>
        answerOf(client.GET(path, of(namespace, id, page))),
      );
      return items.toReversed();
    },
    refetchInterval: ({ state }) =>
      state.data?.some((savepoint) => savepoint.status.state === 'STARTED') ? busyMs : idleMs,
  });

export const eventsQuery = (namespace: string, id: string) =>
  queryOptions({
    queryKey: ['deployments', namespace, id, 'events'],
    queryFn: async () => {
      const path = '/api/v1/namespaces/{namespace}/events';
      const items = await allItems<PlatformEvent>((page) =>
        answerOf(client.GET(path, of(namespace, id, page))),
      );
      return items.toReversed();
    },
  });

export const jobLogQuery = (namespace: string, id: string, follow: boolean) =>
  queryOptions({
    queryKey: ['jobs', namespace, id, 'log'],
    queryFn: async () => {
      const path = '/api/v1/namespaces/{namespace}/jobs/{id}/log';
      const log = await answerOf(client.GET(path, { params: { path: { namespace, id } } }));
      return String(log.spec?.text ?? '');
    },
    refetchInterval: follow ? 2 * busyMs : false,
  });

export const secretsQuery = (namespace: string) =>
  queryOptions({
    queryKey: ['secrets', namespace],
    queryFn: async () => {
      const path = '/api/v1/namespaces/{namespace}/secret-values';
      const list = await answerOf(client.GET(path, { params: { path: { namespace } } }));
      return list.items as unknown as SecretValue[];
    },
  });

export const artifactsQuery = (namespace: string) =>
  queryOptions({
    queryKey: ['artifacts', namespace],
    queryFn: async () => {
      const path = '/api/v1/namespaces/{namespace}/artifacts';
      const list = await answerOf(client.GET(path, { params: { path: { namespace } } }));
      return list.items as unknown as ArtifactFile[];
    },
  });

export const defaultsQuery = (namespace: string) =>
  queryOptions({
    queryKey: ['defaults', namespace],
    queryFn: async () => {
      const path = '/api/v1/namespaces/{namespace}/deployment-defaults';
      const found = await answerOf(client.GET(path, { params: { path: { namespace } } }));
      return found as unknown as Defaults;
    },
  });

export const globalDefaultsQuery = queryOptions({
  queryKey: ['defaults'],
  queryFn: () => answerOf(client.GET('/api/v1/global-deployment-defaults')),
});

export const jobGraphQuery = (namespace: string, id: string) =>
  queryOptions({
    queryKey: ['jobs', namespace, id, 'graph'],
    queryFn: () => {
      const path = '/api/v1/namespaces/{namespace}/jobs/{id}/graph';
      return answerOf(client.GET(path, { params: { path: { namespace, id } } }));
    },
    refetchInterval: 3 * busyMs,
  });

// Of the last `minutes`. The platform takes values every five seconds.
export const metricsQuery = (namespace: string, id: string, minutes: number) =>
  queryOptions({
    queryKey: ['metrics', namespace, id, minutes],
    queryFn: async () => {
      const path = '/api/v1/namespaces/{namespace}/deployments/{id}/metrics';
      const query = { from: String(Date.now() - minutes * 60_000) };
      const found = await answerOf(
        client.GET(path, { params: { path: { namespace, id }, query } }),
      );
      return found.spec;
    },
    refetchInterval: 5 * busyMs,
    placeholderData: (previous) => previous,
  });

// Drafts with their texts. No event tells of them, and most are changed by who looks at them.
export const sqlScriptsQuery = (namespace: string) =>
  queryOptions({
    queryKey: ['sql', namespace, 'scripts'],
    queryFn: () => {
      const path = '/sql/v1beta1/namespaces/{namespace}/sqlscripts';
      return allItems<SqlScript>((pageToken) =>
        answerOf(
          client.GET(path, { params: { path: { namespace }, query: { pageSize, pageToken } } }),
        ),
      );
    },
    refetchInterval: 2 * idleMs,
  });

export const sqlScriptVersionsQuery = (namespace: string, id: string, version: number) =>
  queryOptions({
    queryKey: ['sql', namespace, 'versions', id, version],
    queryFn: async () => {
      const path = '/sql/v1beta1/namespaces/{namespace}/sqlscripts/{id}/versions';
      const list = await answerOf(client.GET(path, { params: { path: { namespace, id } } }));
      return list.items as unknown as SqlScriptVersion[];
    },
    placeholderData: (previous) => previous,
  });

// They are those of the server's version: asked for once.
export const functionsQuery = queryOptions({
  queryKey: ['functions'],
  queryFn: async () => {
    const { items } = await answerOf(client.GET('/sql/v1beta1/functions'));
    return items as SqlFunction[];
  },
  staleTime: Infinity,
});

// A plan belongs to its text.
export const explanationQuery = (namespace: string, statement: Statement) =>
  queryOptions({
    queryKey: ['sql', namespace, 'explanation', statement],
    queryFn: () => explain(namespace, statement),
    staleTime: Infinity,
  });
