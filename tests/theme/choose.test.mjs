// The first page of the way: who it is, and for which certificate.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { closed, example, json, log, lost, problem, put, stage, until }
    from './stage.mjs';

const [one] = example('get /v1/session').certificates;
const session = (...certificates) => ({ 'GET /v1/session':
    json(example('get /v1/session', { certificates: certificates.map(
        (changes) => ({ ...one, ...changes })) })) });
const open = 'GET /v1/orders?state=created';
const orders = (...list) => ({ [open]: json({ orders: list, next: null }) });
const order = example('get /v1/orders/{id}');
const holders = { 'GET /v1/token': json(example('get /v1/token')) };


describe('apply-choose.js', () => {
    const scene = stage();
    const run = (t, answers, chosen) =>
        scene.run(t, '/apply/', 'apply-choose', answers, chosen);

    async function begin(t, at, answers) {
        const page = scene.page(t, at, answers);

        page.picks = await page.load('picks');
        await page.load('apply-choose');
        await until(() => page.one('[data-wizard]').dataset.pending
            === undefined, 'the page is not ready');

        return page;
    }

    it('signs in, and goes back to where one came from', async (t) => {
        const page = await begin(t, '/apply/#to=/apply/check/', { ...holders,
            'POST /v1/token': json(example('post /v1/token')) });

        assert.match(page.text('[data-place=certificates]'),
            /^企业：.*管理员 王某辽宁某某建设工程有限公司/);
        page.check('[name=holder]');
        page.send();
        await until(() => page.went.length);
        assert.deepEqual(page.went, ['/apply/check/']);
        assert.deepEqual(page.asked[1].body, { holder: 'demo-manager' });
    });

    it('signs in, and shows the certificates', async (t) => {
        const page = await begin(t, '/apply/#platform=jinzhou', { ...holders,
            ...session({}), 'POST /v1/token':
                json(example('post /v1/token')) });

        page.check('[name=holder]');
        page.send();
        await until(() => page.one('[name=certificate]'));
        assert.equal(page.picks.wish(), 'jinzhou');
        await until(() => document.activeElement.name === 'certificate');
    });

    it('sends no form before it knows what for', async (t) => {
        const page = await begin(t, '/apply/', { 'GET /v1/token': lost });

        assert.equal(page.shown(), 'S14');
        assert.equal(page.send(), false);
    });

    it('says who has to be chosen, and why one is refused', async (t) => {
        const page = await begin(t, '/apply/', { ...holders,
            'POST /v1/token': problem('proof-invalid', 401) });

        page.send();
        assert.equal(page.text('[data-errors] a'), '请选择一个身份');
        page.check('[name=holder]');
        page.send();
        await until(() => page.shown() === 'S14');
        assert.match(page.says(), /proof-invalid/);
        assert.ok(page.one('[data-errors]').hidden);
    });

    it('shows what it can without a sign-in of this site', async (t) => {
        const page = await begin(t, '/apply/', {});

        assert.ok(!page.one('[data-wait]').hidden);
        assert.equal(page.one('[data-wizard]').dataset.live, undefined);
    });

    it('says that IndexedDB is closed', async (t) => {
        const lines = log(t);
        const page = scene.page(t, '/apply/', holders);

        put(t, 'indexedDB', { open: closed });
        await page.load('apply-choose');
        await until(() => page.shown() === 'S14');
        assert.match(page.says(), /SecurityError/);
        assert.equal(page.one('[data-wizard]').dataset.pending, undefined);
        await until(() => lines.length);
        assert.deepEqual(lines, ['SecurityError']);
    });

    it('says in a row what a certificate is', async (t) => {
        const page = await run(t, session({},
            { certificate: 'B1', holder: null, lock: 'odd', vendor: '飞天',
                note: 'certificate-expires-soon', days_left: 9 }));
        const rows = page.all('[data-place=certificates] .opt > label')
            .map((row) => row.textContent);

        assert.deepEqual(rows, [
            '刘某JK20219332345678 · 项目负责人锁 · CFCA · 已有 1 个平台'
                + '有效期至 2027-04-05',
            'B1odd · 飞天 · 已有 1 个平台有效期至 2027-04-05'
                + '还有 9 天到期，建议先延期']);
        assert.match(page.all('details')[0].textContent,
            /持锁人刘某\s+单位辽宁[^]*锁序列号JK20219332345678/);
        assert.equal(page.all('[name=certificate]:checked').length, 0);
    });

    // Our own server gives no session without: see content/ui.xml.
    it('lets who has none be somebody else', async (t) => {
        const page = await run(t, { 'GET /v1/session': json(
            example('get /v1/session', { name: '', certificates: [] })) });
        const { read } = await page.load('key');

        assert.equal(page.shown(), 'S05');
        assert.match(page.text('[data-who]'), /辽宁某某建设工程有限公司/);
        assert.match(page.says(), /切换身份 申领证书$/);
        assert.equal(page.one('[data-place=state] button').hidden, false);
        page.act();
        await until(() => page.went.length);
        assert.equal(page.went[0], '/apply/#sign-out');
        assert.equal(await read('token'), undefined);
    });

    it('ticks the only one, and the one of before', async (t) => {
        const ticked = (page) => page.all('[name=certificate]:checked')
            .map(({ value }) => value);

        assert.deepEqual(ticked(await run(t, session({}))),
            [one.certificate]);
        assert.deepEqual(ticked(await run(t,
            session({}, { certificate: 'B1' }), { serial: 'B1' })), ['B1']);
    });

    for (const [reason, state, words] of [
        ['certificate-expired', 'S06', '已过期，请先延期年检'],
        ['certificate-unsupported-hardware', 'S06', '中孚 KEY，请先申请补办'],
        ['all-held', 'S07', '已有全部平台'],
        ['later', 'S06', '现在不能办理'],
    ]) {
        it(`says of one that it is ${reason}`, async (t) => {
            const page = await run(t, session({ can_add: false, reason }));

            assert.equal(page.all('[name=certificate]').length, 0);
            assert.equal(page.text('[data-place=certificates] .tag'), words);
            assert.equal(page.shown(), state);
        });
    }

    it('goes on with what is chosen', async (t) => {
        const page = await run(t, { ...session({}, { certificate: 'B1' }),
            ...orders({ ...order, certificate: 'B2' }) });

        page.send();
        assert.equal(page.text('[data-errors] a'), '请选择一张证书');
        page.check('[value=B1]');
        page.send();
        await until(() => page.went.length);
        assert.deepEqual(page.went, ['/apply/notice/']);
        assert.equal(page.picks.certificate(), 'B1');
        assert.ok(page.one('[data-errors]').hidden);
    });

    it('stops at an order that is not finished, and cancels it', async (t) => {
        const cancel = `POST /v1/orders/${order.id}/cancel`;
        const page = await run(t, { ...session({}), ...orders(order),
            [cancel]: [lost, json(example('post /v1/orders/{id}/cancel'))] });

        page.send();
        await until(() => page.shown() === 'S11');
        assert.match(page.says(), /订单 CA20270115000001，25\.00 元/);
        assert.deepEqual(page.went, []);
        assert.equal(page.picks.of(one.certificate).order, order.id);

        page.act();
        await until(() => page.shown() === 'S14');
        page.act();
        await until(() => page.went.length);
        assert.deepEqual(page.went, ['/apply/notice/']);
        assert.equal(page.picks.of(one.certificate).order, undefined);
    });

    it('goes on when it could ask at last', async (t) => {
        const page = await run(t, { ...session({}), [open]: [lost,
            json({ orders: [], next: null })] });

        page.send();
        await until(() => page.shown() === 'S14');
        page.act();
        await until(() => page.went.length);
        assert.deepEqual(page.went, ['/apply/notice/']);
    });
});
