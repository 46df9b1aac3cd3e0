// One preview at a time: begun, followed row by row, stopped when it is asked to, or when nobody looks any
// more.
import { useCallback, useEffect, useRef, useState } from 'react';
import { readPreview, startPreview, stopPreview, type Statement } from '../../api/sql';
import type { PreviewRow, SqlError } from '../../api/resources';

const lookMs = 400; // between two looks at its rows

export interface Limits {
  maxRows: number;
  maxSeconds: number;
}

export interface Run {
  statement: string;
  state: 'STARTING' | 'RUNNING' | 'FINISHED' | 'FAILED' | 'CANCELLED';
  message: string;
  columns: string[];
  rows: PreviewRow[];
  error?: SqlError; // of the planner
  limits: Limits;
  startedAt: number;
}

export interface PreviewHandle {
  run: Run | undefined;
  start: (statement: Statement & { line: number }, limits: Limits) => void;
  stop: () => void;
}

// What tells of one run, and whether it is still the one that is shown.
interface Follower {
  isOver: boolean;
  id?: string;
}

const isGoingOn = (run: Run | undefined) => run?.state === 'STARTING' || run?.state === 'RUNNING';

async function follow(
  follower: Follower,
  namespace: string,
  body: Parameters<typeof startPreview>[1],
  put: (change: (run: Run) => Partial<Run>) => void,
) {
  const { metadata, spec, status } = await startPreview(namespace, body);
  follower.id = metadata.id;
  const columns = spec?.columns.map(({ name }) => name) ?? [];
  put(() => ({
    state: status.state,
    message: status.message,
    columns,
    error: status.errorDetails,
  }));
  let known = 0;
  for (let isRunning = status.state === 'RUNNING'; isRunning && metadata.id && !follower.isOver;) {
    const { status: now } = await readPreview(namespace, metadata.id, known);
    const rows = now.rows ?? [];
    known += rows.length;
    put((run) => ({ state: now.state, message: now.message, rows: [...run.rows, ...rows] }));
    isRunning = now.state === 'RUNNING';
    if (isRunning) await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  // It was left before it had an id by which it could be stopped.
  if (follower.isOver && metadata.id) await stopPreview(namespace, metadata.id);
}

export function usePreview(namespace: string): PreviewHandle {
  const [run, setRun] = useState<Run>();
  const current = useRef<Follower>(undefined);

  const leave = useCallback(() => {
    const follower = current.current;
    if (follower) follower.isOver = true;
    current.current = undefined;
  }, []);
  useEffect(() => leave, [leave, namespace]);

  const start: PreviewHandle['start'] = (statement, limits) => {
    leave();
    const follower: Follower = { isOver: false };
    current.current = follower;
    const put = (change: (run: Run) => Partial<Run>) => {
      if (follower.isOver) return;
      setRun((before) => before && { ...before, ...change(before) });
    };
    setRun({
      statement: statement.statement,
      state: 'STARTING',
      message: '',
      columns: [],
      rows: [],
      limits,
      startedAt: Date.now(),
    });
    follow(follower, namespace, { ...statement, ...limits }, put).catch((error: unknown) =>
      put(() => ({
        state: 'FAILED',
        message: error instanceof Error ? error.message : String(error),
      })),
    );
  };

  const stop = () => {
    const follower = current.current;
    if (!follower || !isGoingOn(run)) return;
    // While it is still being planned there is nothing to stop yet: it is stopped as soon as it runs.
    if (!follower.id) {
      leave();
      setRun((before) => before && { ...before, state: 'CANCELLED' });
      return;
    }
    stopPreview(namespace, follower.id).catch((error: unknown) =>
      setRun((before) => before && { ...before, message: String(error) }),
    );
  };

  return { run, start, stop };
}
