// One draft while it is worked on: what is saved, what has been typed since, and whether somebody else has
// saved another text meanwhile.
import { usePatchSqlScript } from '../api/changes';
import type { SqlScript } from '../api/resources';
import { putEdit, settleEdit, useEdit } from './edits';

export interface OpenDraft {
  text: string;
  isChanged: boolean;
  isKept: boolean; // what has been typed, by the browser
  hasConflict: boolean;
  isSaving: boolean;
  error: Error | null; // of the last time it was to be saved
  change: (text: string) => void;
  save: (done?: () => void) => void; // at once done, if nothing is changed
  drop: () => void; // what has been typed
  insist: () => void; // on what has been typed, against what somebody else has saved
}

export function useDraft(script: SqlScript): OpenDraft {
  const { id, namespace, resourceVersion } = script.metadata;
  const saved = script.spec.script;
  const { edit, isKept } = useEdit(id);
  const patch = usePatchSqlScript(namespace);
  const text = edit?.text ?? saved;
  const isChanged = text !== saved;
  const hasConflict = isChanged && edit !== undefined && edit.base !== saved;
  const put = (changed: string, base: Pick<NonNullable<typeof edit>, 'base' | 'resourceVersion'>) =>
    putEdit(id, changed === saved ? undefined : { text: changed, ...base });
  const newest = { base: saved, resourceVersion };
  // Another name or folder is no other text: changes stay on top of that.
  const base = edit && edit.base !== saved ? edit : newest;
  const save = (done?: () => void) => {
    if (hasConflict) return; // it says so, and waits for a choice
    if (!isChanged) return done?.();
    const { resourceVersion: known } = base;
    patch.mutate(
      { id, metadata: { resourceVersion: known }, spec: { script: text } },
      {
        onSuccess: ({ metadata, spec }) => {
          settleEdit(id, spec.script, metadata.resourceVersion);
          done?.();
        },
      },
    );
  };
  return {
    text,
    isChanged,
    isKept,
    hasConflict,
    isSaving: patch.isPending,
    error: hasConflict ? null : patch.error,
    change: (changed) => put(changed, { base: base.base, resourceVersion: base.resourceVersion }),
    save,
    drop: () => putEdit(id, undefined),
    insist: () => put(text, newest),
  };
}
