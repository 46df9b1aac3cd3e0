// Drafts as a tree of their folders.
import type { SqlScript } from '../api/resources';

export interface Folder {
  path: string; // as in a/b; empty: the root
  name: string;
  folders: Folder[];
  scripts: SqlScript[];
}

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function newFolder(path: string): Folder {
  return { path, name: path.slice(path.lastIndexOf('/') + 1), folders: [], scripts: [] };
}

// The folder of that path below the root, and those above it, which are made if they are missing.
function findFolder(root: Folder, path: string): Folder {
  if (path === '') return root;
  const parent = findFolder(root, path.slice(0, Math.max(path.lastIndexOf('/'), 0)));
  const found = parent.folders.find((folder) => folder.path === path);
  if (found) return found;
  const made = newFolder(path);
  parent.folders.push(made);
  return made;
}

function sort(folder: Folder) {
  folder.folders.sort((a, b) => byName.compare(a.name, b.name));
  folder.scripts.sort((a, b) => byName.compare(a.metadata.name, b.metadata.name));
  folder.folders.forEach(sort);
}

export function treeOf(scripts: SqlScript[]): Folder {
  const root = newFolder('');
  for (const script of scripts) findFolder(root, script.metadata.folder).scripts.push(script);
  sort(root);
  return root;
}

// Whether its name, its folder or its text has all the words.
export function matches({ metadata, spec }: SqlScript, search: string): boolean {
  const text = `${metadata.folder}/${metadata.name}\n${spec.script}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

// All folders that there are, with those above them.
export function foldersOf(scripts: SqlScript[]): string[] {
  const paths = new Set<string>();
  for (const { metadata } of scripts) {
    const parts = metadata.folder.split('/');
    parts.forEach((_, index) => paths.add(parts.slice(0, index + 1).join('/')));
  }
  paths.delete('');
  return [...paths].sort(byName.compare);
}
