// The holder of a CA lock signs in with the lock's certificate: nginx verifies
// it against the CA, the registry tells whose it is, the module makes a token
// for a key of the browser's.

import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import { describe, it } from 'node:test';

import { decodeJwt, decodeProtectedHeader } from 'jose';

import { freePort, scratch } from '../site/server.mjs';
import { Authority } from './ca.mjs';
import { byBrowser, claims, content, identity, pair, proof, question }
    from './people.mjs';
import { edge, moment, names, sighted, staged, suite } from './server.mjs';
import { problem } from './wire.mjs';

const target = '/v1/token';
const origin = new URL(names.origin).host;

// A holder of the registry, with the fixtures' certificate.
const holder = (id, cards, more = {}) => ({ id, label: `测试 ${id}`,
    subject: `u-${id}`, role: 'individual',
    org: { id: '91350100M000100Y43', name: '辽宁某某建设工程有限公司',
        city: '210100' },
    certs: claims('').certs, ...(cards.length > 0 ? { tls: cards } : {}),
    ...more });


// A request that signs in: its proof has no token yet.
async function signIn(key, { body, headers = [], method = 'POST', ...rest }
    = {}) {
    const made = await proof(key, { method, target, body, ...rest });

    return { method, target, body, headers: [['Host', origin],
        ['DPoP', made], ...content(body),
        ...(method === 'POST' && body === undefined
            ? [['Content-Length', '0']] : []), ...headers] };
}


// HTTP/1.1 over TLS; each on a connection of its own, unless the agent has
// one. `lock` is the client's certificate.
function ask(port, { method, target: place, headers, body }, { lock, ...tls }
    = {}) {
    return new Promise((resolve, reject) => {
        const request = https.request({ host: '127.0.0.1', port, method,
            path: place, headers: Object.fromEntries(headers), agent: false,
            rejectUnauthorized: false, key: lock?.key, cert: lock?.chain
                ?? lock?.certificate, ...tls }, (answer) => {
            const parts = [];
            const { socket } = answer;

            answer.on('data', (part) => parts.push(part));
            answer.on('error', reject);
            answer.on('end', () => resolve({ status: answer.statusCode,
                headers: answer.headers, body: Buffer.concat(parts),
                protocol: socket.getProtocol(),
                reused: socket.isSessionReused() }));
        });

        request.on('error', reject);
        request.end(body);
    });
}


const is = (answer, status, name) => assert.deepEqual(
    [answer.status, problem(answer)], [status, name], String(answer.body));

