// What a person does with SQL that is not deployed yet.
import type { Page } from '@playwright/test';
import { expect, expectNothingFromAxe, photograph, test, write } from './fixtures.ts';
import type { Platform } from './platform.ts';
import { counts } from './scripts.ts';

test.use({ story: 'drafts' });

const scripts = '/sql/v1beta1/namespaces/default/sqlscripts';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();
const editor = (page: Page) => page.getByRole('textbox', { name: 'SQL script' });
const marks = (page: Page) => page.locator('.cm-lintRange-error');
const says = (page: Page, text: string) =>
  expect(page.getByRole('status').filter({ hasText: text })).toBeVisible();

async function save(page: Page, version: number) {
  await editor(page).press('ControlOrMeta+s');
  await expect(page.getByText(`version ${version}`)).toBeVisible();
}

async function choose(page: Page, menu: string, item: string) {
  await button(page, menu).click();
  await page.getByRole('menuitem', { name: item }).click();
}

// The address of a new draft.
async function draft(platform: Platform, name: string, script: string): Promise<string> {
  const made = await platform.ask('POST', scripts, {
    metadata: { name },
    spec: { script },
  });
  return `/ns/default/sql/${made.metadata.id}`;
}

async function newDraft(page: Page, name: string, folder: string) {
  await page.goto('/ns/default/sql');
  await button(page, 'New draft').first().click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('dialog').getByLabel('Folder').fill(folder);
  await button(page, 'Create draft').click();
  await expect(page.getByRole('heading', { name })).toBeVisible();
}

test('an example is tried out, and nothing is deployed by that', async ({ page, platform }) => {
  await page.goto('/ns/default/deployments');
  await page.getByRole('link', { name: 'SQL' }).click();
  await photograph(page, 'sql_empty');
  await button(page, 'Begin with an example').click();
  await expect(page.getByRole('heading', { name: 'counts-per-second' })).toBeVisible();
  await says(page, 'Valid: it writes to a table');
  await editor(page).press('ControlOrMeta+Enter');
  const rows = page.getByRole('region', { name: 'Rows of the preview' });
  await expect(rows.getByRole('row').nth(10)).toContainText('+I');
  await photograph(page, 'sql_preview');
  await button(page, 'Stop').click();
  await expect(page.getByText('Cancelled', { exact: true })).toBeVisible();
  await expectNothingFromAxe(page);
  expect((await platform.ask('GET', 'deployments')).items).toEqual([]);
});

test('from an error in a new draft to a deployment that runs', async ({ page }) => {
  await newDraft(page, 'mended', 'ads/daily');
  await write(page, 'SQL script', counts().replace('SELECT n,', 'SELECT number,'));
  await says(page, 'Line 4, column 27');
  await expect(marks(page)).toHaveText('number');
  await photograph(page, 'sql_error');

  // What was typed is there again.
  await page.reload();
  await expect(editor(page)).toContainText('SELECT number,');
  await expect(page.getByRole('img', { name: 'not saved' })).toBeVisible();
  await button(page, 'Line 4, column 27').click();
  await page.keyboard.press('ControlOrMeta+Delete');
  await page.keyboard.type('n');
  await says(page, 'Valid: it writes to a table');
  await expect(marks(page)).toHaveCount(0);
  await save(page, 2);
  await expect(page.getByRole('img', { name: 'not saved' })).toHaveCount(0);

  await button(page, 'Preview').first().click();
  await says(page, 'Running');
  await button(page, 'Stop').click();
  await choose(page, 'Deploy', 'As a new deployment');
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('mended');
  await expect(editor(page)).toContainText('SELECT n,');
  await button(page, 'Deploy and start').click();
  await expect(page.getByRole('main').getByText('Running', { exact: true }).first()).toBeVisible();
});

test('a draft updates a deployment that there is', async ({ page, platform }) => {
  const id = await platform.deploy('updated', counts(), 'CANCELLED');
  await page.goto(await draft(platform, 'updated', counts(200)));
  await choose(page, 'Deploy', 'Into one that there is');
  await expect(page.getByRole('dialog')).toContainText("'200'");
  await photograph(page, 'sql_update');
  await button(page, 'Update updated').click();
  await expect(page.getByRole('heading', { name: 'updated' })).toBeVisible();
  const { spec } = await platform.ask('GET', `deployments/${id}`);
  expect(spec.template.spec.artifact.sqlScript).toBe(counts(200));
});

