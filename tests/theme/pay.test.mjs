// What is to be paid, by which channel, and whether it has been.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { clock, example, idle, json, lost, problem, put, stage, until }
    from './stage.mjs';

const id = 'CA20270115000001';
const at = `/apply/pay/#order=${id}`;
const path = `GET /v1/orders/${id}`;
const cancel = `POST /v1/orders/${id}/cancel`;
const payments = `POST /v1/orders/${id}/payments`;
const order = (changes) => json(example('get /v1/orders/{id}', changes));
const [{ certificate: serial }] = example('get /v1/session').certificates;
const later = 4000000000;

const alipay = { channel: 'alipay', expires: later,
    url: 'https://openapi.alipay.com/gateway.do?method=alipay' };
const wechat = { channel: 'wechat', expires: later,
    code_url: 'weixin://wxpay/bizpayurl?pr=NwY5Mz9', qr: ['10', '01'] };
const transfer = { channel: 'transfer', expires: later, name: '某某中心',
    bank: '某某银行', account: '2100000000000001', reference: id };
const answers = { alipay, wechat, transfer };


describe('apply-pay.js', () => {
    const scene = stage();
    const run = (t, table, to = at, chosen = {}, channels = []) =>
        scene.run(t, to, 'apply-pay', { 'GET /v1/session':
            json(example('get /v1/session', { channels })), ...table }, chosen);

    // One that is open, with an order for `channel`.
    const open = (t, channel, table, to = at) => run(t, {
        [path]: order({ channel }), [payments]: (_, { body }) =>
            json(answers[JSON.parse(body).channel]), ...table },
    to, {}, ['alipay', 'wechat', 'transfer']);
    const asked = (page) => page.asked.filter(({ name }) => name === payments)
        .map(({ body }) => body.channel);
    const part = (page, selector = '') => page.one(
        `[data-place=part] ${selector}`);
    const press = (page, words) => page.all('main button')
        .find((one) => one.textContent.includes(words)).click();

    describe('where no channel is open', () => {
        it('shows the order, and the way to it', async (t) => {
            const page = await run(t, { [path]: order() });

            assert.equal(page.text('[data-total]'), '25.00');
            assert.equal(page.text('[data-value=order]'), id);
            assert.equal(page.text('[data-value=holder]'), `刘某（${serial}）`);
            assert.equal(page.text('[data-value=channel]'), '支付宝');
            assert.equal(page.text('[data-value=expires]'),
                '2027-01-15 16:30');
            assert.match(page.text('[data-place=pay]'), /支付尚未开通/);
            assert.equal(part(page, 'a').getAttribute('href'),
                `/order/#order=${id}`);
            assert.deepEqual(asked(page), []);
        });

        it('knows the order of the certificate', async (t) => {
            const page = await run(t, { [path]: order() }, '/apply/pay/',
                { serial, picked: { order: id } });

            assert.equal(page.names()[1], path);
        });

        it('goes to the orders where it knows none', async (t) => {
            assert.deepEqual((await run(t, {}, '/apply/pay/')).went,
                ['=/order/']);
            assert.deepEqual((await run(t, {}, '/apply/pay/',
                { serial })).went, ['=/order/']);
        });

        it('cancels, at the second attempt too', async (t) => {
            const page = await run(t, { [path]: order(), [cancel]:
                [lost, json(example('post /v1/orders/{id}/cancel'))] });

            part(page, 'button').click();
            await until(() => page.shown() === 'S14');
            page.act();
            await until(() => page.went.length);
            assert.deepEqual(page.went, [`=/order/#order=${id}`]);
        });
    });

    it('knows what it is about after signing in again', async (t) => {
        const page = await run(t, { 'GET /v1/session':
            problem('token-expired', 401) }, `/apply/pay/?out_trade_no=${id}`);

        page.act();
        assert.deepEqual(page.went, [`/apply/#sign-in&to=${at}&left`]);
    });

    it('says that there is no such order', async (t) => {
        const page = await run(t, { [path]: problem('order-not-found', 404) });

        assert.match(page.says(), /^没有找到这个订单\s*请在我的订单里查看/);
    });

    it('says that it could not ask', async (t) => {
        const page = await open(t, 'alipay', { [path]: [lost, order()] });

        assert.equal(page.shown(), 'S14');
        page.act();
        await until(() => part(page, '[data-go]'));
        await until(() => page.shown() === undefined);
    });

    for (const state of ['opened', 'refunded']) {
        it(`goes to an order that is ${state}`, async (t) => {
            const page = await open(t, 'alipay',
                { [path]: order({ state }) });

            assert.deepEqual(page.went, [`=/order/#order=${id}`]);
            assert.deepEqual(asked(page), []);
        });
    }

    for (const [state, words] of [['cancelled', '已取消'],
        ['lapsed', '已过期']])
    {
        it(`says that an order is ${state}, and waits for late money`,
            async (t) => {
                const page = await open(t, 'alipay',
                    { [path]: [order({ state }), order({ state: 'opened' })] });

                assert.equal(page.shown(), 'S13');
                assert.match(page.says(), new RegExp(
                    `没有付款成功订单 ${id} ${words}，没有收到付款`));
                assert.ok(page.one('[data-place=pay]').hidden);
                assert.deepEqual(asked(page), []);
            });
    }

    it('has no way to pay what is paid already', async (t) => {
        const page = await open(t, 'alipay',
            { [path]: order({ state: 'paid' }) });

        assert.equal(page.shown(), 'S12');
        assert.match(page.says(), /^已付款，正在开通/);
        assert.ok(page.one('[data-place=pay]').hidden);
        assert.equal(page.one('[data-place=state] button'), null);
        assert.deepEqual(asked(page), []);
    });

    it('leads to Alipay', async (t) => {
        const page = await open(t, 'alipay');
        const link = part(page, '[data-go]');

        assert.deepEqual(asked(page), ['alipay']);
        assert.equal(link.href, alipay.url);
        assert.equal(link.textContent, '去支付宝付款');
        assert.match(page.text('[data-place=part]'), /请不要重复付款/);
        assert.equal(page.shown(), undefined);
        link.click();
        assert.equal(page.address.hash, `#order=${id}&left`);
        assert.equal(page.picks.of(serial).left, id);
    });

    it('shows the picture of WeChat, and what it is', async (t) => {
        const page = await open(t, 'wechat');
        const svg = part(page, '[data-qr] svg[role=img]');

        assert.equal(svg.getAttribute('aria-label'),
            '微信支付的二维码，应付 25.00 元');
        assert.equal(svg.querySelector('path').getAttribute('d'),
            'M0 0h1v1h-1zM1 1h1v1h-1z');
        assert.ok(part(page, '[data-cashier]').hidden);
        assert.match(page.text('[data-place=part]'), /请在 2096-10-02 15:06 前付款/);
    });

    it('leads to the demo\'s cashier from the demo\'s code', async (t) => {
        const page = await open(t, 'wechat', { [payments]: json({ ...wechat,
            code_url: `weixin://wxpay/bizpayurl?pr=${id}` }) });

        assert.ok(!part(page, '[data-cashier]').hidden);
        assert.equal(part(page, '[data-cashier]').pathname, '/demo/cashier/');
        assert.equal(part(page, '[data-cashier]').search,
            `?order=${id}&channel=wechat&amount=2500`);
    });

    it('shows the account, and copies what is asked for', async (t) => {
        const copied = [];

        put(t, 'navigator', { clipboard: { writeText: async (text) =>
            copied.push(text) } });

        const page = await open(t, 'transfer');

        assert.equal(page.text('[data-value=reference]'), id);
        assert.equal(page.text('[data-value=sum]'), '25.00');

        for (const name of ['account', 'sum']) {
            part(page, `[data-copy=${name}]`).click();
            await until(() => part(page, `[data-copy=${name}]`)
                .textContent.startsWith('已复制'));
        }

        assert.deepEqual(copied, [transfer.account, '25.00']);
        assert.equal(page.text('[data-copied]'), '已复制金额');
        assert.match(part(page, '[data-copy=account]').textContent, /^复制/);
    });

    it('marks what a browser cannot copy', async (t) => {
        put(t, 'navigator', {});

        const page = await open(t, 'transfer');

        put(t, 'getSelection', () => page.window.getSelection());
        part(page, '[data-copy=account]').click();
        await until(() => String(page.window.getSelection())
            === transfer.account);
    });

    it('changes the channel', async (t) => {
        const page = await open(t, 'alipay');
        const others = () => page.all('[data-place=part] [data-channel]')
            .map(({ textContent }) => textContent);

        assert.deepEqual(others(), ['微信支付', '对公转账']);
        press(page, '微信支付');
        await until(() => part(page, '[data-qr]'));
        assert.equal(page.text('.sum [data-value=channel]'), '微信支付');
        assert.deepEqual(others(), ['支付宝', '对公转账']);
        assert.equal(document.activeElement, page.one('[data-place=pay]'));
        assert.deepEqual(asked(page), ['alipay', 'wechat']);
    });

    it('takes the first channel where the order\'s is not open',
        async (t) => {
            const page = await run(t, { [path]: order(),
                [payments]: json(wechat) }, at, {}, ['wechat']);

            assert.deepEqual(asked(page), ['wechat']);
            assert.ok(part(page, 'h3').closest('[hidden]'));
        });

    it('says that WeChat does not answer, and changes', async (t) => {
        const page = await open(t, 'wechat', { [payments]: (_, { body }) =>
            (body.includes('wechat') ? problem('payment-unavailable', 502)
                : json(alipay)) });

        assert.equal(page.shown(), 'S22');
        assert.match(page.says(), /^现在不能用微信支付付款/);
        page.act();
        await until(() => asked(page).length === 2);
        press(page, '换支付方式');
        assert.equal(document.activeElement, part(page, '[data-channel]'));
        press(page, '支付宝');
        await until(() => part(page, '[data-go]'));
        assert.equal(page.shown(), undefined);
    });

    it('lets an order be cancelled that is open elsewhere', async (t) => {
        const page = await open(t, 'alipay', {
            [payments]: problem('platform-already-held', 409),
            [cancel]: json(example('post /v1/orders/{id}/cancel')) });

        assert.equal(page.shown(), 'S23');
        page.act();
        await until(() => page.went.length);
    });

    it('looks again at an order that was paid meanwhile', async (t) => {
        const page = await open(t, 'alipay', { [path]: [order(),
            order({ state: 'paid' })],
        [payments]: [json(alipay), problem('order-state-conflict', 409,
            { state: 'paid' })] });

        press(page, '微信支付');
        await until(() => page.shown() === 'S12');
        assert.match(page.says(), /^已付款/);
    });

    it('offers another code once this one is over', async (t) => {
        const page = await open(t, 'wechat');

        clock(t, later + 1);
        page.document.dispatchEvent(
            new page.window.Event('visibilitychange'));
        await until(() => !part(page, '[data-qr]'));
        press(page, '重新获取');
        await until(() => part(page, '[data-qr]'));
        assert.deepEqual(asked(page), ['wechat', 'wechat']);
    });

    describe('coming back', () => {
        const back = async (t, table, to = `${at}&left`) => {
            const page = await open(t, 'alipay', table, to);

            await until(() => page.text('[data-total]') === '25.00');

            return page;
        };

        for (const query of [`?order=${id}`, `?total_amount=25.00&sign=x&`
            + `out_trade_no=${id}&app_id=1`])
        {
            it(`waits for the result of ${query.slice(0, 20)}`, async (t) => {
                const page = await back(t, {}, `/apply/pay/${query}`);

                assert.equal(page.shown(), 'S12');
                assert.match(page.says(), /正在确认支付结果.*请不要重复付款/);
                assert.ok(page.one('[data-place=pay]').hidden);
                assert.equal(page.address.search, '');
                assert.equal(page.address.hash, `#order=${id}&left`);
                assert.deepEqual(asked(page), []);
            });
        }

        it('waits where one has only gone Back', async (t) => {
            const page = await back(t);

            assert.equal(page.shown(), 'S12');
        });

        it('waits where one has had to sign in again', async (t) => {
            const page = await run(t, { [path]: order() }, '/apply/pay/',
                { serial, picked: { order: id, left: id } }, ['alipay']);

            assert.equal(page.shown(), 'S12');
            await until(() => page.text('[data-total]') === '25.00');
            page.act();
            assert.notEqual(page.picks.of(serial).left, id);
        });

        it('waits on a page that was kept', async (t) => {
            const page = await open(t, 'alipay');
            const event = new page.window.Event('pageshow');

            event.persisted = true;
            page.window.dispatchEvent(event);
            assert.equal(page.shown(), undefined);
            part(page, '[data-go]').click();
            page.window.dispatchEvent(event);
            assert.equal(page.shown(), 'S12');
        });

        it('pays where one says that nothing was paid', async (t) => {
            const page = await back(t);

            page.act();
            await until(() => part(page, '[data-go]'));
            assert.equal(page.shown(), undefined);
            assert.equal(page.address.hash, `#order=${id}`);
        });

        it('pays where one says so before the order is known', async (t) => {
            let release;
            const page = await open(t, 'alipay', { [path]: () =>
                new Promise((resolve) => {
                    release = () => resolve(order());
                }) }, `${at}&left`);

            await until(() => release);
            page.act();
            release();
            await until(() => part(page, '[data-go]'));
            assert.deepEqual(asked(page), ['alipay']);
        });

        it('goes to the order once it is open', async (t) => {
            const page = await back(t, { [path]: [order(),
                order({ state: 'paid' }), order({ state: 'opened' })] });

            for (let i = 0; i < 2; i++) {
                page.document.dispatchEvent(
                    new page.window.Event('visibilitychange'));
                await idle();
            }

            assert.deepEqual(page.went, [`=/order/#order=${id}`]);
        });

        // Who says so of a picture waits in the same way.
        it('says after the soon ones that nothing has come', async (t) => {
            const page = await open(t, 'wechat');
            const time = clock(t, Date.now() / 1000);
            const turns = () => page.names().filter((name) =>
                name === path).length;

            press(page, '已经付款');
            assert.equal(page.shown(), 'S12');

            for (let n = 2; n <= 16; n++) {
                await until(() => turns() === n && time.waiting);
                assert.equal(page.shown(), 'S12');
                time.pass(2);
            }

            time.pass(10);
            await until(() => page.shown() === 'S13');
            assert.match(page.says(), /已经扣款的，请不要重复付款/);
            page.act();
            assert.equal(page.shown(), undefined);
            assert.ok(!page.one('[data-place=pay]').hidden);
            assert.deepEqual(asked(page), ['wechat']);
        });

        it('is told nothing of an answer that is lost', async (t) => {
            const page = await back(t, { [path]: [order(), lost,
                order({ state: 'opened' })] });

            for (let i = 0; i < 2; i++) {
                page.document.dispatchEvent(
                    new page.window.Event('visibilitychange'));
                await idle();
                assert.equal(page.shown(), 'S12');
            }

            assert.equal(page.went.length, 1);
        });
    });
});
