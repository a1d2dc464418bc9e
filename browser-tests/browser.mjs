// A browser whose pages report everything that they should not do.
import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import assert from 'node:assert/strict';
import {AxeBuilder} from '@axe-core/playwright';
import {chromium} from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
export const WIDTHS = [375, 1440];
export const THEMES = ['light', 'dark'];
export const shots = process.env.SHOTS ?? new URL('screenshots/', import.meta.url).pathname;

/** Why no browser can be driven here; undefined if one can. */
export const missing = existsSync(executablePath)
  ? undefined
  : `no browser at ${executablePath}; CHROMIUM names another`;

/** Opens pages of a width and theme; `faults` lists console errors and requests elsewhere. */
export async function browser(board) {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const faults = [];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath, args: FLAGS, acceptDownloads: true, viewport: {width: 1440, height: 900},
  });
  context.setDefaultTimeout(30_000);
  context.on('page', page => {
    // A form that is refused on purpose is answered with 422, or 401 to an unknown token, which the console repeats.
    page.on('console', message => {
      const refused = page.url().endsWith('/board/sign-in') ? '401' : '422';
      if (message.type() === 'error' && !message.text().includes(refused)) faults.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', error => faults.push(`${page.url()}: ${error.message}`));
    page.on('request', request => {
      if (!/^(data|blob|file|about):/.test(request.url()) && new URL(request.url()).origin !== board) {
        faults.push(`${page.url()} asked for ${request.url()}`);
      }
    });
  });
  return {
    faults,
    page: async () => context.newPage(),
    close: async () => {
      await context.close();
      rmSync(profile, {recursive: true, force: true});
    },
  };
}

/** Looks at a page at every width and in both themes: a screenshot, nothing wider, axe content. */
export async function inspect(page, name) {
  mkdirSync(shots, {recursive: true});
  for (const theme of THEMES) {
    await page.emulateMedia({colorScheme: theme});
    for (const width of WIDTHS) {
      await page.setViewportSize({width, height: 900});
      await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${name} is ${over} pixels wider than ${width}`);
      const nameless = await page.locator('.stack td.number:not([data-name])').allTextContents();
      assert.deepEqual(nameless.filter(text => text.trim()), [], `numbers of ${name} that lose their heading when stacked`);
      const {violations} = await new AxeBuilder({page}).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
      const serious = violations.filter(found => ['serious', 'critical'].includes(found.impact));
      assert.deepEqual(
        serious.map(found => `${found.id}: ${found.nodes.map(node => node.html.slice(0, 120)).join(' | ')}`), [],
        `axe on ${name} at ${width} in ${theme}`);
      await page.screenshot({path: join(shots, `${name}-${width}-${theme}.png`), fullPage: true});
    }
  }
  await page.emulateMedia({colorScheme: 'light'});
  await page.setViewportSize({width: 1440, height: 900});
}
