// Rows as a query gives them: each adds to its result, or takes from it.
import type { PreviewRow } from '../../api/resources';

export const kinds: Record<PreviewRow['op'], string> = {
  '+I': 'Inserted',
  '-U': 'Before an update',
  '+U': 'After an update',
  '-D': 'Deleted',
};

const adds = (op: PreviewRow['op']) => op.startsWith('+');

export function isOnlyInserts(changes: PreviewRow[]): boolean {
  return changes.every(({ op }) => op === '+I');
}

// The rows that are there after all of the changes, the oldest first. A row that is taken is one of those
// that equal it.
export function resultOf(changes: PreviewRow[]): PreviewRow['row'][] {
  const rows = new Map<number, PreviewRow['row']>();
  const numbers = new Map<string, number[]>(); // of equal rows
  changes.forEach(({ op, row }, number) => {
    const key = JSON.stringify(row);
    const equal = numbers.get(key) ?? [];
    numbers.set(key, equal);
    if (adds(op)) {
      equal.push(number);
      rows.set(number, row);
    } else {
      const taken = equal.pop();
      if (taken !== undefined) rows.delete(taken);
    }
  });
  return [...rows.values()];
}

export function showValue(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
