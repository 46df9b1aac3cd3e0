// What has been typed into drafts and is not saved yet. The browser keeps it, so that it is there again
// after a reload, in each of the pages that show the draft.
import { useSyncExternalStore } from 'react';

export interface Edit {
  text: string;
  base: string; // the saved text that it was made from
  resourceVersion: number; // of the base
}

interface Known {
  edit: Edit | undefined;
  isKept: boolean; // by the browser
}

const prefix = 'castor-draft:';
const known = new Map<string, Known>();
const listeners = new Set<() => void>();

function tell() {
  for (const listener of listeners) listener();
}

function read(id: string): Known {
  const text = localStorage.getItem(prefix + id);
  try {
    return { edit: text ? (JSON.parse(text) as Edit) : undefined, isKept: true };
  } catch {
    return { edit: undefined, isKept: true }; // not written by this console
  }
}

// The same object until it changes.
function find(id: string): Known {
  const found = known.get(id) ?? read(id);
  known.set(id, found);
  return found;
}

function isLost(): boolean {
  return [...known.values()].some(({ edit, isKept }) => edit && !isKept);
}

window.addEventListener('storage', ({ key }) => {
  if (key === null) known.clear();
  else known.delete(key.slice(prefix.length));
  tell();
});

window.addEventListener('beforeunload', (event) => {
  if (isLost()) event.preventDefault();
});

// Without an edit: what was typed is saved, or dropped.
export function putEdit(id: string, edit: Edit | undefined) {
  let isKept = true;
  try {
    if (edit) localStorage.setItem(prefix + id, JSON.stringify(edit));
    else localStorage.removeItem(prefix + id);
  } catch {
    isKept = false; // the browser has no room, or must not keep anything
  }
  known.set(id, { edit, isKept });
  tell();
}

// `text` is saved: what has been typed since is a change of it.
export function settleEdit(id: string, text: string, resourceVersion: number) {
  const { edit } = find(id);
  putEdit(
    id,
    edit && edit.text !== text ? { text: edit.text, base: text, resourceVersion } : undefined,
  );
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useEdit(id: string): Known {
  return useSyncExternalStore(subscribe, () => find(id));
}
