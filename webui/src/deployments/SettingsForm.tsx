// Everything of a draft but its name and script.
import {
  Checkbox,
  Fieldset,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
} from '@mantine/core';
import { KeyValues } from '../components/KeyValues';
import { readLabels, showLabels } from '../lib/labels';
import type { TemplateSpec } from '../api/resources';
import { templateOf, withSpec, withTemplate, type Draft } from './draft';

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
}

const engines = [
  { value: 'native', label: 'Native' },
  { value: 'auto', label: 'Native if it takes the script, else Flink' },
  { value: 'flink', label: 'Apache Flink' },
];
const upgrades = [
  { value: 'STATEFUL', label: 'With its state: savepoint, stop, start from it' },
  { value: 'STATELESS', label: 'Without state: cancel, start anew' },
  { value: 'NONE', label: 'Not by itself: the running job stays what it is' },
];
const restores = [
  { value: 'LATEST_STATE', label: 'Latest state: savepoint or checkpoint' },
  { value: 'LATEST_SAVEPOINT', label: 'Latest savepoint' },
  { value: 'NONE', label: 'Nothing: begin without state' },
];

function numberOr(value: number | string, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function Resources({ draft, onChange }: Props) {
  const template = templateOf(draft);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <NumberInput
        label="Parallelism"
        description="How many subtasks share the work"
        min={1}
        max={32768}
        value={template.parallelism ?? 1}
        onChange={(value) => onChange(withTemplate(draft, { parallelism: numberOr(value, 1) }))}
      />
      {template.artifact.kind === 'SQLSCRIPT' && (
        <Select
          label="Engine"
          description="What runs the script"
          data={engines}
          value={template.engine ?? 'native'}
          allowDeselect={false}
          onChange={(engine) =>
            onChange(withTemplate(draft, { engine: engine as TemplateSpec['engine'] }))
          }
        />
      )}
      <TagsInput
        label="Labels"
        description="key=value, to find and to group deployments by"
        value={showLabels(draft.metadata.labels)}
        onChange={(texts) =>
          onChange({ ...draft, metadata: { ...draft.metadata, labels: readLabels(texts) } })
        }
      />
    </SimpleGrid>
  );
}

function Strategies({ draft, onChange }: Props) {
  const { upgradeStrategy = {}, restoreStrategy = {} } = draft.spec;
  return (
    <Fieldset legend="Upgrades">
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label="A new version takes over"
            data={upgrades}
            value={upgradeStrategy.kind ?? 'STATEFUL'}
            allowDeselect={false}
            onChange={(kind) =>
              onChange(
                withSpec(draft, {
                  upgradeStrategy: { ...upgradeStrategy, kind: kind as 'STATEFUL' },
                }),
              )
            }
          />
          <Select
            label="A job starts from"
            data={restores}
            value={restoreStrategy.kind ?? 'LATEST_STATE'}
            allowDeselect={false}
            onChange={(kind) =>
              onChange(
                withSpec(draft, {
                  restoreStrategy: { ...restoreStrategy, kind: kind as 'LATEST_STATE' },
                }),
              )
            }
          />
        </SimpleGrid>
        <Checkbox
          label="Go back by itself if a new version does not work"
          description="To the last version that worked, and the state in which it was left"
          checked={upgradeStrategy.rollbackOnFailure ?? false}
          onChange={(event) =>
            onChange(
              withSpec(draft, {
                upgradeStrategy: {
                  ...upgradeStrategy,
                  rollbackOnFailure: event.currentTarget.checked,
                },
              }),
            )
          }
        />
        <Checkbox
          label="Start even if state of the snapshot fits no operator any more"
          description="That state is lost then"
          checked={restoreStrategy.allowNonRestoredState ?? false}
          onChange={(event) =>
            onChange(
              withSpec(draft, {
                restoreStrategy: {
                  ...restoreStrategy,
                  allowNonRestoredState: event.currentTarget.checked,
                },
              }),
            )
          }
        />
      </Stack>
    </Fieldset>
  );
}

function Schedule({ draft, onChange }: Props) {
  const schedule = draft.spec.savepointSchedule;
  const put = (change: Partial<NonNullable<typeof schedule>>) =>
    onChange(
      withSpec(draft, {
        savepointSchedule: { intervalSeconds: 3600, keep: 5, ...schedule, ...change },
      }),
    );
  return (
    <Fieldset legend="Savepoints by schedule">
      <Stack>
        <Checkbox
          label="Take savepoints while the job runs"
          checked={schedule !== undefined}
          onChange={(event) =>
            event.currentTarget.checked
              ? put({})
              : onChange(withSpec(draft, { savepointSchedule: undefined }))
          }
        />
        {schedule && (
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <NumberInput
              label="Every"
              suffix=" s"
              min={1}
              value={schedule.intervalSeconds}
              onChange={(value) => put({ intervalSeconds: numberOr(value, 3600) })}
            />
            <NumberInput
              label="Keep the newest"
              min={1}
              max={1000}
              value={schedule.keep ?? 5}
              onChange={(value) => put({ keep: numberOr(value, 5) })}
            />
          </SimpleGrid>
        )}
      </Stack>
    </Fieldset>
  );
}

export function SettingsForm(props: Props) {
  const { draft, onChange } = props;
  const template = templateOf(draft);
  return (
    <Stack>
      <Resources {...props} />
      <KeyValues
        label="Variables"
        description="What ${name} stands for in the script; ${secret_values.name} is a secret value"
        values={template.variables ?? {}}
        onChange={(variables) => onChange(withTemplate(draft, { variables }))}
      />
      <KeyValues
        label="Options"
        description="Flink's options, as if SET before the script"
        values={template.flinkConfiguration ?? {}}
        onChange={(flinkConfiguration) => onChange(withTemplate(draft, { flinkConfiguration }))}
      />
      <Strategies {...props} />
      <Schedule {...props} />
    </Stack>
  );
}
