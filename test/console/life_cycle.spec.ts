// What a person does with a deployment, from the first script to its deletion.
import type { Page } from '@playwright/test';
import { expect, photograph, test, write } from './fixtures.ts';
import { counts } from './scripts.ts';

test.use({ story: 'life cycle' });

const state = (page: Page, name: string) =>
  expect(page.getByRole('main').getByText(name, { exact: true }).first()).toBeVisible();
const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function save(page: Page, script: string) {
  await tab(page, 'Configuration');
  await write(page, 'SQL script', script);
  const saved = page.getByText('Saved. Events tell how it goes on.');
  await expect(saved).toHaveCount(0); // that of the last time
  await button(page, 'Save changes').click();
  await expect(saved).toBeVisible();
}

test('an example is deployed, changed, broken, rolled back, suspended, cancelled and deleted', async ({
  page,
}) => {
  await page.goto('/');
  await photograph(page, 'empty');
  await page.getByRole('link', { name: 'Begin with an example' }).click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('busiest-auctions');
  await photograph(page, 'create');
  await write(page, 'SQL script', counts());
  await button(page, 'Deploy and start').click();
  await state(page, 'Running');

  await tab(page, 'Logs');
  await expect(page.getByRole('region', { name: 'Log' })).toContainText('+I[');
  await photograph(page, 'logs');

  await tab(page, 'Graph');
  await expect(page.locator('.react-flow__node').filter({ hasText: 'Sink' })).toContainText(
    '/s in',
  );
  await expect(page.getByRole('row', { name: /^Sink/ })).toContainText('/s');
  await photograph(page, 'graph');
  await tab(page, 'Metrics');
  const rows = page.getByRole('img', { name: 'Rows per second, over time' });
  await expect(rows.locator('canvas')).toBeVisible();
  await photograph(page, 'metrics');

  await save(page, counts(200));
  await tab(page, 'Overview');
  await expect(page.getByText('Newest version')).toBeVisible();
  await tab(page, 'Snapshots');
  await expect(page.getByRole('cell', { name: 'Completed' })).toBeVisible();
  await photograph(page, 'snapshots');
  await tab(page, 'Events');
  await photograph(page, 'events');
  await state(page, 'Running');

  await save(page, counts(200).replace('SELECT n,', 'SELECT number,'));
  await tab(page, 'Overview');
  await expect(page.getByText('Newest version is invalid').first()).toBeVisible();
  await state(page, 'Running');
  await photograph(page, 'invalid');
  await page.getByRole('link', { name: 'Show line 4, column 27 in the script' }).click();
  await expect(page.locator('.cm-lintRange-error')).toHaveText('number');
  await photograph(page, 'error_at_its_place');

  await tab(page, 'Versions');
  await photograph(page, 'versions');
  await page.getByRole('row', { name: /^1 / }).getByRole('button', { name: 'Roll back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
  await expect(page.getByRole('row', { name: /^4 Valid/ })).toBeVisible();
  await state(page, 'Running');

  await button(page, 'Suspend').click();
  await state(page, 'Suspended');
  await button(page, 'Start').click();
  await state(page, 'Running');
  await button(page, 'Cancel').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await state(page, 'Cancelled');
  await button(page, 'Delete').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('Nothing is deployed here yet')).toBeVisible();
});

test('two people change one deployment', async ({ page, platform }) => {
  const id = await platform.deploy('shared', counts(), 'CANCELLED');
  await page.goto(`/ns/default/deployments/${id}/configuration`);
  await page.getByLabel('Parallelism').fill('2');
  await platform.ask('PATCH', `deployments/${id}`, { metadata: { labels: { team: 'other' } } });
  await expect(page.getByText('Somebody else has changed this deployment meanwhile')).toBeVisible();
  await photograph(page, 'conflict');
  await button(page, 'Put my changes on it').click();
  await button(page, 'Save changes').click();
  await expect(page.getByText('Saved. Events tell how it goes on.')).toBeVisible();
  const { metadata, spec } = await platform.ask('GET', `deployments/${id}`);
  expect(metadata.labels).toEqual({ team: 'other' });
  expect(spec.template.spec.parallelism).toBe(2);
  await platform.ask('DELETE', `deployments/${id}`);
});

test('form and YAML are one document', async ({ page, platform }) => {
  const id = await platform.deploy('yaml', counts(), 'CANCELLED');
  await page.goto(`/ns/default/deployments/${id}/configuration`);
  await page.getByLabel('Parallelism').fill('3');
  await page.getByText('YAML', { exact: true }).click();
  const editor = page.getByRole('textbox', { name: 'The deployment as YAML' });
  await expect(editor).toContainText('parallelism: 3');
  await write(page, 'The deployment as YAML', 'metadata: [');
  await expect(page.getByText('This is no deployment yet')).toBeVisible();
  await expect(button(page, 'Save changes')).toBeDisabled();
  await button(page, 'Drop changes').click();
  await platform.ask('DELETE', `deployments/${id}`);
});
