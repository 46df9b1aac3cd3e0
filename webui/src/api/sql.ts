// What the platform is asked about SQL that is being written. Nothing of it is kept.
import { answerOf, client } from './client';
import type { components } from './generated';
import type { Preview } from './resources';

type Schemas = components['schemas'];

export type Statement = Schemas['SqlStatement'];
export type Verdict = Schemas['SqlVerdict'];
export type Explanation = Schemas['SqlExplanation'];

const root = '/sql/v1beta1/namespaces/{namespace}';
const inNamespace = (namespace: string) => ({ params: { path: { namespace } } });

export const validate = (namespace: string, body: Statement): Promise<Verdict> =>
  answerOf(client.POST(`${root}/sqlscripts:validate`, { ...inNamespace(namespace), body }));

export const explain = (namespace: string, body: Statement): Promise<Explanation> =>
  answerOf(client.POST(`${root}/sqlscripts:explain`, { ...inNamespace(namespace), body }));

export async function startPreview(namespace: string, body: Schemas['Preview']): Promise<Preview> {
  const made = await answerOf(client.POST(`${root}/previews`, { ...inNamespace(namespace), body }));
  return made as unknown as Preview;
}

// Its rows from number `after` on.
export async function readPreview(namespace: string, id: string, after: number): Promise<Preview> {
  const params = { path: { namespace, id }, query: { after: String(after) } };
  return (await answerOf(client.GET(`${root}/previews/{id}`, { params }))) as unknown as Preview;
}

export const stopPreview = (namespace: string, id: string) =>
  answerOf(client.DELETE(`${root}/previews/{id}`, { params: { path: { namespace, id } } }));
