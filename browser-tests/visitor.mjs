// What a person does on a page of the board.

/** Fills fields by their labels. */
export async function fill(page, fields) {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, {exact: true}).fill(value);
}

/** Publishes a request with the form that is open. */
export async function publish(page, fields) {
  await page.getByText('Requirements, gate, rollout and search').click();
  await fill(page, fields);
  await page.getByRole('button', {name: 'Publish the request'}).click();
}

/** A request that ends parked: a column tells the target. */
export const LEAKY = {
  Project: 'Leaky loans', Dataset: 'leaky_loans', Target: 'repaid', Deadline: 'soon',
  'Model families': 'logistic_regression', 'Latency target': '10000', 'Rollout steps': '100',
};
