// What the server answers is what openapi.yaml says: each status is one of its
// route's, each content is of its type and fits its schema.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';

import { root } from '../site/server.mjs';
import { form } from './buyers.mjs';
import { alipayNotice, directives, files, locations, wechatNotice }
    from './channels.mjs';
import { byBrowser, byServer, claims, content, digest, holders, identity, pair,
    partner, proof, question, serial } from './people.mjs';
import { edge, moment, sighted, staged, suite } from './server.mjs';
import { ask } from './wire.mjs';

const api = parse(readFileSync(path.join(root,
    'ngx_caplat_module/openapi.yaml'), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true });

formats.default(ajv);
ajv.addSchema({ ...api, $id: 'api' });

// Where a pointer within the document leads to, through a reference.
function resolve(pointer) {
    const value = pointer.split('/').slice(1).reduce((at, key) =>
        at[key.replaceAll('~1', '/')], api);

    return value.$ref === undefined ? { value, pointer }
        : resolve(value.$ref);
}

const step = (key) => key.replaceAll('/', '~1');

function check(pointer, value) {
    const fits = ajv.getSchema(`api${pointer}`);

    assert.ok(fits(value), `${ajv.errorsText(fits.errors)}\n${
        JSON.stringify(value)}`);
}

const host = ['Host', 'ca.example.cn'];
const order = JSON.parse(form());
const transfer = { channel: 'transfer', trade: 'B1', amount: 2500,
    paid: moment };
const key36 = ['Idempotency-Key', '"7d2c3a5e-6a1f-4a0e-9d54-2a1f6f0c9b11"'];
const another = ['Idempotency-Key', 'b2f0a1de-3c55-4a0e-9d54-2a1f6f0c9b12'];
const asked = new Set();        // 'GET /v1/prices 200'

