// What the console computes without a page.
import { expect, test } from '@playwright/test';
import { readLabels, showLabels } from '../../webui/src/lib/labels.ts';
import { applyMergePatch, mergePatchOf } from '../../webui/src/lib/merge_patch.ts';
import { showBytes, showCount, showDuration, showPercent } from '../../webui/src/lib/numbers.ts';
import { OneAtATime } from '../../webui/src/lib/one_at_a_time.ts';
import { readProblem } from '../../webui/src/lib/problem.ts';
import { sinceThen } from '../../webui/src/lib/time.ts';
import type { PreviewRow, SqlScript } from '../../webui/src/api/resources.ts';
import { formatSql } from '../../webui/src/sql/format.ts';
import { resultOf } from '../../webui/src/sql/preview/changelog.ts';
import { foldersOf, matches, treeOf } from '../../webui/src/sql/tree.ts';

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
  expect(mergePatchOf(from, { ...from, a: { b: 2, c: [1, 2] } })).toEqual({
    a: { b: 2 },
  });
});

test("a planner's error is read with its place and its help", () => {
  expect(readProblem("line 4, column 27: Column 'x' not found; Did you mean 'n'?")).toEqual({
    line: 4,
    column: 27,
    message: "Column 'x' not found",
    help: "Did you mean 'n'?",
  });
  expect(readProblem('the worker keeps dying')).toEqual({
    message: 'the worker keeps dying',
  });
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

test('of what is asked meanwhile only the newest is asked', async () => {
  const answers: ((text: string) => void)[] = [];
  const asked: string[] = [];
  const told: string[] = [];
  const asker = new OneAtATime<string, string>(
    (question) => {
      asked.push(question);
      return new Promise((resolve) => answers.push(resolve));
    },
    (question, answer) => told.push(`${question}: ${answer}`),
  );
  for (const question of ['a', 'b', 'c']) asker.put(question);
  expect(asked).toEqual(['a']);
  answers[0]?.('1');
  await expect.poll(() => asked).toEqual(['a', 'c']);
  expect(told).toEqual(['a: 1']);
  asker.end();
  answers[1]?.('2');
  await Promise.resolve();
  expect(told).toEqual(['a: 1']);
});

const script = (folder: string, name: string, text = ''): SqlScript => ({
  metadata: {
    id: `${folder}/${name}`,
    name,
    folder,
    namespace: 'default',
    version: 1,
    resourceVersion: 1,
    createdAt: '',
    modifiedAt: '',
  },
  spec: { script: text },
});

test('drafts are found in their folders, by name and by text', () => {
  const scripts = [
    script('ads/daily', 'b'),
    script('', 'top'),
    script('ads/daily', 'a10'),
    script('ads/daily', 'a9'),
  ];
  const [ads] = treeOf(scripts).folders;
  expect(treeOf(scripts).scripts.map(({ metadata }) => metadata.name)).toEqual(['top']);
  expect(ads?.folders.map(({ name }) => name)).toEqual(['daily']);
  expect(ads?.folders[0]?.scripts.map(({ metadata }) => metadata.name)).toEqual(['a9', 'a10', 'b']);
  expect(foldersOf(scripts)).toEqual(['ads', 'ads/daily']);
  expect(matches(script('ads', 'x', 'SELECT total'), 'ADS total')).toBe(true);
  expect(matches(script('ads', 'x', 'SELECT total'), 'ads sum')).toBe(false);
});

test('changes make a result', () => {
  const change = (op: PreviewRow['op'], row: PreviewRow['row']): PreviewRow => ({ op, row });
  const changes = [
    change('+I', { k: 1, n: 1 }),
    change('+I', { k: 2, n: 1 }),
    change('+I', { k: 2, n: 1 }),
    change('-U', { k: 1, n: 1 }),
    change('+U', { k: 1, n: 2 }),
    change('-D', { k: 2, n: 1 }),
  ];
  expect(resultOf(changes)).toEqual([
    { k: 2, n: 1 },
    { k: 1, n: 2 },
  ]);
});

test('a script is laid out, and stays the same', () => {
  const script = `-- what
create table t(id int, r ROW<a INT, b ARRAY<STRING>>, proc as proctime()) with ('connector'='datagen');
insert into s select count(*) from TABLE(tumble(TABLE t, descriptor(proc), interval '1' second)) where a<>'x  y';`;
  expect(formatSql(script)).toBe(`-- what
CREATE TABLE t(id INT, r ROW<a INT, b ARRAY<STRING>>, proc AS proctime()) WITH ('connector' = 'datagen');

INSERT INTO s
SELECT
  count(*)
FROM
  TABLE(tumble(TABLE t, descriptor(proc), INTERVAL '1' SECOND))
WHERE
  a <> 'x  y';
`);
  expect(formatSql(formatSql(script))).toBe(formatSql(script));
  expect(() => formatSql("SELECT 'x")).toThrow();
});
