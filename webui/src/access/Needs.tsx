import { Box, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Role } from '../api/session';
import { useReason } from './account';

interface Props {
  role: Role | 'admin';
  children: ReactNode;
}

// What only that role may do; whoever has it not sees it, cannot use it, and is told why.
export function Needs({ role, children }: Props) {
  const reason = useReason(role);
  if (!reason) return children;
  return (
    <Tooltip label={reason} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <Box role="group" aria-label={reason} tabIndex={0} w="fit-content">
        <Box inert opacity={0.5}>
          {children}
        </Box>
      </Box>
    </Tooltip>
  );
}
