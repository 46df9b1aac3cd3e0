import { Anchor, Breadcrumbs, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, type ComponentType } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useNamespace } from '../app/namespace';
import { useTitle } from '../app/title';
import { deploymentQuery } from '../api/queries';
import type { Deployment } from '../api/resources';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';
import { StateBadge } from '../components/StateBadge';
import { Actions } from './Actions';
import { EventsTab } from './EventsTab';
import { Health } from './Health';
import { LogsTab } from './LogsTab';
import { OverviewTab } from './OverviewTab';
import { SnapshotsTab } from './SnapshotsTab';

const GraphTab = lazy(() => import('./graph/GraphTab'));
const ChartsTab = lazy(() => import('./charts/ChartsTab'));
const VersionsTab = lazy(() => import('./VersionsTab'));
const ConfigurationTab = lazy(() => import('./ConfigurationTab'));

interface Tab {
  name: string;
  label: string;
  content: ComponentType<{ deployment: Deployment }>;
}

const tabs: Tab[] = [
  { name: 'overview', label: 'Overview', content: OverviewTab },
  { name: 'configuration', label: 'Configuration', content: ConfigurationTab },
  { name: 'graph', label: 'Graph', content: GraphTab },
  { name: 'metrics', label: 'Metrics', content: ChartsTab },
  { name: 'snapshots', label: 'Snapshots', content: SnapshotsTab },
  { name: 'versions', label: 'Versions', content: VersionsTab },
  { name: 'events', label: 'Events', content: EventsTab },
  { name: 'logs', label: 'Logs', content: LogsTab },
];

function Head({ deployment }: { deployment: Deployment }) {
  const { metadata, status } = deployment;
  return (
    <Stack gap="xs">
      <Breadcrumbs>
        <Anchor component={Link} to={`/ns/${metadata.namespace}/deployments`} size="sm">
          Deployments
        </Anchor>
        <Text size="sm">{metadata.name}</Text>
      </Breadcrumbs>
      <Group justify="space-between">
        <Group>
          <Title order={1} size="h2">
            {metadata.name}
          </Title>
          <StateBadge state={status.state} />
          {status.state !== 'FAILED' && <Health status={status} />}
        </Group>
        <Actions deployment={deployment} />
      </Group>
    </Stack>
  );
}

function Detail({ deployment }: { deployment: Deployment }) {
  const { tab = 'overview' } = useParams();
  const navigate = useNavigate();
  const { namespace, id } = deployment.metadata;
  const go = (name: string | null) =>
    void navigate(`/ns/${namespace}/deployments/${id}/${name ?? 'overview'}`);
  return (
    <Stack>
      <Head deployment={deployment} />
      <Tabs value={tab} onChange={go} keepMounted={false}>
        <Tabs.List>
          {tabs.map(({ name, label }) => (
            <Tabs.Tab key={name} value={name}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ name, label, content: Content }) => (
          <Tabs.Panel key={name} value={name} pt="md">
            <Suspense fallback={<Loading what={label.toLowerCase()} />}>
              <Content deployment={deployment} />
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  );
}

export function DeploymentPage() {
  const namespace = useNamespace();
  const { id = '' } = useParams();
  const { data, error } = useQuery(deploymentQuery(namespace, id));
  useTitle(data?.metadata.name ?? 'Deployment');
  if (data) {
    return (
      <>
        <ErrorNote error={error} />
        <Detail deployment={data} key={id} />
      </>
    );
  }
  return error ? <ErrorNote error={error} /> : <Loading what="the deployment" />;
}
