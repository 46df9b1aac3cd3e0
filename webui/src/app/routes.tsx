import { lazy } from 'react';
import { createBrowserRouter, Navigate } from 'react-router';
import { DeploymentPage } from '../deployments/DeploymentPage';
import { ListPage } from '../deployments/ListPage';
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
  return <Navigate to={`/ns/${lastNamespace()}/deployments`} replace />;
}

export const router = createBrowserRouter([
  {
    errorElement: <PageError />,
    children: [
      { path: '/', element: <Home /> },
      { path: '/ns', element: <Home /> },
      {
        path: '/ns/:namespace',
        element: <Shell />,
        children: [
          { index: true, element: <Navigate to="deployments" replace /> },
          { path: 'deployments', element: <ListPage /> },
          { path: 'deployments/new', element: <CreatePage /> },
          { path: 'deployments/:id/:tab?', element: <DeploymentPage /> },
          { path: 'sql/:id?', element: <SqlPage /> },
          { path: 'secrets', element: <SecretsPage /> },
          { path: 'defaults', element: <DefaultsPage /> },
          { path: '*', element: <NotFound /> },
        ],
      },
      { path: '*', element: <NotFound /> },
    ],
  },
]);
