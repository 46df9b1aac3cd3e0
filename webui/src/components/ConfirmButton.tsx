import { Button, Group, Modal, Stack, Text, type ButtonProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';

interface Props extends ButtonProps {
  label: string;
  question: string;
  children: ReactNode; // what will happen
  onConfirm: () => void;
}

// A button that asks before it does.
export function ConfirmButton({ label, question, children, onConfirm, ...button }: Props) {
  const [isAsking, { open, close }] = useDisclosure(false);
  const confirm = () => {
    close();
    onConfirm();
  };
  return (
    <>
      <Button variant="default" {...button} onClick={open}>
        {label}
      </Button>
      <Modal opened={isAsking} onClose={close} title={question}>
        <Stack>
          {typeof children === 'string' ? <Text size="sm">{children}</Text> : children}
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              Leave it
            </Button>
            <Button color="red" onClick={confirm}>
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
