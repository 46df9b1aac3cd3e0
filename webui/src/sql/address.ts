export function addressOf(namespace: string, id = ''): string {
  return `/ns/${namespace}/sql${id && `/${id}`}`;
}
