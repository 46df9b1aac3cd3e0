import { Container } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation } from 'react-router';
import { accountQuery } from '../api/session';
import { ErrorNote } from '../components/ErrorNote';
import { Loading } from '../components/Loading';

// Pages for who has logged in; others log in first and come back.
export function RequireLogin() {
  const { data: account, error } = useQuery(accountQuery);
  const { pathname, search } = useLocation();
  if (account === undefined) {
    return (
      <Container component="main" py="xl">
        {error ? <ErrorNote error={error} /> : <Loading what="your account" />}
      </Container>
    );
  }
  if (account === null || account.status.mustChangePassword) {
    return <Navigate to={`/login?next=${encodeURIComponent(pathname + search)}`} replace />;
  }
  return <Outlet />;
}
