// Who may log in, and what the console lets them do.
import type { Page } from '@playwright/test';
import { expect, expectNothingFromAxe, photograph, test } from './fixtures.ts';
import { counts } from './scripts.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function logIn(page: Page, name: string, password: string) {
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await button(page, 'Log in').click();
}

test('who has not logged in does so first, and comes back', async ({ page, context, platform }) => {
  await context.clearCookies();
  await page.goto('/ns/default/secrets');
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  await photograph(page, 'login');
  await expectNothingFromAxe(page);
  await logIn(page, 'admin', 'not the password');
  await expect(page.getByText('name or password is wrong')).toBeVisible();
  await logIn(page, 'admin', platform.password);
  await expect(page.getByRole('heading', { level: 1, name: 'Secret values' })).toBeVisible();
  await page.getByRole('button', { name: 'Account admin' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  await page.goto('/ns/default/secrets');
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
});

test('a new user chooses a password, and has a role only once it is given', async ({
  page,
  context,
}) => {
  await page.goto('/admin/users');
  await page.getByRole('textbox', { name: 'Name' }).fill('nora');
  await button(page, 'Create user').click();
  const note = page.getByRole('alert');
  await expect(note).toContainText('The password of nora');
  const first = (await note.locator('pre').textContent()) ?? '';
  await photograph(page, 'user_created');
  await context.clearCookies();
  await page.goto('/');
  await logIn(page, 'nora', first);
  await expect(page.getByRole('heading', { name: 'Choose a password' })).toBeVisible();
  await photograph(page, 'first_password');
  await page.getByLabel('Password so far').fill(first);
  await page.getByRole('textbox', { name: 'New password', exact: true }).fill('a river of words');
  await page.getByRole('textbox', { name: 'New password again' }).fill('a river of word');
  await expect(button(page, 'Change password')).toBeDisabled();
  await page.getByRole('textbox', { name: 'New password again' }).fill('a river of words');
  await button(page, 'Change password').click();
  await expect(page.getByRole('heading', { name: 'You have no role yet' })).toBeVisible();
});

test('what a viewer may not is shown with the reason', async ({ page, context, platform }) => {
  const id = await platform.deploy('seen', counts(), 'CANCELLED');
  await context.addCookies([await platform.addUser('vera', 'viewer')]);
  await page.goto('/ns/default/deployments');
  await expect(page.getByRole('link', { name: 'seen' })).toBeVisible();
  const reason = /This needs the role editor in default. You are viewer there/;
  await expect(page.getByRole('group', { name: reason })).toBeVisible();
  await expect(page.locator('[inert]').getByText('New deployment')).toBeVisible();
  await photograph(page, 'viewer');
  await page.goto(`/ns/default/deployments/${id}`);
  await expect(page.getByRole('group', { name: reason }).first()).toBeVisible();
  await expect(page.locator('[inert]').getByText('Start', { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Users' })).toHaveCount(0);
  await page.goto('/admin/users');
  await expect(page.getByText('This needs an admin of the platform.')).toBeVisible();
  await page.goto('/ns/default/tokens');
  await expect(page.getByText('This needs the role owner in default.')).toBeVisible();
  await platform.ask('DELETE', `deployments/${id}`);
});

test('members, tokens and the audit log', async ({ page, platform }) => {
  await platform.addUser('mia', 'viewer');
  await page.goto('/ns/default/members');
  await page.getByLabel('Role of mia').selectOption('editor');
  await expect
    .poll(async () => {
      const { items } = await platform.askAny('GET', '/access/v1/namespaces/default/members');
      return items.find(({ metadata }: { metadata: { name: string } }) => metadata.name === 'mia')
        .spec.role;
    })
    .toBe('editor');
  await page.getByRole('textbox', { name: 'User' }).fill('nobody-there');
  await button(page, 'Add member').click();
  await expect(page.getByText("there is no user 'nobody-there'")).toBeVisible();

  await page.goto('/ns/default/tokens');
  await page.getByRole('textbox', { name: 'Name' }).fill('pipeline');
  await page.getByLabel('Role').selectOption('editor');
  await button(page, 'Create token').click();
  await expect(page.getByRole('alert').locator('pre')).toHaveText(/^castor_[-\w]{43}$/);
  await photograph(page, 'token_created');
  await button(page, 'I have it').click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  const row = page.getByRole('row', { name: /^pipeline/ });
  await row.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(row).toHaveCount(0);

  await page.goto('/account');
  await page.getByRole('textbox', { name: 'Name of a new token' }).fill('laptop');
  await button(page, 'Create token').click();
  await expect(page.getByRole('alert').locator('pre')).toHaveText(/^castor_/);

  await page.goto('/admin/audit');
  await expect(page.getByRole('row', { name: /createOwnToken/ }).first()).toContainText('admin');
  await page.getByLabel('Only what this user has asked for').fill('mia');
  await expect(page.getByRole('row', { name: /createOwnToken/ })).toHaveCount(0);
  await expect(page.getByRole('row', { name: /changePassword/ })).toContainText('mia');
  await photograph(page, 'audit');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export as CSV' }).click();
  expect((await download).suggestedFilename()).toBe('castor_audit.csv');
});
