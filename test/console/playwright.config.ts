import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

const build = process.env.CASTOR_BUILD ?? '../../build/release';

// One after the other: all use one platform, and a machine may have two cores.
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 30_000 },
  reporter: './reporter.ts',
  outputDir: join(build, 'console', 'failed'),
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 860 },
    launchOptions: { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] },
    screenshot: 'only-on-failure',
    contextOptions: { reducedMotion: 'reduce' },
  },
});
