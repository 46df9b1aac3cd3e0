// The tables that the planner knows of the script, with their columns.
import { Card, Group, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { showType, type SqlTable, type SqlTables } from './completion';

function Facts({ label, rows }: { label: string; rows: [name: string, value: string][] }) {
  if (rows.length === 0) return null;
  return (
    <Table verticalSpacing={4} aria-label={label} layout="fixed">
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th className="fact" scope="row" fw={500}>
              {name}
            </Table.Th>
            <Table.Td className="fact">
              <Text size="sm" ff="monospace">
                {value}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function TableCard({ table }: { table: SqlTable }) {
  const { name, columns } = table;
  return (
    <Card withBorder component="section" aria-label={name}>
      <Stack gap="xs">
        <Group gap="xs">
          <Title order={2} size="h5" className="fact">
            {name}
          </Title>
        </Group>
        <Facts
          label={`Columns of ${name}`}
          rows={columns.map((column) => [column.name, showType(column.type)])}
        />
      </Stack>
    </Card>
  );
}

export function TablesTab({ tables }: { tables: SqlTables }) {
  if (tables.length === 0) {
    return (
      <Text c="dimmed" size="sm">
        Tables that the script reads and writes appear here when it is valid.
      </Text>
    );
  }
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      {tables.map((table) => (
        <TableCard key={table.name} table={table} />
      ))}
    </SimpleGrid>
  );
}
