// The demo's cashier: what it asks the demo for, and brings to the server.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { clock, json, lost, problem, stage, until } from './stage.mjs';

const order = 'CA20270115000001';
const MADE = 'POST /demo/cashier/notice';
const NOTIFY = 'POST /v1/notify/alipay';
const gateway = `/demo/cashier/?method=alipay.trade.page.pay&biz_content=${
    encodeURIComponent(JSON.stringify({ out_trade_no: order,
        total_amount: '25.00' }))}&sign=x`;
const wechat = `/demo/cashier/?order=${order}&channel=wechat&amount=1250`;
const notice = { target: '/v1/notify/alipay', body: 'a=1&b=2',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' } };


describe('cashier.js', () => {
    const scene = stage();

    async function open(t, at = gateway, answers = {}) {
        const page = scene.page(t, at, { [MADE]: json(notice),
            [NOTIFY]: new Response('success'), ...answers });

        await page.load('cashier');

        return Object.assign(page, {
            press: (what) => page.one(`[data-do=${what}]`).click(),
            said: () => page.all('[data-place=said] li').map((one) =>
                one.textContent.trim()),
        });
    }

    it('reads what Alipay\'s gateway is told', async (t) => {
        const page = await open(t);

        assert.equal(page.text('[data-value=order]'), order);
        assert.equal(page.text('[data-value=channel]'), '支付宝');
        assert.equal(page.text('[data-value=amount]'), '25.00');
        assert.deepEqual(page.all('[data-back]').map((link) =>
            link.getAttribute('href')),
        Array(2).fill(`/apply/pay/?out_trade_no=${order}`));
    });

    it('reads what our own page says', async (t) => {
        const page = await open(t, wechat);

        assert.equal(page.text('[data-value=channel]'), '微信支付');
        assert.equal(page.text('[data-value=amount]'), '12.50');
        assert.equal(page.one('[data-back]').getAttribute('href'),
            `/apply/pay/#order=${order}`);
    });

    for (const at of ['/demo/cashier/', `/demo/cashier/?order=${order}`,
        `/demo/cashier/?order=${order}&channel=other&amount=1`,
        `/demo/cashier/?order=${order}&channel=wechat&amount=x`,
        '/demo/cashier/?biz_content=%7B', '/demo/cashier/?biz_content='
        + encodeURIComponent(JSON.stringify({ out_trade_no: order,
            total_amount: '25.001' }))])
    {
        it(`has nothing to be paid at ${at.slice(15)}`, async (t) => {
            const page = await open(t, at);

            assert.ok(!page.one('[data-nothing]').hidden);
            assert.ok(page.one('[data-bill]').hidden);
        });
    }

    for (const [what, made, brought] of [['paid', 1, 1], ['twice', 2, 2],
        ['again', 1, 2], ['refunded', 1, 1], ['lost', 0, 0]])
    {
        it(`has ${made} notices made for ${what}, and brings ${brought}`,
            async (t) => {
                const page = await open(t);

                page.press(what);
                await until(() => page.said().length === (brought || 1));
                assert.deepEqual(page.said(), Array(brought || 1).fill(
                    brought ? '200 success' : '付了款，通知没有送出。'));
                assert.equal(page.names().filter((one) =>
                    one === MADE).length, made);

                const all = page.asked.filter(({ name }) => name === NOTIFY);

                assert.equal(all.length, brought);

                for (const { text, headers } of all) {
                    assert.equal(text, notice.body);
                    assert.equal(headers.get('Content-Type'),
                        'application/x-www-form-urlencoded');
                }

                if (made) {
                    assert.deepEqual(page.asked[0].body, { order,
                        channel: 'alipay', amount: 2500, event:
                            what === 'refunded' ? 'refunded' : 'paid' });
                }
            });
    }

    it('brings it late', async (t) => {
        const page = await open(t);
        const time = clock(t, 1800000000);

        page.one('#late').value = '3';
        page.press('late');
        await until(() => page.said()[0] === '3 秒后送到。' && time.waiting);
        time.pass(2);
        assert.equal(page.said().length, 1);
        time.pass(1);
        await until(() => page.said()[1] === '200 success');
    });

    it('says what stood in the way', async (t) => {
        const page = await open(t, gateway, {
            [MADE]: [problem('not-found', 404), lost, json(notice)],
            [NOTIFY]: new Response('fail', { status: 400 }) });

        for (const words of ['没有做成通知（404）。这里也许没有开演示收银台。',
            '没有送到：网络不通。', '400 fail'])
        {
            await until(() => !page.one('[data-do=paid][aria-disabled]'));
            page.press('paid');
            await until(() => page.said().includes(words));
        }

        assert.ok(page.one('[data-none]').hidden);
    });

    it('does one thing at a time with a button', async (t) => {
        const page = await open(t);

        page.press('paid');
        page.press('paid');
        await until(() => page.said().length);
        assert.equal(page.names().filter((one) => one === MADE).length, 1);
    });
});
