import dagre from '@dagrejs/dagre';
import type { Edge, Node } from '@xyflow/react';
import type { components } from '../../api/generated';
import type { Operator } from './load';

export type GraphEdge = components['schemas']['GraphEdge'];
export type OperatorNodeType = Node<{ operator: Operator }, 'operator'>;

export const nodeWidth = 230;
export const nodeHeight = 104;

// Nodes from producers to consumers, in the direction that the page has room for.
export function layOut(
  operators: Operator[],
  edges: GraphEdge[],
  direction: 'LR' | 'TB',
): { nodes: OperatorNodeType[]; edges: Edge[] } {
  const graph = new dagre.graphlib.Graph().setDefaultEdgeLabel(() => ({}));
  graph.setGraph({ rankdir: direction, nodesep: 28, ranksep: 44 });
  for (const { vertex } of operators) {
    graph.setNode(vertex.id, { width: nodeWidth, height: nodeHeight });
  }
  for (const { source, target } of edges) graph.setEdge(source, target);
  dagre.layout(graph);
  const nodes = operators.map((operator): OperatorNodeType => {
    const { x, y } = graph.node(operator.vertex.id);
    return {
      id: operator.vertex.id,
      type: 'operator',
      position: { x: x - nodeWidth / 2, y: y - nodeHeight / 2 },
      data: { operator },
      ariaLabel: operator.vertex.name,
    };
  });
  return {
    nodes,
    edges: edges.map(({ source, target, shipStrategy }) => ({
      id: `${source}-${target}`,
      source,
      target,
      label: shipStrategy === 'FORWARD' ? undefined : shipStrategy.toLowerCase(),
      focusable: false,
    })),
  };
}
