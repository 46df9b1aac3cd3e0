import { Button, Code, Container, Text, Title } from '@mantine/core';
import { useRouteError } from 'react-router';

// For errors of the console itself: those of the platform are shown where they come up.
export function PageError() {
  const error = useRouteError();
  return (
    <Container py="xl" component="main">
      <Title order={1} size="h2">
        The console has made a mistake
      </Title>
      <Text my="sm">Your deployments are not touched by it. Loading the page again may help.</Text>
      <Code block>{error instanceof Error ? error.message : String(error)}</Code>
      <Button mt="md" onClick={() => window.location.reload()}>
        Load the page again
      </Button>
    </Container>
  );
}
