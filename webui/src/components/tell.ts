import { notifications } from '@mantine/notifications';

export function tell(error: Error) {
  notifications.show({ color: 'red', title: 'That did not work', message: error.message });
}
