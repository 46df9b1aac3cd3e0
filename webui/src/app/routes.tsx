import { lazy } from 'react';
import { createBrowserRouter, Navigate } from 'react-router';
import { useAccount } from '../access/account';
import { AccountPage } from '../access/AccountPage';
import { ApiTokensPage } from '../access/ApiTokensPage';
import { AuditPage } from '../access/AuditPage';
import { LoginPage } from '../access/LoginPage';
import { MembersPage } from '../access/MembersPage';
import { NoRole } from '../access/NoRole';
import { RequireLogin } from '../access/RequireLogin';
import { UsersPage } from '../access/UsersPage';
import { DeploymentPage } from '../deployments/DeploymentPage';
import { ListPage } from '../deployments/ListPage';
import { ArtifactsPage } from '../namespace/ArtifactsPage';
import { SecretsPage } from '../namespace/SecretsPage';
import { lastNamespace } from './namespace';
import { NotFound } from './NotFound';
import { PageError } from './PageError';
import { Shell } from './Shell';

// With the editor, which the first page does without.
const CreatePage = lazy(() => import('../deployments/CreatePage'));
const SqlPage = lazy(() => import('../sql/SqlPage'));
const DefaultsPage = lazy(() => import('../namespace/DefaultsPage'));

function Home() {
  const names = useAccount().status.namespaces.map(({ namespace }) => namespace);
  const last = lastNamespace();
  const [first] = names.includes(last) ? [last] : names;
  return first ? <Navigate to={`/ns/${first}/deployments`} replace /> : <NoRole />;
}

export const router = createBrowserRouter([
  {
    errorElement: <PageError />,
    children: [
      { path: '/login', element: <LoginPage /> },
      {
        element: <RequireLogin />,
        children: [
          { path: '/', element: <Home /> },
          { path: '/ns', element: <Home /> },
          {
            element: <Shell />,
            children: [
              { path: '/account', element: <AccountPage /> },
              { path: '/admin/users', element: <UsersPage /> },
              { path: '/admin/audit', element: <AuditPage /> },
            ],
          },
          {
            path: '/ns/:namespace',
            element: <Shell />,
            children: [
              { index: true, element: <Navigate to="deployments" replace /> },
              { path: 'deployments', element: <ListPage /> },
              { path: 'deployments/new', element: <CreatePage /> },
              { path: 'deployments/:id/:tab?', element: <DeploymentPage /> },
              { path: 'sql/:id?', element: <SqlPage /> },
              { path: 'artifacts', element: <ArtifactsPage /> },
              { path: 'secrets', element: <SecretsPage /> },
              { path: 'defaults', element: <DefaultsPage /> },
              { path: 'members', element: <MembersPage /> },
              { path: 'tokens', element: <ApiTokensPage /> },
              { path: '*', element: <NotFound /> },
            ],
          },
        ],
      },
      { path: '*', element: <NotFound /> },
    ],
  },
]);
