// What the console computes without a page.
import { expect, test } from '@playwright/test';
import { readLabels, showLabels } from '../../webui/src/lib/labels.ts';
import { applyMergePatch, mergePatchOf } from '../../webui/src/lib/merge_patch.ts';
import { showBytes, showCount, showDuration, showPercent } from '../../webui/src/lib/numbers.ts';
import { readProblem } from '../../webui/src/lib/problem.ts';
import { sinceThen } from '../../webui/src/lib/time.ts';

// The examples of RFC 7396, appendix A, whose patches are objects.
const patches: [target: object, patch: object, result: object][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

test('a merge patch is applied as RFC 7396 says', () => {
  for (const [target, patch, result] of patches) {
    expect(applyMergePatch(target, patch)).toEqual(result);
  }
});

test('the patch between two documents makes one of the other', () => {
  const documents = patches.flatMap(([target, , result]) => [target, result]);
  for (const from of documents) {
    for (const to of documents) {
      expect(applyMergePatch(from, mergePatchOf({ ...from }, { ...to }))).toEqual(to);
    }
  }
});

test('what has not changed is in no patch', () => {
  const from = { a: { b: 1, c: [1, 2] }, d: 'e' };
  expect(mergePatchOf(from, structuredClone(from))).toEqual({});
  expect(mergePatchOf(from, { ...from, a: { b: 2, c: [1, 2] } })).toEqual({ a: { b: 2 } });
});

test("a planner's error is read with its place and its help", () => {
  expect(readProblem("line 4, column 27: Column 'x' not found; Did you mean 'n'?")).toEqual({
    line: 4,
    column: 27,
    message: "Column 'x' not found",
    help: "Did you mean 'n'?",
  });
  expect(readProblem('the worker keeps dying')).toEqual({ message: 'the worker keeps dying' });
});

test('labels are shown as they are typed', () => {
  const labels = { team: 'shop', trial: '', rule: 'a=b' };
  expect(showLabels(labels)).toEqual(['team=shop', 'trial', 'rule=a=b']);
  expect(readLabels(showLabels(labels))).toEqual(labels);
});

test('times are told from now', () => {
  const now = Date.parse('2026-03-02T09:00:00Z');
  expect(sinceThen('2026-03-02T08:59:57Z', now)).toBe('3 seconds ago');
  expect(sinceThen('2026-03-02T07:00:00Z', now)).toBe('2 hours ago');
  expect(sinceThen('2026-02-28T09:00:00Z', now)).toBe('2 days ago');
});

test('numbers are short, and in units that people know', () => {
  expect([0, 1000, 1024, 1_300_000].map(showBytes)).toEqual(['0 B', '1,000 B', '1 KiB', '1.2 MiB']);
  expect([12, 12_345].map(showCount)).toEqual(['12', '12.3K']);
  expect([999, 1500, 600_000].map(showDuration)).toEqual(['999 ms', '1.5 s', '10 min']);
  expect([0.004, 1].map(showPercent)).toEqual(['0.4 %', '100 %']);
});