suite('answers are as openapi.yaml says', { clock: true }, () => {
    let server;
    let key;
    let peer;
    let books;
    let token;
    let peerToken;
    let weak;
    let id;

    staged(async (undo) => {
        const issuer = await identity();

        key = await pair();
        peer = await partner('erp-1', 'Ed25519', { platforms: ['huachen'] });
        books = await partner('books-1');
        token = await issuer.token(claims(key.thumbprint));
        weak = await issuer.token(claims(key.thumbprint, { scope: 'x' }));
        peerToken = await issuer.token(claims(peer.thumbprint,
            { client_id: 'erp-1' }));
        server = await edge(undo, { clock: moment - sighted, partners: true,
            http: Object.values(directives).join('\n'),
            locations: { ...locations, '= /v1/token': 'caplat_sign_in demo '
                + 'registry=holders.json key=issuer.json;' },
            files: { ...files, 'jwks-issuer.json': issuer.jwks,
                'jwks-partners.json': { keys: [peer.public,
                    { ...books.public, scope: 'ca:admin' }] },
                'issuer.json': issuer.secret, 'holders.json': holders } });
        server.clock(moment);
        id = JSON.parse((await ask(server.port, await ordered(order))).body)
            .id;
    });

    // Ask, and compare with what the route promises.
    async function fits(where, status, request) {
        const [method, place] = where.split(' ');
        const all = `#/paths/${step(place)}/${method.toLowerCase()}/responses`;
        const answer = await ask(server.port, await request);
        const words = answer.body.toString();

        assert.equal(answer.status, status, words);
        assert.ok(status in resolve(all).value,
            `${where} promises no ${status}`);
        asked.add(`${where} ${status}`);

        const response = resolve(`${all}/${status}`);

        if (response.value.content === undefined) {
            assert.equal(words, '');
            return;
        }

        const [type] = answer.headers['content-type'].split(';');

        assert.ok(type in response.value.content,
            `${where} ${status} promises no ${type}`);

        if (type.endsWith('json')) {
            check(`${response.pointer}/content/${step(type)}/schema`,
                JSON.parse(words));
        }
    }

    const plain = (method, target, body, headers = []) => ({ method, target,
        body, headers: [host, ...content(body), ...headers] });
    const browser = (target, body, more = {}) => byBrowser(key,
        { target, token, body, ...more });
    const ordered = (body, more = {}) => browser('/v1/orders',
        JSON.stringify(body), { headers: [key36], ...more });
    const ticket = async (body) => ({ method: 'POST', target: '/v1/token',
        body, headers: [host, ['DPoP', await proof(key,
            { target: '/v1/token', body })], ...content(body)] });
    const charge = (channel) => browser(`/v1/orders/${id}/payments`,
        JSON.stringify({ channel }));
    const book = (what, body, who = books) => byServer(who, { target:
        `/v1/orders/${id}/${what}`, body: JSON.stringify(body) });
    const openings = (id) => `/v1/platforms/${id.replace(/\?|$/,
        '/openings$&')}`;
    const price = '/v1/prices?city=210100&months=3';

    for (const [where, status, words, request] of [
        ['GET /v1/prices', 200, 'a price',
            () => plain('GET', `${price}&add=jinzhou`)],
        ['GET /v1/prices', 304, 'the same card', () => plain('GET',
            `${price}&add=jinzhou`, undefined, [['If-None-Match', '*']])],
        ['GET /v1/prices', 400, 'no city', () => plain('GET', '/v1/prices')],
        ['GET /v1/prices', 422, 'nothing chosen', () => plain('GET', price)],
        ['GET /v1/prices', 422, 'held', () => plain('GET',
            `${price}&held=jinzhou&add=jinzhou`)],
        ['POST /v1/prices', 200, 'all of the card', () => byServer(peer,
            { target: '/v1/prices', body: '{}' })],
        ['POST /v1/prices', 200, 'some', () => byServer(peer,
            { target: '/v1/prices', body: question })],
        ['POST /v1/prices', 401, 'nobody',
            () => plain('POST', '/v1/prices', '{}')],
        ['POST /v1/prices', 403, 'a weak token', () => browser('/v1/prices',
            '{}', { token: weak })],
        ['POST /v1/prices', 422, 'none such', () => byServer(peer,
            { target: '/v1/prices', body: '{"platforms":["x"]}' })],
        ['POST /v1/quotes', 200, 'a quote',
            () => browser('/v1/quotes', question)],
        ['POST /v1/quotes', 400, 'no JSON', () => browser('/v1/quotes', '{')],
        ['POST /v1/quotes', 400, 'another digest', () => browser('/v1/quotes',
            question, { changes: { 'content-digest': digest('{}') } })],
        ['POST /v1/quotes', 401, 'nobody',
            () => plain('POST', '/v1/quotes', question)],
        ['POST /v1/quotes', 401, 'an old proof', () => browser('/v1/quotes',
            question, { now: moment - 400 })],
        ['POST /v1/quotes', 403, 'a weak token', () => browser('/v1/quotes',
            question, { token: weak })],
        ['POST /v1/quotes', 403, 'a foreign certificate',
            () => browser('/v1/quotes',
                '{"certificate":"X","platforms":["jinzhou"]}')],
        ['POST /v1/quotes', 413, 'too much', () => browser('/v1/quotes',
            JSON.stringify({ x: 'x'.repeat(17000) }))],
        ['POST /v1/quotes', 415, 'a form', () => ({ ...plain('POST',
            '/v1/quotes'), body: 'a=1', headers: [host, ['Content-Type',
                'application/x-www-form-urlencoded'],
            ['Content-Length', '3']] })],
        ['POST /v1/quotes', 422, 'faults', () => browser('/v1/quotes',
            '{"certificate":1,"platforms":["x",2],"more":true}')],
        ['POST /v1/orders', 400, 'no key', () => ordered(order,
            { headers: [] })],
        ['POST /v1/orders', 201, 'an order, told again',
            () => ordered(order)],
        ['POST /v1/orders', 409, 'another price', () => ordered({ ...order,
            amount: 1 }, { headers: [another] })],
        ['POST /v1/orders', 409, 'one that waits', () => ordered(order,
            { headers: [another] })],
        ['POST /v1/orders', 422, 'another order', () => ordered({ ...order,
            channel: 'wechat' })],
        ['POST /v1/orders', 422, 'faults', () => ordered({ ...order,
            invoice: { issue: true, type: 'x', email: 'a' } })],
        ['GET /v1/orders', 200, 'the list', () => browser('/v1/orders')],
        ['GET /v1/orders', 200, 'a page', () => browser(
            '/v1/orders?state=created&limit=1')],
        ['GET /v1/orders', 422, 'no such state', () => browser(
            '/v1/orders?state=x')],
        ['GET /v1/orders', 403, 'a weak token', () => browser('/v1/orders',
            undefined, { token: weak })],
        ['GET /v1/orders/{id}', 200, 'the order',
            () => browser(`/v1/orders/${id}`)],
        ['GET /v1/orders/{id}/events', 200, 'its events',
            () => browser(`/v1/orders/${id}/events`)],
        ['GET /v1/orders/{id}/events', 404, 'none such',
            () => browser('/v1/orders/CA20270115999999/events')],
        ['GET /v1/orders/{id}/receipt', 200, 'its receipt',
            () => browser(`/v1/orders/${id}/receipt`)],
        ['GET /v1/orders/{id}/receipt', 405, 'written to',
            () => browser(`/v1/orders/${id}/receipt`, '{}')],
        ['GET /log/checkpoint', 200, 'the checkpoint',
            () => plain('GET', '/log/checkpoint')],
        ['GET /log/vkey', 200, 'the key', () => plain('GET', '/log/vkey')],
        ['GET /log/tile/{level}/{number}', 200, 'a tile',
            () => plain('GET', '/log/tile/0/000.p/1')],
        ['GET /log/tile/{level}/{number}', 404, 'none such',
            () => plain('GET', '/log/tile/0/001')],
        ['GET /log/tile/entries/{number}', 200, 'entries',
            () => plain('GET', '/log/tile/entries/000.p/1')],
        ['POST /v1/orders/{id}/payments', 200, 'an address',
            () => charge('alipay')],
        ['POST /v1/orders/{id}/payments', 200, 'an account',
            () => charge('transfer')],
        ['POST /v1/orders/{id}/payments', 502, 'no gateway',
            () => charge('wechat')],
        ['POST /v1/orders/{id}/payments', 422, 'no channel',
            () => charge('cash')],
        ['POST /v1/orders/{id}/payments', 404, 'another\'s',
            () => book('payments', { channel: 'alipay' }, peer)],
        ['POST /v1/orders/{id}/cancel', 400, 'with words', () => browser(
            `/v1/orders/${id}/cancel`, '{"why":"x"}')],
        ['POST /v1/orders/{id}/cancel', 200, 'cancelled', () => browser(
            `/v1/orders/${id}/cancel`, '{}')],
        ['POST /v1/orders/{id}/payments', 409, 'cancelled',
            () => charge('alipay')],
        ['POST /v1/orders/{id}/payment', 403, 'not the books',
            () => book('payment', transfer, peer)],
        ['POST /v1/orders/{id}/payment', 422, 'another channel',
            () => book('payment', { ...transfer, channel: 'alipay' })],
        ['POST /v1/orders/{id}/payment', 409, 'too little',
            () => book('payment', { ...transfer, amount: 1 })],
        ['POST /v1/orders/{id}/payment', 200, 'booked',
            () => book('payment', transfer)],
        ['POST /v1/orders/{id}/invoice', 200, 'booked',
            () => book('invoice', { number: '1', day: '2027-01-15' })],
        ['POST /v1/orders/{id}/invoice', 409, 'another one',
            () => book('invoice', { number: '2', day: '2027-01-15' })],
        ['POST /v1/notify/alipay', 200, 'taken', () => alipayNotice(id)],
        ['POST /v1/notify/alipay', 200, 'not taken', () => alipayNotice('X')],
        ['POST /v1/notify/wechat', 204, 'taken', () => wechatNotice(id)],
        ['POST /v1/notify/wechat', 401, 'late', () => wechatNotice(id, {},
            { now: 1 })],
        ['POST /v1/notify/wechat', 500, 'of none', () => wechatNotice('X')],
        ['GET /v1/orders/{id}', 404, 'none such',
            () => browser('/v1/orders/CA1')],
        ['GET /v1/orders/{id}', 404, 'a partner\'s', () => byServer(peer,
            { target: '/v1/orders/CA1' })],
        ['GET /v1/orders/{id}', 401, 'nobody',
            () => plain('GET', '/v1/orders/CA1')],
        ['GET /v1/platforms/{id}/openings', 200, 'openings',
            () => byServer(peer, { target: openings('huachen') })],
        ['GET /v1/platforms/{id}/openings', 401, 'nobody',
            () => plain('GET', openings('huachen'))],
        ['GET /v1/platforms/{id}/openings', 404, 'another platform\'s',
            () => byServer(peer, { target: openings('jinzhou') })],
        ['GET /v1/platforms/{id}/openings', 422, 'no such cursor',
            () => byServer(peer, { target: openings('huachen?after=x') })],
        ['GET /v1/session', 200, 'a browser', () => browser('/v1/session')],
        ['GET /v1/session', 200, 'a server', () => byServer(peer,
            { target: '/v1/session', token: peerToken })],
        ['GET /v1/session', 401, 'nobody', () => plain('GET', '/v1/session')],
        ['GET /v1/session', 405, 'written to',
            () => plain('POST', '/v1/session', '{}')],
        ['GET /v1/token', 200, 'who may', () => plain('GET', '/v1/token')],
        ['POST /v1/token', 200, 'a token', () => ticket('{"holder":"leader"}')],
        ['POST /v1/token', 400, 'no JSON', () => ticket('leader')],
        ['POST /v1/token', 401, 'no proof', () => plain('POST', '/v1/token',
            '{"holder":"leader"}')],
        ['POST /v1/token', 403, 'nobody', () => ticket('{"holder":"x"}')],
        ['GET /v1/health', 200, 'alive', () => plain('GET', '/v1/health')],
        ['GET /metrics', 200, 'counters', () => plain('GET', '/metrics')],
    ]) {
        it(`${where} ${status}: ${words}`, () => fits(where, status,
            request()));
    }

    it('every route has given its good answer', () => {
        for (const [place, methods] of Object.entries(api.paths)) {
            for (const method of Object.keys(methods)) {
                const where = `${method.toUpperCase()} ${place}`;

                assert.ok([...asked].some((one) =>
                    one.startsWith(`${where} `)), where);
            }
        }
    });
});
