// Keeps what is shown up to date by the platform's stream of events.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

const restMs = 250; // between two looks at what a burst of events has changed

// One stream for the namespace that is shown, as a browser has few connections to a server; none while
// the page is hidden. A browser connects again by itself, and goes on from the last event it saw.
export function useLiveEvents(namespace: string) {
  const queries = useQueryClient();
  useEffect(() => {
    let stream: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      void queries.invalidateQueries({ queryKey: ['deployments', namespace] });
    };
    const open = () => {
      const address = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events:watch`;
      stream = new EventSource(address);
      stream.onmessage = () => (timer ??= setTimeout(refresh, restMs));
    };
    const follow = () => {
      stream?.close();
      if (document.hidden) return;
      open();
      refresh();
    };
    open();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      clearTimeout(timer);
      stream?.close();
    };
  }, [namespace, queries]);
}
