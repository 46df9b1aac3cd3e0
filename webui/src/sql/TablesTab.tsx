// The tables that the planner knows of the script, with their columns and options.
import { Badge, Card, Group, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { showType, type SqlTables } from './completion';

type SqlTable = SqlTables[number];

function Uses({ read, written }: SqlTable) {
  const uses = [read && 'read', written && 'written'].filter((use) => typeof use === 'string');
  return uses.map((use) => (
    <Badge key={use} variant="default" tt="none">
      {use}
    </Badge>
  ));
}

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
  const { name, columns, options = {} } = table;
  return (
    <Card withBorder component="section" aria-label={name}>
      <Stack gap="xs">
        <Group gap="xs">
          <Title order={2} size="h5" className="fact">
            {name}
          </Title>
          <Uses {...table} />
        </Group>
        <Facts
          label={`Columns of ${name}`}
          rows={columns.map((column) => [column.name, showType(column.type)])}
        />
        <Facts label={`Options of ${name}`} rows={Object.entries(options)} />
      </Stack>
    </Card>
  );
}

export function TablesTab({ tables }: { tables: SqlTables }) {
  if (tables.length === 0) {
    return (
      <Text c="dimmed" size="sm">
        Tables and views that the script defines with CREATE TABLE and CREATE VIEW appear here.
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
