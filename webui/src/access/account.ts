// The account of who has logged in, for pages that are shown to nobody else.
import { useQuery } from '@tanstack/react-query';
import { useNamespace } from '../app/namespace';
import { accountQuery, type Account, type Role } from '../api/session';

const ranks: Role[] = ['viewer', 'editor', 'owner'];

export function useAccount(): Account {
  const { data } = useQuery(accountQuery);
  if (!data) throw new Error('nobody has logged in');
  return data;
}

// Why who has logged in may not what needs the role; undefined: they may.
export function useReason(needed: Role | 'admin'): string | undefined {
  const { status } = useAccount();
  const namespace = useNamespace();
  if (status.admin) return undefined;
  if (needed === 'admin') return 'This needs an admin of the platform.';
  const role = status.namespaces.find((each) => each.namespace === namespace)?.role;
  if (role && ranks.indexOf(role) >= ranks.indexOf(needed)) return undefined;
  const has = role ? `You are ${role} there` : 'You have no role there';
  return `This needs the role ${needed} in ${namespace}. ${has}; its owners and admins give roles.`;
}
