// The API as HTTP: methods, media types, sizes, bodies in pieces, connections
// that carry many requests, that are slow or that leave. The same over HTTP/2
// stands in http2.test.mjs.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { byBrowser, byServer, claims, identity, pair, partner, question }
    from './people.mjs';
import { edge, moment, names, pause, rates, sighted, staged, suite, until }
    from './server.mjs';
import { Wire, ask, problem, render } from './wire.mjs';

const host = ['Host', 'ca.example.cn'];
const price = '/v1/prices?city=210100&held=ln-tender&add=jinzhou&months=3'
    + '&day=2027-01-15';
const most = 16384;             // bytes of a body

// A body of so many bytes that means the same: blanks are free in JSON.
const padded = (length) => question + ' '.repeat(length - question.length);

// Bytes in chunks of a size, with a line end in a chunk's name on demand.
function chunked(body, size, { extension = '', trailer = '' } = {}) {
    const bytes = Buffer.from(body);
    const parts = [];

    for (let at = 0; at < bytes.length; at += size) {
        const part = bytes.subarray(at, at + size);

        parts.push(`${part.length.toString(16)}${extension}\r\n`, part, '\r\n');
    }

    return Buffer.concat([...parts, `0\r\n${trailer}\r\n`]
        .map((part) => Buffer.from(part)));
}


