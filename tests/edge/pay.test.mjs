// Orders are paid: what a buyer is told by each channel, what channels say of
// it, in any order and more than once, and what is never taken for a payment.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { certificate, form, json, short, stage } from './buyers.mjs';
import { alipayNotice, alipayRefund, bank, code, directives, files, gateway,
    gatewayOf, ids, keys, locations, wechatNotice, wechatRefund }
    from './channels.mjs';
import { serial } from './people.mjs';
import { scan } from './qr.mjs';
import { moment, suite, until } from './server.mjs';
import { Wire, ask } from './wire.mjs';


// A server with all channels, a buyer, and an order of 2500 fen.
async function shop(t, { port = 1, channels = ['alipay', 'wechat', 'transfer'],
    first = form(), ...options } = {}) {
    const staged = await stage(t, { http: channels.map((one) =>
        directives[one]).join('\n'), more: files,
    locations: { ...Object.fromEntries(Object.entries(locations)
        .filter(([place]) => channels.some((one) => place.includes(one)))),
    ...gatewayOf(port) }, ...options });
    const buyer = await staged.person();
    const { id } = json(await buyer.order(first));
    const { server } = staged;

    return { ...staged, buyer, id,
        state: async () => json(await buyer.get(`/${id}`)).state,
        events: async () => json(await buyer.get(`/${id}/events`)).events
            .map(({ event }) => event),
        say: async (request) => ask(server.port, request),
        charge: async (channel, more = {}) => ask(server.port,
            await buyer.request(`/v1/orders/${id}/payments`, {
                body: JSON.stringify({ channel }), ...more })),
        notices: async () => Object.fromEntries((await ask(server.port,
            { method: 'GET', target: '/metrics',
                headers: [['Host', 'ca.example.cn']] })).body.toString()
            .split('\n').filter((line) => /^caplat_notices.* [1-9]/.test(line))
            .map((line) => /="(.*?)".*="(.*?)"} (\d+)/.exec(line).slice(1))
            .map(([channel, outcome, count]) => [`${channel} ${outcome}`,
                Number(count)])),
        alarms: () => server.log().split('\n')
            .filter((line) => line.includes('[crit]')) };
}

const said = (answer) => `${answer.status} ${answer.body}`.trim();
const yes = { alipay: '200 success', wechat: '204' };
const paid = ['order.created', 'payment.received', 'platforms.opened'];


