// Rows, a page of them at a time; the last page, until another one is chosen.
import { Badge, Group, Pagination, Stack, Table, Text, type MantineColor } from '@mantine/core';
import { useState } from 'react';
import type { PreviewRow } from '../../api/resources';
import { kinds, showValue } from './changelog';

const pageSize = 100;

const colours: Record<PreviewRow['op'], MantineColor> = {
  '+I': 'green',
  '-U': 'orange',
  '+U': 'river',
  '-D': 'red',
};

interface Props {
  label: string;
  columns: string[];
  rows: { op?: PreviewRow['op']; row: PreviewRow['row'] }[]; // with kinds, or all without
}

function Kind({ op }: { op: PreviewRow['op'] }) {
  return (
    <Badge
      size="sm"
      variant="dot"
      radius="sm"
      color={colours[op]}
      tt="none"
      miw={44}
      ff="monospace"
      title={kinds[op]}
    >
      {op}
    </Badge>
  );
}

function Value({ value }: { value: unknown }) {
  const isNothing = value === null || value === undefined;
  return (
    <Text
      size="sm"
      ff="monospace"
      c={isNothing ? 'dimmed' : undefined}
      fs={isNothing ? 'italic' : undefined}
    >
      {showValue(value)}
    </Text>
  );
}

export function RowTable({ label, columns, rows }: Props) {
  const [chosen, setChosen] = useState<number>();
  const pages = Math.max(Math.ceil(rows.length / pageSize), 1);
  const page = Math.min(chosen ?? pages, pages);
  const first = (page - 1) * pageSize;
  const hasKinds = rows.some(({ op }) => op !== undefined);
  return (
    <Stack gap="xs">
      <div className="rows" role="region" aria-label={label} tabIndex={0}>
        <Table verticalSpacing={4} stickyHeader striped>
          <Table.Thead>
            <Table.Tr>
              <Table.Th className="narrow">No.</Table.Th>
              {hasKinds && <Table.Th className="narrow">Kind</Table.Th>}
              {columns.map((column, index) => (
                <Table.Th key={index}>{column}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(first, first + pageSize).map(({ op, row }, index) => (
              <Table.Tr key={first + index}>
                <Table.Td>
                  <Text size="sm" c="dimmed">
                    {first + index + 1}
                  </Text>
                </Table.Td>
                {op && (
                  <Table.Td>
                    <Kind op={op} />
                  </Table.Td>
                )}
                {columns.map((column, at) => (
                  <Table.Td key={at}>
                    <Value value={row[column]} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {pages > 1 && (
        <Group>
          <Pagination
            size="sm"
            total={pages}
            value={page}
            onChange={(number) => setChosen(number === pages ? undefined : number)}
            getControlProps={(control) => ({ 'aria-label': `${control} page` })}
            getItemProps={(number) => ({ 'aria-label': `Page ${number}` })}
          />
        </Group>
      )}
    </Stack>
  );
}
