// Makes the pictures of docs/handbook/cases.md anew: one household on its whole way in, in a demo county of its own on two
// days, each step in both languages; and a household on its way out.
//   node screenshots-cases.mjs
import { launch, moveTo, open, enter, url, widths } from './browser.mjs';
import { firstCase, send, step } from './cases.mjs';
import { answerLead, declare, place } from './outside.mjs';
import { downTo, painter } from './painter.mjs';
import { folder, serveOn } from './serve.mjs';

const home = folder();
const browser = await launch();
const paint = await painter(browser);
let server;

async function on(day) {
  await server?.stop();
  server = await serveOn(home.path, day, 80);
  moveTo(server);
}

const at = async (login, width = 'office') => {
  const page = await open(browser, { width });
  if (login) await enter(page, login);
  return page;
};

/** One part of a page, in both languages. */
async function part(page, address, name, locator) {
  for (const lang of ['en', 'zh-CN']) {
    await page.context().addCookies([{ name: 'shouwang_lang', value: lang, url: new URL(address).origin }]);
    await page.goto(address);
    const { x, y, width, height } = await page.locator(locator).first().boundingBox();
    const top = await page.evaluate(() => window.scrollY);
    await paint(page, lang, name, { x: x - 8, y: y + top - 8, width: width + 16, height: height + 16 });
  }
}

/** The page as it is, in both languages, down to an element. */
async function both(page, address, name, until, most = 900) {
  for (const lang of ['en', 'zh-CN']) {
    await page.context().addCookies([{ name: 'shouwang_lang', value: lang, url: new URL(address).origin }]);
    await page.goto(address);
    await paint(page, lang, name, await downTo(page, page.locator(until).first(), most));
  }
}

try {
  await on('2026-10-31');
  const [phone, alice, chen, bob] = [await at(null, 'phone'), await at('alice'), await at('chen'), await at('bob')];
  await declare(phone, '村口的老李');
  await both(phone, `${server.outside}/declare`, 'case-1-declare', 'main', widths.phone.height);
  const lead = await place(alice, chen, '村口的老李');
  await answerLead(chen, lead);
  const href = await firstCase(chen, `life=monitoring&q=${lead.number}`);
  const here = () => `${url}${href}`;
  await both(chen, here(), 'case-2-accepted', '#do');
  await step(chen, href, 'consent', { signed_by: lead.head, how: 'signed' });
  await step(chen, href, 'risks', { 'risk-1': 'unsafe_housing' });
  await both(chen, `${here()}?do=check`, 'case-3-check', '#do');
  await step(chen, href, 'check', { checkers: '陈秀兰、赵志强', capacity: '两个劳动力在外务工，能还上钱' });
  await alice.goto(here());
  await alice.locator(`form[action="${href}/ask"] button`).click();
  await alice.locator('#notice .sw-note').waitFor();
  await alice.goto(`${url}/cases/questions`);
  const id = href.split('/').pop();
  const asked = await alice.locator(`main tbody a[href*="${id}"]`).evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  await alice.goto(`${url}${asked[0]}`);
  const form = alice.locator('main tbody form[action^="/cases/questions/"]');
  const token = await form.locator('[name=_csrf]').inputValue();
  await send(alice, form, { answer: 'hit', found: '名下有一辆农用三轮车' });
  for (const one of asked.slice(1)) {
    const item = one.split('#').pop().slice(id.length + 1);
    await alice.request.post(`${url}/cases/questions/${id}/${item}`, { form: { _csrf: token, answer: 'none' } });
  }
  await part(alice, here(), 'case-4-comparison', 'main section:has(table)');
  await chen.goto(here());
  await chen.goto(`${url}${await chen.locator('main a[href*="do=decide-"]').first().getAttribute('href')}`);
  await send(chen, chen.locator('#do form'), { decision: 'goes_on', words: '三轮车是拉草料用的，八年前的旧车' });
  await step(alice, href, 'compare');
  await step(chen, href, 'review', { place: '村委会议室', present: '17', agreed: '17', minutes: '大家都知道他家的难处' });
  await step(chen, href, 'post', { place: '村务公开栏' });
  await both(chen, `${here()}/papers/notice`, 'case-5-notice', 'main article, main', 800);

  await on('2026-11-06');
  const [again, township, county] = [await at('chen'), await at('bob'), await at('alice')];
  await both(again, here(), 'case-6-notice-over', '#do');
  await step(again, href, 'submit', { result: '公示期满，无异议' });
  await step(township, href, 'pass', { opinion: '情况属实' });
  await both(county, `${here()}?do=approve`, 'case-7-approve', 'section:has(.sw-four)', 1100);
  await county.locator('#do [name=class]').first().check();
  await send(county, county.locator('#do form'), { trigger: 'sudden', why: '修房支出大，没有救助，两个劳动力能逐步还上' });
  await step(county, href, 'announce', { document: '沁防返贫〔2026〕18号' });
  await both(again, `${here()}?do=plan`, 'case-8-plan', '#do');
  await bob.close();
  const gone = await firstCase(township, 'life=monitoring&state=removal_noticed');
  await part(township, `${url}${gone}`, 'case-9-removal', 'main section:has(table)');
} finally {
  await browser.close();
  await server?.stop();
  home.gone();
}
