import { Tooltip } from '@mantine/core';
import { useNow } from '../lib/now';
import { fullTime, sinceThen } from '../lib/time';

function Ago({ at }: { at: string }) {
  // The server's clock may be ahead.
  const now = Math.max(useNow(), Date.parse(at));
  return (
    <Tooltip label={fullTime(at)}>
      <time dateTime={at}>{sinceThen(at, now)}</time>
    </Tooltip>
  );
}

// How long ago, and on request when.
export function Time({ at }: { at: string | null | undefined }) {
  return at ? <Ago at={at} /> : '–';
}
