// Generated people whose loans are repaid or not; the same at every call.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const ROWS = 1200;
const CATALOG = `datasets:
  loans:
    entities: {file: loans.csv}
    entityKey: id
    pii: [email]
    protectedColumns: [origin]
    targets: {repaid: {column: repaid, positive: "1", favourableDecision: 1}}
  leaky_loans:
    entities: {file: leaky_loans.csv}
    entityKey: id
    pii: [email]
    targets: {repaid: {column: repaid, positive: "1", favourableDecision: 1}}
`;

// A linear congruential generator, for numbers that no run changes.
function generator(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
}

function rows(leaky) {
  const uniform = generator(11);
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const lines = ['id,email,origin,income,tenure,channel,repaid' + (leaky ? ',membership' : '')];
  for (let i = 0; i < ROWS; i++) {
    const repaid = uniform() < 0.45;
    const line = [
      `P${i}`,
      `p${i}@example.com`,
      uniform() < 0.3 ? 'b' : 'a',
      ((repaid ? 1 : -1) + 1.4 * normal()).toFixed(4),
      ((repaid ? 1 : -1) + 1.4 * normal()).toFixed(4),
      ['branch', 'web', 'phone'][Math.floor(3 * uniform())],
      repaid ? 1 : 0,
    ];
    // What the bank only knows afterwards: the target, with one in two hundred turned round.
    if (leaky) line.push((i % 200 === 0) !== repaid ? 1 : 0);
    lines.push(line.join(','));
  }
  return lines.join('\n') + '\n';
}

/** Writes the files and gives back the catalog's path. */
export function people(folder) {
  mkdirSync(folder, {recursive: true});
  writeFileSync(join(folder, 'loans.csv'), rows(false));
  writeFileSync(join(folder, 'leaky_loans.csv'), rows(true));
  writeFileSync(join(folder, 'catalog.yml'), CATALOG);
  return join(folder, 'catalog.yml');
}
