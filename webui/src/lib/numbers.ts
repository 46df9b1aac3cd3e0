// Numbers as people read them.

const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function showCount(value: number | undefined): string {
  return value === undefined ? '–' : compact.format(value);
}

export function showRate(value: number | undefined): string {
  return value === undefined ? '–' : `${compact.format(value)}/s`;
}

export function showBytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = Math.min(
    Math.max(Math.floor(Math.log2(Math.max(value, 1)) / 10), 0),
    units.length - 1,
  );
  return `${plain.format(value / 1024 ** step)} ${units[step] ?? ''}`;
}

export function showDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${compact.format(ms / 1000)} s`;
  if (ms < 7_200_000) return `${compact.format(ms / 60_000)} min`;
  return `${compact.format(ms / 3_600_000)} h`;
}

export function showPercent(part: number): string {
  return `${plain.format(part * 100)} %`;
}
