import { Box, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';

// Names and what they are, side by side.
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return (
    <SimpleGrid
      component="dl"
      m={0}
      cols={{ base: 2, sm: 3, lg: 4 }}
      spacing="md"
      verticalSpacing="sm"
    >
      {facts.map(([name, value]) => (
        <Box key={name}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} size="sm" className="fact">
            {value}
          </Text>
        </Box>
      ))}
    </SimpleGrid>
  );
}
