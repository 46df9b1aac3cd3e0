// What the editor completes besides the words of SQL: functions, and the tables and columns that the planner
// has found in the script.
import {
  autocompletion,
  ifNotIn,
  insertCompletionText,
  type Completion,
  type CompletionSource,
} from '@codemirror/autocomplete';
import { keywordCompletionSource, schemaCompletionSource } from '@codemirror/lang-sql';
import type { Extension } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import type { Verdict } from '../api/sql';
import type { SqlFunction } from '../api/resources';
import { flinkSql, isForeign } from '../components/languages';

export type SqlTables = NonNullable<Verdict['tables']>;

const texts = ['String', 'LineComment', 'BlockComment', 'QuotedIdentifier'];

// Of a type as the planner says it: its text, or its name.
export function showType(type: unknown): string {
  if (typeof type === 'string') return type;
  if (typeof type === 'object' && type !== null && 'type' in type) return String(type.type);
  return '';
}

// The parentheses come with it, and the cursor between them.
function call(name: string, hasArguments: boolean) {
  return (view: EditorView, _: Completion, from: number, to: number) => {
    const behind = view.state.sliceDoc(to, to + 1) === '(' ? '' : '()';
    view.dispatch(insertCompletionText(view.state, name + behind, from, to));
    if (behind && hasArguments) {
      view.dispatch({ selection: { anchor: from + name.length + 1 } });
    }
  };
}

function completionOf({ name, arguments: ways, description }: SqlFunction): Completion {
  const isCall = ways.some((way) => way.includes('('));
  const hasArguments = ways.some((way) => !way.endsWith('()'));
  return {
    label: name,
    type: 'function',
    detail: ways[0],
    info: [description, ...ways.slice(1)].join('\n'),
    ...(isCall ? { apply: call(name, hasArguments) } : {}),
  };
}

// Of names, which a point makes the columns of something.
function wordsSource(options: Completion[]): CompletionSource {
  return ifNotIn(texts, (context) => {
    const word = context.matchBefore(/\w*/);
    if (!word || (word.text === '' && !context.explicit)) return null;
    if (context.state.sliceDoc(word.from - 1, word.from) === '.') return null;
    return { from: word.from, options, validFor: /^\w*$/ };
  });
}

function columnsOf(tables: SqlTables): Completion[] {
  return tables.flatMap(({ name, columns }) =>
    columns.map((column) => ({
      label: column.name,
      type: 'property',
      detail: `${showType(column.type)} of ${name}`,
      boost: 10,
    })),
  );
}

function schemaOf(tables: SqlTables) {
  return Object.fromEntries(
    tables.map(({ name, columns }) => [
      name,
      columns.map((column) => ({
        label: column.name,
        type: 'property',
        detail: showType(column.type),
      })),
    ]),
  );
}

// The words of SQL, without those that are functions too, and those of other databases alone.
function keywordsSource(functions: SqlFunction[]): CompletionSource {
  const names = new Set(functions.map(({ name }) => name));
  const source = keywordCompletionSource(flinkSql, true);
  return async (context) => {
    const result = await source(context);
    const isOurs = ({ label }: Completion) => !names.has(label) && !isForeign(label);
    return result && { ...result, options: result.options.filter(isOurs) };
  };
}

export function completions(functions: SqlFunction[], tables: SqlTables): Extension {
  const named = functions.filter(({ name }) => /^\w+$/.test(name)).map(completionOf);
  return autocompletion({
    override: [
      wordsSource([...named, ...columnsOf(tables)]),
      schemaCompletionSource({ dialect: flinkSql, schema: schemaOf(tables) }),
      keywordsSource(functions),
    ],
  });
}
