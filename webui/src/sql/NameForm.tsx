// What a draft is called, and in which folder it lies.
import { Autocomplete, Button, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ErrorNote } from '../components/ErrorNote';

export interface Naming {
  name: string;
  folder: string;
}

interface Props {
  initial: Naming;
  folders: string[]; // that there are
  action: string;
  isPending: boolean;
  error: Error | null;
  onSubmit: (naming: Naming) => void;
}

export function NameForm({ initial, folders, action, isPending, error, onSubmit }: Props) {
  const [name, setName] = useState(initial.name);
  const [folder, setFolder] = useState(initial.folder);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({ name: name.trim(), folder: folder.trim() });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="Letters, digits, - _ and ."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
          required
        />
        <Autocomplete
          label="Folder"
          description="As in ads/daily; empty for none. One that is not there is made."
          data={folders}
          value={folder}
          onChange={setFolder}
        />
        <ErrorNote error={error} />
        <Button type="submit" loading={isPending}>
          {action}
        </Button>
      </Stack>
    </form>
  );
}