suite('an order is paid', { clock: true }, () => {
    for (const [channel, notice] of [['alipay', alipayNotice],
        ['wechat', wechatNotice]]) {
        it(`by ${channel}, once however often it is said`, async (t) => {
            const { id, say, state, events, notices, alarms, buyer, server }
                = await shop(t);
            const answer = await say(notice(id));

            assert.equal(said(answer), yes[channel]);
            assert.equal(answer.headers['cache-control'], 'no-store');
            assert.equal(await state(), 'opened');
            assert.deepEqual(json(await buyer.get(`/${id}`)).payment,
                { channel, amount: 2500, paid: moment });

            for (let i = 0; i < 3; i++) {
                assert.equal(said(await say(notice(id))), yes[channel]);
            }

            assert.deepEqual(await events(), paid);
            assert.deepEqual(alarms(), []);
            assert.deepEqual(await notices(), { [`${channel} booked`]: 1,
                [`${channel} booked-before`]: 3 });
            assert.match(await server.lines(2).then((lines) => lines[1]),
                new RegExp(`POST /v1/notify/${channel} .* order=${id}`));
            assert.doesNotMatch(server.access() + server.log(),
                /2088700000000007|oUpF8uMuAJO/);
        });
    }

    it('cancelled meanwhile: paid all the same', async (t) => {
        const { id, say, state, buyer } = await shop(t);

        assert.equal((await buyer.cancel(id)).status, 200);
        assert.equal(said(await say(wechatNotice(id))), yes.wechat);
        assert.equal(await state(), 'opened');
    });

    it('too late: paid all the same', async (t) => {
        const { id, say, state, clock } = await shop(t);

        clock(moment + 7200);
        assert.equal(await state(), 'lapsed');
        assert.equal(said(await say(alipayNotice(id))), yes.alipay);
        assert.equal(await state(), 'opened');
    });

    it('too late, and then not once more by the order after it', async (t) => {
        const { id, buyer, say, clock, server } = await shop(t);
        const pay = async (one, order) => short(await ask(server.port,
            await one.request(`/v1/orders/${order}/payments`,
                { body: '{"channel":"alipay"}' })));

        clock(moment + 7200);

        const next = json(await buyer.order(form())).id;

        assert.equal(await pay(buyer, next), '200');
        assert.equal(said(await say(alipayNotice(id))), yes.alipay);
        assert.equal(await pay(buyer, next), '422 platform-already-held');
    });

    it('of two orders for the same platforms, the one that is paid first',
        async (t) => {
            const { id, buyer, say, clock, alarms, notices, events }
                = await shop(t);
            const second = { trade_no: '2027011522001400000000000002' };

            clock(moment + 7200);

            const next = json(await buyer.order(form())).id;

            await say(alipayNotice(id));

            for (let i = 0; i < 2; i++) {
                assert.equal(said(await say(alipayNotice(next, second))),
                    yes.alipay);
            }

            assert.deepEqual((await events()).slice(-2), paid.slice(1));
            assert.equal(json(await buyer.get(`/${next}`)).state, 'created');
            assert.deepEqual(json(await buyer.get(`/${next}/events`)).events
                .map(({ event }) => event), ['order.created',
                'payment.unmatched']);
            assert.equal(alarms().length, 1);
            assert.match(alarms()[0], new RegExp(`channel=alipay order=${next}`
                + ` trade=${second.trade_no} amount=2500 why=held`));
            assert.deepEqual(await notices(), { 'alipay booked': 1,
                'alipay held': 2 });
        });

    it('for what is there in part: the rest is opened, a human must look',
        async (t) => {
            const { id, buyer, say, clock, alarms, notices, server }
                = await shop(t, { first: form({ platforms: ['jinzhou'],
                    amount: 1250 }) });

            clock(moment + 7200);

            const next = json(await buyer.order(form())).id;

            await say(alipayNotice(id, { total_amount: '12.50' }));

            for (let i = 0; i < 2; i++) {
                assert.equal(said(await say(wechatNotice(next, {},
                    { now: moment + 7200 }))), yes.wechat);
            }

            assert.equal(json(await buyer.get(`/${next}`)).state, 'opened');
            assert.equal(alarms().length, 1);
            assert.match(alarms()[0], /amount=2500 why=partly-held/);
            assert.deepEqual(await notices(), { 'alipay booked': 1,
                'wechat partly-held': 1, 'wechat booked-before': 1 });

            const { certificates: [{ held }] } = json(await ask(server.port,
                await buyer.request('/v1/session')));

            assert.ok(['chaoyang', 'jinzhou'].every((one) =>
                held.some(({ platform }) => platform === one)));
        });

    it('not for what a newer token has already', async (t) => {
        const { id, person, server } = await shop(t);
        const later = await person({ certs: [certificate(serial, {
            plat: ['anshan', 'jinzhou'] })] });
        const answer = await ask(server.port, await later.request(
            `/v1/orders/${id}/payments`, { body: '{"channel":"alipay"}' }));

        assert.equal(short(answer), '422 platform-already-held');
    });

    it('twice, by other payments: a human must look', async (t) => {
        const { id, say, state, events, notices, alarms } = await shop(t);
        const second = () => wechatNotice(id);

        await say(alipayNotice(id));
        assert.equal(said(await say(second())), yes.wechat);
        assert.equal(await state(), 'opened');
        assert.deepEqual(await events(), [...paid, 'payment.unmatched']);
        assert.equal(alarms().length, 1);
        assert.match(alarms()[0], new RegExp('channel=wechat '
            + `order=${id} trade=4200000001202701150000000001 amount=2500 `
            + 'why=twice'));

        // Said again it is no news.
        assert.equal(said(await say(second())), yes.wechat);
        assert.equal(alarms().length, 1);
        assert.deepEqual(await notices(), { 'alipay booked': 1,
            'wechat twice': 2 });
    });

    it('with another amount: not at all', async (t) => {
        const { id, say, state, events, notices, alarms } = await shop(t);

        for (let i = 0; i < 2; i++) {
            assert.equal(said(await say(alipayNotice(id,
                { total_amount: '24.99' }))), '200 fail');
        }

        const answer = await say(wechatNotice(id, { amount: { total: 1,
            currency: 'CNY' } }));

        assert.equal(answer.status, 500);
        assert.equal(json(answer).code, 'FAIL');
        assert.equal(await state(), 'created');
        assert.deepEqual(await events(), ['order.created',
            'payment.unmatched', 'payment.unmatched']);
        assert.equal(alarms().length, 2);
        assert.match(alarms()[0], /amount=2499 why=amount/);
        assert.deepEqual(await notices(), { 'alipay amount': 2,
            'wechat amount': 1 });

        // The right one comes after all.
        assert.equal(said(await say(alipayNotice(id))), yes.alipay);
        assert.equal(await state(), 'opened');
    });

    it('and goes back: the payment may be told after the refund', async (t) => {
        const { id, say, state, events, alarms } = await shop(t);

        assert.equal(said(await say(alipayRefund(id, 'R1'))), yes.alipay);
        assert.equal(await state(), 'created');
        assert.equal(said(await say(alipayRefund(id, 'R1'))), yes.alipay);
        assert.equal(said(await say(alipayNotice(id))), yes.alipay);
        assert.deepEqual((await events()).slice(0, 2), ['order.created',
            'refund.confirmed']);
        assert.match(alarms().join('\n'), /why=refunded/);
        assert.equal(await state(), 'created');
    });

    it('by both channels: each sends back what is its own', async (t) => {
        const { id, say, events } = await shop(t);

        await say(alipayNotice(id));
        await say(wechatNotice(id));
        await say(wechatRefund(id, 'W1', 2500));
        assert.equal(said(await say(alipayRefund(id, 'A1', '10.00'))),
            yes.alipay);
        assert.equal(said(await say(alipayRefund(id, 'A2', '25.00'))),
            yes.alipay);
        assert.deepEqual(await events(), [...paid, 'payment.unmatched',
            'refund.confirmed', 'refund.confirmed', 'refund.confirmed']);
    });

    it('by one channel, when the other has sent its own back', async (t) => {
        const { id, say, state, alarms } = await shop(t);

        await say(wechatRefund(id, 'W1', 2500));
        await say(wechatNotice(id));
        assert.match(alarms().join(), /channel=wechat .* why=refunded/);
        assert.equal(said(await say(alipayNotice(id))), yes.alipay);
        assert.equal(await state(), 'opened');
        assert.equal(alarms().length, 1);
    });

    it('and a part goes back', async (t) => {
        const { id, say, events } = await shop(t);

        await say(wechatNotice(id));
        assert.equal(said(await say(wechatRefund(id, 'R7', 1250))),
            yes.wechat);
        assert.deepEqual(await events(), [...paid, 'refund.confirmed']);
    });

    it('and cannot be sent back: a human must look', async (t) => {
        const { id, say, events, notices, alarms } = await shop(t);

        await say(wechatNotice(id));
        assert.equal(said(await say(wechatRefund(id, 'R8', 1250, {},
            'ABNORMAL'))), yes.wechat);
        assert.deepEqual(await events(), paid);
        assert.equal(alarms().length, 1);
        assert.match(alarms()[0], new RegExp(`what=refund channel=wechat order=${
            id} trade=R8 amount=1250 why=stuck`));
        assert.deepEqual(await notices(), { 'wechat booked': 1,
            'wechat stuck': 1 });
    });

    it('that is none: a human must look', async (t) => {
        const { say, notices, alarms } = await shop(t);

        assert.equal(said(await say(alipayNotice('CA20270115999999'))),
            '200 fail');
        assert.equal((await say(wechatNotice('X1'))).status, 500);
        assert.equal((await say(wechatRefund('X1', 'W1'))).status, 500);
        assert.match(alarms().join('\n'), new RegExp('human must look at '
            + 'what=payment channel=alipay order=CA20270115999999 .*no-order.*\n'
            + '.* what=payment channel=wechat .*\n'
            + '.* what=refund channel=wechat order=X1 trade=W1 amount=2500 '));

        // Nothing is recorded of what has no order: each is told.
        assert.equal((await say(wechatNotice('X1'))).status, 500);
        assert.deepEqual(await notices(), { 'alipay no-order': 1,
            'wechat no-order': 3 });
        assert.equal(alarms().length, 4);
    });

    it('by nobody who is not the channel', async (t) => {
        const { id, say, state, notices, alarms } = await shop(t);
        const other = { key: keys.app.privateKey };

        assert.equal(said(await say(alipayNotice(id, {}, other))), '200 fail');
        assert.equal((await say(wechatNotice(id, {}, other))).status, 401);
        assert.equal((await say(wechatNotice(id, {},
            { now: moment - 301 }))).status, 401);
        assert.equal(said(await say(alipayNotice(id, { app_id: '1' }))),
            '200 fail');
        assert.equal((await say(wechatNotice(id, { mchid: '1' }))).status,
            500);
        assert.equal(await state(), 'created');
        assert.equal(alarms().length, 2);
        assert.deepEqual(await notices(), { 'alipay forged': 1,
            'alipay unfit': 1, 'wechat forged': 2, 'wechat unfit': 1 });
    });

    it('by a notice of 16 KB, and none that is larger', async (t) => {
        const { id, say, state } = await shop(t);
        const fill = (size) => {
            const room = size - alipayNotice(id, { body: '' }).body.length;

            // No two signatures have as many `+` and `/`, three bytes each.
            return 'x'.repeat(room - 80);
        };
        const large = alipayNotice(id, { body: fill(17000) });

        assert.equal(said(await say(large)), '200 fail');
        assert.equal(said(await say({ ...large, headers: [
            ['Host', 'ca.example.cn'], ['Transfer-Encoding', 'chunked']],
        body: `${large.body.length.toString(16)}\r\n${large.body}\r\n0\r\n`
            + '\r\n' })), '200 fail');

        const huge = wechatNotice(id, { attach: 'x'.repeat(20000) });

        assert.equal((await say(huge)).status, 413);
        assert.equal(json(await say(huge)).code, 'FAIL');
        assert.equal(await state(), 'created');
        assert.equal(said(await say(alipayNotice(id,
            { body: fill(16384) }))), yes.alipay);
        assert.equal(await state(), 'opened');
    });

    it('by POST only, whatever it is', async (t) => {
        const { say } = await shop(t);

        assert.equal(short(await say({ method: 'GET',
            target: '/v1/notify/alipay?a=1', headers: [['Host', 'x']] })),
        '405 method-not-allowed');
    });
});


