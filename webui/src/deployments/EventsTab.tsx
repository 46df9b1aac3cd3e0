import { Stack, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { eventsQuery } from '../api/queries';
import type { Deployment } from '../api/resources';
import { EmptyState } from '../components/EmptyState';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { EventList } from './EventList';

const mostShown = 500;

export function EventsTab({ deployment }: { deployment: Deployment }) {
  const { namespace, id } = deployment.metadata;
  const { data, error, isPending } = useQuery(eventsQuery(namespace, id));
  const [search, setSearch] = useState('');
  const shown = data?.filter(({ metadata, spec }) =>
    `${metadata.name} ${spec.message}`.toLowerCase().includes(search.toLowerCase()),
  );
  return (
    <Stack>
      <TextInput
        aria-label="Search events"
        placeholder="Search events"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        maw={420}
      />
      <ErrorNote error={error} />
      {isPending && <Loading what="events" />}
      {shown?.length === 0 && (
        <EmptyState title="No such event">
          Events tell what was wanted, what was done, and why it failed; new ones appear by
          themselves.
        </EmptyState>
      )}
      {shown && <EventList events={shown.slice(0, mostShown)} />}
    </Stack>
  );
}
