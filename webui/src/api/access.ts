// Users, members, tokens and the audit log: what is asked for, and what is changed.
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { answerOf, client, mergePatch } from './client';
import { accountKey, type Role } from './session';

export interface User {
  metadata: { name: string; createdAt: string };
  spec: { admin: boolean };
  status: { mustChangePassword: boolean; oneTimePassword?: string };
}

export interface Member {
  metadata: { name: string; createdAt: string };
  spec: { role: Role };
}

export interface AccessToken {
  metadata: { id: string; name: string; createdAt: string; lastUsedAt: string | null };
  status: { secret?: string };
}

export interface AuditEntry {
  metadata: { id: string; createdAt: string; namespace: string };
  spec: {
    actor: string;
    address: string;
    operation: string;
    resource: string;
    resourceVersion: number | null;
    outcome: 'DONE' | 'REFUSED' | 'FAILED';
    statusCode: number;
    message: string;
  };
}

const usersPath = '/access/v1/users';
const membersPath = '/access/v1/namespaces/{namespace}/members';
const ownTokensPath = '/access/v1/account/tokens';
const apiTokensPath = '/apitokens/v1/namespaces/{namespace}/apitokens';

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async () => (await answerOf(client.GET(usersPath))).items as unknown as User[],
});

export const membersQuery = (namespace: string) =>
  queryOptions({
    queryKey: ['members', namespace],
    queryFn: async () => {
      const list = await answerOf(client.GET(membersPath, { params: { path: { namespace } } }));
      return list.items as unknown as Member[];
    },
  });

export const ownTokensQuery = queryOptions({
  queryKey: ['own tokens'],
  queryFn: async () =>
    (await answerOf(client.GET(ownTokensPath))).items as unknown as AccessToken[],
});

export const apiTokensQuery = (namespace: string) =>
  queryOptions({
    queryKey: ['api tokens', namespace],
    queryFn: async () => {
      const found = await answerOf(client.GET(apiTokensPath, { params: { path: { namespace } } }));
      return found.apiTokens;
    },
  });

// Newest first, a page at a time.
export const auditQuery = (actor: string) =>
  infiniteQueryOptions({
    queryKey: ['audit', actor],
    queryFn: async ({ pageParam }) => {
      const query = {
        order: 'desc' as const,
        pageSize: 100,
        ...(pageParam ? { pageToken: pageParam } : {}),
        ...(actor ? { actor } : {}),
      };
      const list = await answerOf(client.GET('/access/v1/audit', { params: { query } }));
      return { items: list.items as unknown as AuditEntry[], next: list.metadata.nextPageToken };
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

function useChange<Argument, Answer>(
  change: (argument: Argument) => Promise<Answer>,
  stale: readonly unknown[],
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: stale });
      // It may have been one's own role.
      await queries.invalidateQueries({ queryKey: accountKey });
    },
  });
}

export const useCreateUser = () =>
  useChange(
    async ({ name, admin }: { name: string; admin: boolean }) => {
      const body = { metadata: { name }, spec: { admin } };
      return (await answerOf(client.POST(usersPath, { body }))) as unknown as User;
    },
    ['users'],
  );

export const useSetAdmin = () =>
  useChange(
    ({ name, admin }: { name: string; admin: boolean }) => {
      const options = {
        params: { path: { name } },
        body: { spec: { admin } },
        headers: mergePatch,
      };
      return answerOf(client.PATCH(`${usersPath}/{name}`, options));
    },
    ['users'],
  );

export const useResetPassword = () =>
  useChange(
    async (name: string) => {
      const options = { params: { path: { name } } };
      return (await answerOf(
        client.POST(`${usersPath}/{name}/password`, options),
      )) as unknown as User;
    },
    ['users'],
  );

export const useDeleteUser = () =>
  useChange(
    (name: string) =>
      answerOf(client.DELETE(`${usersPath}/{name}`, { params: { path: { name } } })),
    ['users'],
  );

export const usePutMember = (namespace: string) =>
  useChange(
    ({ name, role }: { name: string; role: Role }) => {
      const options = { params: { path: { namespace, name } }, body: { spec: { role } } };
      return answerOf(client.PUT(`${membersPath}/{name}`, options));
    },
    ['members', namespace],
  );

export const useDeleteMember = (namespace: string) =>
  useChange(
    (name: string) =>
      answerOf(client.DELETE(`${membersPath}/{name}`, { params: { path: { namespace, name } } })),
    ['members', namespace],
  );

export const useCreateOwnToken = () =>
  useChange(
    async (name: string) => {
      const made = await answerOf(client.POST(ownTokensPath, { body: { metadata: { name } } }));
      return (made as unknown as AccessToken).status.secret ?? '';
    },
    ['own tokens'],
  );

export const useDeleteOwnToken = () =>
  useChange(
    (id: string) => answerOf(client.DELETE(`${ownTokensPath}/{id}`, { params: { path: { id } } })),
    ['own tokens'],
  );

export const useCreateApiToken = (namespace: string) =>
  useChange(
    async (body: { name: string; role: Role }) => {
      const options = { params: { path: { namespace } }, body };
      return (await answerOf(client.POST(apiTokensPath, options))).apiToken.secret ?? '';
    },
    ['api tokens', namespace],
  );

export const useDeleteApiToken = (namespace: string) =>
  useChange(
    (name: string) =>
      answerOf(client.DELETE(`${apiTokensPath}/{name}`, { params: { path: { namespace, name } } })),
    ['api tokens', namespace],
  );
