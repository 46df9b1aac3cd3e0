// Operators as a picture, from producers to consumers.
import '@xyflow/react/dist/style.css';
import { Paper, useComputedColorScheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Background, Controls, ReactFlow } from '@xyflow/react';
import { useMemo } from 'react';
import { layOut, type GraphEdge } from './layout';
import type { Operator } from './load';
import { OperatorNode } from './OperatorNode';

const nodeTypes = { operator: OperatorNode };

interface Props {
  label: string;
  operators: Operator[];
  edges: GraphEdge[];
}

export function GraphCanvas({ label, operators, edges }: Props) {
  const scheme = useComputedColorScheme('light');
  const isNarrow = useMediaQuery('(max-width: 48em)') ?? false;
  const laidOut = useMemo(
    () => layOut(operators, edges, isNarrow ? 'TB' : 'LR'),
    [operators, edges, isNarrow],
  );
  return (
    <Paper withBorder h={isNarrow ? 520 : 420}>
      <ReactFlow
        key={String(isNarrow)}
        nodes={laidOut.nodes}
        edges={laidOut.edges}
        nodeTypes={nodeTypes}
        colorMode={scheme}
        nodesDraggable={false}
        nodesConnectable={false}
        minZoom={0.2}
        fitView
        fitViewOptions={{ maxZoom: 1 }}
        aria-label={label}
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </Paper>
  );
}