test('functions, tables and columns are completed', async ({ page, platform }) => {
  const [tables = ''] = counts().split('INSERT');
  await page.goto(await draft(platform, 'completed', tables));
  await says(page, 'Valid so far');
  const offered = page.locator('.cm-tooltip-autocomplete');
  await editor(page).press('ControlOrMeta+End');
  await page.keyboard.type('SELECT UPP');
  await expect(offered.getByRole('option', { selected: true })).toContainText('UPPER');
  await photograph(page, 'sql_completion');
  await page.keyboard.press('Enter');
  await page.keyboard.type('how');
  await offered.getByRole('option', { name: /^how_often/ }).click();
  await page.keyboard.press('End');
  await page.keyboard.type(' FROM cou');
  await expect(offered.getByRole('option', { name: /^counts/ })).toBeVisible();
  await expect(editor(page)).toContainText('SELECT UPPER(how_often) FROM cou');
});

test('a plan is shown, and the tables', async ({ page, platform }) => {
  await page.goto(await draft(platform, 'planned', counts()));
  await tab(page, 'Plan');
  await expect(page.locator('.react-flow__node').filter({ hasText: 'Sink' })).toBeVisible();
  await expect(page.getByLabel('Text of the plan')).toContainText('Aggregate');
  await photograph(page, 'sql_plan');
  await expectNothingFromAxe(page);
  await tab(page, 'Tables');
  await expect(page.getByRole('region', { name: 'numbers' })).toContainText('read');
  const counted = page.getByRole('region', { name: 'counts' });
  await expect(counted).toContainText('written');
  await expect(counted.getByRole('row', { name: 'connector print' })).toBeVisible();
  await expect(counted.getByRole('row', { name: 'how_often BIGINT' })).toBeVisible();
  await photograph(page, 'sql_tables');
  await expectNothingFromAxe(page);
});

test('a script is formatted, and an earlier version restored', async ({ page, platform }) => {
  await page.goto(await draft(platform, 'formatted', 'select 1 as a,2 as b'));
  await editor(page).press('Shift+Alt+F');
  await expect(editor(page)).toContainText('SELECT  1 AS a,  2 AS b');
  await save(page, 2);
  await tab(page, 'Versions');
  await expect(page.locator('.cm-changedText').first()).toBeVisible();
  await photograph(page, 'sql_versions');
  await button(page, 'Restore').click();
  await expect(editor(page).first()).toContainText('select 1 as a,2 as b');
  await save(page, 3);
});

test('two people change one draft', async ({ page, platform }) => {
  const address = await draft(platform, 'shared', 'SELECT 1');
  const path = `${scripts}/${address.split('/').at(-1)}`;
  await page.goto(address);
  await write(page, 'SQL script', 'SELECT 2');
  await platform.ask('PATCH', path, { spec: { script: 'SELECT 3' } });
  await editor(page).press('ControlOrMeta+s');
  await expect(page.getByText('Somebody else has saved this draft meanwhile')).toBeVisible();
  await photograph(page, 'sql_conflict');
  await button(page, 'Keep my text').click();
  await save(page, 3);
  expect((await platform.ask('GET', path)).spec.script).toBe('SELECT 2');
});

test('variables stand for texts, and a query that fails says why', async ({ page, platform }) => {
  await page.goto(await draft(platform, 'variables', "SELECT CAST('${what}' AS BIGINT) AS a"));
  await says(page, 'what');
  await tab(page, 'Variables');
  await button(page, 'Add to variables').click();
  await page.getByLabel('Variables: name 1').fill('what');
  await page.getByLabel('Variables: value 1').fill('x');
  await says(page, 'Valid: a preview shows its rows');
  await button(page, 'Preview').first().click();
  await expect(page.getByRole('alert')).toContainText('x');
  await photograph(page, 'sql_failed');
});

test('a draft is moved, found by its text, and deleted', async ({ page, platform }) => {
  await page.goto(await draft(platform, 'moved', 'SELECT 4711 AS found'));
  await choose(page, 'More', 'Rename or move');
  await page.getByRole('dialog').getByLabel('Folder').fill('elsewhere/deep');
  await button(page, 'Rename or move').click();
  const drafts = page.getByRole('navigation', { name: 'Drafts' });
  await expect(drafts.getByText('deep')).toBeVisible();
  await page.getByLabel('Search drafts').fill('4711 found');
  await expect(drafts.getByRole('link')).toHaveText(['moved']);
  await choose(page, 'More', 'Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('No draft has that in its name or text.')).toBeVisible();
});
