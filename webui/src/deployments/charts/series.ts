// Which series are drawn together, and how their values are shown.
import type { components } from '../../api/generated';
import { showBytes, showCount, showDuration, showPercent } from '../../lib/numbers';

export type DeploymentMetrics = components['schemas']['DeploymentMetrics']['spec'];
export type Series = components['schemas']['Series'];

export interface Panel {
  title: string;
  lines: [name: string, label: string][];
}

export const panels: Panel[] = [
  {
    title: 'Rows per second',
    lines: [
      ['numRecordsInPerSecond', 'in'],
      ['numRecordsOutPerSecond', 'out'],
      ['numLateRecordsDroppedPerSecond', 'dropped as late'],
    ],
  },
  {
    title: 'Load of the busiest operator',
    lines: [
      ['busyTimeMsPerSecond', 'busy'],
      ['backPressuredTimeMsPerSecond', 'back-pressured'],
    ],
  },
  { title: 'Watermark behind the clock', lines: [['watermarkLag', 'lag']] },
  { title: 'Duration of checkpoints', lines: [['lastCheckpointDuration', 'duration']] },
  {
    title: 'Size of checkpoints',
    lines: [
      ['lastCheckpointSize', 'written'],
      ['lastCheckpointFullSize', 'in all'],
    ],
  },
  {
    title: 'State and memory',
    lines: [
      ['stateSize', 'state'],
      ['memoryUsed', 'memory'],
    ],
  },
  {
    title: 'Checkpoints and restarts',
    lines: [
      ['numberOfCompletedCheckpoints', 'checkpoints completed'],
      ['numberOfFailedCheckpoints', 'checkpoints failed'],
      ['numRestarts', 'restarts'],
    ],
  },
];

export function showValue(value: number | null | undefined, unit: Series['unit']): string {
  if (value === null || value === undefined) return '–';
  switch (unit) {
    case 'bytes':
      return showBytes(value);
    case 'ms':
      return showDuration(value);
    case 'ms per second':
      return showPercent(value / 1000);
    case 'per second':
      return `${showCount(value)}/s`;
    case 'count':
      return showCount(value);
  }
}
