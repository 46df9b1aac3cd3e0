// What another page gives to the one that makes a deployment, by way of the browser's history: it is
// there again after a reload.
import { isObject } from '../lib/merge_patch';
import { emptyDraft, withScript, withTemplate, type Draft } from './draft';

export interface Handover {
  name: string;
  script: string;
  variables: Record<string, string>;
}

export function readHandover(state: unknown): Handover | undefined {
  if (!isObject(state) || typeof state.name !== 'string' || typeof state.script !== 'string') {
    return undefined;
  }
  const variables = isObject(state.variables) ? state.variables : {};
  return { name: state.name, script: state.script, variables: variables as Handover['variables'] };
}

export function draftFrom({ name, script, variables }: Handover): Draft {
  const draft = withScript(emptyDraft(), script);
  const named = { ...draft, metadata: { ...draft.metadata, name } };
  return Object.keys(variables).length > 0 ? withTemplate(named, { variables }) : named;
}
