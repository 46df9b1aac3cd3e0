import { Badge, Group, Text, Timeline, type MantineColor } from '@mantine/core';
import type { PlatformEvent } from '../api/resources';
import { Time } from '../components/Time';

function colourOf(name: string): MantineColor {
  if (/FAIL|INVALID|UNFIT|REJECT|UNSTABLE|LOST/.test(name)) return 'red';
  if (/START|COMPLET|RUNNING|CREATED/.test(name)) return 'green';
  return 'river';
}

export function EventList({ events }: { events: PlatformEvent[] }) {
  return (
    <Timeline active={events.length} bulletSize={14} lineWidth={2}>
      {events.map(({ metadata, spec }) => (
        <Timeline.Item key={metadata.id} color={colourOf(metadata.name)}>
          <Text size="sm" className="fact">
            {spec.message}
          </Text>
          <Group gap="xs">
            <Text size="xs" c="dimmed">
              <Time at={metadata.createdAt} />
            </Text>
            {spec.actor && (
              <Text size="xs" c="dimmed">
                by {spec.actor}
              </Text>
            )}
            <Badge size="xs" variant="default" tt="none">
              {metadata.name}
            </Badge>
          </Group>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
