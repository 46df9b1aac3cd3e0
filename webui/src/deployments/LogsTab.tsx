import { Group, Paper, Select, Stack, Switch, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { jobLogQuery, jobsQuery } from '../api/queries';
import type { Deployment, Job } from '../api/resources';
import { EmptyState } from '../components/EmptyState';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { fullTime } from '../lib/time';

function nameOf({ metadata, status }: Job): string {
  const { version, createdAt } = metadata;
  return `Version ${version}, ${status.state.toLowerCase()}, from ${fullTime(createdAt)}`;
}

// The end stays in view as long as `follow` holds.
function LogText({ text, follow }: { text: string; follow: boolean }) {
  const box = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text, follow]);
  return (
    <Paper withBorder>
      <pre className="log" ref={box} tabIndex={0} role="region" aria-label="Log">
        {text}
      </pre>
    </Paper>
  );
}

function JobLog({ namespace, job }: { namespace: string; job: Job }) {
  const isAlive = ['STARTING', 'STARTED', 'TERMINATING'].includes(job.status.state);
  const [follow, setFollow] = useState(true);
  const [search, setSearch] = useState('');
  const query = jobLogQuery(namespace, job.metadata.id, isAlive && follow);
  const { data, error, isPending } = useQuery(query);
  const lines = data
    ?.split('\n')
    .filter((line) => line.toLowerCase().includes(search.toLowerCase()));
  return (
    <>
      <Group>
        <TextInput
          aria-label="Only lines with"
          placeholder="Only lines with …"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Switch
          label="Follow"
          checked={follow}
          onChange={(event) => setFollow(event.currentTarget.checked)}
        />
      </Group>
      <ErrorNote error={error} />
      {isPending && <Loading what="the log" />}
      {data === '' && (
        <EmptyState title="The job has said nothing yet">
          Its worker writes here what it does, and a print sink its rows.
        </EmptyState>
      )}
      {data && lines && <LogText text={lines.join('\n')} follow={follow} />}
    </>
  );
}

export function LogsTab({ deployment }: { deployment: Deployment }) {
  const { namespace, id } = deployment.metadata;
  const { data: jobs, error, isPending } = useQuery(jobsQuery(namespace, id));
  const [chosen, setChosen] = useState<string | null>(null);
  const job = jobs?.find(({ metadata }) => metadata.id === chosen) ?? jobs?.[0];
  return (
    <Stack>
      <ErrorNote error={error} />
      {isPending && <Loading what="jobs" />}
      {jobs?.length === 0 && (
        <EmptyState title="No job has run yet">
          Each job keeps its log, also when it has ended.
        </EmptyState>
      )}
      {jobs && job && (
        <Select
          label="Job"
          maw={560}
          allowDeselect={false}
          data={jobs.map((each) => ({ value: each.metadata.id, label: nameOf(each) }))}
          value={job.metadata.id}
          onChange={setChosen}
        />
      )}
      {job && <JobLog key={job.metadata.id} namespace={namespace} job={job} />}
    </Stack>
  );
}