suite('a buyer pays', { clock: true }, () => {
    it('at Alipay, by an address', async (t) => {
        const { charge, id, server } = await shop(t);
        const answer = await charge('alipay');
        const { url, ...rest } = json(answer);
        const { origin, pathname, searchParams } = new URL(url);
        const { biz_content: content, ...params }
            = Object.fromEntries(searchParams);

        assert.equal(answer.status, 200);
        assert.equal(answer.headers['cache-control'], 'no-store');
        assert.deepEqual(rest, { channel: 'alipay', expires: moment + 1800 });
        assert.equal(origin + pathname,
            'https://openapi.alipay.com/gateway.do');
        assert.equal(params.notify_url,
            'https://ca.example.cn/v1/notify/alipay');
        assert.equal(params.return_url, 'https://ca.example.cn/apply/pay/');
        assert.equal(JSON.parse(content).out_trade_no, id);
        assert.equal(JSON.parse(content).total_amount, '25.00');
        assert.match((await server.lines(2))[1],
            new RegExp(`/payments 200 .*amount=2500 .*order=${id}`));
    });

    it('by bank transfer', async (t) => {
        const { charge, id } = await shop(t);

        assert.deepEqual(json(await charge('transfer')), { channel: 'transfer',
            ...bank, reference: id, expires: moment + 1800 });
    });

    it('with WeChat, by a code that its gateway makes', async (t) => {
        const front = await gateway(t, () => code());
        const { charge, id } = await shop(t, { port: front.port });

        const { qr, ...rest } = json(await charge('wechat'));

        assert.deepEqual(rest, { channel: 'wechat', code_url:
            'weixin://wxpay/bizpayurl?pr=CA20270115000001',
            expires: moment + 1800 });
        assert.equal(scan(qr), rest.code_url);

        const [{ method, url, headers, body }] = front.asked;

        assert.equal(`${method} ${url}`, 'POST /v3/pay/transactions/native');
        assert.equal(headers['content-type'], 'application/json');
        assert.equal(headers.accept, 'application/json');
        assert.equal(headers['wechatpay-serial'], ids.platform);
        assert.match(headers.authorization, /^WECHATPAY2-SHA256-RSA2048 /);
        assert.equal(JSON.parse(body).out_trade_no, id);

        // Nothing of the buyer's goes out.
        assert.deepEqual(Object.keys(headers).sort(), ['accept',
            'authorization', 'connection', 'content-length', 'content-type',
            'host', 'user-agent', 'wechatpay-serial']);

        // Asked again, the gateway is asked again.
        assert.equal((await charge('wechat')).status, 200);
        assert.equal(front.asked.length, 2);
    });

    it('with WeChat, by a code that ends before the order does', async (t) => {
        const front = await gateway(t, () => code());
        const { charge } = await shop(t, { port: front.port,
            first: form({ channel: 'transfer' }) });

        assert.equal(json(await charge('wechat')).expires, moment + 7200);
        assert.equal(json(await charge('alipay')).expires,
            moment + 7 * 86400);
    });

    it('by a channel that there is, in words that are right', async (t) => {
        const { charge, buyer, id, server } = await shop(t,
            { channels: ['alipay'] });
        const post = async (to, body) => short(await ask(server.port,
            await buyer.request(`/v1/orders/${to}/payments`, { body })));

        assert.equal(short(await charge('wechat')), '422 validation-failed');
        assert.equal(short(await charge('cash')), '422 validation-failed');
        assert.equal(await post(id, '{"channel":"alipay","x":1}'),
            '422 validation-failed');
        assert.equal(await post(id, '{"channel":"alipay"'),
            '400 request-malformed');
        assert.equal(await post('CA20270115000009', '{"channel":"alipay"}'),
            '404 order-not-found');
        assert.equal(await post('nothing', '{"channel":"alipay"}'),
            '404 order-not-found');
    });

    it('what can be paid, and what is hers', async (t) => {
        const { charge, buyer, id, person, server, say } = await shop(t);
        const stranger = await person({ sub: 'u-other',
            certs: [certificate('X1')] });

        assert.equal(short(await ask(server.port, await stranger.request(
            `/v1/orders/${id}/payments`, { body: '{"channel":"alipay"}' }))),
        '404 order-not-found');

        await say(alipayNotice(id));

        const again = await charge('alipay');

        assert.equal(short(again), '409 order-state-conflict');
        assert.equal(json(again).state, 'opened');
        assert.equal(short(await charge('wechat')),
            '409 order-state-conflict');
        assert.equal(short(await ask(server.port, await buyer.request(
            `/v1/orders/${id}/payments`))), '405 method-not-allowed');
    });

    it('by what the session says', async (t) => {
        const { buyer, server } = await shop(t,
            { channels: ['transfer', 'alipay'] });

        assert.deepEqual(json(await ask(server.port,
            await buyer.request('/v1/session'))).channels,
        ['alipay', 'transfer']);
    });
});


