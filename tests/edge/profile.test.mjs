// The rules for tokens, proofs and signatures, on both sides of every edge.

import assert from 'node:assert/strict';
import { createHash, createPrivateKey, randomUUID, sign } from 'node:crypto';
import { describe, it } from 'node:test';

import { byBrowser, byServer, claims, digest, identity, pair, partner,
    question, serial, sha256 } from './people.mjs';
import { edge, moment, names, sighted, staged, suite } from './server.mjs';
import { Wire, ask, problem } from './wire.mjs';

const ok = '200';
const text = (length) => 'x'.repeat(length);


suite('the profile', { clock: true }, () => {
    const target = '/v1/session';
    let server;
    let wire;
    let site;
    let key;
    let okp;
    let peers;

    staged(async (undo) => {
        site = await identity();
        key = await pair('ES256');
        okp = await pair('Ed25519');
        peers = { ed: await partner('erp-1', 'Ed25519'),
            ec: await partner('erp-2', 'ES256'),
            over: await partner('erp-3'), early: await partner('erp-4'),
            narrow: await partner('erp-5'), stranger: await partner('erp-6') };
        peers.over.public.exp = moment;
        peers.early.public.nbf = moment + 1;
        peers.narrow.public.scope = 'ca:read';
        server = await edge(undo, { clock: moment - sighted, files: {
            'jwks-issuer.json': site.jwks, 'jwks-partners.json': { keys:
                Object.entries(peers).filter(([name]) => name !== 'stranger')
                    .map(([, one]) => one.public) } } });
        server.clock(moment);
        wire = new Wire(server.port);
        undo.after(() => wire.close());
    });

    // A row: its name, what makes a request, and the answer to it.
    const rows = (title, list) => describe(title, () => {
        for (const [name, make, expected] of list) {
            it(`${name}: ${expected}`, async () => {
                const request = await make();
                const answer = await wire.ask(request);

                assert.equal([answer.status, problem(answer)].filter(Boolean)
                    .join(' '), expected, server.access().trim().split('\n')
                    .at(-1));
            });
        }
    });

    // A session asked for with a token of other claims, or another header.
    const token = (changes, header) => async () => byBrowser(key, { target,
        token: await site.token(claims(key.thumbprint, typeof changes
            === 'function' ? changes() : changes), header) });
    const invalid = '401 token-invalid';
    const malformed = '401 token-malformed';

    rows('times of a token', [
        ['iat in a minute', token({ iat: moment + 60 }), ok],
        ['iat later', token({ iat: moment + 61 }), invalid],
        ['nbf in a minute', token({ nbf: moment + 60 }), ok],
        ['nbf later', token({ nbf: moment + 61 }), invalid],
        ['exp a minute ago', token({ iat: moment - 900, exp: moment - 59 }),
            ok],
        ['exp before', token({ iat: moment - 900, exp: moment - 60 }),
            '401 token-expired'],
        ['an hour', token({ iat: moment, exp: moment + 3600 }), ok],
        ['more', token({ iat: moment, exp: moment + 3601 }), invalid],
        ['backwards', token({ iat: moment, exp: moment - 1 }), invalid],
        ['exp 1.5', token({ exp: moment + 1.5 }), invalid],
        ['iat 0', token({ iat: 0, exp: 3600 }), invalid],
        ['nbf in words', token({ nbf: String(moment) }), invalid],
    ]);

    const many = (count) => Array.from({ length: count }, (_, i) => `a${i}`);
    const cert = (changes) => () => ({ certs: [{
        ...claims('').certs[0], ...changes }] });

    rows('claims of a token', [
        ['aud in a list of 8', token({ aud: [...many(7), names.audience] }),
            ok],
        ['in one of 9', token({ aud: [...many(8), names.audience] }), invalid],
        ['aud not in it', token({ aud: many(8) }), invalid],
        ['a number in aud', token({ aud: [names.audience, 1] }), invalid],
        ['sub of 128', token({ sub: text(128) }), ok],
        ['of 129', token({ sub: text(129) }), invalid],
        ['of none', token({ sub: '' }), invalid],
        ['with a tab', token({ sub: 'a\tb' }), invalid],
        ['client_id of 64', token({ client_id: text(64) }), ok],
        ['of 65', token({ client_id: text(65) }), invalid],
        ['jti of 8', token({ jti: text(8) }), ok],
        ['of 7', token({ jti: text(7) }), invalid],
        ['of 128', token({ jti: text(128) }), ok],
        ['of 129', token({ jti: text(129) }), invalid],
        ['no scope', token({ scope: undefined }), ok],
        ['scope a list', token({ scope: ['ca:read'] }), invalid],
        ['role manager', token({ roles: ['manager'] }), ok],
        ['two roles', token({ roles: ['manager', 'individual'] }), invalid],
        ['no role', token({ roles: [] }), invalid],
        ['another role', token({ roles: ['admin'] }), invalid],
        ['a role as a word', token({ roles: 'manager' }), invalid],
        ['cnf with more', token(() => ({ cnf: { jkt: key.thumbprint,
            x: 1 } })), invalid],
        ['cnf of 42', token(() => ({ cnf: { jkt: key.thumbprint.slice(1) } })),
            invalid],
        ['cnf of another key', token(() => ({ cnf: { jkt: okp.thumbprint } })),
            '401 key-mismatch'],
        ['name of 64', token({ name: '王'.repeat(64) }), ok],
        ['of 65', token({ name: '王'.repeat(65) }), invalid],
        ['city of 5', token({ org: { ...claims('').org, city: '21010' } }),
            invalid],
        ['org without a name', token({ org: { ...claims('').org,
            name: undefined } }), invalid],
        ['no org', token({ org: undefined }), invalid],
        ['8 certificates', token({ certs: Array.from({ length: 8 }, (_, i) => ({
            sn: `S${i}`, ca: 'CFCA', lock: 'enterprise', exp: moment + 86400,
            plat: [] })) }), ok],
        ['9', token({ certs: Array.from({ length: 9 }, (_, i) => ({
            sn: `S${i}`, ca: 'CFCA', lock: 'enterprise', exp: moment + 86400,
            plat: [] })) }), invalid],
        ['none', token({ certs: [] }), invalid],
        ['64 platforms', token(cert({ plat: many(64) })), ok],
        ['65', token(cert({ plat: many(65) })), invalid],
        ['a platform in capitals', token(cert({ plat: ['Jinzhou'] })),
            invalid],
        ['a serial of 65', token(cert({ sn: text(65) })), invalid],
        ['claims that nobody knows', token({ colour: { deep: [1, null] } }),
            ok],
        ['act', token({ act: { sub: 'u-1' } }), ok],
    ]);

    const raw = (change) => async () => {
        const good = await site.token(claims(key.thumbprint));

        return byBrowser(key, { target, token: change(good) });
    };

    // The token, filled up to a length by a claim that nobody reads.
    const long = (length) => async () => {
        const make = (fill) => site.token(claims(key.thumbprint,
            { jti: 'tok-00000000', fill: text(fill) }));
        let fill = Math.floor((length - (await make(0)).length) * 3 / 4) - 3;
        let made = await make(fill);

        while (made.length < length) {
            made = await make(++fill);
        }

        assert.ok(made.length - length < 2, String(made.length));

        return byBrowser(key, { target, token: made });
    };

    rows('a token as text', [
        ['typ in capitals', token({}, { typ: 'AT+JWT' }), ok],
        ['of JWT', token({}, { typ: 'JWT' }), invalid],
        ['none', token({}, { typ: undefined }), invalid],
        ['a kid that is unknown', token({}, { kid: 'none' }), invalid],
        ['no kid', token({}, { kid: undefined }), invalid],
        ['alg EdDSA', token({}, { alg: 'EdDSA' }), ok],
        ['a key in the header', token({}, { jwk: { kty: 'OKP' } }), ok],
        ['jku in the header', token({}, { jku: 'https://x' }), ok],
        ['a header of more than 512', token({}, { x: text(512) }), malformed],
        ['6144 bytes', long(6144), ok],
        ['more', long(6146), malformed],
        ['padding', raw((one) => `${one}=`), malformed],
        ['a comma', raw((one) => `${one},`), malformed],
        ['two of them', raw((one) => `${one} ${one}`), malformed],
        ['no signature', raw((one) => one.replace(/[^.]*$/, '')), invalid],
        ['only dots', raw(() => '..'), malformed],
        ['one byte', raw(() => 'x'), malformed],
    ]);

    // A session asked for with another proof.
    const good = () => site.token(claims(key.thumbprint));
    const proof = (changes, more = {}) => async () => byBrowser(key, { target,
        token: await good(), ...more, changes: typeof changes === 'function'
            ? changes() : changes });
    const bad = '401 proof-invalid';
    const nonce = '401 dpop-nonce-required';
    const here = names.origin + target;

    rows('claims of a proof', [
        ['iat 300 s ago', proof({ iat: moment - 300 }), ok],
        ['before', proof({ iat: moment - 301 }), nonce],
        ['iat in a minute', proof({ iat: moment + 60 }), ok],
        ['later', proof({ iat: moment + 61 }), nonce],
        ['iat 1.5', proof({ iat: moment + 0.5 }), bad],
        ['no iat', proof({ iat: undefined }), bad],
        ['jti of 8', proof(() => ({ jti: randomUUID().slice(0, 8) })), ok],
        ['of 7', proof({ jti: text(7) }), bad],
        ['of 128', proof({ jti: text(128) }), ok],
        ['of 129', proof({ jti: text(129) }), bad],
        ['with a tab', proof({ jti: 'abcd\tefgh' }), bad],
        ['of Chinese', proof({ jti: '一二三四五六七八' }), bad],
        ['htm get', proof({ htm: 'get' }), bad],
        ['no htm', proof({ htm: undefined }), bad],
        ['htu with a query', proof({ htu: `${here}?a=1` }), ok],
        ['with a fragment', proof({ htu: `${here}#a` }), ok],
        ['with both', proof({ htu: `${here}?a=1#b?c` }), ok],
        ['with a port', proof({ htu: here.replace('.cn', '.cn:443') }), ok],
        ['with port 80', proof({ htu: here.replace('.cn', '.cn:80') }), bad],
        ['in capitals', proof({ htu: here.replace('https://ca', 'HTTPS://CA')
        }), ok],
        ['a path in capitals', proof({ htu: here.replace('v1', 'V1') }), bad],
        ['with a slash more', proof({ htu: `${here}/` }), bad],
        ['with a user', proof({ htu: here.replace('//', '//a@') }), bad],
        ['with an escape', proof({ htu: here.replace('v1', '%761') }), bad],
        ['with dots', proof({ htu: here.replace('/v1', '/x/../v1') }), bad],
        ['of nothing but a path', proof({ htu: target }), bad],
        ['no htu', proof({ htu: undefined }), bad],
        ['no ath', proof({ ath: undefined }), bad],
        ['ath of another token', proof({ ath: sha256('x', 'base64url') }), bad],
        ['ath in hex', proof({ ath: sha256('x', 'hex') }), bad],
        ['a nonce that is none', proof({ nonce: 'x' }), nonce],
        ['a nonce of ours, changed', proof({ nonce: text(32) }), nonce],
        ['more claims', proof({ colour: [1, { a: 2 }] }), ok],
    ]);

    const quote = { target: '/v1/quotes', body: question };

    rows('the digest in a proof', [
        ['right', proof({}, quote), ok],
        ['none', proof({ 'content-digest': undefined }, quote), bad],
        ['of other content', proof({ 'content-digest': digest('x') }, quote),
            '400 digest-mismatched-values'],
        ['of SHA-512', proof({ 'content-digest': 'sha-512=:AAAA:' }, quote),
            bad],
        ['two', proof({ 'content-digest': `${digest(question)}, `
            + digest(question) }, quote), bad],
        ['without its colons', proof({ 'content-digest':
            digest(question).replaceAll(':', '') }, quote), bad],
        ['a field that is right too', proof({}, { ...quote, headers:
            [['Content-Digest', digest(question)]] }), ok],
        ['a field that is wrong', proof({}, { ...quote, headers:
            [['Content-Digest', digest('x')]] }),
        '400 digest-mismatched-values'],
    ]);

    // A proof by hand: header and claims as they are given.
    const byHand = (header, { by = () => key, fill = 0 } = {}) => async () => {
        const own = by();
        const bearer = await site.token(claims(own.thumbprint));
        const parts = [{ typ: 'dpop+jwt', alg: own.alg, jwk: own.jwk,
            ...header() }, { jti: randomUUID(), htm: 'GET', htu: here,
            iat: moment, ath: sha256(bearer, 'base64url'),
            ...(fill ? { fill: text(fill) } : {}) }]
            .map((one) => Buffer.from(JSON.stringify(one))
                .toString('base64url')).join('.');
        const secret = createPrivateKey({ key: own.secret, format: 'jwk' });
        const made = `${parts}.${(own.alg === 'ES256'
            ? sign('sha256', Buffer.from(parts), { key: secret,
                dsaEncoding: 'ieee-p1363' })
            : sign(null, Buffer.from(parts), secret)).toString('base64url')}`;

        return { method: 'GET', target, headers: [['Host', 'ca.example.cn'],
            ['Authorization', `DPoP ${bearer}`], ['DPoP', made]] };
    };

    rows('the header of a proof', [
        ['as it is', byHand(() => ({})), ok],
        ['typ in capitals', byHand(() => ({ typ: 'DPoP+JWT' })), ok],
        ['of a token', byHand(() => ({ typ: 'at+jwt' })), bad],
        ['EdDSA', byHand(() => ({ alg: 'EdDSA' }), { by: () => okp }), ok],
        ['EdDSA on P-256', byHand(() => ({ alg: 'EdDSA' })), bad],
        ['ES256 on Ed25519', byHand(() => ({ alg: 'ES256' }),
            { by: () => okp }), bad],
        ['HS256', byHand(() => ({ alg: 'HS256' })), bad],
        ['none', byHand(() => ({ alg: 'none' })), bad],
        ['what WebCrypto adds', byHand(() => ({ jwk: { ...key.jwk, ext: true,
            key_ops: ['verify'], alg: 'ES256' } })), ok],
        ['a private member', byHand(() => ({ jwk: { ...key.jwk,
            d: key.secret.d } })), bad],
        ['an empty private member', byHand(() => ({ jwk: { ...key.jwk,
            qi: '' } })), bad],
        ['a coordinate with a zero before it', byHand(() => ({ jwk: {
            ...key.jwk, x: Buffer.concat([Buffer.alloc(1), Buffer.from(
                key.jwk.x, 'base64url')]).toString('base64url') } })), bad],
        ['no key', byHand(() => ({ jwk: undefined })), bad],
        ['a key\'s name only', byHand(() => ({ jwk: undefined,
            kid: key.thumbprint })), bad],
        ['2048 bytes', byHand(() => ({}), { fill: 2048 }), bad],
    ]);

    it('a nonce lives 300 seconds', async (t) => {
        const own = await edge(t, { clock: moment, files: {
            'jwks-issuer.json': site.jwks } });

        // By a clock of the browser's that is wrong.
        const visit = async (nonce, now) => {
            own.clock(now);

            return ask(own.port, await byBrowser(key, { target, nonce,
                now: moment - 9999, token: await site.token(claims(
                    key.thumbprint, { now })) }));
        };
        const given = (await visit(undefined, moment)).headers['dpop-nonce'];

        assert.equal((await visit(given, moment)).status, 200);
        assert.equal((await visit(given, moment + 300)).status, 200);
        assert.equal(problem(await visit(given, moment + 301)),
            'dpop-nonce-required');
    });

    // A partner's session or quote.
    const signed = (more = {}, who = 'ed', changes = {}) => async () => {
        const own = peers[who];

        return byServer(own, { target, token: await site.token(claims(
            own.thumbprint, { client_id: own.client, ...changes })), ...more });
    };

    // The same with other words in Signature-Input, signed as they are.
    const words = (change, more = {}) => async () => {
        const request = await signed(more)();
        const input = request.headers.find(([name]) =>
            name === 'Signature-Input');
        const params = change(input[1].replace(/^sig1=/, ''));
        const field = (name) => request.headers.filter(([one]) =>
            one.toLowerCase() === name).map(([, value]) => value).join(', ');
        const lines = [...params.matchAll(/"(@?[a-z-]+)"(?=[ )])/g)]
            .map(([, name]) => `"${name}": ${{ '@method': request.method,
                '@target-uri': names.origin + request.target,
                '@path': request.target, '@query': '?',
                '@authority': 'ca.example.cn', '@scheme': 'https',
                '@request-target': request.target }[name] ?? field(name)}`);

        lines.push(`"@signature-params": ${params}`);
        input[1] = `sig1=${params}`;
        request.headers.find(([name]) => name === 'Signature')[1] = `sig1=:${
            sign(null, Buffer.from(lines.join('\n')), createPrivateKey({
                key: peers.ed.secret, format: 'jwk' })).toString('base64')}:`;

        return request;
    };
    const expired = '401 signature-expired';
    const wrong = '401 signature-invalid';
    const unread = '401 signature-malformed';
    const incomplete = '401 signature-incomplete';

    rows('times of a signature', [
        ['created 300 s ago', signed({ now: moment - 300 }), ok],
        ['before', signed({ now: moment - 301 }), expired],
        ['in a minute', signed({ now: moment + 60 }), ok],
        ['later', signed({ now: moment + 61 }), expired],
        ['expires a minute ago', words((one) => one
            .replace(/created=\d+/, `created=${moment - 200};`
                + `expires=${moment - 60}`)), ok],
        ['before', words((one) => one.replace(/created=\d+/,
            `created=${moment - 200};expires=${moment - 61}`)), expired],
        ['after ten minutes', words((one) => `${one};expires=${moment + 600}`),
            ok],
        ['more', words((one) => `${one};expires=${moment + 601}`), unread],
    ]);

    rows('parameters of a signature', [
        ['as they are', words((one) => one), ok],
        ['in another order', words((one) => one.replace(/(;created=\d+)(.*)/,
            '$2$1')), ok],
        ['with its algorithm', words((one) => `${one};alg="ed25519"`), ok],
        ['with another', words((one) => `${one};alg="ecdsa-p256-sha256"`),
            wrong],
        ['with one that is none', words((one) => `${one};alg="none"`), wrong],
        ['with one more', words((one) => `${one};colour="red"`), unread],
        ['nonce of 16', signed({ nonce: randomUUID().slice(0, 16) }), ok],
        ['of 15', signed({ nonce: text(15) }), unread],
        ['of 128', signed({ nonce: text(128) }), ok],
        ['of 129', signed({ nonce: text(129) }), unread],
        ['of base64', signed({ nonce: 'AAAAAAAAAAAAAA+/==' }), ok],
        ['with a dot', signed({ nonce: 'AAAAAAAAAAAAAAAA.' }), unread],
        ['no nonce', words((one) => one.replace(/;nonce="[^"]*"/, '')),
            incomplete],
        ['no keyid', words((one) => one.replace(/;keyid="[^"]*"/, '')),
            incomplete],
        ['no tag', words((one) => one.replace(/;tag="[^"]*"/, '')),
            '401 signature-missing'],
        ['a keyid of 65', words((one) => one.replace(/keyid="[^"]*"/,
            `keyid="${text(65)}"`)), unread],
    ]);

    const cover = (list) => words((one) => one.replace(/^\([^)]*\)/,
        `(${list.map((name) => `"${name}"`).join(' ')})`));

    rows('what a signature covers', [
        ['path instead of the address', cover(['@method', '@authority',
            '@path', 'authorization']), ok],
        ['and the query that is none', cover(['@method', '@authority', '@path',
            '@query', 'authorization']), ok],
        ['scheme and target as well', cover(['@method', '@target-uri',
            '@scheme', '@request-target', 'authorization', 'host']), ok],
        ['no method', cover(['@target-uri', 'authorization']), incomplete],
        ['no authority', cover(['@method', '@path', 'authorization']),
            incomplete],
        ['no authorization', cover(['@method', '@target-uri']), incomplete],
        ['one twice', cover(['@method', '@method', '@target-uri',
            'authorization']), unread],
        ['status', cover(['@method', '@target-uri', 'authorization',
            '@status']), unread],
        ['a field that is not there', cover(['@method', '@target-uri',
            'authorization', 'x-none']), wrong],
        ['nothing', cover([]), incomplete],
    ]);

    rows('who signs', [
        ['a P-256 key', signed({}, 'ec'), ok],
        ['a stranger', signed({}, 'stranger'), wrong],
        ['a key that is over', signed({}, 'over'), wrong],
        ['a key that is not yet', signed({}, 'early'), wrong],
        ['a key without the scope', signed(quote, 'narrow'),
            '403 scope-insufficient'],
        ['for another client', signed({}, 'ed', { client_id: 'erp-2' }),
            '401 key-mismatch'],
        ['without a token', async () => byServer(peers.ed, { target }),
            '401 token-missing'],
        ['the list without a token', async () => byServer(peers.ed,
            { target: '/v1/prices', body: '{}' }), ok],
        ['a quote', signed(quote), ok],
        ['a quote with an Idempotency-Key', signed({ ...quote, headers:
            [['Idempotency-Key', '"0123456789"']] }), ok],
    ]);

    it('a session tells what the key leaves of the scopes', async () => {
        const told = async (who) => JSON.parse((await wire.ask(
            await signed({}, who)())).body).scopes;

        assert.deepEqual(await told('ed'), ['ca:quote', 'ca:order',
            'ca:read']);
        assert.deepEqual(await told('narrow'), ['ca:read']);
    });

    const replaced = (name, value, more = quote) => async () => {
        const request = await signed(more)();

        return { ...request, headers: request.headers.flatMap((one) =>
            (one[0].toLowerCase() === name ? [].concat(value(one[1]))
                .map((each) => [one[0], each]) : [one])) };
    };
    const covered = (value) => async () => {
        const own = peers.ed;
        const request = await signed(quote)();

        return byServer(own, { ...quote, body: undefined, method: 'POST',
            token: request.headers.find(([name]) => name === 'Authorization')[1]
                .slice(7), headers: [['Content-Type', 'application/json'],
                ['Content-Length', String(Buffer.byteLength(question))],
                ['Content-Digest', value]] })
            .then((all) => ({ ...all, body: question }));
    };
    const sha512 = `sha-512=:${createHash('sha512').update(question)
        .digest('base64')}:`;

    rows('the digest of a signed body', [
        ['SHA-256', covered(digest(question)), ok],
        ['SHA-512', covered(sha512), ok],
        ['both', covered(`${digest(question)}, ${sha512}`), ok],
        ['one of them wrong', covered(`${digest('x')}, ${sha512}`),
            '400 digest-mismatched-values'],
        ['one unknown beside it', covered(`md5=:AAAA:, ${digest(question)}`),
            ok],
        ['only unknown', covered('md5=:AAAAAAAAAAAAAAAAAAAAAA==:'),
            '400 digest-unsupported-algorithms'],
        ['too short', covered('sha-256=:AAAA:'), '400 digest-invalid-values'],
        ['no bytes', covered('sha-256=AAAA'), '400 digest-invalid-values'],
        ['nothing to read', covered('%%'), '400 digest-invalid-values'],
        ['covered but not there', replaced('content-digest', () => []), wrong],
        ['there but not covered', words((one) => one.replace(
            ' "content-digest"', ''), quote), incomplete],
    ]);

    rows('fields of a signature', [
        ['Signature twice', replaced('signature', (one) => [one, one]),
            unread],
        ['another signature beside it', replaced('signature', (one) =>
            [one, 'sig2=:AAAA:']), ok],
        ['in two lines', replaced('signature-input', (one) =>
            ['sig2=("@method");created=1', one]), ok],
        ['a signature of 65 bytes', replaced('signature', () =>
            `sig1=:${Buffer.alloc(65).toString('base64')}:`), wrong],
        ['a label in capitals', replaced('signature', (one) =>
            one.replace('sig1', 'SIG1')), unread],
        ['another label', replaced('signature', (one) =>
            one.replace('sig1', 'sig2')), unread],
        ['base64 without padding', replaced('signature', (one) =>
            one.replace(/=+:$/, ':')), unread],
        ['a scheme that is none', replaced('authorization', (one) =>
            one.replace('Bearer', 'Basic')), '401 token-missing'],
    ]);

    const dearer = (changes, body) => async () => byBrowser(key, {
        target: '/v1/quotes', body: JSON.stringify(body ?? {
            certificate: serial, platforms: ['jinzhou'] }),
        token: await site.token(claims(key.thumbprint,
            typeof changes === 'function' ? changes() : changes)) });

    rows('what may be quoted', [
        ['without the scope', dearer({ scope: 'ca:read ca:order' }),
            '403 scope-insufficient'],
        ['with it alone', dearer({ scope: 'ca:quote' }), ok],
        ['another certificate', dearer({}, { certificate: 'X',
            platforms: ['jinzhou'] }), '403 certificate-forbidden'],
        ['one that has expired', dearer(cert({ exp: moment })),
            '422 certificate-expired'],
        ['one that ends now', dearer(cert({ exp: moment + 1 })), ok],
        ['of 中孚', dearer(cert({ hw: 'zhongfu' })),
            '422 certificate-unsupported-hardware'],
        ['what it has', dearer({}, { certificate: serial,
            platforms: ['anshan'] }), '422 platform-already-held'],
        ['nothing', dearer({}, { certificate: serial, platforms: [] }),
            '422 validation-failed'],
        ['what is unknown', dearer({}, { certificate: serial,
            platforms: ['nowhere'] }), '422 validation-failed'],
        ['one twice', dearer({}, { certificate: serial,
            platforms: ['jinzhou', 'jinzhou'] }), '422 validation-failed'],
        ['with more members', dearer({}, { certificate: serial,
            platforms: ['jinzhou'], amount: 1 }), '422 validation-failed'],
        ['of other types', dearer({}, { certificate: 1, platforms: 'x' }),
            '422 validation-failed'],
        ['a list', dearer({}, []), '400 request-malformed'],
    ]);
});
