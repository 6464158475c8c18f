// Platforms are chosen, and cost what the server says; until it has said so,
// what the pricing core says.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { example, idle, json, lost, problem, stage, until }
    from './stage.mjs';

const session = example('get /v1/session');
const [certificate] = session.certificates;
const serial = certificate.certificate;
const at = '/apply/platforms/';
const QUOTE = 'POST /v1/quotes';
const holding = (held) => ({ 'GET /v1/session': json({ ...session,
    certificates: [{ ...certificate, held: held.map((platform) =>
        ({ platform, name: platform })) }] }) });

// Of any choice: so much that the core would never say it.
const quote = (_, { body }) => json(example('post /v1/quotes', {
    total_fen: 100000 * JSON.parse(body).platforms.length, lines: [] }));


describe('apply-platforms.js', () => {
    const scene = stage();
    const total = (page) => page.text('[data-total]');
    const ticked = (page) => page.all('[name=p]:checked')
        .map(({ value }) => value).sort();
    const quotes = (page) => page.asked.filter(({ name }) => name === QUOTE)
        .map(({ body }) => body.platforms);

    async function run(t, answers, { core = true, ...chosen } = {}) {
        const load = (file) => new Response(
            readFileSync(path.join(scene.site, file)));
        const wasm = /data-wasm="([^"]+)"/.exec(readFileSync(
            path.join(scene.site, 'apply/platforms.html'), 'utf8'))[1];

        return scene.run(t, at, 'apply-platforms', { [QUOTE]: quote,
            ...core && { [`GET ${wasm}`]: load }, ...answers },
        { serial, ...chosen });
    }

    it('has what was chosen before, but not what is held', async (t) => {
        const page = await run(t, {}, { picked:
            { platforms: ['jinzhou', 'shenyang', 'gone'] } });

        assert.deepEqual(ticked(page), ['jinzhou']);
        assert.deepEqual(page.all('.opt.held').map(({ dataset }) =>
            dataset.platform), ['shenyang']);
        assert.deepEqual(page.picks.of(serial).platforms, ['jinzhou']);
        assert.match(page.says(), /沈阳.*刚刚已经开通，已从订单去掉/);
        await until(() => total(page) === '1000.00');
    });

    it('says what has been opened meanwhile, and sells it to nobody',
        async (t) => {
            const page = await run(t, { [QUOTE]: [
                problem('platform-already-held', 422,
                    { errors: [{ pointer: '/platforms/1' }] }), quote] });

            page.check('[value=jinzhou]');
            page.check('[value=chaoyang]');

            const [, gone] = page.all('[name=p]:checked')
                .map(({ value }) => value);

            await until(() => page.shown() === 'also');
            assert.match(page.says(), /刚刚已经开通/);
            assert.doesNotMatch(page.says(), /暂停/);
            await until(() => total(page) === '1000.00');
            assert.equal(ticked(page).length, 1);
            assert.ok(page.one(`[data-platform=${gone}]`).classList
                .contains('held'));
        });

    it('keeps what is ticked before anybody has signed in', async (t) => {
        const browser = {};
        const page = await run(t, { 'GET /v1/session':
            problem('token-expired', 401) }, { browser,
            picked: { platforms: ['anshan'] } });

        assert.equal(page.shown(), 'S04');
        page.check('[value=jinzhou]');
        page.check('[value=chaoyang]');
        page.check('[value=chaoyang]', false);

        // Nothing is sent, and what is to be done first has the focus.
        assert.equal(page.send(), false);
        assert.deepEqual(page.went, []);
        assert.equal(document.activeElement.textContent, '重新登录');

        const again = await run(t, {}, { browser,
            picked: { platforms: ['anshan'] } });

        assert.deepEqual(ticked(again), ['anshan', 'jinzhou']);
        assert.equal(again.picks.wish(), undefined);
    });

    it('keeps what was ticked before its script was there', async (t) => {
        const page = scene.page(t, at, { 'GET /v1/token': lost });

        page.picks = await page.load('picks');
        page.one('[value=jinzhou]').checked = true;
        await page.load('apply-platforms');
        await until(() => page.shown() === 'S14');
        assert.deepEqual(page.picks.wish(), ['jinzhou']);
    });

    it('says that an order of what is picked waits', async (t) => {
        const order = example('get /v1/orders/{id}');
        const page = await run(t, {
            [`GET /v1/orders/${order.id}`]: json(order),
            [`POST /v1/orders/${order.id}/cancel`]:
                json(example('post /v1/orders/{id}/cancel')) },
        { picked: { platforms: ['jinzhou'], order: order.id } });

        await until(() => page.shown() === 'S11');
        assert.deepEqual(ticked(page), ['jinzhou']);
        await until(() => total(page) === '1000.00');
        assert.equal(page.shown(), 'S11');
        page.act();
        await until(() => page.shown() === undefined);
        assert.deepEqual(page.picks.of(serial), { platforms: ['jinzhou'] });
    });

    it('asks the core at once, and then the server', async (t) => {
        const page = await run(t);

        page.check('[value=jinzhou]');
        page.check('[value=chaoyang]');
        await until(() => page.text('[data-platform=jinzhou] [data-fee]')
            .endsWith('元'));
        assert.equal(page.text('[data-count]'), '2');
        await until(() => total(page) === '2000.00');
        assert.deepEqual(quotes(page).map((one) => one.slice().sort()),
            [['chaoyang', 'jinzhou']]);
        assert.deepEqual(page.picks.of(serial).platforms.sort(),
            ['chaoyang', 'jinzhou']);
        await until(() => page.text('[data-say]').startsWith('已选 2 个平台'));
        page.check('[value=jinzhou]', false);
        page.check('[value=chaoyang]', false);
        assert.equal(total(page), '0');
    });

    it('does with the server alone', async (t) => {
        const page = await run(t, {}, { core: false });

        page.check('[value=jinzhou]');
        assert.equal(total(page), '–');
        await until(() => total(page) === '1000.00');
    });

    it('shows the last choice\'s price, whichever comes first', async (t) => {
        const late = [];
        const page = await run(t, { [QUOTE]: (...what) => new Promise(
            (resolve) => late.push(() => resolve(quote(...what)))) });

        page.check('[value=jinzhou]');
        await until(() => late.length === 1);
        page.check('[value=chaoyang]');
        await until(() => late.length === 2);
        late[1]();
        await until(() => total(page) === '2000.00');
        late[0]();
        await idle();
        assert.equal(total(page), '2000.00');
    });

    it('takes back that no price came when one has come', async (t) => {
        const page = await run(t, { [QUOTE]: [lost, quote] });

        page.check('[value=jinzhou]');
        await until(() => page.shown() === 'S14');
        page.check('[value=chaoyang]');
        await until(() => total(page) === '2000.00');
        assert.equal(page.shown(), undefined);
    });

    it('goes on with at least one', async (t) => {
        const page = await run(t);

        page.send();
        assert.equal(page.text('[data-errors] a'), '请至少选择 1 个平台');
        page.check('[value=jinzhou]');
        page.send();
        assert.deepEqual(page.went, ['/apply/check/']);
        assert.ok(page.one('[data-errors]').hidden);
        await until(() => total(page) === '1000.00');
    });

    it('says that there is nothing left to choose', async (t) => {
        const page = scene.page(t, at);
        const all = page.all('[name=p]').map(({ value }) => value);

        assert.equal((await run(t, holding(all))).shown(), 'S07');
        assert.equal((await run(t, holding(all.slice(1)))).shown(), undefined);
    });

    it('goes to the beginning without a certificate', async (t) => {
        const page = await run(t, {}, { serial: 'DEMO9999' });

        assert.deepEqual(page.went, ['=/apply/']);
    });

    it('goes on from the notice, with a certificate', async (t) => {
        const notice = (chosen) => scene.run(t, '/apply/notice/',
            'apply-notice', {}, { serial: chosen });

        assert.deepEqual((await notice('DEMO9999')).went, ['=/apply/']);

        const page = await notice(serial);

        page.send();
        assert.deepEqual(page.went, [at]);
    });
});
