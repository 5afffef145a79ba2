// Makes a demo county, serves it, runs the journeys, stops it.
//   node run.mjs                 all journeys
//   node run.mjs walk            only those whose file name holds "walk"
//   node run.mjs --shots         also pictures of every page into shots/
//   SHOUWANG_URL=… SHOUWANG_COUNTY=… node run.mjs   against a server that already runs, and the folder that `demo` made
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const shots = args.includes('--shots');
const wanted = args.filter((a) => !a.startsWith('--'));

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

async function serve() {
  const exe = resolve(process.env.SHOUWANG_BIN ?? join(here, '../../target/debug/shouwang'));
  const folder = mkdtempSync(join(tmpdir(), 'shouwang-journeys-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = join(folder, 'log');
  const out = openSync(log, 'w');
  const demo = ['demo', '--dir', 'county', '--households', '160', '--seed', '7', '--today', '2026-10-31'];
  const child = spawn(exe, [...demo, '--listen', `127.0.0.1:${port}`], { cwd: folder, stdio: ['ignore', out, out] });
  const stop = () => {
    child.kill('SIGTERM');
    closeSync(out);
    rmSync(folder, { recursive: true, force: true });
  };
  for (let i = 0; i < 2400; i += 1) {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}:\n${readFileSync(log, 'utf8')}`);
    try {
      if ((await fetch(url)).ok) return { url, stop, county: join(folder, 'county') };
    } catch {
      // not yet
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  stop();
  throw new Error(`the program does not answer:\n${readFileSync(log, 'utf8')}`);
}

const server = process.env.SHOUWANG_URL ? { url: process.env.SHOUWANG_URL, county: process.env.SHOUWANG_COUNTY, stop() {} } : await serve();
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
    env: { ...process.env, SHOUWANG_URL: server.url, SHOUWANG_COUNTY: server.county ?? '', SHOUWANG_SHOTS: shots ? join(here, 'shots') : '' },
  },
);
server.stop();
process.exit(run.status ?? 1);
