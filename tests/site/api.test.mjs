// The API as the site's own configuration serves it: what nginx itself does
// there has the API's shape too, and the pages stay as they are.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { visit } from '../edge/visit.mjs';
import { ask, build, say, scratch, serve } from './server.mjs';

const undo = [];
const t = { after: (task) => undo.push(task) };

let server;
let id;

before(async () => {
    const folder = scratch(t);

    build(path.join(folder, 'www'));
    id = readFileSync(path.join(folder, 'www/rates/current.txt'), 'utf8')
        .trim();
    server = await serve(t, path.join(folder, 'www'),
        path.join(folder, 'run'));
});

after(async () => {
    for (const task of undo.reverse()) {
        await task();
    }
});

function problem(answer, status, name) {
    const body = JSON.parse(answer.body);

    assert.equal(answer.status, status);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.equal(body.type,
        `http://127.0.0.1:${server.port}/problems/${name}`);
    assert.equal(body.status, status);

    return body;
}

describe('the API beside the pages', () => {
    it('asks a price of the card that the pages name', async () => {
        const answer = await ask(server.port, '/v1/prices?city=210100'
            + '&held=ln-tender&add=jinzhou,chaoyang,huachen&months=3');

        assert.equal(answer.status, 200);
        assert.equal(JSON.parse(answer.body).total_fen, 2500);
        assert.equal(answer.headers.etag, `"${id}"`);
        assert.equal(answer.headers['content-type'], 'application/json');
        assert.match(answer.headers['cache-control'], /^public, max-age=/);
        assert.match(answer.headers['content-security-policy'],
            /default-src 'none'/);
    });

    it('answers a question with the same tag by 304', async () => {
        const { status, body } = await ask(server.port, '/v1/prices?'
            + 'city=210100&add=huachen&months=3',
        { headers: { 'If-None-Match': `"${id}"` } });

        assert.equal(status, 304);
        assert.equal(body.length, 0);
    });

    it('lists who may sign in', async () => {
        const answer = await ask(server.port, '/v1/token');
        const { way, holders } = JSON.parse(answer.body);

        assert.equal(way, 'demo');
        assert.ok(holders.length >= 5);
    });

    it('gives a visitor a token, a session, a quote, and takes the order',
        async () => {
            const visited = await visit(`http://127.0.0.1:${server.port}`);

            assert.equal(visited.rates, id);
            assert.equal(visited.total_fen, 2500);
            assert.match(visited.order.id, /^CA\d{8}000001$/);
            assert.match(visited.receipt, /^c2sp\.org\/tlog-proof@v1\n/);

            const [alipay, wechat, transfer] = visited.ways;

            assert.match(alipay.url, new RegExp('^http://127\\.0\\.0\\.1:'
                + `${server.port}/demo/cashier/\\?app_id=`));
            assert.equal(wechat.code_url,
                `weixin://wxpay/bizpayurl?pr=${visited.order.id}`);
            assert.equal(transfer.reference, visited.order.id);
        });

    it('pays without money, through the demo\'s cashier', async () => {
        const post = (target, body, headers) => fetch(
            `http://127.0.0.1:${server.port}${target}`,
            { method: 'POST', body, headers });

        for (const channel of ['alipay', 'wechat']) {
            const made = await post('/demo/cashier/notice', JSON.stringify({
                order: 'CA20270115000009', channel, amount: 1,
                event: 'paid' }), { 'Content-Type': 'application/json' });
            const { target, headers, body } = await made.json();
            const answer = await post(target, body, headers);

            // Well signed, but there is no such order.
            assert.match(await answer.text(), /^fail$|try again/);
        }

        assert.equal((await post('/internal/wechat', '{}', {})).status, 404);
    });

    it('shows the log to everybody, by the name that it has', async () => {
        const checkpoint = await ask(server.port, '/log/checkpoint');
        const name = `127.0.0.1:${server.port}/log`;

        assert.equal(checkpoint.status, 200);
        assert.ok(checkpoint.body.toString().startsWith(`${name}\n2\n`));
        assert.equal(checkpoint.headers['content-type'],
            'text/plain; charset=utf-8');
        assert.equal(checkpoint.headers['x-content-type-options'], 'nosniff');

        const tile = await ask(server.port, '/log/tile/0/000.p/2');

        assert.equal(tile.status, 200);
        assert.equal(tile.body.length, 64);
        problem(await ask(server.port, '/log/tile/0/000'), 404, 'not-found');
        problem(await ask(server.port, '/log/tile/0/000.p/2',
            { method: 'POST' }), 405, 'method-not-allowed');
    });

    it('has a problem where there is nothing, of any shape', async () => {
        for (const target of ['/v1/', '/v1/x', '/v1/x/', '/v1/x.html',
            '/v1/a/b/c', '/v1/.git/config'])
        {
            problem(await ask(server.port, target), 404, 'not-found');
        }
    });

    it('needs a token for orders, also for one', async () => {
        problem(await ask(server.port, '/v1/orders'), 401, 'token-missing');
        problem(await ask(server.port, '/v1/orders/CA1'), 401,
            'token-missing');
    });

    it('lets nobody write to the pages', async () => {
        for (const target of ['/', '/guide/', '/v1', '/v2/x']) {
            const { status, headers } = await ask(server.port, target,
                { method: 'POST' });

            assert.equal(status, 405, target);
            assert.equal(headers.allow, 'GET, HEAD');
        }
    });

    it('counts for those who watch on this machine', async () => {
        const { status, body } = await ask(server.port, '/v1/metrics');

        assert.equal(status, 200);
        assert.match(body.toString(),
            /^caplat_answers_total\{route="prices",status="200",.*\} 2$/m);
        assert.match(body.toString(),
            /^caplat_refusals_total\{reason="authorization-missing"\} 2$/m);
    });

    it('takes the header of a large token, and no larger ones', async () => {
        const target = '/v1/session';

        problem(await ask(server.port, target,
            { headers: { Authorization: `DPoP ${'x'.repeat(7000)}` } }),
        401, 'token-malformed');
        assert.match(await say(server.port, `GET ${target} HTTP/1.1\r\n`
            + `Host: a\r\nAuthorization: DPoP ${'x'.repeat(17000)}\r\n\r\n`),
        /^HTTP\/1\.1 400 /);
    });

    it('refuses who asks too often, and says when to come again', async () => {
        const answers = await Promise.all(Array.from({ length: 120 }, () =>
            ask(server.port, '/v1/health')));
        const refused = answers.filter(({ status }) => status === 429);

        assert.ok(refused.length > 0);
        assert.ok(answers.some(({ status }) => status === 200));
        problem(refused[0], 429, 'rate-limited');
        assert.equal(refused[0].headers['retry-after'], '1');
    });

    it('logs neither queries nor what was secret', async () => {
        const lines = readFileSync(path.join(server.logs, 'api.log'), 'utf8');

        assert.match(lines, /"GET \/v1\/prices HTTP\/1\.1" 200 .* amount=2500/);
        assert.match(lines, /reason=authorization-missing/);
        assert.match(lines, /^127\.0\.0\.0\/24 \[/);
        assert.doesNotMatch(lines, /city=|xxxx|DPoP|127\.0\.0\.1/);
    });
});
