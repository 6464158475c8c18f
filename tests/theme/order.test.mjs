// The page of one's own orders, and of one of them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { example, idle, json, lost, problem, put, stage, until }
    from './stage.mjs';

const id = 'CA20270115000001';
const at = `/order/#order=${id}`;
const path = `GET /v1/orders/${id}`;
const order = (changes) => json(example('get /v1/orders/{id}', changes));
const list = (ids, next = null, state = 'created') => json({ next,
    orders: ids.map((one) => example('get /v1/orders/{id}',
        { id: one, state })) });


describe('order.js', () => {
    const scene = stage();
    const run = (t, to, answers) => scene.run(t, to, 'order', answers);
    const rows = (page) => page.all('[data-place=order] .opt a')
        .map((link) => link.textContent);
    const filter = (page, value) => {
        page.one('[data-filter]').value = value;
        page.send('[data-filter]', 'change');
    };

    for (const [state, seen] of Object.entries({
        created: ['pay', 'cancel'], paid: [], opened: ['next'],
        cancelled: ['again'], lapsed: ['again'], refunded: ['again'],
        later: [] }))
    {
        it(`shows one that is ${state}`, async (t) => {
            const refund = state === 'refunded'
                ? { amount: 2500, at: 1800003600, closed: [] } : null;
            const page = await run(t, at,
                { [path]: order({ state, refund }) });
            const place = page.one('[data-place=order]');

            assert.deepEqual(['pay', 'cancel', 'next', 'again'].filter((one) =>
                !place.querySelector(`[data-${one}]`).hidden), seen);
            assert.equal(page.shown(),
                { opened: 'S15', paid: 'S12' }[state]);
            assert.equal(page.one('#number').value, id);
            assert.match(page.text('[data-place=order]'), /25\.00 元/);
            assert.equal(page.one('[data-pay]').getAttribute('href'),
                `/apply/pay/#order=${id}`);
        });
    }

    it('picks no more what is open', async (t) => {
        const { certificate } = example('get /v1/orders/{id}');
        const browser = {};
        const picked = async (order) => {
            const page = await scene.run(t, at, 'order',
                { [path]: json(example('get /v1/orders/{id}',
                    { state: 'opened' })) }, { browser, serial: certificate,
                    picked: { platforms: ['jinzhou'], order } });

            return page.picks.of(certificate).platforms;
        };

        assert.deepEqual(await picked(id), []);
        assert.deepEqual(await picked('CA20270115000009'), ['jinzhou']);
    });

    it('shows how it was paid and what went back, if so', async (t) => {
        const shown = (page) => page.all('[data-part]').filter((one) =>
            !one.hidden).map(({ textContent }) => textContent);

        assert.deepEqual(shown(await run(t, at, { [path]: order() })), []);
        assert.deepEqual(shown(await run(t, at, { [path]: order({
            state: 'refunded',
            payment: { channel: 'wechat', amount: 2500, paid: 1800000000 },
            refund: { amount: 2500, at: 1800003600, closed: ['huachen'] },
        }) })), ['付款微信支付，25.00 元，2027-01-15 16:00',
            '退款25.00 元，2027-01-15 17:00。已关闭：华晨集团电子采购平台']);
    });

    it('shows that what was paid is open, as soon as it is', async (t) => {
        const page = await run(t, at, { [path]: [order({ state: 'paid' }),
            order({ state: 'paid' }), lost, order({ state: 'opened' })] });

        assert.match(page.says(), /^已付款，正在开通/);

        for (let i = 0; i < 3; i++) {
            page.document.dispatchEvent(
                new page.window.Event('visibilitychange'));
            await idle();
        }

        await until(() => page.shown() === 'S15');
        assert.match(page.says(), /^已新增 3 个平台/);
    });

    it('asks no more about an order that was left', async (t) => {
        const page = await run(t, at, { 'GET /v1/orders': list([]),
            [path]: order({ state: 'paid' }) });

        page.address.hash = '';
        await until(() => page.one('[data-filter]'));
        page.document.dispatchEvent(
            new page.window.Event('visibilitychange'));
        await idle();
        assert.deepEqual(page.names().slice(1), [path, 'GET /v1/orders']);
        assert.equal(page.shown(), undefined);
    });

    it('says that an order is not there, or not one\'s own', async (t) => {
        const page = await run(t, at,
            { [path]: problem('order-not-found', 404) });

        assert.match(page.text('[data-place=order]'),
            /^没有找到订单 CA20270115000001。/);
        assert.equal(page.shown(), undefined);
    });

    it('says nothing of the order before that one', async (t) => {
        const page = await run(t, at, { [path]: order({ state: 'opened' }) });

        assert.equal(page.shown(), 'S15');
        page.address.hash = '#order=CA20200101000001';
        await until(() => page.text('[data-place=order]')
            .startsWith('没有找到订单 CA20200101000001'));
        assert.equal(page.shown(), undefined);
    });

    // One order, the list, and one that is not there: each may come late.
    for (const [words, late] of [['order', order({ state: 'opened' })],
        ['list', list(['CA3'])], ['refusal', problem('order-not-found', 404)],
        ['failure', problem('internal-error', 500)]])
    {
        it(`is not changed by a late ${words}`, async (t) => {
            let release;
            const second = 'CA20270115000002';
            const wait = () => new Promise((resolve) => {
                release = () => resolve(late);
            });
            const page = await run(t, '/order/#order=CA20270115000009', {
                [path]: wait, 'GET /v1/orders': wait,
                [`GET /v1/orders/${second}`]: order({ id: second }) });

            page.address.hash = words === 'list' ? '' : `#order=${id}`;
            await until(() => release);
            page.address.hash = `#order=${second}`;
            await until(() => page.one('[data-cancel]'));
            release();
            await idle();
            assert.equal(page.text('[data-place=order] [data-value=order]'),
                second);
            assert.equal(page.shown(), undefined);
        });
    }

    it('cancels, and shows what has become of it', async (t) => {
        const page = await run(t, at, { [path]: [order(),
            order({ state: 'cancelled' })],
        [`POST /v1/orders/${id}/cancel`]:
            json(example('post /v1/orders/{id}/cancel')) });
        const { certificate } = example('get /v1/orders/{id}');

        page.picks.put(certificate, { order: id, key: 'k-1' });
        page.one('[data-cancel]').click();
        await until(() => page.text('[data-place=order]').includes('已取消'));
        assert.deepEqual(page.picks.of(certificate), { platforms: [] });
    });

    it('tries again where it could not cancel', async (t) => {
        const page = await run(t, at, { [path]: order(),
            [`POST /v1/orders/${id}/cancel`]: lost });

        page.one('[data-cancel]').click();
        await until(() => page.shown() === 'S14');
        assert.equal(page.one('[data-cancel]').getAttribute('aria-disabled'),
            null);
    });

    it('saves the receipt under the order\'s name', async (t) => {
        const page = await run(t, at, { [path]: order(),
            [`GET /v1/orders/${id}/receipt`]: new Response(
                'c2sp.org/tlog-proof@v1\n',
                { headers: { 'Content-Type': 'text/plain' } }) });
        const saved = [];

        t.mock.method(URL, 'createObjectURL', (blob) => {
            saved.push(blob);

            return 'blob:x';
        });
        page.document.body.addEventListener('click', (event) => {
            if (event.target.download) {
                saved.push(event.target.download);
                event.preventDefault();
            }
        });
        page.one('[data-save]').click();
        await until(() => saved.length === 2);
        assert.equal(await saved[0].text(), 'c2sp.org/tlog-proof@v1\n');
        assert.equal(saved[1], `${id}.tlog-proof`);
        assert.equal(page.one('a[download]'), null);
    });

    it('prints', async (t) => {
        const page = await run(t, at, { [path]: order() });
        let printed = 0;

        put(t, 'print', () => { printed++; });
        page.one('[data-print]').click();
        assert.equal(printed, 1);
    });

    it('lists them, a page at a time, of a state', async (t) => {
        const page = await run(t, '/order/', {
            'GET /v1/orders': list(['CA3', 'CA2'], 'CA2'),
            'GET /v1/orders?after=CA2': list(['CA1']),
            'GET /v1/orders?state=paid': list([]) });

        assert.deepEqual(rows(page), ['CA3', 'CA2']);
        assert.match(page.text('[data-place=order] .opt'),
            /刘某（[A-Z0-9]+）.*25\.00 元待支付/);
        assert.ok(!page.one('[data-more]').hidden);
        assert.ok(page.one('[data-none]').hidden);
        page.one('[data-more]').click();
        await until(() => rows(page).length === 3);
        assert.deepEqual(rows(page), ['CA3', 'CA2', 'CA1']);
        assert.ok(page.one('[data-more]').hidden);

        filter(page, 'paid');
        await until(() => !page.one('[data-none]').hidden);
        assert.deepEqual(rows(page), []);
        assert.deepEqual(page.names().slice(1), ['GET /v1/orders',
            'GET /v1/orders?after=CA2', 'GET /v1/orders?state=paid']);
    });

    it('lists what was asked for last', async (t) => {
        let release;
        const page = await run(t, '/order/', {
            'GET /v1/orders': list(['CA3']),
            'GET /v1/orders?state=paid': () => new Promise((resolve) => {
                release = () => resolve(list(['CA2'], 'CA2', 'paid'));
            }),
            'GET /v1/orders?state=opened': list(['CA1'], null, 'opened') });

        filter(page, 'paid');
        await until(() => release);
        filter(page, 'opened');
        await until(() => rows(page).includes('CA1'));
        release();
        await idle();
        assert.deepEqual(rows(page), ['CA1']);
        assert.ok(page.one('[data-more]').hidden);
    });

    it('says that the list did not come, and asks again', async (t) => {
        const page = await run(t, '/order/', {
            'GET /v1/orders': [problem('internal-error', 500),
                list(['CA3'])] });

        assert.equal(page.shown(), 'S14');
        assert.equal(page.one('[data-none]'), null);
        page.act();
        await until(() => page.one('[data-filter]'));
        assert.deepEqual(rows(page), ['CA3']);
        await until(() => page.shown() === undefined);
    });

    it('goes nowhere before it knows who asks', async (t) => {
        const page = await run(t, '/order/', { 'GET /v1/session':
            problem('token-expired', 401) });

        page.one('#number').value = id;
        assert.equal(page.send(), false);
        assert.equal(page.shown(), 'S04');
    });

    it('asks to sign in again where the list is refused', async (t) => {
        const page = await run(t, '/order/',
            { 'GET /v1/orders': problem('token-expired', 401) });

        assert.equal(page.shown(), 'S04');
    });

    it('finds an order by its number', async (t) => {
        const page = await run(t, '/order/', { 'GET /v1/orders': list([]),
            [path]: order() });

        page.one('#number').value = ` ${id.toLowerCase()} `;
        page.send();
        await until(() => page.one('[data-cancel]'));
        assert.equal(page.address.hash, `#order=${id}`);
        assert.ok(page.one('#number-err').hidden);
    });

    for (const number of ['', 'CA1', '20270115000001', `${id}/cancel`]) {
        it(`does not ask for “${number}”`, async (t) => {
            const page = await run(t, '/order/',
                { 'GET /v1/orders': list([]) });

            page.one('#number').value = number;
            page.send();
            assert.ok(!page.one('#number-err').hidden);
            assert.equal(document.activeElement, page.one('[data-errors]'));
            assert.equal(page.address.hash, '');
        });
    }
});
