// Labels as people type them: key=value, with commas between.
import type { Labels } from '../api/resources';

export function showLabels(labels: Labels): string[] {
  return Object.entries(labels).map(([key, value]) => (value ? `${key}=${value}` : key));
}

export function readLabels(texts: string[]): Labels {
  return Object.fromEntries(
    texts.map((text) => {
      const [key = '', ...value] = text.split('=');
      return [key.trim(), value.join('=').trim()];
    }),
  );
}
