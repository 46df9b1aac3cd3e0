// Who uses the console, and what they may.
import { queryOptions } from '@tanstack/react-query';
import { answerOf, client, Refusal } from './client';

export type Role = 'viewer' | 'editor' | 'owner';

export interface Account {
  metadata: { name: string };
  status: {
    admin: boolean;
    mustChangePassword: boolean;
    csrfToken?: string;
    namespaces: { namespace: string; role: Role }[];
  };
}

// Says with each change that a page of this server has asked for it.
let csrfToken = '';
client.use({
  onRequest({ request }) {
    if (request.method !== 'GET' && csrfToken) request.headers.set('X-CSRF-Token', csrfToken);
    return request;
  },
});

function read(answer: unknown): Account {
  const account = answer as Account;
  csrfToken = account.status.csrfToken ?? '';
  return account;
}

export const accountKey = ['account'];

// null: nobody has logged in.
export const accountQuery = queryOptions({
  queryKey: accountKey,
  queryFn: async (): Promise<Account | null> => {
    try {
      return read(await answerOf(client.GET('/access/v1/account')));
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 30_000,
});

export async function logIn(name: string, password: string): Promise<Account> {
  return read(await answerOf(client.POST('/access/v1/login', { body: { name, password } })));
}

export async function logOut() {
  await answerOf(client.POST('/access/v1/logout'));
  csrfToken = '';
}

export async function changePassword(oldPassword: string, newPassword: string): Promise<Account> {
  const body = { oldPassword, newPassword };
  return read(await answerOf(client.POST('/access/v1/account/password', { body })));
}
