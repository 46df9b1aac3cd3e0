// How loaded an operator is: Flink's bands of what a second of its thread was spent with.
import type { components } from '../../api/generated';

type Schemas = components['schemas'];
export type GraphVertex = Schemas['GraphVertex'];
export type VertexStatus = Schemas['VertexStatus'];

export type Load = 'backPressured' | 'busy' | 'working' | 'idle' | 'unknown';

export const loads: Record<Load, { colour: string; label: string }> = {
  backPressured: { colour: 'var(--mantine-color-violet-filled)', label: 'Back-pressured' },
  busy: { colour: 'var(--mantine-color-red-filled)', label: 'Busy' },
  working: { colour: 'var(--mantine-color-green-filled)', label: 'Working' },
  idle: { colour: 'var(--mantine-color-blue-filled)', label: 'Idle' },
  unknown: { colour: 'var(--mantine-color-gray-filled)', label: 'Not known' },
};

const high = 500; // of 1000 ms
const low = 100;

export function loadOf(status: VertexStatus | undefined): Load {
  const { busyTimeMsPerSecond: busy, backPressuredTimeMsPerSecond: pressed } =
    status?.metrics ?? {};
  if (busy === undefined || pressed === undefined) return 'unknown';
  if (pressed > high) return 'backPressured';
  if (busy > high) return 'busy';
  return busy > low || pressed > low ? 'working' : 'idle';
}

// What a vertex does, with the figures of its thread: those of the first of its chain.
export interface Operator {
  vertex: GraphVertex;
  status?: VertexStatus;
  thread?: VertexStatus;
}

export function operatorsOf(vertices: GraphVertex[], statuses: VertexStatus[]): Operator[] {
  const byId = new Map(statuses.map((status) => [status.id, status]));
  return vertices.map((vertex) => {
    const status = byId.get(vertex.id);
    return { vertex, status, thread: status && byId.get(status.chain) };
  });
}
