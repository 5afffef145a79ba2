// Makes a demo county, serves it, runs the journeys, stops it.
//   node run.mjs                 all journeys
//   node run.mjs walk            only those whose file name holds "walk"
//   node run.mjs --shots         also pictures of every page into shots/
//   SHOUWANG_URL=… SHOUWANG_COUNTY=… node run.mjs   against a server that already runs, and the folder that `demo` made
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from './serve.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const shots = args.includes('--shots');
const wanted = args.filter((a) => !a.startsWith('--'));

const server = process.env.SHOUWANG_URL ? { url: process.env.SHOUWANG_URL, outside: process.env.SHOUWANG_OUTSIDE, county: process.env.SHOUWANG_COUNTY, stop() {} } : await serve();
const journeys = readdirSync(join(here, 'journeys'))
  .filter((name) => name.endsWith('.test.mjs') && (wanted.length === 0 || wanted.some((w) => name.includes(w))))
  .sort()
  .map((name) => join(here, 'journeys', name));
const run = spawnSync(
  process.execPath,
  ['--test', '--test-concurrency=1', '--test-reporter=spec', ...journeys],
  {
    stdio: 'inherit',
    cwd: here,
    env: { ...process.env, SHOUWANG_URL: server.url, SHOUWANG_OUTSIDE: server.outside ?? '', SHOUWANG_COUNTY: server.county ?? '', SHOUWANG_SHOTS: shots ? join(here, 'shots') : '' },
  },
);
await server.stop();
process.exit(run.status ?? 1);
