// How a page asks the server, and by what name it knows each refusal.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { EmbeddedJWK, decodeJwt, jwtVerify } from 'jose';

import { clock, close, example, idle, json, lost, problem, silence, stage,
    until } from './stage.mjs';

const at = '/v1/session';
const session = example('get /v1/session');
const nonceAsked = (nonce) => problem('dpop-nonce-required', 401, {},
    { 'DPoP-Nonce': nonce });
const said = ({ headers }) => decodeJwt(headers.get('DPoP'));
const refusal = (status, body, type = 'text/html') => new Response(body,
    { status, headers: { 'Content-Type': type } });


describe('api.js', () => {
    const scene = stage();

    async function open(t, answers, browser) {
        const page = scene.page(t, '/apply/', answers, browser);

        return { ...page, ...await page.load('api') };
    }

    it('signs each request anew', async (t) => {
        const { ask, asked } = await open(t, { [`GET ${at}`]: json(session) });

        assert.deepEqual(await ask('GET', at, { token: 'abc' }), session);
        await ask('GET', at, { token: 'abc' });

        for (const { headers, cache, credentials, body } of asked) {
            assert.equal(headers.get('Authorization'), 'DPoP abc');
            assert.equal(headers.get('Content-Type'), null);
            assert.equal(headers.get('Idempotency-Key'), null);
            assert.equal(cache, 'no-store');
            assert.equal(credentials, 'same-origin');
            assert.equal(body, undefined);
        }

        const { payload } = await jwtVerify(asked[0].headers.get('DPoP'),
            EmbeddedJWK);

        assert.equal(payload.htm, 'GET');
        assert.ok(payload.ath);
        assert.notEqual(said(asked[0]).jti, said(asked[1]).jti);
    });

    it('signs the bytes that it sends', async (t) => {
        const { ask, asked } = await open(t,
            { 'POST /v1/orders': json(example('post /v1/orders'), 201) });
        const body = { certificate: 'JK20219332345678', title: '某某公司' };

        await ask('POST', '/v1/orders', { token: 'abc', body, key: 'once' });

        const [{ headers, text }] = asked;
        const hash = Buffer.from(await crypto.subtle.digest('SHA-256',
            new TextEncoder().encode(text))).toString('base64');

        assert.deepEqual(JSON.parse(text), body);
        assert.equal(headers.get('Content-Type'), 'application/json');
        assert.equal(headers.get('Idempotency-Key'), 'once');
        assert.equal(said(asked[0])['content-digest'], `sha-256=:${hash}:`);
    });

    it('repeats once with the nonce that is asked for', async (t) => {
        const { ask, asked } = await open(t, { 'POST /v1/orders':
            [nonceAsked('n-1'), json(example('post /v1/orders'), 201)] });
        const { id } = await ask('POST', '/v1/orders',
            { token: 'abc', body: { amount: 0 }, key: 'once' });

        assert.equal(id, 'CA20270115000001');
        assert.deepEqual(asked.map((one) => said(one).nonce),
            [undefined, 'n-1']);
        assert.equal(asked[0].text, asked[1].text);
        assert.equal(asked[1].headers.get('Idempotency-Key'), 'once');
        assert.notEqual(said(asked[0]).jti, said(asked[1]).jti);
    });

    it('gives up where the nonce is refused too', async (t) => {
        const { ask, asked } = await open(t, { [`GET ${at}`]:
            [nonceAsked('n-1'), nonceAsked('n-2'), json(session)] });

        await assert.rejects(ask('GET', at),
            { name: 'dpop-nonce-required', status: 401 });
        assert.equal(asked.length, 2);
    });

    // A browser sends again by itself what a connection has lost.
    it('signs anew what the server has had already', async (t) => {
        const used = problem('proof-replayed', 401);
        const { ask, asked } = await open(t, { 'POST /v1/orders':
            [nonceAsked('n-1'), used, json(example('post /v1/orders'), 201)],
        [`GET ${at}`]: used });
        const { id } = await ask('POST', '/v1/orders',
            { token: 'abc', body: { amount: 0 }, key: 'once' });

        assert.equal(id, 'CA20270115000001');
        assert.deepEqual(asked.map(({ headers }) =>
            headers.get('Idempotency-Key')), ['once', 'once', 'once']);
        assert.equal(new Set(asked.map((one) => said(one).jti)).size, 3);
        await assert.rejects(ask('GET', at), { name: 'proof-replayed' });
        assert.equal(asked.length, 5);
    });

    it('keeps the newest nonce, for the next page too', async (t) => {
        const browser = {};
        const answers = () => ({ [`GET ${at}`]: [nonceAsked('n-1'),
            json(session, 200, { 'DPoP-Nonce': 'n-2' }), json(session)] });
        const first = await open(t, answers(), browser);

        await first.ask('GET', at);
        await first.ask('GET', at);
        assert.deepEqual(first.asked.map((one) => said(one).nonce),
            [undefined, 'n-1', 'n-2']);

        const second = await open(t, { [`GET ${at}`]: json(session) },
            browser);

        await second.ask('GET', at);
        assert.equal(said(second.asked[0]).nonce, 'n-2');
    });

    it('does without storage', async (t) => {
        const { ask, asked } = await open(t, { [`GET ${at}`]:
            [nonceAsked('n-1'), json(session)] });

        close(t, 'sessionStorage');
        assert.deepEqual(await ask('GET', at), session);
        assert.equal(said(asked[1]).nonce, 'n-1');
    });

    it('looks without a proof at what is public', async (t) => {
        const { look, asked } = await open(t,
            { 'GET /v1/token': json(example('get /v1/token')) });

        assert.equal((await look('/v1/token')).way, 'demo');
        assert.equal(asked[0].headers.get('DPoP'), null);
    });

    it('gives text as it is', async (t) => {
        const { ask } = await open(t, { 'GET /r': refusal(200,
            'c2sp.org/tlog-proof@v1\n', 'text/plain') });

        assert.equal(await ask('GET', '/r'), 'c2sp.org/tlog-proof@v1\n');
    });

    for (const [words, answer, wanted] of [
        ['a problem by its name',
            () => problem('price-changed', 409, { amount: 7 }),
            { name: 'price-changed', status: 409, passes: false, amount: 7 }],
        ['too many requests', () => problem('rate-limited', 429),
            { name: 'rate-limited', status: 429, passes: true }],
        ['a request that is still at work',
            () => problem('idempotency-in-progress', 409),
            { name: 'idempotency-in-progress', status: 409, passes: true }],
        ['a fault of the server', () => problem('internal-error', 500),
            { name: 'internal-error', status: 500, passes: true }],
        ['a page of a server in between',
            () => refusal(502, '<h1>Bad Gateway</h1>'),
            { name: 'busy', status: 502, passes: true }],
        ['a page that forbids', () => refusal(403, '<h1>Forbidden</h1>'),
            { name: 'busy', status: 403, passes: false }],
        ['JSON without a type', () => json({ error: 'x' }, 400),
            { name: 'busy', status: 400, passes: false }],
        ['no network', lost, { name: 'net', status: 0, passes: true }],
    ]) {
        it(`knows ${words}`, async (t) => {
            const { ask, asked, Problem } = await open(t,
                { 'POST /v1/orders': answer });
            const fault = await ask('POST', '/v1/orders', { body: {} })
                .catch((error) => error);
            const { amount, ...rest } = wanted;

            assert.ok(fault instanceof Problem);
            assert.deepEqual({ name: fault.name, status: fault.status,
                passes: fault.passes }, rest);
            assert.equal(fault.body.amount, amount);
            assert.equal(asked.length, 1);
        });
    }

    for (const [method, seconds] of [['GET', 8], ['POST', 15]]) {
        it(`waits for ${seconds} s of a ${method}, not for ever`, async (t) => {
            const { ask, asked } = await open(t,
                { [`${method} ${at}`]: silence });
            const time = clock(t, 1800000000);
            let fault;

            ask(method, at).catch((error) => { fault = error; });
            await until(() => asked.length === 1);
            time.pass(seconds - 1);
            await idle();
            assert.equal(fault, undefined);
            time.pass(2);
            await until(() => fault);
            assert.equal(fault.name, 'net');
        });
    }

    it('leaves no timer behind an answer', async (t) => {
        const { ask } = await open(t, { [`GET ${at}`]: json(session) });
        const time = clock(t, 1800000000);

        await ask('GET', at);
        assert.equal(time.waiting, 0);
    });

    it('says so where the body breaks off', async (t) => {
        const { ask } = await open(t, { [`GET ${at}`]: () => new Response(
            new ReadableStream({ start(body) {
                body.enqueue(new TextEncoder().encode('{"role":'));
                body.error(new TypeError('network error'));
            } }), { headers: { 'Content-Type': 'application/json' } }) });

        await assert.rejects(ask('GET', at), { name: 'net', status: 0 });
    });

    for (const [words, body, type] of [
        ['half a document', '{"role":', 'application/json'],
        ['no document', 'null', 'application/json'],
        ['a page', '<title>Hotel</title>', 'text/html'],
    ]) {
        it(`takes ${words} in the answer's stead for none`, async (t) => {
            for (const status of [200, 503]) {
                const { ask, Problem } = await open(t, { [`GET ${at}`]: () =>
                    refusal(status, body, type) });
                const fault = await ask('GET', at).catch((error) => error);

                assert.ok(fault instanceof Problem, `${status}: ${fault}`);
                assert.ok(fault.passes);
            }
        });
    }
});
