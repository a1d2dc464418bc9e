// The embedded system on ports of its own.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {people} from './people.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const handoff = process.env.HANDOFF ?? join(root, 'handoff');

function run(args, environment = {}) {
  const done = spawnSync(handoff, args, {
    cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: {...process.env, ...environment},
  });
  if (done.status !== 0) throw new Error(`handoff ${args[0]} ended with ${done.status}`);
}

/** Takes the board at BOARD, whose catalog must be the one of people.mjs, or starts a system with generated people. */
export function start() {
  return process.env.BOARD ? {board: process.env.BOARD, stop() {}} : startWithPeople();
}

/** Starts a system with generated people, and further settings in the environment of its services. */
export function startWithPeople(environment) {
  return startIn(folder => ['--catalog', people(join(folder, 'people'))], environment);
}

/** Starts a system with the sample data. */
export function startWithSamples() {
  return startIn(() => []);
}

function startIn(options, environment) {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-browser-'));
  const home = join(folder, 'home');
  const ports = ['kafka', 'postgres', 's3', 'http'].flatMap(name => [`--${name}-port`, '0']);
  run(['up', '--detach', '--home', home, ...options(folder), ...ports], environment);
  const {cards} = JSON.parse(readFileSync(join(home, 'endpoints.json'), 'utf8'));
  return {
    board: cards,
    /** Publishes the request in a file of the project, and waits for its outcome. */
    submit: file => run(['submit', file, '--wait', '--home', home]),
    stop() {
      run(['down', '--home', home]);
      rmSync(folder, {recursive: true, force: true});
    },
  };
}
