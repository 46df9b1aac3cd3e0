import { Anchor, Container, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { useTitle } from './title';

export function NotFound() {
  useTitle('Not found');
  return (
    <Container py="xl">
      <Title order={1} size="h2">
        There is no such page
      </Title>
      <Text mt="sm">
        What was here may have been deleted.{' '}
        <Anchor component={Link} to="/" underline="always">
          To the deployments
        </Anchor>
      </Text>
    </Container>
  );
}
