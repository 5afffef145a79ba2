// A demo county of its own for a run, served on a free port; stopped and thrown away at the end.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** A folder of its own for a county; `gone` throws it away. */
export function folder() {
  const path = mkdtempSync(join(tmpdir(), 'shouwang-journeys-'));
  return { path, gone: () => rmSync(path, { recursive: true, force: true }) };
}

/** Serves the county of a folder on a day, made first where none is: its address, its folder, how to stop it. */
export async function serveOn(path, today, households = 160) {
  const exe = resolve(process.env.SHOUWANG_BIN ?? join(here, '../../target/debug/shouwang'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const publicPort = await freePort();
  const log = join(path, 'log');
  const out = openSync(log, 'a');
  const demo = ['demo', '--dir', 'county', '--households', String(households), '--seed', '7', '--today', today];
  const child = spawn(exe, [...demo, '--listen', `127.0.0.1:${port}`], {
    cwd: path,
    stdio: ['ignore', out, out],
    env: { ...process.env, SHOUWANG_PUBLIC_LISTEN: `127.0.0.1:${publicPort}` },
  });
  const ended = new Promise((done) => child.once('exit', done));
  const stop = async () => {
    child.kill('SIGTERM');
    closeSync(out);
    await ended;
  };
  for (let i = 0; i < 2400; i += 1) {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}:\n${readFileSync(log, 'utf8')}`);
    try {
      if ((await fetch(url)).ok) return { url, outside: `http://127.0.0.1:${publicPort}`, stop, county: join(path, 'county') };
    } catch {
      // not yet
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  await stop();
  throw new Error(`the program does not answer:\n${readFileSync(log, 'utf8')}`);
}

/** The county of a run, in a folder that goes with it. */
export async function serve(households = 160) {
  const { path, gone } = folder();
  const server = await serveOn(path, '2026-10-31', households);
  const stop = async () => {
    await server.stop();
    gone();
  };
  return { ...server, stop };
}
