import { Box, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';

type Fact = [name: string, value: ReactNode, isWide?: boolean];

// Names and what they are, side by side.
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <SimpleGrid
      component="dl"
      m={0}
      cols={{ base: 2, sm: 3, lg: 4 }}
      spacing="md"
      verticalSpacing="sm"
    >
      {facts.map(([name, value, isWide]) => (
        <Box key={name} style={isWide ? { gridColumn: '1 / -1' } : undefined}>
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
