// What people may do on a board that knows tokens, each with one of their own.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {after, before, test} from 'node:test';
import {browser, inspect, missing} from './browser.mjs';
import {startWithPeople} from './system.mjs';
import {LEAKY, fill, publish} from './visitor.mjs';

const PATIENCE = {timeout: 600_000};
const RITA = {name: 'Rita Quest', token: 'the token of a requester', roles: 'requester'};
const ADA = {name: 'Ada Prove', token: 'the token of an approver', roles: 'approver'};
let system;
let chromium;

before(async () => {
  if (missing) return;
  system = startWithPeople(Object.assign({}, ...[RITA, ADA].map(({name, token, roles}, i) => ({
    [`HANDOFF_ACCESS_TOKENS_${i}_NAME`]: name,
    [`HANDOFF_ACCESS_TOKENS_${i}_SHA256`]: createHash('sha256').update(token).digest('hex'),
    [`HANDOFF_ACCESS_TOKENS_${i}_ROLES`]: roles,
  }))));
  chromium = await browser(system.board);
}, {timeout: 900_000});

after(async () => {
  await chromium?.close();
  system?.stop();
});

async function signIn(page, token) {
  await fill(page, {Token: token});
  await page.getByRole('button', {name: 'Sign in'}).click();
}

test('a requester publishes, an approver decides, and nobody else', {skip: missing, ...PATIENCE}, async () => {
  const page = await chromium.page();
  await page.goto(`${system.board}/board/request`);
  await page.getByText('This needs a token with the role of requester.').waitFor();
  assert.equal(await page.getByRole('button', {name: /^Publish/}).count(), 0);
  await inspect(page, 'token-needed');
  await page.getByRole('link', {name: 'Sign in'}).click();
  await inspect(page, 'sign-in');
  await signIn(page, 'a token of nobody');
  await page.getByRole('alert').getByText('Nobody holds this token.').waitFor();
  assert.equal(await page.getByLabel('Token').inputValue(), '');
  await inspect(page, 'sign-in-refused');

  await signIn(page, RITA.token);
  await page.waitForURL('**/board/request');
  assert.equal(await page.evaluate(() => document.cookie), '');
  await publish(page, LEAKY);
  await page.getByRole('heading', {name: 'Waits for a decision'}).waitFor(PATIENCE);
  const run = page.url();
  await page.getByText(`You are signed in as ${RITA.name} (requester); this needs the role of approver.`).waitFor();
  assert.equal(await page.getByRole('button', {name: 'Waive the findings'}).count(), 0);
  await inspect(page, 'parked-requester');
  await page.getByRole('link', {name: 'Sign out'}).click();
  await page.getByText(`You are signed in as ${RITA.name}: requester.`).waitFor();
  await inspect(page, 'signed-in');
  await page.getByRole('button', {name: 'Sign out'}).click();
  await page.getByLabel('Token').waitFor();

  await page.goto(run);
  await page.getByRole('link', {name: 'Sign in'}).click();
  await signIn(page, ADA.token);
  await page.waitForURL(run);
  await page.getByText(`You decide as ${ADA.name}, which stands on the card.`).waitFor();
  await inspect(page, 'parked-approver');
  await fill(page, {Reason: 'membership is known before the loan'});
  await page.getByRole('button', {name: 'Waive the findings'}).click();
  await page.getByRole('heading', {name: 'Decided by a human'}).waitFor(PATIENCE);
  await page.getByRole('rowheader', {name: ADA.name}).waitFor();
  await page.close();
  assert.deepEqual(chromium.faults, []);
});
