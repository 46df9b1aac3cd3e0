// One draft: its text, what the planner says of it, and what can be done with it.
import { Alert, Stack } from '@mantine/core';
import { useHotkeys, useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { functionsQuery } from '../api/queries';
import type { SqlFunction, SqlScript } from '../api/resources';
import type { Verdict } from '../api/sql';
import { CodeEditor, type Place } from '../components/CodeEditor';
import { ErrorNote } from '../components/ErrorNote';
import { tell } from '../components/tell';
import { problemOf } from '../lib/problem';
import { completions, type SqlTables } from './completion';
import { Conflict } from './Conflict';
import { useDraft } from './draft';
import { Head } from './Head';
import { usePreview, type Limits, type Run } from './preview/run';
import { Results } from './Results';
import { StatusLine } from './StatusLine';
import { useVerdict, type Said } from './verdict';

interface Props {
  script: SqlScript;
  scripts: SqlScript[];
}

// What the planner says of the text, and what it said of the query in it that was tried out last.
function useProblem(said: Said | undefined, run: Run | undefined, text: string) {
  const error = said?.verdict?.errorDetails ?? (run?.statement === text ? run.error : undefined);
  const refusal = said?.refusal;
  return useMemo(() => {
    if (refusal) return { message: refusal.message };
    return error && problemOf(error);
  }, [refusal, error]);
}

const noVariables: Record<string, string> = {};
const noFunctions: SqlFunction[] = [];
const noTables: SqlTables = [];

async function formatted(text: string): Promise<string> {
  return (await import('./format')).formatSql(text);
}

function canRun(verdict: Verdict | undefined): boolean {
  return (
    verdict?.validationResult === 'VALIDATION_RESULT_VALID_INSERT_QUERY' ||
    verdict?.validationResult === 'VALIDATION_RESULT_VALID_SELECT_QUERY'
  );
}

function useCompletions(tables: SqlTables) {
  const { data: functions = noFunctions } = useQuery(functionsQuery);
  return useMemo(() => completions(functions, tables), [functions, tables]);
}

export function Workbench({ script, scripts }: Props) {
  const { namespace, id } = script.metadata;
  const draft = useDraft(script);
  const [variables, setVariables] = useLocalStorage<Record<string, string>>({
    key: `castor-variables:${id}`,
    defaultValue: noVariables,
    getInitialValueInEffect: false,
  });
  const statement = useMemo(() => ({ statement: draft.text, variables }), [draft.text, variables]);
  const said = useVerdict(namespace, statement);
  const tables = said?.verdict?.tables ?? noTables;
  const extensions = useCompletions(tables);
  const preview = usePreview(namespace);
  const problem = useProblem(said, preview.run, draft.text);
  const [limits, setLimits] = useState<Limits>({ maxRows: 1000, maxSeconds: 60 });
  const [tab, setTab] = useState<string | null>('preview');
  const [place, setPlace] = useState<Place>();
  const line = useRef(1);
  const run = () => {
    setTab('preview');
    preview.start({ ...statement, line: line.current }, limits);
  };
  const format = () => void formatted(draft.text).then(draft.change, tell);
  const isCurrent = draft.text.trim() === '' || said?.statement === statement;
  useHotkeys([['mod+S', () => draft.save()]]);
  return (
    <Stack gap="sm">
      <Head
        script={script}
        scripts={scripts}
        draft={draft}
        variables={variables}
        onPreview={run}
        onFormat={format}
      />
      {draft.hasConflict && <Conflict draft={draft} saved={script.spec.script} />}
      <ErrorNote error={draft.error} />
      {!draft.isKept && draft.isChanged && (
        <Alert color="orange" role="alert">
          The browser cannot keep what you type: save it before you leave.
        </Alert>
      )}
      <CodeEditor
        language="sql"
        label="SQL script"
        value={draft.text}
        onChange={draft.change}
        onLine={(at) => {
          line.current = at;
        }}
        keys={{ 'Mod-s': draft.save, 'Mod-Enter': run, 'Shift-Alt-f': format }}
        extensions={extensions}
        problem={problem}
        place={place}
        minHeight="16rem"
        maxHeight="52vh"
      />
      <StatusLine said={said} isCurrent={isCurrent} problem={problem} onPlace={setPlace} />
      <Results
        tab={tab}
        onTab={setTab}
        script={script}
        draft={draft}
        plan={isCurrent && canRun(said?.verdict) ? statement : undefined}
        tables={tables}
        preview={preview}
        onPlace={setPlace}
        limits={limits}
        onLimits={setLimits}
        variables={variables}
        onVariables={setVariables}
      />
    </Stack>
  );
}
