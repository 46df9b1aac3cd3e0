import { ActionIcon, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { accountKey, logOut } from '../api/session';
import { useAccount } from './account';

export function AccountMenu() {
  const { metadata } = useAccount();
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: logOut,
    // What others may not see is not kept for them.
    onSuccess: () => {
      queries.setQueryData(accountKey, null);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== accountKey[0] });
    },
    onError: (error) =>
      notifications.show({ color: 'red', title: 'That did not work', message: error.message }),
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={`Account ${metadata.name}`}>
          <IconUser size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{metadata.name}</Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconUser size={14} aria-hidden />}>
          Account
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={14} aria-hidden />}
          onClick={() => leave.mutate()}
        >
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
