// The same over HTTP/2 and TLS: no length of a body is announced, many
// requests share a connection, some are taken back.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import path from 'node:path';
import { describe, it } from 'node:test';

import { freePort, scratch } from '../site/server.mjs';
import { certificate as certified, form } from './buyers.mjs';
import { byBrowser, byServer, claims, identity, pair, partner, question }
    from './people.mjs';
import { edge, moment, pause, sighted, staged, suite } from './server.mjs';
import { problem } from './wire.mjs';


// A key and its certificate, PEM; undefined where there is no openssl.
function certificate(t) {
    const folder = scratch(t);
    const file = (name) => path.join(folder, name);
    const { status } = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec',
        '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '10000',
        '-subj', '/CN=127.0.0.1', '-keyout', file('key'), '-out',
        file('crt')]);

    return status === 0 ? { 'tls.key': readFileSync(file('key')),
        'tls.crt': readFileSync(file('crt')) } : undefined;
}


suite('the API over HTTP/2', { clock: true }, () => {
    let server;
    let issuer;
    let session;
    let key;
    let peer;
    let token;
    let at;

    staged(async (undo) => {
        issuer = await identity();

        const tls = certificate(undo);

        assert.ok(tls, 'openssl makes a certificate');
        key = await pair();
        peer = await partner('erp-1');
        token = await issuer.token(claims(key.thumbprint));
        at = `127.0.0.1:${await freePort()}`;
        server = await edge(undo, { clock: moment - sighted,
            listen: [`${at} ssl http2`],
            server: 'ssl_certificate tls.crt; ssl_certificate_key tls.key;',
            files: { ...tls, 'jwks-issuer.json': issuer.jwks,
                'jwks-partners.json': { keys: [peer.public] } } });
        server.clock(moment);
        session = open();
        undo.after(() => session.close());
    });

    const open = () => http2.connect(`https://${at}`,
        { rejectUnauthorized: false });

    // A stream of the request; its content in parts. With no parts the request
    // ends with an empty frame; with undefined, with its head.
    const start = ({ method, target, headers, body }, { on = session,
        parts = body === undefined ? undefined : [body] } = {}) => {
        const stream = on.request({ ':method': method, ':path': target,
            ':authority': 'ca.example.cn', ...Object.fromEntries(headers
                .filter(([name]) => name !== 'Host')
                .map(([name, value]) => [name.toLowerCase(), value])) },
        { endStream: parts === undefined });
        const got = new Promise((resolve, reject) => {
            const content = [];
            let fields;

            stream.on('response', (all) => { fields = all; });
            stream.on('data', (part) => content.push(part));
            stream.on('error', reject);
            stream.on('end', () => resolve({ status: fields?.[':status'],
                headers: fields, body: Buffer.concat(content) }));
        });

        if (parts !== undefined) {
            (async () => {
                for (const part of parts) {
                    stream.write(part);
                    await pause(0);
                }

                stream.end();
            })();
        }

        return { stream, got };
    };

    const say = (request, options) => start(request, options).got;
    const fresh = (target, body, more = {}) => byBrowser(key, { target, token,
        body, ...more });
    const unsaid = (request) => ({ ...request, headers: request.headers
        .filter(([name]) => name !== 'Content-Length') });

    const is = (answer, status, name) => assert.deepEqual(
        [answer.status, problem(answer)], [status, name],
        String(answer.body));

    it('a session, a quote, a partner\'s list', async () => {
        is(await say(await fresh('/v1/session')), 200);

        const quote = await say(await fresh('/v1/quotes', question));

        is(quote, 200);
        assert.equal(JSON.parse(quote.body).total_fen, 2500);
        is(await say(await byServer(peer, { target: '/v1/prices',
            body: '{}' })), 200);
    });

    describe('a body without a length', () => {
        it('in one part', async () => is(await say(unsaid(
            await fresh('/v1/quotes', question))), 200));

        it('in parts of one byte', async () => is(await say(unsaid(
            await fresh('/v1/quotes', question)),
        { parts: question.split('') }), 200));

        it('another than the digest says', async () => is(await say(unsaid(
            await fresh('/v1/quotes', question)),
        { parts: [question.replace('jinzhou', 'jinzhoU')] }), 400,
        'digest-mismatched-values'));

        it('that the digest says nothing of', async () => {
            const request = await fresh('/v1/quotes', undefined,
                { method: 'POST',
                    headers: [['Content-Type', 'application/json']] });

            is(await say(request, { parts: [question] }), 401,
                'proof-invalid');
        });

        it('the largest, and a byte more', async () => {
            const padded = (length) => question
                + ' '.repeat(length - question.length);

            is(await say(unsaid(await fresh('/v1/quotes', padded(16384)))),
                200);
            is(await say(unsaid(await fresh('/v1/quotes', padded(16385)))),
                413, 'content-too-large');
            is(await say(await fresh('/v1/quotes', padded(16385))), 413,
                'content-too-large');
        });

        it('that never ends', async () => {
            const { stream, got } = start(unsaid(await fresh('/v1/quotes',
                question)), { parts: Array(100).fill(' '.repeat(1000)) });

            is(await got.catch((error) => error), 413, 'content-too-large');
            stream.close();
            is(await say(await fresh('/v1/session')), 200);
        });

        it('none at all cannot be read', async () => {
            for (const parts of [undefined, []]) {
                const answer = await say(await fresh('/v1/quotes', undefined,
                    { method: 'POST', headers: [['Content-Type',
                        'application/json']] }), { parts });

                // Nobody can tell beforehand that none will come.
                assert.match(`${answer.status} ${problem(answer)}`,
                    /^40[01] (request-malformed|proof-invalid)$/);
            }
        });

        it('none of a GET that ends with an empty frame', async () => {
            is(await say(await fresh('/v1/session'), { parts: [] }), 200);
        });
    });

    it('HEAD and OPTIONS have no content', async () => {
        const head = await say(await fresh('/v1/session', undefined,
            { method: 'HEAD' }));

        assert.equal(head.status, 200);
        assert.equal(head.body.length, 0);

        const options = await say({ method: 'OPTIONS', target: '/v1/quotes',
            headers: [] });

        assert.equal(options.status, 204);
        assert.equal(options.headers.allow, 'POST, OPTIONS');
    });

    it('GET with content', async () => {
        is(await say({ ...await fresh('/v1/nothing'), method: 'GET' },
            { parts: ['x'.repeat(20000)] }), 404, 'not-found');
        is(await say({ method: 'GET', target: '/v1/health', headers: [] },
            { parts: ['x'.repeat(20000)] }), 200);
    });

    it('many at once, each answered as its own', async () => {
        const requests = await Promise.all(Array.from({ length: 60 },
            (_, i) => (i % 3 === 0 ? fresh('/v1/session')
                : fresh('/v1/quotes', question))));
        const answers = await Promise.all(requests.map((one, i) =>
            say(i % 3 === 1 ? unsaid(one) : one)));

        answers.forEach((answer, i) => {
            is(answer, 200);
            assert.equal(JSON.parse(answer.body).total_fen,
                i % 3 === 0 ? undefined : 2500);
        });
    });

    it('one many times at once is taken once', async () => {
        const request = await fresh('/v1/session');
        const answers = await Promise.all(Array.from({ length: 40 }, () =>
            say(request)));

        assert.equal(answers.filter(({ status }) => status === 200).length, 1);
        assert.equal(answers.filter((one) =>
            problem(one) === 'proof-replayed').length, 39);
    });

    it('streams that are taken back leave nothing behind', async () => {
        const [pid] = server.workers();
        const other = open();

        for (let i = 0; i < 60; i++) {
            const { stream, got } = start(unsaid(await fresh('/v1/quotes',
                question)), { on: other, parts: [question.slice(0, 20),
                ...Array(i % 5).fill(''), question.slice(20)] });

            got.catch(() => {});
            await pause(i % 4);
            stream.close(http2.constants.NGHTTP2_CANCEL);
        }

        other.destroy();
        is(await say(await fresh('/v1/session')), 200);
        assert.deepEqual(server.workers(), [pid]);
        assert.doesNotMatch(server.log(), /\[(alert|crit|emerg)\]/);
    });

    it('a signature that OpenSSL refuses is not TLS\'s fault', async () => {
        // Points off the curve, signatures that are none: each leaves words in
        // OpenSSL's queue, which the next read of TLS would find.
        const [head, said, signature] = (await fresh('/v1/session')).headers
            .find(([name]) => name === 'DPoP')[1].split('.');
        const other = JSON.parse(Buffer.from(head, 'base64url'));

        other.jwk.x = createHash('sha256').update('x').digest('base64url');

        const bad = [
            [head, said, Buffer.alloc(64, 1).toString('base64url')],
            [head, said, Buffer.alloc(64, 255).toString('base64url')],
            [head, said, Buffer.alloc(64).toString('base64url')],
            [Buffer.from(JSON.stringify(other)).toString('base64url'), said,
                signature]];

        for (const parts of bad) {
            const request = await fresh('/v1/session');

            request.headers = request.headers.map(([name, value]) =>
                [name, name === 'DPoP' ? parts.join('.') : value]);

            for (let i = 0; i < 5; i++) {
                assert.equal((await say(request)).status, 401);
                is(await say(await fresh('/v1/session')), 200);
            }
        }

        // One that has left, before, may have broken a pipe.
        assert.doesNotMatch(server.log(),
            /stale|\(SSL: |\[(alert|crit|emerg)\]/);
    });

    describe('orders', () => {
        // Whoever has this certificate alone.
        const owner = async (sn) => {
            const own = await pair();
            const its = await issuer.token(claims(own.thumbprint,
                { certs: [certified(sn)] }));
            const ask = (target, more = {}) => byBrowser(own, { target,
                token: its, ...more });

            return { ask, place: () => ask('/v1/orders', { body: form(
                { certificate: sn }), headers: [['Idempotency-Key',
                randomUUID()]] }) };
        };
        const json = ({ body }) => JSON.parse(body);

        it('one is placed, shown, proved and cancelled', async () => {
            const one = await owner('H1');
            const placed = await say(unsaid(await one.place()));

            is(placed, 201);

            const { id } = json(placed);

            assert.equal(placed.headers.location, `/v1/orders/${id}`);

            for (const part of ['', `/${id}`, `/${id}/events`,
                `/${id}/receipt`]) {
                is(await say(await one.ask(`/v1/orders${part}`)), 200);
            }

            const cancel = `/v1/orders/${id}/cancel`;

            is(await say(await one.ask(cancel, { method: 'POST' })), 200);
            is(await say(unsaid(await one.ask(cancel, { body: '{}' }))), 200);
        });

        it('many at once on one connection', async () => {
            const owners = await Promise.all(Array.from({ length: 50 },
                (_, i) => owner(`M${i}`)));
            const requests = await Promise.all(owners.map((one) =>
                one.place()));
            const answers = await Promise.all(requests.map((one) =>
                say(one)));

            answers.forEach((answer) => is(answer, 201));
            assert.equal(new Set(answers.map((answer) => json(answer).id))
                .size, 50);
        });

        it('that are taken back are recorded all the same', async () => {
            const owners = await Promise.all(Array.from({ length: 40 },
                (_, i) => owner(`T${i}`)));
            const requests = await Promise.all(owners.map((one) =>
                one.place()));
            const other = open();
            const [pid] = server.workers();

            for (const [i, request] of requests.entries()) {
                const { stream, got } = start(request, { on: other });

                got.catch(() => {});
                await pause(i % 3);
                stream.close(http2.constants.NGHTTP2_CANCEL);
            }

            // And a connection that goes with all of its streams.
            const rest = await Promise.all(Array.from({ length: 20 },
                (_, i) => owner(`R${i}`)));

            for (const request of await Promise.all(rest.map((one) =>
                one.place()))) {
                start(request, { on: other }).got.catch(() => {});
            }

            await pause(2);
            other.destroy();

            for (const one of [...owners, ...rest]) {
                const { orders } = json(await say(
                    await one.ask('/v1/orders')));

                assert.ok(orders.length <= 1);
            }

            assert.deepEqual(server.workers(), [pid]);
            assert.doesNotMatch(server.log(), /\[(alert|crit|emerg)\]/);
        });
    });
});
