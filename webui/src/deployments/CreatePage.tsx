import { Button, Group, Menu, Stack, TextInput, Title } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { Needs } from '../access/Needs';
import { useNamespace } from '../app/namespace';
import { useTitle } from '../app/title';
import { useCreateDeployment } from '../api/changes';
import type { DesiredState } from '../api/resources';
import { ErrorNote } from '../components/ErrorNote';
import { emptyDraft, saysWhatRuns, withScript, withSpec, type Draft } from './draft';
import { DraftEditor } from './DraftEditor';
import { auctionsExample, countsExample } from './examples';
import { draftFrom, readHandover } from './handover';

function firstDraft(example: string | null, state: unknown): Draft {
  const handover = readHandover(state);
  if (handover) return draftFrom(handover);
  const draft = emptyDraft();
  if (example !== 'auctions') return draft;
  return withScript(
    { ...draft, metadata: { ...draft.metadata, name: 'busiest-auctions' } },
    auctionsExample,
  );
}

function ExampleMenu({ onChoice }: { onChoice: (script: string) => void }) {
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
          Examples
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChoice(auctionsExample)}>
          Bids per auction, in windows
        </Menu.Item>
        <Menu.Item onClick={() => onChoice(countsExample)}>Counts of random numbers</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export default function CreatePage() {
  useTitle('New deployment');
  const namespace = useNamespace();
  const navigate = useNavigate();
  const [parameters] = useSearchParams();
  const { state } = useLocation();
  const [draft, setDraft] = useState(() => firstDraft(parameters.get('example'), state));
  const [isUnreadable, setUnreadable] = useState(false);
  const create = useCreateDeployment(namespace);
  const { name } = draft.metadata;
  const isReady = !isUnreadable && name !== '' && saysWhatRuns(draft);
  const submit = (state: DesiredState) =>
    create.mutate(withSpec(draft, { state }), {
      onSuccess: (made) => void navigate(`/ns/${namespace}/deployments/${made.metadata.id}`),
    });
  const deploy = (event: FormEvent) => {
    event.preventDefault();
    submit('RUNNING');
  };
  return (
    <form onSubmit={deploy}>
      <Stack maw={1100}>
        <Group justify="space-between">
          <Title order={1} size="h2">
            New deployment
          </Title>
          <ExampleMenu onChoice={(script) => setDraft((before) => withScript(before, script))} />
        </Group>
        <TextInput
          label="Name"
          description="Letters, digits, - _ and ."
          value={name}
          onChange={(event) => {
            const typed = event.currentTarget.value;
            setDraft((before) => ({ ...before, metadata: { ...before.metadata, name: typed } }));
          }}
          required
          maw={420}
        />
        <DraftEditor draft={draft} onChange={setDraft} onUnreadable={setUnreadable} />
        <ErrorNote error={create.error} />
        <Needs role="editor">
          <Group>
            <Button type="submit" disabled={!isReady} loading={create.isPending}>
              Deploy and start
            </Button>
            <Button
              variant="default"
              disabled={!isReady || create.isPending}
              onClick={() => submit('CANCELLED')}
            >
              Save without starting
            </Button>
          </Group>
        </Needs>
      </Stack>
    </form>
  );
}
