import { useParams } from 'react-router';

const key = 'castor-namespace';

export function lastNamespace(): string {
  return localStorage.getItem(key) ?? 'default';
}

export function rememberNamespace(namespace: string) {
  localStorage.setItem(key, namespace);
}

// The namespace of the page's address; on pages of no namespace the last one.
export function useNamespace(): string {
  return useParams().namespace ?? lastNamespace();
}
