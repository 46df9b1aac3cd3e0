import { Anchor, AppShell, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconFile,
  IconFileText,
  IconKey,
  IconSettings,
  IconSql,
  IconTicket,
  IconTopologyStar3,
  IconUserShield,
  IconUsers,
} from '@tabler/icons-react';
import { Suspense, useEffect } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { useAccount } from '../access/account';
import { AccountMenu } from '../access/AccountMenu';
import { useLiveEvents } from '../api/live';
import { Loading } from '../components/Loading';
import { ColorSchemeButton } from './ColorSchemeButton';
import { rememberNamespace, useNamespace } from './namespace';
import { NamespaceMenu } from './NamespaceMenu';

const places = [
  { path: 'deployments', label: 'Deployments', icon: IconTopologyStar3 },
  { path: 'sql', label: 'SQL', icon: IconSql },
  { path: 'artifacts', label: 'Artifacts', icon: IconFile },
  { path: 'secrets', label: 'Secret values', icon: IconKey },
  { path: 'defaults', label: 'Defaults', icon: IconSettings },
  { path: 'members', label: 'Members', icon: IconUsers },
  { path: 'tokens', label: 'API tokens', icon: IconTicket },
];

const adminPlaces = [
  { address: '/admin/users', label: 'Users', icon: IconUserShield },
  { address: '/admin/audit', label: 'Audit log', icon: IconFileText },
];

function Navigation({ namespace, onChoice }: { namespace: string; onChoice: () => void }) {
  const { pathname } = useLocation();
  const { status } = useAccount();
  const all = [
    ...places.map(({ path, ...place }) => ({ ...place, address: `/ns/${namespace}/${path}` })),
    ...(status.admin ? adminPlaces : []),
  ];
  return all.map(({ address, label, icon: Icon }) => {
    const isHere = pathname.startsWith(address);
    return (
      <NavLink
        key={address}
        component={Link}
        to={address}
        label={label}
        leftSection={<Icon size={18} aria-hidden />}
        active={isHere}
        aria-current={isHere ? 'page' : undefined}
        onClick={onChoice}
      />
    );
  });
}

export function Shell() {
  const namespace = useNamespace();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  useLiveEvents(namespace);
  useEffect(() => rememberNamespace(namespace), [namespace]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 210, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="skip" href="#content">
        To the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <Anchor
              component={Link}
              to={`/ns/${namespace}/deployments`}
              underline="never"
              c="inherit"
            >
              <Group gap={8} wrap="nowrap">
                <img src="/castor.svg" alt="" width={24} height={24} />
                <Text fw={700}>Castor</Text>
              </Group>
            </Anchor>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <NamespaceMenu />
            <AccountMenu />
            <ColorSchemeButton />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Places">
        <Navigation namespace={namespace} onChoice={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content">
        <Suspense fallback={<Loading what="the page" />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}
