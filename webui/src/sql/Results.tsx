// Below the editor: what becomes of the text, one way of looking at it at a time.
import { Tabs } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { SqlScript } from '../api/resources';
import type { Statement } from '../api/sql';
import type { Place } from '../components/CodeEditor';
import { KeyValues } from '../components/KeyValues';
import { Loading } from '../components/Loading';
import type { SqlTables } from './completion';
import type { OpenDraft } from './draft';
import { PreviewTab } from './preview/PreviewTab';
import type { Limits, PreviewHandle } from './preview/run';
import { TablesTab } from './TablesTab';
import { VersionsTab } from './VersionsTab';

// With the picture of operators, which most of the time nobody looks at.
const PlanTab = lazy(() => import('./PlanTab'));

interface Props {
  tab: string | null;
  onTab: (tab: string | null) => void;
  script: SqlScript;
  draft: OpenDraft;
  plan: Statement | undefined; // what can be planned, if anything
  tables: SqlTables;
  preview: PreviewHandle;
  onPlace: (place: Place) => void;
  limits: Limits;
  onLimits: (limits: Limits) => void;
  variables: Record<string, string>;
  onVariables: (variables: Record<string, string>) => void;
}

export function Results(props: Props) {
  const { tab, onTab, script, draft, plan, tables, preview, variables } = props;
  return (
    <Tabs value={tab} onChange={onTab} keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="preview">Preview</Tabs.Tab>
        <Tabs.Tab value="plan">Plan</Tabs.Tab>
        <Tabs.Tab value="tables">Tables</Tabs.Tab>
        <Tabs.Tab value="versions">Versions</Tabs.Tab>
        <Tabs.Tab value="variables">Variables</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="preview" pt="sm">
        <PreviewTab
          run={preview.run}
          limits={props.limits}
          onLimits={props.onLimits}
          onStop={preview.stop}
          onPlace={props.onPlace}
        />
      </Tabs.Panel>
      <Tabs.Panel value="plan" pt="sm">
        <Suspense fallback={<Loading what="the plan" />}>
          <PlanTab namespace={script.metadata.namespace} statement={plan} />
        </Suspense>
      </Tabs.Panel>
      <Tabs.Panel value="tables" pt="sm">
        <TablesTab tables={tables} />
      </Tabs.Panel>
      <Tabs.Panel value="versions" pt="sm">
        <VersionsTab script={script} draft={draft} />
      </Tabs.Panel>
      <Tabs.Panel value="variables" pt="sm">
        <KeyValues
          label="Variables"
          description="What ${name} stands for here, and in a deployment that is made from this draft. This browser keeps them; ${secret_values.name} needs none."
          values={variables}
          onChange={props.onVariables}
        />
      </Tabs.Panel>
    </Tabs>
  );
}
