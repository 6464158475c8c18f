// The demo's cashier: it signs notices as the channels do, and answers as
// WeChat's gateway, for whoever listens on loopback alone.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { json, short, stage } from './buyers.mjs';
import { directives, files, keys, locations } from './channels.mjs';
import { identity } from './people.mjs';
import { conf, lay, moment, once, suite, usual } from './server.mjs';
import { ask } from './wire.mjs';

const cashier = 'caplat_cashier alipay_key=alipay.sec.pem '
    + 'wechat_key=wechat.sec.pem';
const secrets = { ...files, 'alipay.sec.pem': keys.alipay.privateKey,
    'wechat.sec.pem': keys.wechat.privateKey };
const both = directives.alipay + directives.wechat;
const places = { ...locations, '= /demo/cashier/notice': `${cashier};`,
    '= /demo/cashier/gateway':
        'caplat_cashier gateway wechat_key=wechat.sec.pem;' };


suite("the demo's cashier", { clock: true }, () => {
    const open = async (t) => {
        const staged = await stage(t, { http: both, more: secrets,
            locations: { ...places, '= /internal/pay': 'internal; proxy_pass '
                + 'http://127.0.0.1:$server_port/demo/cashier/gateway;' } });
        const buyer = await staged.person();
        const { id } = json(await buyer.order());
        const post = (target, body, headers = { 'Content-Type':
            'application/json' }) => ask(staged.server.port, { method: 'POST',
            target, body, headers: [['Host', 'ca.example.cn'],
                ...Object.entries(headers),
                ['Content-Length', String(Buffer.byteLength(body))]] });

        return { ...staged, buyer, id, post,
            make: (said) => post('/demo/cashier/notice', JSON.stringify(
                { order: id, amount: 2500, event: 'paid', ...said })),
            send: ({ target, headers, body }) => post(target, body, headers),
            order: async () => json(await buyer.get(`/${id}`)) };
    };

    for (const channel of ['alipay', 'wechat']) {
        it(`pays by ${channel}, twice, and sends it back`, async (t) => {
            const { make, send, order, buyer, id } = await open(t);
            const notice = json(await make({ channel }));

            assert.deepEqual(Object.keys(notice),
                ['target', 'headers', 'body']);
            assert.equal(notice.target, `/v1/notify/${channel}`);

            for (let i = 0; i < 2; i++) {
                assert.match(String((await send(notice)).status), /^20[04]$/);
            }

            const { state, payment } = await order();

            assert.equal(state, 'opened');
            assert.deepEqual(payment, { channel, amount: 2500, paid: moment });

            // Another payment of the same order, and a refund.
            await send(json(await make({ channel })));
            await send(json(await make({ channel, event: 'refunded',
                amount: 1250, trade: 'R-1' })));
            assert.deepEqual(json(await buyer.get(`/${id}/events`)).events
                .map(({ event }) => event), ['order.created',
                'payment.received', 'platforms.opened', 'payment.unmatched',
                'refund.confirmed']);
        });
    }

    it("is WeChat's gateway for our merchant, and nobody else",
        async (t) => {
            const { buyer, id, post, server } = await open(t);
            const answer = await ask(server.port, await buyer.request(
                `/v1/orders/${id}/payments`, { body:
                    '{"channel":"wechat"}' }));

            assert.equal(answer.status, 200, answer.body);
            assert.equal(json(answer).code_url,
                `weixin://wxpay/bizpayurl?pr=${id}`);

            for (const authorization of [undefined, 'x',
                'WECHATPAY2-SHA256-RSA2048 nonce_str="x",timestamp="1",x="',
                'WECHATPAY2-SHA256-RSA2048 mchid="1900000001",nonce_str="x",'
                + `timestamp="${moment}",serial_no="1",signature="eA=="`]) {
                const got = await post('/demo/cashier/gateway',
                    JSON.stringify({ out_trade_no: id }), {
                        'Content-Type': 'application/json',
                        ...(authorization && { Authorization:
                            authorization }) });

                assert.equal(got.status, 401);
                assert.equal(json(got).code, 'SIGN_ERROR');
            }
        });

    it('is asked in words that are right', async (t) => {
        const { make, post } = await open(t);

        for (const said of [{ channel: 'transfer' }, { channel: 1 }, {},
            { channel: 'alipay', amount: 0 }, { channel: 'alipay', x: 1 },
            { channel: 'alipay', event: 'lost' },
            { channel: 'alipay', order: 'a b' },
            { channel: 'wechat', trade: 'a"b' }]) {
            assert.equal(short(await make(said)), '422 validation-failed',
                JSON.stringify(said));
        }

        assert.equal(short(await post('/demo/cashier/notice', '{')),
            '400 request-malformed');
    });
});


suite('nginx -t of the cashier', {}, () => {
    const check = async (t, { place = `${cashier};`, http = both,
        listen = '127.0.0.1:1', notify = locations }) => {
        const { folder, put } = lay(t, { 'jwks-issuer.json': (await identity())
            .jwks, ...secrets });

        put('nginx.conf', conf({ listen: [listen], http, locations: {
            ...notify, '= /demo/cashier/notice': place } }));

        return once(folder, ['-t'], usual);
    };

    it('warns on loopback, and refuses the world', async (t) => {
        const { status, words } = await check(t, {});

        assert.equal(status, 0, words);
        assert.match(words, /\[warn\].*"caplat_cashier" lets everybody pay /);

        const world = await check(t, { listen: '0.0.0.0:1' });

        assert.equal(world.status, 1);
        assert.match(world.words, new RegExp('"caplat_cashier" lets everybody '
            + 'pay with nothing, and the server listens on 0\\.0\\.0\\.0:1, '
            + 'which is not loopback'));
        assert.equal((await check(t, { listen: '0.0.0.0:1',
            place: `${cashier.replace(' ', ' forced ')};` })).status, 0);
    });

    for (const [words, change, said] of [
        ['no key', { place: 'caplat_cashier forced;' },
            /"caplat_cashier" needs "alipay_key=" or "wechat_key="/],
        ['a gateway without its key', { place:
            'caplat_cashier gateway alipay_key=alipay.sec.pem;' },
        /"caplat_cashier gateway" needs "wechat_key="/],
        ['a word that is unknown', { place: `${cashier} x;` },
            /parameter "x" of "caplat_cashier": unknown/],
        ['a channel that is not configured', { http: '', notify: {} },
            /"caplat_cashier" needs "caplat_pay_alipay"/],
        ['a public key', { place: 'caplat_cashier alipay_key=alipay.pem;' },
            /alipay.pem:\d+:\d+: /],
    ]) {
        it(`refuses ${words}`, async (t) => {
            const got = await check(t, change);

            assert.equal(got.status, 1, got.words);
            assert.match(got.words, said);
        });
    }
});
