// The embedded system with generated data, on ports of its own.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {people} from './people.mjs';

const handoff = process.env.HANDOFF ?? fileURLToPath(new URL('../handoff', import.meta.url));

function run(...args) {
  const done = spawnSync(handoff, args, {stdio: ['ignore', 'ignore', 'inherit']});
  if (done.status !== 0) throw new Error(`handoff ${args[0]} ended with ${done.status}`);
}

/** Starts it, or takes the board at BOARD, whose catalog must be the one of people.mjs. */
export function start() {
  if (process.env.BOARD) return {board: process.env.BOARD, stop() {}};
  const folder = mkdtempSync(join(tmpdir(), 'handoff-browser-'));
  const home = join(folder, 'home');
  const catalog = people(join(folder, 'people'));
  const ports = ['kafka', 'postgres', 's3', 'http'].flatMap(name => [`--${name}-port`, '0']);
  run('up', '--detach', '--home', home, '--catalog', catalog, ...ports);
  const {cards} = JSON.parse(readFileSync(join(home, 'endpoints.json'), 'utf8'));
  return {
    board: cards,
    stop() {
      run('down', '--home', home);
      rmSync(folder, {recursive: true, force: true});
    },
  };
}
