// What people do on the board, in a real browser over the whole system.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {after, before, test} from 'node:test';
import {browser, inspect, missing, shots} from './browser.mjs';
import {start} from './system.mjs';
import {LEAKY, fill, publish} from './visitor.mjs';

const PATIENCE = {timeout: 600_000};
const HOSTILE = '<img src=x onerror=alert(1)>';
let system;
let chromium;

before(async () => {
  if (missing) return;
  system = start();
  chromium = await browser(system.board);
}, {timeout: 900_000});

after(async () => {
  await chromium?.close();
  system?.stop();
});

async function open(path) {
  const page = await chromium.page();
  await page.goto(system.board + path);
  return page;
}

function nothingElse() {
  assert.deepEqual(chromium.faults.splice(0), []);
}

test('a request that breaks the schema is shown its broken rules', {skip: missing}, async () => {
  const page = await open('/board/request');
  await inspect(page, 'request');
  await publish(page, {Project: 'Loans', Dataset: '', Target: 'repaid', Deadline: 'soon', 'Gate threshold': '7'});
  await page.getByRole('alert').getByText('INVALID_REQUEST').waitFor();
  assert.equal(await page.getByLabel('Dataset', {exact: true}).getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByLabel('Gate threshold').inputValue(), '7');
  await inspect(page, 'request-refused');
  await page.close();
  nothingElse();
});

test('a request for an unknown dataset ends as a rejection', {skip: missing, ...PATIENCE}, async () => {
  const page = await open('/board/request');
  await fill(page, {Project: 'Nowhere', Dataset: 'nowhere', Target: 'repaid', Deadline: 'soon'});
  await page.getByRole('button', {name: 'Publish the request'}).click();
  await page.getByRole('heading', {name: 'Rejected'}).waitFor(PATIENCE);
  await page.getByText('UNKNOWN_DATASET').first().waitFor();
  await page.getByText('/dataset').first().waitFor();
  await inspect(page, 'rejected');
  await page.close();
  nothingElse();
});

test('a run is watched to its card, which can be kept as one file', {skip: missing, ...PATIENCE}, async () => {
  const page = await open('/board/request');
  await publish(page, {
    Project: `Loan repayment ${HOSTILE}`, Dataset: 'loans', Target: 'repaid', Deadline: '2030-01-01',
    'Model families': 'logistic_regression, gradient_boosting', 'Latency target': '10000', 'Rollout steps': '50, 100',
  });
  await page.waitForURL(/board\/runs\/run-[0-9a-f]+$/, PATIENCE);
  await page.getByRole('heading', {name: `Loan repayment ${HOSTILE}`}).waitFor();
  assert.equal(await page.locator('#main img').count(), 0);
  await page.getByRole('heading', {name: 'Data pipeline, as it ran'}).waitFor(PATIENCE);
  await page.getByText('split', {exact: true}).first().waitFor();
  await page.getByRole('heading', {name: 'Leaderboard'}).waitFor(PATIENCE);
  // Nothing was loaded again by hand: the page follows the stream.
  await page.getByRole('link', {name: 'Open the model card'}).waitFor(PATIENCE);
  await page.getByRole('heading', {name: 'Who answers now'}).waitFor(PATIENCE);
  await inspect(page, 'run');
  await page.getByRole('link', {name: 'Specification of data pipeline'}).click();
  await page.getByRole('link', {name: 'Back to the run'}).waitFor();
  await inspect(page, 'specification');
  await page.getByRole('link', {name: 'Back to the run'}).click();

  await page.getByRole('link', {name: 'Open the model card'}).click();
  for (const name of ['In short', 'Figures', 'Fairness and governance', 'Limits', 'Data and lineage']) {
    await page.getByRole('heading', {name}).waitFor();
  }
  await page.locator('.chart canvas').nth(5).waitFor();
  await inspect(page, 'card');

  const download = page.waitForEvent('download');
  await page.getByRole('link', {name: 'Save to mail'}).click();
  const file = join(shots, 'card.html');
  await (await download).saveAs(file);
  assert.ok(!/(src|href)="(https?:)?\//.test(readFileSync(file, 'utf8')));
  await page.goto(pathToFileURL(file).href);
  await page.locator('.chart canvas').nth(5).waitFor();
  await inspect(page, 'card-mailed');
  await page.close();
  nothingElse();
});

test('a parked run is let on by a human, with the keyboard alone', {skip: missing, ...PATIENCE}, async () => {
  const page = await open('/board/request');
  await publish(page, LEAKY);
  await page.getByRole('heading', {name: 'Waits for a decision'}).waitFor(PATIENCE);
  await inspect(page, 'parked');
  const list = await open('/');
  await list.getByRole('region', {name: 'Waiting for a decision'}).getByText('Leaky loans').waitFor();
  await inspect(list, 'runs');

  await page.getByLabel('Your name').focus();
  await page.keyboard.type('A. Clerk');
  await page.keyboard.press('Tab');
  await page.keyboard.type('membership is known before the loan');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {name: 'Decided by a human'}).waitFor(PATIENCE);
  await page.getByRole('cell', {name: 'membership is known before the loan'}).waitFor();
  await page.getByRole('link', {name: 'Open the model card'}).waitFor(PATIENCE);
  await list.getByRole('row', {name: /Leaky loans/}).getByText('completed').waitFor(PATIENCE);
  await page.close();
  await list.goto(system.board + '/board/models');
  await list.getByRole('row', {name: /Leaky loans/}).getByText('production').waitFor();
  await inspect(list, 'models');
  await list.close();
  nothingElse();
});
