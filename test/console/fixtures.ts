// What every test has: a platform that runs, and a page that must not complain.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { Platform } from './platform.ts';

const screenshots = join(
  process.env.CASTOR_BUILD ?? '../../build/release',
  'console',
  'screenshots',
);

// A refusal that a test provokes is no complaint: the browser notes each answer of 400 or more.
const isExpected = (text: string) => text.startsWith('Failed to load resource');

export const test = base.extend<{ quiet: void }, { platform: Platform; story: string }>({
  // Files that say another one have a platform of their own: with another option comes another worker.
  story: ['', { scope: 'worker', option: true }],
  platform: [
    async ({}, use) => {
      const platform = new Platform();
      try {
        await platform.start();
        await use(platform);
      } finally {
        await platform.remove();
      }
    },
    { scope: 'worker' },
  ],
  baseURL: ({ platform }, use) => use(platform.address),
  // admin has logged in, unless a test has the browser forget it.
  context: async ({ context, platform }, use) => {
    await context.addCookies([platform.cookieOf()]);
    await use(context);
  },
  // Also what the page's policy has forbidden is an error on the console.
  quiet: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        if (message.type() !== 'error' || isExpected(message.text())) return;
        const { url, lineNumber, columnNumber } = message.location();
        complaints.push(`${message.text()} (${url}:${lineNumber}:${columnNumber})`);
      });
      await use();
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export async function photograph(page: Page, name: string) {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({
    path: join(screenshots, `${name}.png`),
    fullPage: true,
  });
}

export async function expectNothingFromAxe(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id: rule, nodes }) => [rule, nodes.map((node) => node.html)]);
  expect(found).toEqual([]);
}

// Puts another text into the editor of that name. What was there is deleted first: text that replaces a
// selection is given its colour by the browser itself, in an inline style, which the policy forbids
// and the editor does without.
export async function write(page: Page, editor: string, text: string) {
  await page.getByRole('textbox', { name: editor }).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}
