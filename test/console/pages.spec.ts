// Every page, in light and dark and on a phone's width: what axe finds, and what is too wide.
import type { Page } from '@playwright/test';
import { expect, expectNothingFromAxe, photograph, test } from './fixtures.ts';
import { counts } from './scripts.ts';

const tabs = [
  'overview',
  'configuration',
  'graph',
  'metrics',
  'snapshots',
  'versions',
  'events',
  'logs',
];

let draft = ''; // its id

const pages: [name: string, address: (id: string) => string][] = [
  ['list', () => '/ns/default/deployments'],
  ['new', () => '/ns/default/deployments/new?example=auctions'],
  ...tabs.map((tab): [string, (id: string) => string] => [
    `deployment_${tab}`,
    (id) => `/ns/default/deployments/${id}/${tab}`,
  ]),
  ['sql', () => '/ns/default/sql'],
  ['sql_draft', () => `/ns/default/sql/${draft}`],
  ['artifacts', () => '/ns/default/artifacts'],
  ['secrets', () => '/ns/default/secrets'],
  ['defaults', () => '/ns/default/defaults'],
  ['members', () => '/ns/default/members'],
  ['tokens', () => '/ns/default/tokens'],
  ['account', () => '/account'],
  ['users', () => '/admin/users'],
  ['audit', () => '/admin/audit'],
  ['not_found', () => '/ns/default/nothing'],
];

async function open(page: Page, address: string) {
  await page.goto(address);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText(/^Loading /)).toHaveCount(0);
}

test.describe('pages', () => {
  let id = '';

  test.beforeAll(async ({ platform }) => {
    id = await platform.deploy('pages', counts(), 'RUNNING', {
      team: 'shop',
      stage: 'trial',
    });
    await platform.deploy('broken', counts().replace('SELECT n', 'SELECT number'));
    await platform.deploy('asleep', counts(), 'CANCELLED', { team: 'shop' });
    await platform.ask('POST', 'secret-values', {
      metadata: { name: 'key' },
      spec: { value: 'x' },
    });
    const made = await platform.ask('POST', '/sql/v1beta1/namespaces/default/sqlscripts', {
      metadata: { name: 'page-views', folder: 'web/daily' },
      spec: { script: counts() },
    });
    draft = made.metadata.id;
    await expect
      .poll(async () => (await platform.ask('GET', `deployments/${id}`)).status.state, {
        timeout: 60_000,
      })
      .toBe('RUNNING');
    await platform.ask('PATCH', `deployments/${id}`, {
      spec: { template: { spec: { parallelism: 2 } } },
    });
    await platform
      .ask('POST', 'savepoints', { metadata: { deploymentId: id } })
      .catch(() => undefined);
  });

  test.afterAll(async ({ platform }) => {
    await platform.ask('PATCH', `deployments/${id}`, {
      spec: { state: 'CANCELLED' },
    });
  });

  for (const scheme of ['light', 'dark'] as const) {
    for (const [name, addressOf] of pages) {
      test(`nothing that axe finds: ${name}, ${scheme}`, async ({ page }) => {
        await page.emulateMedia({ colorScheme: scheme });
        await open(page, addressOf(id));
        await photograph(page, `${name}_${scheme}`);
        await expectNothingFromAxe(page);
      });
    }
  }

  test('nothing wider than a phone', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const [name, addressOf] of pages) {
      await open(page, addressOf(id));
      await photograph(page, `${name}_phone`);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, name).toBeLessThanOrEqual(390);
    }
  });
});

test('labels and names find deployments', async ({ page, platform }) => {
  await platform.deploy('stays', counts(), 'CANCELLED', {
    team: 'shop',
    stage: 'trial',
  });
  await platform.deploy('goes', counts(), 'CANCELLED', { team: 'shop' });
  await page.goto('/ns/default/deployments');
  await page.getByRole('button', { name: 'Only those with stage=trial' }).first().click();
  await expect(page.getByRole('link', { name: 'goes' })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'stays' })).toBeVisible();
  await page.getByLabel('Filter by labels').fill('team=shop');
  await expect(page.getByRole('link', { name: 'goes' })).toBeVisible();
  await page.getByLabel('Search by name').fill('STA');
  await expect(page.getByRole('link', { name: 'goes' })).toHaveCount(0);
});

test('by keyboard alone: a secret value is made and deleted', async ({ page }) => {
  await page.goto('/ns/default/secrets');
  await page.getByRole('button', { name: 'New secret value' }).press('Enter');
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.type('password');
  await page.keyboard.press('Tab');
  await page.keyboard.type('not shown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('cell', { name: 'password', exact: true })).toBeVisible();
  await expect(page.getByText('not shown')).toHaveCount(0);
  const row = page.getByRole('row', { name: /^password/ });
  await row.getByRole('button', { name: 'Delete' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).press('Enter');
  await expect(page.getByRole('cell', { name: 'password', exact: true })).toHaveCount(0);
});

test('an artifact is uploaded, named in a deployment, and kept while that has it', async ({
  page,
  platform,
}) => {
  await page.goto('/ns/default/artifacts');
  await page.getByRole('button', { name: 'New artifact' }).click();
  const file = { name: 'job.jar', mimeType: 'application/java-archive', buffer: Buffer.from('x') };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('button', { name: 'Upload artifact' }).click();
  const row = page.getByRole('row', { name: /^job\.jar/ });
  await expect(row).toContainText('artifact:job.jar');
  const artifact = { kind: 'JAR', jarUri: 'artifact:job.jar' };
  await platform.ask('POST', 'deployments', {
    metadata: { name: 'uses-a-jar' },
    spec: { template: { spec: { artifact } } },
  });
  const remove = async () => {
    await row.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  };
  await remove();
  await expect(page.getByText(/version 1 of deployment 'uses-a-jar' uses/)).toBeVisible();
  const { items } = await platform.ask('GET', 'deployments?name=uses-a-jar');
  await page.goto(`/ns/default/deployments/${items[0].metadata.id}/configuration`);
  await expect(page.getByLabel('Jar')).toHaveValue('artifact:job.jar');
});

test('a server that is away is said, and found again', async ({ page, platform }) => {
  await open(page, '/ns/default/deployments');
  await platform.stop();
  await expect(page.getByText('The server cannot be reached.')).toBeVisible({
    timeout: 60_000,
  });
  await platform.start();
  await expect(page.getByText('The server cannot be reached.')).toHaveCount(0);
});
