import { Anchor, Container, Group, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { useTitle } from '../app/title';
import { useAccount } from './account';
import { AccountMenu } from './AccountMenu';

// What those see who may nothing yet.
export function NoRole() {
  useTitle('No role yet');
  const { metadata } = useAccount();
  return (
    <Container component="main" py="xl">
      <Group justify="space-between" mb="sm">
        <Title order={1} size="h2">
          You have no role yet
        </Title>
        <AccountMenu />
      </Group>
      <Text>
        You have logged in as {metadata.name}. The owner of a namespace, or an admin, can give you a
        role in it; then its deployments are here.{' '}
        <Anchor component={Link} to="/account" underline="always">
          Your account
        </Anchor>
      </Text>
    </Container>
  );
}
