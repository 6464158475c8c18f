// What is to be paid, by which channel, and whether it has been.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { clock, example, json, lost, problem, put, stage, until }
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
    const open = (t, channel, table, to = at, chosen = {}) => run(t, {
        [path]: order({ channel }), [payments]: (_, { body }) =>
            json(answers[JSON.parse(body).channel]), ...table },
    to, chosen, ['alipay', 'wechat', 'transfer']);
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

    it('is about another order when its address is', async (t) => {
        const page = await open(t, 'alipay');

        // Who has gone to pay has the same order in the address.
        part(page, '[data-go]').click();
        assert.match(page.address.hash, /&left$/);
        page.window.dispatchEvent(new page.window.Event('hashchange'));
        assert.deepEqual(page.went, []);
        page.address.hash = '#order=CA20270115000002';
        assert.deepEqual(page.went, ['reload']);
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

    for (const [state, refund] of [['opened', null],
        ['refunded', { amount: 2500, at: 1800003600, closed: [] }]])
    {
        it(`goes to an order that is ${state}`, async (t) => {
            const page = await open(t, 'alipay',
                { [path]: order({ state, refund }) });

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

        const page = await open(t, 'transfer', { [path]: order({
            channel: 'transfer', expires: 1800604800 }) });

        assert.equal(page.text('[data-value=reference]'), id);
        assert.match(page.text('[data-place=part]'),
            /订单保留到 2027-01-22 16:00/);
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

    // What there is to change to.
    const others = (page) => page.all('[data-place=part] [data-channel]')
        .filter((one) => !one.closest('[hidden]'))
        .map(({ textContent }) => textContent);

    it('changes the channel', async (t) => {
        const page = await open(t, 'alipay');

        assert.deepEqual(others(page), ['微信支付']);
        press(page, '微信支付');
        await until(() => part(page, '[data-qr]'));
        assert.equal(page.text('.sum [data-value=channel]'), '微信支付');
        assert.deepEqual(others(page), ['支付宝']);
        assert.equal(document.activeElement, page.one('[data-place=pay]'));
        assert.deepEqual(asked(page), ['alipay', 'wechat']);
    });

    // An order for transfer is kept for days, any other for half an hour.
    it('changes to transfer only what was ordered so', async (t) => {
        const page = await open(t, 'transfer');

        assert.deepEqual(others(page), ['支付宝', '微信支付']);
        assert.ok(part(page, '[data-how]').hidden);
        press(page, '支付宝');
        await until(() => part(page, '[data-go]'));
        assert.deepEqual(others(page), ['微信支付', '对公转账']);
        assert.ok(part(page, '[data-how]').hidden);
    });

    for (const [channel, open_] of [['alipay', ['alipay', 'transfer']],
        ['wechat', ['alipay', 'wechat', 'transfer']]])
    {
        it(`tells how to come from ${channel} to transfer`, async (t) => {
            const page = await run(t, { [path]: order({ channel }),
                [payments]: json(answers[channel]) }, at, {}, open_);
            const how = part(page, '[data-how]');

            assert.ok(!how.closest('[hidden]'));
            assert.match(how.textContent,
                /要对公转账的，请取消订单，重新下单时选“对公转账”。/);
            assert.equal(how.querySelector('a').getAttribute('href'),
                `/order/#order=${id}`);
        });
    }

    it('says nothing of transfer where it is not open', async (t) => {
        const page = await run(t, { [path]: order({ channel: 'alipay' }),
            [payments]: json(alipay) }, at, {}, ['alipay', 'wechat']);

        assert.deepEqual(others(page), ['微信支付']);
        assert.ok(part(page, '[data-how]').hidden);
    });

    it('has no way to pay where transfer alone is open by now',
        async (t) => {
            const page = await run(t, { [path]: order() }, at, {},
                ['transfer']);

            assert.match(page.text('[data-place=pay]'), /支付尚未开通/);
            assert.deepEqual(asked(page), []);
        });

    it('waits for what was paid where transfer alone is open by now',
        async (t) => {
            const page = await run(t, { [path]: order() }, `${at}&left`,
                { began: 1800000000 }, ['transfer']);

            await until(() => page.time.has(2));
            assert.equal(page.shown(), 'S12');
            page.act();
            await until(() => page.shown() === undefined);
            assert.match(page.text('[data-place=pay]'), /支付尚未开通/);
            assert.deepEqual(asked(page), []);
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

        // It may have been paid, which nobody here knows.
        assert.doesNotMatch(page.says(), /没有扣款/);
        assert.match(page.says(), /已经付款的，请等结果，不要重复付款/);
        page.act();
        await until(() => asked(page).length === 2);
        press(page, '换支付方式');
        assert.equal(document.activeElement, part(page, '[data-channel]'));
        press(page, '支付宝');
        await until(() => part(page, '[data-go]'));
        assert.equal(page.shown(), undefined);
    });

    it('waits where WeChat does not answer who has paid', async (t) => {
        const page = await open(t, 'wechat',
            { [payments]: problem('payment-unavailable', 502) });

        press(page, '已经付款');
        assert.equal(page.shown(), 'S12');
        assert.equal(page.address.hash, `#order=${id}&left`);
        assert.deepEqual(asked(page), ['wechat']);
    });

    it('waits where WeChat calls the order paid', async (t) => {
        const page = await open(t, 'wechat', { [payments]:
            problem('payment-unavailable', 502, { reason: 'order-paid' }) });

        assert.equal(page.shown(), 'S12');
        assert.match(page.says(), /请不要重复付款/);
        assert.equal(page.address.hash, `#order=${id}&left`);
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
        const turns = (page) => page.names().filter((name) =>
            name === path).length;

        // What has been asked is answered; the page asks again in so long.
        const rests = (page, n, seconds) => until(() => turns(page) === n
            && page.time.has(seconds));

        const back = async (t, table, to = `${at}&left`) => {
            const page = await open(t, 'alipay', table, to,
                { began: 1800000000 });

            await rests(page, 1, 2);

            return page;
        };

        // Who comes to see the page has it ask at once.
        const look = (page) => page.document.dispatchEvent(
            new page.window.Event('visibilitychange'));

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

        it('waits where one has said that it was paid', async (t) => {
            const page = await open(t, 'wechat');

            press(page, '已经付款');
            assert.equal(page.shown(), 'S12');
            assert.equal(page.address.hash, `#order=${id}&left`);
            assert.equal(page.picks.of(serial).left, id);
            page.act();
            assert.equal(page.address.hash, `#order=${id}`);
            assert.equal(page.picks.of(serial).left, '');
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

            look(page);
            await rests(page, 2, 2);
            assert.match(page.says(), /^已付款，正在开通/);
            look(page);
            await until(() => page.went.length);
            assert.deepEqual(page.went, [`=/order/#order=${id}`]);
        });

        // Who says so of a picture waits in the same way: soon at first, then
        // with patience, and is told of nothing that is not known.
        it('waits as long as nothing comes', async (t) => {
            const page = await open(t, 'wechat', {}, at,
                { began: 1800000000 });
            const waits = async (n, seconds) => {
                await rests(page, n, seconds);
                assert.equal(page.shown(), 'S12');
                page.time.pass(seconds);
            };

            press(page, '已经付款');

            for (let n = 2; n <= 15; n++) {
                await waits(n, 2);
            }

            for (let n = 16; n <= 20; n++) {
                await waits(n, 10);
            }

            assert.match(page.says(), /可以关掉这一页.*请不要重复付款/);
            press(page, '还没有付款，去付款');
            assert.equal(page.shown(), undefined);
            assert.ok(!page.one('[data-place=pay]').hidden);
            assert.ok(part(page, '[data-qr]'));
            assert.deepEqual(asked(page), ['wechat']);
        });

        it('waits until the order is no more kept', async (t) => {
            const page = await back(t, { [path]: [order(),
                order({ state: 'lapsed', expires: null })] });

            assert.equal(page.shown(), 'S12');
            look(page);
            await until(() => page.shown() === 'S13');
            assert.match(page.says(), /已经扣款的不用再付，到账后照样开通/);
            assert.doesNotMatch(page.says(), /再付一次/);
        });

        it('is told nothing of an answer that is lost', async (t) => {
            const page = await back(t, { [path]: [order(), lost,
                order({ state: 'opened' })] });

            look(page);
            await rests(page, 2, 2);
            assert.equal(page.shown(), 'S12');
            look(page);
            await until(() => page.went.length);
        });
    });
});