suite('signing in with a lock', { clock: true }, () => {
    let root;
    let ca;
    let other;
    let key;
    let issuer;
    let server;
    let port;
    let revoking;

    // Locks by name: who is in the registry, and who is not.
    const locks = {};

    const say = async (options, tls) => ask(port, await signIn(key, options),
        tls);
    const list = (tls, on = port) => ask(on, { method: 'GET', target,
        headers: [['Host', origin]] }, tls);

    // The token of an answer, which is the holder's and bound to the key.
    const token = (answer, id) => {
        is(answer, 200);
        assert.equal(answer.headers['cache-control'], 'no-store');

        const said = JSON.parse(answer.body);

        assert.deepEqual(Object.keys(said), ['access_token', 'token_type',
            'expires_in', 'scope']);
        assert.equal(said.token_type, 'DPoP');
        assert.equal(said.expires_in, 900);

        const read = decodeJwt(said.access_token);

        assert.deepEqual(decodeProtectedHeader(said.access_token),
            { typ: 'at+jwt', alg: 'Ed25519', kid: issuer.thumbprint });
        assert.equal(read.sub, `u-${id}`);
        assert.deepEqual(read.amr, ['hwk']);
        assert.equal(read.cnf.jkt, key.thumbprint);
        assert.equal(read.iss, names.issuer);
        assert.equal(read.aud, names.audience);
        assert.equal(read.exp - read.iat, 900);

        return said.access_token;
    };

    // A server of TLS in the folder, whose clients may have certificates.
    const tls = (more) => `ssl_certificate tls.crt; ssl_certificate_key
        tls.key; ssl_client_certificate ca.pem; ssl_verify_depth 2;
        ssl_protocols TLSv1.2 TLSv1.3; ssl_verify_client optional; ${more}`;

    staged(async (undo) => {
        const folder = scratch(undo);
        const make = (owner, name, more = {}) => {
            locks[name] = owner.client(name, { subject: `/CN=${name}`,
                ...more });
        };

        root = new Authority(folder, { name: 'root', kind: 'RSA',
            subject: '/C=CN/O=某某国家根/CN=Root' });
        ca = new Authority(folder, { name: 'ca', below: root,
            subject: '/C=CN/O=辽宁某某数字证书认证有限公司/CN=Locks, "\\+" G2' });

        other = new Authority(folder, { name: 'other', below: root,
            subject: '/C=CN/O=辽宁某某数字证书认证有限公司/CN=Locks G3' });
        const stranger = new Authority(folder, { name: 'stranger',
            subject: '/C=CN/O=辽宁某某数字证书认证有限公司/CN=Locks, "\\+" G2' });

        make(ca, 'rsa', { kind: 'RSA', serial: '00f3a8c1' });
        make(ca, 'ecdsa', { serial: '7f000000000000000000000000000001' });
        make(ca, 'shared');
        make(ca, 'expired', { to: '20270115075959Z' });
        make(ca, 'early', { from: '20270115080100Z' });
        make(ca, 'revoked');
        make(ca, 'unknown');
        make(other, 'twin', { serial: '00f3a8c1' });
        make(stranger, 'stranger', { serial: '00f3a8c1' });
        make(root, 'server');

        // Its issuer is no CA.
        locks.forged = new Authority(folder, { name: 'forged',
            subject: '/CN=forged' });
        locks.forged.kind = 'ECDSA';
        ca.sign(locks.forged, { subject: '/CN=forged' });

        ca.revoke(locks.revoked);
        key = await pair();
        issuer = await identity();

        const others = Array.from({ length: 70 }, (_, i) =>
            holder(`many-${i}`, [locks.shared.card]));

        const at = await freePort();
        const second = await freePort();

        server = await edge(undo, { clock: moment - sighted,
            listen: [`127.0.0.1:${at} ssl http2`],
            server: tls('error_page 495 496 = /no-lock;'),
            locations: {
                '= /v1/token': 'caplat_sign_in certificate '
                    + 'registry=holders.json key=issuer.json;',
                '= /no-lock':
                    'internal; caplat_problem client-certificate-required;',
            },
            // A second server, with a list of revocations.
            text: (plain) => {
                const from = plain.indexOf('    server {');

                return plain.replace(/\}\s*$/, plain.slice(from)
                    .replace(/listen [^;]*;\s*listen [^;]*;/,
                        `listen 127.0.0.1:${second} ssl;`)
                    .replace(/error_page [^;]*;/, 'ssl_crl revoked.pem;'));
            },
            files: {
                'jwks-issuer.json': issuer.jwks,
                'issuer.json': issuer.secret,
                'holders.json': { holders: [
                    holder('rsa', [locks.rsa.card]),
                    holder('ecdsa', [locks.ecdsa.card]),
                    holder('lead', [locks.shared.card]),
                    holder('twin', [locks.twin.card]),
                    holder('manager', [locks.shared.card, locks.expired.card,
                        locks.early.card, locks.revoked.card],
                    { role: 'manager' }),
                    holder('nobody', []), ...others] },
                'ca.pem': ca.bundle,
                'revoked.pem': ca.revoked() + root.revoked(),
                'tls.key': locks.server.key,
                'tls.crt': locks.server.certificate,
            } });
        server.clock(moment);
        port = at;
        revoking = second;
    });

    for (const version of ['TLSv1.2', 'TLSv1.3']) {
        describe(version, () => {
            const only = { minVersion: version, maxVersion: version };

            for (const id of ['rsa', 'ecdsa']) {
                it(`${id}: a token, and a quote with it`, async () => {
                    const answer = await say({}, { lock: locks[id],
                        ...only });
                    const got = token(answer, id);

                    assert.equal(answer.protocol, version);

                    // The lock is pulled out; the key signs.
                    const quote = await ask(port, await byBrowser(key,
                        { target: '/v1/quotes', token: got, body: question }),
                    only);

                    is(quote, 200);
                    assert.equal(JSON.parse(quote.body).total_fen, 2500);
                });
            }

            it('none', async () => {
                is(await say({}, only), 403, 'client-certificate-required');
                is(await list(only), 403, 'client-certificate-required');
            });

            it('a resumed session is still the lock\'s', async () => {
                const agent = new https.Agent({ maxCachedSessions: 10 });
                const options = { lock: locks.rsa, agent, ...only };

                token(await say({}, options), 'rsa');

                const again = await say({}, options);

                assert.ok(again.reused);
                token(again, 'rsa');
                agent.destroy();
            });
        });
    }

    it('over HTTP/2, with a body and without', async () => {
        const session = http2.connect(`https://127.0.0.1:${port}`,
            { rejectUnauthorized: false, key: locks.rsa.key,
                cert: locks.rsa.certificate });

        const over = async ({ method, target: place, headers, body },
            { endStream = body === undefined } = {}) => {
            const stream = session.request({ ':method': method,
                ':path': place, ...Object.fromEntries(headers
                    .filter(([name]) => name !== 'Host')
                    .map(([name, value]) => [name.toLowerCase(), value])) },
            { endStream });
            const parts = [];

            if (!endStream) {
                stream.end(body);
            }

            return new Promise((resolve, reject) => {
                let headers;

                stream.on('response', (all) => { headers = all; });
                stream.on('data', (part) => parts.push(part));
                stream.on('error', reject);
                stream.on('end', () => resolve({ headers,
                    status: headers[':status'], body: Buffer.concat(parts) }));
            });
        };
        const unsaid = (request) => ({ ...request, headers: request.headers
            .filter(([name]) => name !== 'Content-Length') });

        try {
            const named = { body: JSON.stringify({ holder: 'rsa' }) };

            token(await over(await signIn(key)), 'rsa');
            token(await over(await signIn(key, named)), 'rsa');
            token(await over(unsaid(await signIn(key, named))), 'rsa');

            // It ends with its head: there is no body, and none is claimed.
            token(await over(unsaid(await signIn(key))), 'rsa');
        } finally {
            session.close();
        }
    });

    it('sends what lies between, if the CA\'s file has the root only',
        async () => {
            server.put('ca.pem', root.certificate);
            await server.reload();

            try {
                const chain = Buffer.concat([locks.rsa.certificate,
                    ca.certificate]);

                token(await say({}, { lock: { key: locks.rsa.key, chain } }),
                    'rsa');
                is(await say({}, { lock: locks.rsa }), 403,
                    'client-certificate-required');
            } finally {
                server.put('ca.pem', ca.bundle);
                await server.reload();
            }
        });

    describe('a lock that several have', () => {
        const choose = (body, lock = locks.shared) => say(
            { body: typeof body === 'string' ? body : JSON.stringify(body) },
            { lock });

        it('is listed, in the order of the registry', async () => {
            const answer = await list({ lock: locks.shared });

            is(answer, 200);

            const { way, holders } = JSON.parse(answer.body);

            assert.equal(way, 'certificate');
            assert.deepEqual(holders.slice(0, 3).map(({ id }) => id),
                ['lead', 'manager', 'many-0']);
            assert.deepEqual(holders[1], { id: 'manager',
                label: '测试 manager', role: 'manager',
                enterprise: '辽宁某某建设工程有限公司' });
            assert.equal(holders.length, 64);
        });

        it('of one holder lists that one', async () => {
            const { holders } = JSON.parse((await list({ lock: locks.rsa }))
                .body);

            assert.deepEqual(holders.map(({ id }) => id), ['rsa']);
        });

        it('must choose', async () => {
            is(await say({}, { lock: locks.shared }), 400,
                'request-malformed');
            token(await choose({ holder: 'lead' }), 'lead');
            token(await choose({ holder: 'manager' }), 'manager');
            token(await choose({ holder: 'many-69' }), 'many-69');
        });

        for (const id of ['rsa', 'nobody', 'twin', 'lea', 'LEAD', '*']) {
            it(`is not "${id}"`, async () => is(
                await choose({ holder: id }), 403, 'holder-not-registered'));
        }

        it('of one may be named, by its name only', async () => {
            token(await choose({ holder: 'rsa' }, locks.rsa), 'rsa');
            is(await choose({ holder: 'lead' }, locks.rsa), 403,
                'holder-not-registered');
        });

        for (const body of ['', '{', '[]', '"lead"', '{"holder":"lead"}}',
            '{"holder":"lead","holder":"manager"}', '{}', '{"holder":""}',
            '{"holder":1}', '{"holder":["lead"]}',
            '{"holder":"lead","role":"manager"}']) {
            it(`cannot be chosen by "${body}"`, async () => is(
                await choose(body), 400, 'request-malformed'));
        }
    });

    describe('is refused', () => {
        for (const name of ['expired', 'early', 'stranger']) {
            it(name, async () => {
                is(await say({}, { lock: locks[name] }), 403,
                    'client-certificate-required');
                is(await list({ lock: locks[name] }), 403,
                    'client-certificate-required');
            });
        }

        it('one that is not in the registry', async () => {
            is(await say({}, { lock: locks.unknown }), 403,
                'holder-not-registered');
            is(await list({ lock: locks.unknown }), 403,
                'holder-not-registered');
        });

        it('one with another\'s serial number', async () => {
            const twin = { key: locks.twin.key, chain: Buffer.concat(
                [locks.twin.certificate, other.certificate]) };

            assert.equal(locks.twin.card.serial, locks.rsa.card.serial);
            assert.notEqual(locks.twin.card.issuer, locks.rsa.card.issuer);
            token(await say({}, { lock: twin }), 'twin');
            is(await say({ body: '{"holder":"rsa"}' }, { lock: twin }), 403,
                'holder-not-registered');
        });

        it('one whose issuer is no CA', async () => {
            const under = locks.forged.client('under', { subject:
                '/CN=under' });
            const chain = Buffer.concat([under.certificate,
                locks.forged.certificate]);

            is(await say({}, { lock: { key: under.key, chain } }), 403,
                'client-certificate-required');
        });

        it('in nginx\'s own words without error_page', async () => {
            const answer = await ask(revoking, await signIn(key),
                { lock: locks.stranger });

            assert.equal(answer.status, 400);
            assert.match(String(answer.body), /SSL certificate error/);
        });

        it('one that was revoked, where there is a list', async () => {
            const answer = await ask(revoking, await signIn(key,
                { body: '{"holder":"manager"}' }), { lock: locks.revoked });

            assert.equal(answer.status, 400);
            assert.match(server.log(), /certificate revoked/);
            token(await ask(revoking, await signIn(key),
                { lock: locks.rsa }), 'rsa');

            // Without a list nobody knows.
            token(await say({}, { lock: locks.revoked }), 'manager');
        });

        it('without TLS', async () => {
            const answer = await fetch(`http://${server.listen}${target}`);

            assert.equal(answer.status, 403);
            assert.match((await answer.json()).type,
                /client-certificate-required/);
        });

        it('a header that says what nginx would', async () => {
            const { issuer: name, serial } = locks.rsa.card;

            is(await say({ headers: [['ssl-client-verify', 'SUCCESS'],
                ['ssl-client-i-dn', encodeURI(name)],
                ['ssl-client-serial', serial]] }), 403,
            'client-certificate-required');
        });
    });

    describe('the proof', () => {
        const lock = () => ({ lock: locks.rsa });

        it('is needed, once', async () => {
            const request = await signIn(key);

            is(await ask(port, { ...request, headers: request.headers
                .filter(([name]) => name !== 'DPoP') }, lock()), 401,
            'proof-missing');
            token(await ask(port, request, lock()), 'rsa');
            is(await ask(port, request, lock()), 401, 'proof-replayed');
        });

        it('is of this address, method, time and body', async () => {
            const body = '{"holder":"rsa"}';

            for (const changes of [{ htu: `${names.origin}/v1/quotes` },
                { htm: 'GET' }, { iat: moment - 3600 }]) {
                const answer = await say({ changes }, lock());

                assert.equal(answer.status, 401, JSON.stringify(changes));
            }

            const request = await signIn(key, { body });

            is(await ask(port, { ...request, body: '{"holder":"rsA"}' },
                lock()), 400, 'digest-mismatched-values');
        });

        it('counts for nothing beside a second', async () => {
            const request = await signIn(key);
            const many = Array.from({ length: 128 }, (_, i) =>
                [`x-${i}`, '1']);
            const [dpop] = request.headers.filter(([name]) =>
                name === 'DPoP');

            is(await ask(port, { ...request, headers: [...request.headers,
                ...many] }, lock()), 400, 'request-malformed');
            is(await ask(port, { ...request, headers: [['Host', origin],
                ['Content-Length', '0'], ['DPoP', [dpop[1], dpop[1]]]] },
            lock()), 401, 'proof-invalid');
        });

        it('goes with JSON only, however long it is', async () => {
            const body = '{"holder":"rsa"}';

            for (const length of [['Content-Length', `${body.length}`],
                ['Transfer-Encoding', 'chunked']]) {
                const request = await signIn(key, { body });

                request.headers = [...request.headers.filter(([name]) =>
                    !/^Content-/.test(name)), length,
                ['Content-Type', 'text/plain']];
                is(await ask(port, request, lock()), 415,
                    'unsupported-media-type');
            }

            const chunked = await signIn(key, { body });

            chunked.headers = [...chunked.headers.filter(([name]) =>
                name !== 'Content-Length'), ['Transfer-Encoding', 'chunked']];
            token(await ask(port, chunked, lock()), 'rsa');

            is(await say({ body: body.padEnd(16385) }, lock()), 413,
                'content-too-large');
        });
    });

    it('what the other methods do', async () => {
        const request = (method) => ({ method, target,
            headers: [['Host', origin]] });
        const on = { lock: locks.rsa };

        for (const method of ['PUT', 'DELETE', 'PATCH']) {
            is(await ask(port, request(method), on), 405,
                'method-not-allowed');
        }

        const head = await ask(port, request('HEAD'), on);

        assert.deepEqual([head.status, head.body.length], [200, 0]);
        assert.equal((await ask(port, request('OPTIONS'), {})).headers.allow,
            'GET, HEAD, POST, OPTIONS');
    });

    it('a session that is resumed keeps what was verified: for 5 minutes',
        async () => {
            // nginx asks neither the list nor the calendar again.
            const agent = new https.Agent({ maxCachedSessions: 10 });
            const late = () => say({ now: moment + 240,
                body: '{"holder":"manager"}' }, options);
            const short = ca.client('short', { subject: '/CN=short',
                to: '20270115080200Z' });
            const options = { lock: short, agent, maxVersion: 'TLSv1.2' };
            const holders = JSON.parse(server.read('holders.json'));

            holders.holders.find(({ id }) => id === 'manager').tls
                .push(short.card);
            server.put('holders.json', holders);
            await server.reload();

            try {
                token(await say({ body: '{"holder":"manager"}' }, options),
                    'manager');
                server.clock(moment + 240);

                const again = await late();

                assert.ok(again.reused);
                token(again, 'manager');

                // A new one is looked at.
                is(await say({ now: moment + 240 }, { lock: short }), 403,
                    'client-certificate-required');

                server.clock(moment + 301);
                is(await say({ now: moment + 301 }, options), 403,
                    'client-certificate-required');
            } finally {
                agent.destroy();
                server.clock(moment);
            }
        });

    it('leaves no copy of the key\'s text in memory', () => {
        for (const pid of [server.pid(), ...server.workers()]) {
            assert.equal(inMemory(pid, issuer.jwks.keys[0].kid), true);
            assert.equal(inMemory(pid, issuer.secret.d), false);
        }
    });

    it('the log names nobody', () => {
        const log = server.log() + server.access();
        const find = (words) => log.split('\n').find((line) =>
            words.test(line));

        assert.equal(find(/u-rsa|eyJ|刘|测试/), undefined);

        // nginx goes on when a chain does not verify, and finds later what
        // OpenSSL has said about it.
        assert.equal(find(/\[(alert|crit|emerg)\](?!.*asn1 encoding )/),
            undefined);
    });

    it('a DN of CAs is what openssl prints', () => {
        assert.equal(locks.rsa.card.issuer, 'CN=Locks\\, \\"\\+\\" G2,O='
            + [...Buffer.from('辽宁某某数字证书认证有限公司')].map((byte) =>
                `\\${byte.toString(16).toUpperCase()}`).join('') + ',C=CN');
        assert.equal(locks.rsa.card.serial, 'F3A8C1');
    });
});


// Whether a text stands somewhere in what a process may write to.
function inMemory(pid, text) {
    const memory = openSync(`/proc/${pid}/mem`, 'r');

    try {
        return readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')
            .map((line) => line.match(/^(\w+)-(\w+) rw/))
            .filter((range) => range !== null)
            .map(([, from, to]) => [parseInt(from, 16), parseInt(to, 16)])
            // The sanitizers' own book of memory is terabytes, of nothing.
            .filter(([from, to]) => to - from < 2 ** 30)
            .some(([from, to]) => pages(memory, from, to).includes(text));
    } finally {
        closeSync(memory);
    }
}


function pages(memory, from, to) {
    const all = Buffer.alloc(to - from);

    try {
        readSync(memory, all, 0, to - from, from);
    } catch {
        // A guard's: nobody can read it.
    }

    return all;
}
