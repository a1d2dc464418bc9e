// The pictures of the README: the sample request's run and its model card, as the board shows them.
import {mkdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {browser, missing} from './browser.mjs';
import {startWithSamples} from './system.mjs';

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));
const LARGEST = 300 * 1024;

if (missing) throw new Error(missing);
mkdirSync(folder, {recursive: true});
const running = process.env.BOARD;
const system = running ? {board: running, stop() {}} : startWithSamples();
let chromium;
try {
  if (!running) system.submit('requests/churn.json');
  chromium = await browser(system.board);
  const page = await chromium.page();
  await page.emulateMedia({colorScheme: 'light', reducedMotion: 'reduce'});
  await page.setViewportSize({width: 1200, height: 1100});
  await page.goto(system.board);
  await page.getByRole('link', {name: 'Customer Churn Prediction'}).first().click();
  await page.getByRole('heading', {name: 'Who answers now'}).waitFor();
  await keep(page, 'run');
  await page.getByRole('link', {name: 'Open the model card'}).click();
  await page.locator('.chart canvas').nth(5).waitFor();
  await keep(page, 'card');
} finally {
  await chromium?.close();
  system.stop();
}

async function keep(page, name) {
  const path = join(folder, `board-${name}.png`);
  await page.screenshot({path});
  const {size} = statSync(path);
  if (size > LARGEST) throw new Error(`${path} has ${size} bytes, more than ${LARGEST}`);
  console.log(`${path} ${size} bytes`);
}
