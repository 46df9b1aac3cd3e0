// Requests to the platform, by the client that is generated from its contract.
import createClient from 'openapi-fetch';
import type { paths } from './generated';

export const client = createClient<paths>({ baseUrl: '/' });

// What the platform said when it refused, or why it could not be asked (status 0).
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

function messageOf(error: unknown, response: Response): string {
  if (typeof error === 'object' && error !== null && 'message' in error)
    return String(error.message);
  return `the server answered ${response.status}`;
}

// The answer's document; a Refusal is thrown.
export async function answerOf<T>(request: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await request.catch(() => {
    throw new Refusal(
      0,
      'The server cannot be reached. It may have been stopped; running jobs go on without it.',
    );
  });
  if (!response.ok || data === undefined) {
    throw new Refusal(response.status, messageOf(error, response));
  }
  return data;
}

export const mergePatch = { 'Content-Type': 'application/merge-patch+json' };
