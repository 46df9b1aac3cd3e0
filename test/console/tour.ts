// Walks the way of docs/platform-tour.md on a platform of its own, and takes its pictures (tour.sh).
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, write } from './fixtures.ts';
import { revenue } from './scripts.ts';

const pictures = join(process.env.CASTOR_BUILD ?? '../../build/release', 'console', 'tour');

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();
const isRunning = (page: Page) =>
  expect(page.getByRole('main').getByText('Running', { exact: true }).first()).toBeVisible();

// What a person sees, without what they would have to scroll for, and without a pointer over anything.
async function take(page: Page, name: string) {
  mkdirSync(pictures, { recursive: true });
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1_500); // what is told second by second, and what fades in
  await page.screenshot({
    path: join(pictures, `${name}.png`),
    animations: 'disabled',
    caret: 'hide',
  });
}

async function logIn(page: Page, oneTime: string, password: string) {
  await page.goto('/');
  await page.getByRole('textbox', { name: 'Name' }).fill('admin');
  await page.getByRole('textbox', { name: 'Password' }).fill(oneTime);
  await button(page, 'Log in').click();
  await expect(page.getByRole('heading', { name: 'Choose a password' })).toBeVisible();
  await page.getByLabel('Password so far').fill(oneTime);
  await page.getByRole('textbox', { name: 'New password', exact: true }).fill(password);
  await page.getByRole('textbox', { name: 'New password again' }).fill(password);
  await take(page, 'password');
  await button(page, 'Change password').click();
  await expect(page.getByText('Nothing is deployed here yet')).toBeVisible();
}

async function writeTheDraft(page: Page) {
  await page.getByRole('link', { name: 'SQL' }).click();
  await button(page, 'Write my own').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('revenue');
  await button(page, 'Create draft').click();
  await write(page, 'SQL script', revenue({ total: 'SUM(amout)' }));
  await expect(page.locator('.cm-lintRange-error')).toHaveText('amout');
  await take(page, 'error');
  await write(page, 'SQL script', revenue());
  await expect(page.getByRole('status').filter({ hasText: 'Valid' })).toBeVisible();
}

async function tryItOut(page: Page) {
  await button(page, 'Preview').first().click();
  const rows = page.getByRole('region', { name: 'Rows of the preview' });
  await expect(rows.getByRole('row').nth(12)).toBeVisible();
  await take(page, 'preview');
  await button(page, 'Stop').click();
}

async function deployIt(page: Page) {
  await button(page, 'Deploy').click();
  await page.getByRole('menuitem', { name: 'As a new deployment' }).click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('revenue');
  await button(page, 'Deploy and start').click();
  await isRunning(page);
}

async function watchIt(page: Page) {
  await tab(page, 'Graph');
  const sink = page.locator('.react-flow__node').filter({ hasText: 'Sink' });
  await expect(sink).toContainText('/s in');
  await page.waitForTimeout(120_000); // so that the charts have some past
  await take(page, 'graph');
  await tab(page, 'Metrics');
  await expect(
    page.getByRole('img', { name: 'Rows per second, over time' }).locator('canvas'),
  ).toBeVisible();
  await take(page, 'metrics');
}

// `picture`: of the two texts side by side, before the upgrade.
async function upgradeTo(page: Page, script: string, version: number, picture?: string) {
  await page.getByRole('link', { name: 'SQL' }).click();
  await page.getByRole('navigation', { name: 'Drafts' }).getByText('revenue').click();
  await write(page, 'SQL script', script);
  await expect(page.getByRole('status').filter({ hasText: 'Valid' })).toBeVisible();
  await button(page, 'Deploy').click();
  await page.getByRole('menuitem', { name: 'Into one that there is' }).click();
  await expect(button(page, 'Update revenue')).toBeVisible();
  if (picture) {
    await page.getByText('Update a deployment').click(); // the list of deployments covers the texts
    await expect(page.getByRole('option')).toHaveCount(0);
    await take(page, picture);
  }
  await button(page, 'Update revenue').click();
  await tab(page, 'Events');
  await expect(page.getByText(`Version ${version} starts from`)).toBeVisible();
  await isRunning(page);
}

test('the tour', async ({ page, context, platform }) => {
  test.setTimeout(600_000);
  await context.clearCookies();
  const reset = await platform.askAny('POST', '/access/v1/users/admin/password');
  await logIn(page, reset.status.oneTimePassword, 'a river of words');
  await writeTheDraft(page);
  await tryItOut(page);
  await deployIt(page);
  await watchIt(page);

  await upgradeTo(page, revenue({ orders: 'orders WHERE amount >= 10' }), 2, 'upgrade');
  await expect(page.getByText('Attempt 1 runs')).toHaveCount(2);
  await take(page, 'events');

  const wrong = { orders: 'orders WHERE amount >= 10', total: 'SUM(amount) * 100' };
  await upgradeTo(page, revenue(wrong), 3);
  await tab(page, 'Versions');
  await expect(page.locator('.cm-changedText').first()).toBeVisible();
  await take(page, 'versions');
  await page.getByRole('row', { name: /^2 / }).getByRole('button', { name: 'Roll back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
  await expect(page.getByRole('row', { name: /^4 Valid/ })).toBeVisible();
  await tab(page, 'Events');
  await expect(page.getByText('Version 4 starts from')).toBeVisible();
  await isRunning(page);
});
