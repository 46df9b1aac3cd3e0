// How the script would run: its operators, and Flink's own texts.
import { Card, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { explanationQuery } from '../api/queries';
import type { Explanation, Statement } from '../api/sql';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { GraphCanvas } from '../deployments/graph/GraphCanvas';
import { operatorsOf } from '../deployments/graph/load';

const texts = [
  { value: 'optimized', label: 'Optimized' },
  { value: 'execution', label: 'Execution' },
  { value: 'ast', label: 'As written' },
] as const;

function Texts({ explain }: { explain: NonNullable<Explanation['explain']> }) {
  const [shown, setShown] = useState<(typeof texts)[number]['value']>('optimized');
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Title order={2} size="h4">
          Flink’s plan
        </Title>
        <SegmentedControl
          w="fit-content"
          size="xs"
          aria-label="Which of its texts"
          value={shown}
          onChange={(value) => setShown(value as typeof shown)}
          data={[...texts]}
        />
        <pre className="plan" tabIndex={0} aria-label="Text of the plan">
          {explain[shown]}
        </pre>
      </Stack>
    </Card>
  );
}

function Plan({ plan: { graph, explain } }: { plan: Explanation }) {
  const operators = useMemo(() => operatorsOf(graph?.vertices ?? [], []), [graph]);
  const edges = useMemo(() => graph?.edges ?? [], [graph]);
  return (
    <>
      <GraphCanvas label="Plan" operators={operators} edges={edges} />
      {explain && <Texts explain={explain} />}
    </>
  );
}

interface Props {
  namespace: string;
  statement: Statement | undefined; // none, as long as there is nothing that could run
}

function PlanOf({ namespace, statement }: { namespace: string; statement: Statement }) {
  const { data, error, isPending } = useQuery(explanationQuery(namespace, statement));
  return (
    <>
      <ErrorNote error={error} />
      {isPending && <Loading what="the plan" />}
      {data && <Plan plan={data} />}
    </>
  );
}

export default function PlanTab({ namespace, statement }: Props) {
  return (
    <Stack gap="sm">
      {statement ? (
        <PlanOf namespace={namespace} statement={statement} />
      ) : (
        <Text c="dimmed" size="sm">
          The plan appears here as soon as the script is valid and has something to run: a SELECT or
          an INSERT.
        </Text>
      )}
    </Stack>
  );
}