suite('the API as HTTP', { clock: true }, () => {
    let server;
    let key;
    let peer;
    let token;
    let files;

    staged(async (undo) => {
        const issuer = await identity();

        key = await pair();
        peer = await partner('erp-1');
        token = await issuer.token(claims(key.thumbprint));
        files = { 'jwks-issuer.json': issuer.jwks,
            'jwks-partners.json': { keys: [peer.public] } };
        server = await edge(undo, { clock: moment - sighted, files,
            locations: { '= /v1/open': 'caplat_session; '
                + 'caplat_cors https://a.example.cn;' } });
        server.clock(moment);
    });

    const fresh = (target, body, more = {}) => byBrowser(key, { target, token,
        body, ...more });
    const say = async (request) => ask(server.port, await request);
    const plain = (method, target, headers = []) => say({ method, target,
        headers: [host, ...headers] });

    // A request without its Content-Length, its body in chunks.
    const inChunks = async (body, size, options) => {
        const request = await fresh('/v1/quotes', body);

        return { ...request, body: chunked(body, size, options),
            headers: [...request.headers.filter(([name]) =>
                name !== 'Content-Length'), ['Transfer-Encoding', 'chunked']] };
    };

    const is = (answer, status, name) => {
        assert.deepEqual([answer.status, problem(answer)], [status, name]);

        if (name !== undefined) {
            assert.equal(JSON.parse(answer.body).status, status);
        }
    };

    describe('methods', () => {
        const read = 'GET, HEAD, OPTIONS';
        const routes = { '/v1/quotes': 'POST, OPTIONS',
            '/v1/prices': 'GET, HEAD, POST, OPTIONS', '/v1/session': read,
            '/v1/health': read, '/v1/orders': 'GET, HEAD, POST, OPTIONS',
            '/v1/orders/CA1': read, '/metrics': read };
        const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE',
            'PROPFIND', 'LOCK', 'FOO'];

        for (const [target, allow] of Object.entries(routes)) {
            it(`${target} allows ${allow}`, async () => {
                for (const method of methods) {
                    const answer = await plain(method, target);

                    if (allow.split(', ').includes(method)) {
                        assert.notEqual(answer.status, 405);
                        assert.equal(answer.headers.allow, undefined);
                        continue;
                    }

                    assert.equal(answer.status, 405);
                    assert.equal(answer.headers.allow, allow);
                    assert.equal(answer.headers['cache-control'], 'no-store');

                    if (method !== 'HEAD') {
                        is(answer, 405, 'method-not-allowed');
                    }
                }
            });

            it(`OPTIONS ${target} has no content and nothing of CORS`,
                async () => {
                    const answer = await plain('OPTIONS', target,
                        [['Origin', 'https://a.example.cn'],
                            ['Access-Control-Request-Method', 'POST']]);

                    assert.equal(answer.status, 204);
                    assert.equal(answer.headers.allow, allow);
                    assert.doesNotMatch(String(answer.lines),
                        /access-control/i);
                });
        }

        it('TRACE is refused', async () => {
            assert.equal((await plain('TRACE', '/v1/session')).status, 405);
        });

        it('another address is a problem too', async () => {
            for (const method of ['GET', 'POST', 'OPTIONS', 'FOO']) {
                is(await plain(method, '/v1/nothing'), 404, 'not-found');
            }
        });

        it('HEAD has the headers of GET', async () => {
            for (const target of [price, '/v1/health']) {
                const [get, head] = [await plain('GET', target),
                    await plain('HEAD', target)];

                assert.equal(get.status, 200);
                assert.equal(head.status, 200);
                assert.equal(head.body.length, 0);
                assert.deepEqual(head.lines, get.lines);
                assert.equal(Number(get.headers['content-length']),
                    get.body.length);
            }
        });

        it('HEAD of a session needs a proof for HEAD', async () => {
            is(await say(fresh('/v1/session', undefined, { method: 'HEAD' })),
                200, undefined);

            const wrong = await fresh('/v1/session');

            assert.equal((await say({ ...wrong, method: 'HEAD' })).status, 401);
        });
    });

    describe('a price', () => {
        it('may be kept by its tag, the rate card\'s id', async () => {
            const full = await plain('GET', price);

            is(full, 200);
            assert.equal(full.headers.etag, `"${rates().id}"`);
            assert.match(full.headers['cache-control'], /^public, max-age=\d/);

            const again = await plain('GET', price,
                [['If-None-Match', full.headers.etag]]);

            assert.equal(again.status, 304);
            assert.equal(again.body.length, 0);
            assert.equal(again.headers.etag, full.headers.etag);
            assert.equal(again.headers['cache-control'],
                full.headers['cache-control']);
        });

        it('until a day is another each day, by Beijing\'s', async () => {
            const target = price.replace(/months=.*/, 'until=2027-04-15');
            const tag = async (seconds) => {
                server.clock(seconds);

                return (await plain('GET', target)).headers.etag;
            };

            try {
                // 2027-01-15 ends in Beijing at 16:00 UTC.
                assert.match(await tag(moment + 8 * 3600 - 1),
                    /-20270115"$/);
                assert.match(await tag(moment + 8 * 3600), /-20270116"$/);
            } finally {
                server.clock(moment);
            }
        });
    });

    describe('media types', () => {
        const typed = async (types) => {
            const request = await fresh('/v1/quotes', question);

            return say({ ...request, headers: [...request.headers
                .filter(([name]) => name !== 'Content-Type'),
            ...types.map((type) => ['Content-Type', type])] });
        };

        for (const type of ['application/json', 'Application/JSON',
            'application/json; charset=utf-8', 'application/json;x="y"']) {
            it(`${type} is taken`, async () => is(await typed([type]), 200));
        }

        for (const type of ['text/plain', 'application/jsonx', 'json',
            'application/x-www-form-urlencoded', 'application/problem+json',
            'application/json, text/plain', 'multipart/form-data']) {
            it(`${type} is not`, async () => {
                const answer = await typed([type]);

                is(answer, 415, 'unsupported-media-type');
                assert.equal(answer.headers.accept, 'application/json');
            });
        }

        it('none at all is not', async () => {
            is(await typed([]), 415, 'unsupported-media-type');
        });
    });

    describe('sizes', () => {
        it('the largest body is taken, with a length or in chunks',
            async () => {
                is(await say(fresh('/v1/quotes', padded(most))), 200);
                is(await say(inChunks(padded(most), 1000)), 200);
                is(await say(inChunks(padded(most), most)), 200);
            });

        it('a byte more is not', async () => {
            is(await say(fresh('/v1/quotes', padded(most + 1))), 413,
                'content-too-large');
            is(await say(inChunks(padded(most + 1), 1000)), 413,
                'content-too-large');
        });

        it('nor is much more, and it ends nothing but itself', async () => {
            const [pid] = server.workers();

            for (const make of [() => fresh('/v1/quotes', padded(3000000)),
                () => inChunks(padded(3000000), 50000)]) {
                is(await say(make()), 413, 'content-too-large');
            }

            is(await say(fresh('/v1/quotes', question)), 200);
            assert.deepEqual(server.workers(), [pid]);
        });

        it('a length that is announced is refused before it comes',
            async () => {
                const request = await fresh('/v1/quotes', padded(most + 1));
                const wire = new Wire(server.port);
                const answer = await wire.send(render({ ...request,
                    body: '' }), 'POST');

                wire.close();
                is(answer, 413, 'content-too-large');
            });

        it('no content at all cannot be read', async () => {
            const type = ['Content-Type', 'application/json'];
            const empty = (more, body) => fresh('/v1/quotes', body,
                { method: 'POST', headers: [type, ...more] });

            is(await say(empty([])), 400, 'request-malformed');
            is(await say(empty([['Content-Length', '0']])), 400,
                'request-malformed');
            is(await say(inChunks('', 1)), 400, 'request-malformed');
        });
    });

    describe('a body in pieces', () => {
        const options = { 'one chunk': [1000], 'chunks of one byte': [1],
            'with an extension': [9, { extension: ';a="b"' }],
            'with a trailer': [9, { trailer: 'X-Sum: 1\r\n' }] };

        for (const [name, [size, more]] of Object.entries(options)) {
            it(name, async () => is(await say(inChunks(question, size, more)),
                200));
        }

        it('a byte at a time', async () => {
            for (const request of [await fresh('/v1/quotes', question),
                await inChunks(question, 20)]) {
                const bytes = render(request);
                const head = bytes.indexOf('\r\n\r\n') + 4;
                const wire = new Wire(server.port);
                const answer = wire.send(bytes.subarray(0, head), 'POST');

                for (let at = head; at < bytes.length; at++) {
                    await pause(1);
                    wire.socket.write(bytes.subarray(at, at + 1));
                }

                is(await answer, 200);
                wire.close();
            }
        });

        it('another than the digest says', async () => {
            const request = await fresh('/v1/quotes', question);

            is(await say({ ...request,
                body: question.replace('jinzhou', 'jinzhoU') }), 400,
            'digest-mismatched-values');
        });

        it('after 100 Continue', async () => {
            const request = await fresh('/v1/quotes', question,
                { headers: [['Expect', '100-continue']] });
            const bytes = render(request);
            const head = bytes.indexOf('\r\n\r\n') + 4;
            const wire = new Wire(server.port);
            const answer = wire.send(bytes.subarray(0, head), 'POST');

            await until('100 Continue', () =>
                wire.waiting[0]?.early.length === 1);
            assert.equal(wire.waiting[0].early[0].status, 100);
            wire.socket.write(bytes.subarray(head));
            is(await answer, 200);
            wire.close();
        });

        it('where none belongs does not become a request', async () => {
            const wire = new Wire(server.port);
            const hidden = 'GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n';
            const bodied = (target, headers) => render({ method: 'GET', target,
                headers: [host, ['Content-Length', hidden.length], ...headers],
                body: hidden });

            for (const target of ['/v1/session', '/v1/health', price,
                '/v1/nothing', '/v1/orders']) {
                await wire.send(bodied(target, []));

                const next = await wire.ask({ method: 'GET',
                    target: '/v1/nothing', headers: [host] });

                is(next, 404, 'not-found');
            }

            wire.close();
        });

        it('of a request that was refused does not either', async () => {
            const hidden = 'GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n';
            const wire = new Wire(server.port);
            const post = (target, headers) => wire.ask({ method: 'POST',
                target, body: hidden, headers: [host,
                    ['Content-Length', hidden.length], ...headers] });

            is(await post('/v1/quotes', []), 415, 'unsupported-media-type');
            is(await post('/v1/quotes', [['Content-Type',
                'application/json']]), 401, 'token-missing');
            is(await post('/v1/session', []), 405, 'method-not-allowed');
            is(await post('/v1/nothing', []), 404, 'not-found');
            is(await wire.ask({ method: 'GET', target: '/v1/nothing',
                headers: [host] }), 404, 'not-found');
            wire.close();
        });
    });

    describe('a connection', () => {
        it('carries many requests at once, answered in turn', async () => {
            const wire = new Wire(server.port);
            const requests = [await fresh('/v1/session'),
                await fresh('/v1/quotes', question),
                { method: 'GET', target: price, headers: [host] },
                await inChunks(question, 20),
                { method: 'GET', target: '/v1/nothing', headers: [host] },
                await byServer(peer, { target: '/v1/prices', body: '{}' }),
                await fresh('/v1/session')];
            const answers = await Promise.all(requests.map((one) =>
                wire.ask(one)));

            wire.close();
            assert.deepEqual(answers.map(({ status }) => status),
                [200, 200, 200, 200, 404, 200, 200]);
            assert.equal(JSON.parse(answers[1].body).total_fen, 2500);
            assert.equal(JSON.parse(answers[3].body).total_fen, 2500);
        });

        it('that is slow keeps nobody else waiting', async () => {
            const slow = await Promise.all(Array.from({ length: 20 },
                async () => {
                    const bytes = render(await fresh('/v1/quotes', question));
                    const wire = new Wire(server.port);

                    return { wire, rest: bytes.subarray(-20),
                        answer: wire.send(bytes.subarray(0, -20), 'POST') };
                }));

            for (let i = 0; i < 20; i++) {
                is(await say(fresh('/v1/session')), 200);
            }

            for (const { wire, rest, answer } of slow) {
                wire.socket.write(rest);
                is(await answer, 200);
                wire.close();
            }
        });

        it('that is left in the middle leaves nothing behind', async () => {
            const [pid] = server.workers();

            for (let i = 0; i < 50; i++) {
                const bytes = render(await (i % 2 === 0
                    ? fresh('/v1/quotes', question) : inChunks(question, 20)));
                const wire = new Wire(server.port);
                const cut = [bytes.length, bytes.length - 20,
                    bytes.indexOf('\r\n\r\n') + 4, 200][i % 4];

                wire.send(bytes.subarray(0, cut), 'POST').catch(() => {});
                await pause(i % 3);
                wire.socket?.destroy();
            }

            is(await say(fresh('/v1/session')), 200);
            assert.deepEqual(server.workers(), [pid]);
            assert.doesNotMatch(server.log(), /\[(alert|crit|emerg)\]/);
        });
    });

    describe('what is said of a refusal', () => {
        it('401: how to do it right', async () => {
            const answer = await plain('GET', '/v1/session');

            is(answer, 401, 'token-missing');
            assert.equal(answer.headers['www-authenticate'],
                'DPoP algs="ES256 Ed25519 EdDSA"');
            assert.equal(answer.headers['accept-signature'],
                'sig1=("@method" "@target-uri" "content-type" "content-digest" '
                + '"authorization" "idempotency-key");created;'
                + `tag="${names.tag}"`);
            assert.equal(answer.headers['cache-control'], 'no-store');
        });

        it('401 of a proof: which fault, and a nonce', async () => {
            const request = await fresh('/v1/session');

            is(await say(request), 200);

            const again = await say(request);

            is(again, 401, 'proof-replayed');
            assert.match(again.headers['www-authenticate'],
                /^DPoP error="invalid_dpop_proof", algs="/);
            assert.match(again.headers['dpop-nonce'], /^[\w-]{32}$/);
        });

        it('all of it is JSON that names its page and its request',
            async () => {
                const ids = new Set();

                for (let i = 0; i < 3; i++) {
                    const answer = await plain('GET', '/v1/session');
                    const said = JSON.parse(answer.body);

                    assert.equal(said.type,
                        `${names.origin}/problems/token-missing`);
                    assert.equal(said.title, 'An access token is needed');
                    assert.match(said.detail, /^Send an access token .*\.$/);
                    assert.match(said.instance,
                        /^\/v1\/requests\/[0-9a-f]{32}$/);
                    ids.add(said.instance);
                }

                assert.equal(ids.size, 3);
            });
    });

    describe('CORS', () => {
        const from = (origin) => [['Origin', origin]];
        const good = 'https://a.example.cn';
        const preflight = (target, origin) => plain('OPTIONS', target,
            [...from(origin), ['Access-Control-Request-Method', 'GET'],
                ['Access-Control-Request-Headers', 'authorization,dpop']]);

        it('is off unless it is configured', async () => {
            for (const request of [await fresh('/v1/session', undefined,
                { headers: from(good) }), await fresh('/v1/quotes', question,
                { headers: from(good) }), { method: 'GET', target: price,
                headers: [host, ...from(good)] }, { method: 'GET',
                target: '/v1/session', headers: [host, ...from(good)] }]) {
                const answer = await say(request);

                assert.doesNotMatch(String(answer.lines), /access-control/i);
            }
        });

        it('lets in whom it names, and tells so to caches', async () => {
            const asked = await preflight('/v1/open', good);

            assert.equal(asked.status, 204);
            assert.equal(asked.headers['access-control-allow-origin'], good);
            assert.match(asked.headers['access-control-allow-headers'],
                /authorization, *dpop/i);
            assert.equal(asked.headers['access-control-allow-credentials'],
                undefined);

            for (const request of [await fresh('/v1/open', undefined,
                { headers: from(good) }), { method: 'GET', target: '/v1/open',
                headers: [host, ...from(good)] }]) {
                const answer = await say(request);

                assert.equal(answer.headers['access-control-allow-origin'],
                    good);
                assert.match(answer.headers['access-control-expose-headers'],
                    /DPoP-Nonce/);
                assert.match(answer.headers.vary, /Origin/);
            }
        });

        it('and nobody else', async () => {
            for (const origin of ['https://b.example.cn', 'null',
                'https://a.example.cn.b.cn', 'http://a.example.cn']) {
                for (const answer of [await preflight('/v1/open', origin),
                    await say(fresh('/v1/open', undefined,
                        { headers: from(origin) }))]) {
                    assert.doesNotMatch(String(answer.lines),
                        /access-control/i);
                    assert.match(answer.headers.vary, /Origin/);
                }
            }
        });
    });

    describe('logs', () => {
        it('tell the reason, who, and how much', async (t) => {
            const own = await edge(t, { clock: moment - sighted, files });

            own.clock(moment);
            is(await ask(own.port, await fresh('/v1/quotes', question)), 200);
            await ask(own.port, { method: 'GET', target: '/v1/session',
                headers: [host] });

            const [quote, refused] = await own.lines(2);

            assert.match(quote, new RegExp('^POST /v1/quotes 200 reason=- '
                + 'pid=\\d+ client=wizard subject=[0-9a-f]{32} amount=2500 '
                + `rates=${rates().id} order=-$`));
            assert.match(refused, new RegExp('^GET /v1/session 401 '
                + 'reason=authorization-missing pid=\\d+ client=- subject=- '
                + 'amount=- rates=\\S+ order=-$'));
        });

        it('never hold what was secret or whose it was', async () => {
            const requests = [await fresh('/v1/quotes', question),
                await byServer(peer, { target: '/v1/prices', body: '{}' }),
                await fresh('/v1/quotes', question,
                    { changes: { htm: 'GET' } }),
                await fresh('/v1/quotes', '{"certificate":"刘某某"}'),
                await fresh('/v1/orders', question,
                    { headers: [['Idempotency-Key', '"a-secret-key-1"']] })];

            for (const request of [...requests, requests[0]]) {
                await say(request);
            }

            const logs = server.log() + server.access();

            assert.match(logs, /caplat: refused problem=\S+ reason=\S+/);

            for (const secret of [token.split('.')[1], token.split('.')[2],
                '刘某', 'u-7f3a9c2e51d04b', '辽宁', 'JK2021', 'a-secret-key',
                'platforms', 'sig1=', 'DPoP ey', 'Bearer',
                ...requests.flatMap((one) => one.headers.filter(([name]) =>
                    /^(dpop|signature)/i.test(name))
                    .map(([, value]) => value.slice(-60)))]) {
                assert.ok(!logs.includes(secret), secret);
            }
        });
    });
});