suite("WeChat's gateway", { clock: true }, () => {
    const refusal = (status, body, headers) => ({ status, body, headers });
    const right = code().body;

    for (const [words, answer] of Object.entries({
        'is not WeChat': () => code('X', { key: keys.app.privateKey }),
        'signs with another key': () => code('X', { serial: 'PUB_KEY_ID_2' }),
        'does not sign': () => refusal(200, right),
        'is a replay': () => code('X', { now: moment - 301 }),
        'says no': () => refusal(400, '{"code":"PARAM_ERROR","message":"x"}'),
        'is out of order': () => refusal(503, 'x'),
        'speaks no JSON': () => refusal(200, 'no'),
        'says nothing': () => refusal(200, ''),
        'sends us elsewhere': () => refusal(302, '',
            [['Location', 'http://127.0.0.1/']]),
        'tells too much': () => refusal(200, JSON.stringify(
            { code_url: 'x'.repeat(100000) })),
        'tells too much, by and by': () => Buffer.from('HTTP/1.1 200 OK\r\n'
            + `Connection: close\r\n\r\n${'x'.repeat(100000)}`),
        'speaks no HTTP': () => Buffer.from('hello\r\n\r\n'),
        'hangs up': () => Buffer.alloc(0),
        'moves us by a field of nginx': () => refusal(200, right,
            [['X-Accel-Redirect', '/v1/prices']]),
    })) {
        it(`${words}: no code, and the order is as it was`, async (t) => {
            const front = await gateway(t, answer);
            const { charge, state, server } = await shop(t,
                { port: front.port });
            const got = await charge('wechat');

            assert.equal(short(got), '502 payment-unavailable');
            assert.equal(json(got).reason, undefined);
            assert.match(got.headers['retry-after'], /^\d+$/);
            assert.equal(await state(), 'created');
            assert.equal(front.asked.length, 1);
            assert.match((await server.lines(2))[1],
                /payments 502 reason=gateway-(answer|silent)/);
            assert.match(server.log(), /\[warn\].*no code of WeChat's gateway/);
        });
    }

    it('knows that it is paid, and we do not yet', async (t) => {
        const front = await gateway(t, () => refusal(400,
            '{"code":"ORDERPAID","message":"x"}'));
        const { id, charge, say, state, server } = await shop(t,
            { port: front.port });
        const got = await charge('wechat');

        assert.equal(short(got), '502 payment-unavailable');
        assert.equal(json(got).reason, 'order-paid');
        assert.match(got.headers['retry-after'], /^\d+$/);
        assert.match((await server.lines(2))[1], /reason=order-paid/);
        assert.equal(await state(), 'created');

        // The notice is late; nothing else counts.
        await say(wechatNotice(id));
        assert.equal(await state(), 'opened');
    });

    it('is down', async (t) => {
        const front = await gateway(t, () => code());

        front.close();

        const { charge } = await shop(t, { port: front.port });

        assert.equal(short(await charge('wechat')),
            '502 payment-unavailable');
    });

    it('hangs: others are answered, who waits gets 502', async (t) => {
        const front = await gateway(t, () => undefined);
        const { charge, state } = await shop(t, { port: front.port });
        const waiting = Array.from({ length: 20 }, () => charge('wechat'));

        await until('20 questions', () => front.asked.length === 20);

        for (let i = 0; i < 20; i++) {
            assert.equal((await charge('alipay')).status, 200);
        }

        assert.equal(await state(), 'created');
        assert.equal(front.sockets.size, 20);
        assert.deepEqual(new Set((await Promise.all(waiting)).map(short)),
            new Set(['502 payment-unavailable']));
    });

    it('is slow: who leaves meanwhile does no harm', async (t) => {
        const release = [];
        const front = await gateway(t, () => new Promise((resolve) => {
            release.push(() => resolve(code()));
        }));
        const { buyer, charge, id, state, server } = await shop(t,
            { port: front.port });

        for (let i = 0; i < 3; i++) {
            const wire = new Wire(server.port);

            wire.ask(await buyer.request(`/v1/orders/${id}/payments`,
                { body: '{"channel":"wechat"}' })).catch(() => {});
            await until('a question', () => release.length === i + 1);
            wire.close();
        }

        await until('three that have left', () => server.access()
            .split('payments 499').length === 4);
        release.forEach((one) => one());

        const last = charge('wechat');

        await until('the last question', () => release.length === 4);
        release[3]();
        assert.equal((await last).status, 200);
        assert.equal(await state(), 'created');
        assert.doesNotMatch(server.log(), /\[(alert|emerg)\]/);
    });
});
