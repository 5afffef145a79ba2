// Gives out the leads that wait, a wave of them, as somebody of the county does.
//   node wave.mjs URL LOGIN:PASSWORD
import { proof, said, visitor } from './visitor.mjs';

const [url, login] = process.argv.slice(2);
const { ask } = await visitor(url, login, 1);
const page = await ask('GET', '/leads?state=waiting');
const done = await ask('POST', '/leads/release', { _csrf: proof(page) });
if (done.status !== 303) throw new Error(`/leads/release: ${done.status} ${said(done)}`);
console.log(JSON.stringify({ took: Math.round(done.took) }));
