// What is to be paid, as far as there is payment.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { example, json, lost, problem, stage, until } from './stage.mjs';

const id = 'CA20270115000001';
const path = `GET /v1/orders/${id}`;
const cancel = `POST /v1/orders/${id}/cancel`;
const order = (changes) => json(example('get /v1/orders/{id}', changes));
const [{ certificate: serial }] = example('get /v1/session').certificates;


describe('apply-pay.js', () => {
    const scene = stage();
    const run = (t, answers, at = `/apply/pay/#order=${id}`, chosen = {}) =>
        scene.run(t, at, 'apply-pay', answers, chosen);

    it('shows the order, and the way to it', async (t) => {
        const page = await run(t, { [path]: order() });

        assert.equal(page.text('[data-total]'), '25.00');
        assert.equal(page.text('[data-value=order]'), id);
        assert.equal(page.text('[data-value=channel]'), '支付宝');
        assert.equal(page.text('[data-value=expires]'), '2027-01-15 16:30');
        assert.match(page.text('[data-place=pay]'), /支付尚未开通/);
        assert.equal(page.one('[data-place=pay] a').getAttribute('href'),
            `/order/#order=${id}`);
    });

    it('knows the order of the certificate', async (t) => {
        const page = await run(t, { [path]: order() }, '/apply/pay/',
            { serial, picked: { order: id } });

        assert.equal(page.names()[1], path);
    });

    it('goes to the orders where it knows none', async (t) => {
        assert.deepEqual((await run(t, {}, '/apply/pay/')).went, ['=/order/']);
        assert.deepEqual((await run(t, {}, '/apply/pay/',
            { serial })).went, ['=/order/']);
    });

    it('goes to an order that is not to be paid any more', async (t) => {
        for (const state of ['paid', 'opened', 'cancelled', 'lapsed']) {
            const page = await run(t, { [path]: order({ state }) });

            assert.deepEqual(page.went, [`=/order/#order=${id}`]);
            assert.equal(page.one('[data-place=pay] a'), null);
        }
    });

    it('cancels, at the second attempt too', async (t) => {
        const page = await run(t, { [path]: order(), [cancel]:
            [lost, json(example('post /v1/orders/{id}/cancel'))] });

        page.one('[data-place=pay] button').click();
        await until(() => page.shown() === 'S14');
        page.act();
        await until(() => page.went.length);
        assert.deepEqual(page.went, [`=/order/#order=${id}`]);
    });

    it('says that there is no such order', async (t) => {
        const page = await run(t, { [path]: problem('order-not-found', 404) });

        assert.match(page.says(), /^没有找到这个订单\s*请在我的订单里查看/);
    });

    it('says that it could not ask', async (t) => {
        const page = await run(t, { [path]: [lost, order()] });

        assert.equal(page.shown(), 'S14');
        page.act();
        await until(() => page.text('[data-total]') === '25.00');
    });
});
