import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './console.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router/dom';
import { Refusal } from '../api/client';
import { accountKey } from '../api/session';
import { nonce } from './nonce';
import { router } from './routes';
import { theme } from './theme';

// A session that is over is asked for again, wherever that is noticed.
function noteLogout(error: Error) {
  if (error instanceof Refusal && error.status === 401 && queries.getQueryData(accountKey)) {
    queries.setQueryData(accountKey, null);
  }
}

// A refusal is an answer: asking again would give the same.
const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteLogout }),
  mutationCache: new MutationCache({ onError: noteLogout }),
  defaultOptions: {
    queries: {
      staleTime: 1_000,
      retry: (failures, error) =>
        failures < 3 && !(error instanceof Refusal && error.status >= 400 && error.status < 500),
    },
  },
});

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
