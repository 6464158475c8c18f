// Clients that nobody here wrote, over real HTTP: what they send by themselves
// is taken, and they get the amounts that are right.

import assert from 'node:assert/strict';
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { describe, it } from 'node:test';

import * as dpop from 'dpop';
import { appendSignature, createSignature, webcrypto } from 'http-message-sig';
import { createSigner, httpbis } from 'http-message-signatures';
import { exportJWK, calculateJwkThumbprint, generateKeyPair } from 'jose';
import * as openid from 'openid-client';

import { byBrowser, claims, digest, identity, pair, partner, question, serial,
    sha256 } from './people.mjs';
import { edge, sighted, staged, suite } from './server.mjs';
import { ask, problem } from './wire.mjs';

const seconds = () => Math.floor(Date.now() / 1000);
const here = 'http://127.0.0.1:PORT';

// The answers to both routes, as the fixtures' holder must get them.
async function quoted(answer) {
    const said = await answer.json();

    assert.equal(answer.status, 200, JSON.stringify(said));
    assert.equal(said.total_fen, 2500);
    assert.equal(said.lines.reduce((sum, { fee_fen: fee }) => sum + fee, 0),
        2500);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
}

async function known(answer) {
    const said = await answer.json();

    assert.equal(answer.status, 200, JSON.stringify(said));
    assert.equal(said.role, 'individual');
    assert.deepEqual(said.certificates.map((one) => one.certificate),
        [serial]);
    assert.equal(said.certificates[0].can_add, true);
}


suite('clients that nobody here wrote', { clock: true }, () => {
    let server;
    let issuer;
    let partners;
    let at;

    const token = (key, changes) => issuer.token(claims(key.thumbprint,
        { now: seconds(), aud: at, ...changes }));

    // A server that has seen nothing, and that knows so or does not.
    const start = (t, clock) => edge(t, { clock, origin: here, audience: here,
        files: { 'jwks-issuer.json': issuer.jwks,
            'jwks-partners.json': { keys: partners
                .map((one) => one.public) } } });

    staged(async (undo) => {
        issuer = await identity();
        partners = [await partner('erp-1', 'Ed25519'),
            await partner('erp-2', 'ES256')];
        server = await start(undo, seconds() - sighted);
        server.clock('real');
        at = `http://127.0.0.1:${server.port}`;
    });

    for (const alg of ['ES256', 'Ed25519']) {
        describe(`jose and dpop, ${alg}`, () => {
            const call = async (target, body, claimed = {}) => {
                const keys = await generateKeyPair(alg);
                const jwk = await exportJWK(keys.publicKey);
                const bearer = await token({ thumbprint:
                    await calculateJwkThumbprint(jwk) });
                const method = body === undefined ? 'GET' : 'POST';
                const made = await dpop.generateProof(keys, at + target,
                    method, undefined, bearer, claimed);

                return fetch(at + target, { method, body, headers: {
                    authorization: `DPoP ${bearer}`, dpop: made,
                    ...(body === undefined ? {}
                        : { 'content-type': 'application/json' }) } });
            };

            it('gets a quote of 2500 fen', async () => quoted(await call(
                '/v1/quotes', question,
                { 'content-digest': digest(question) })));
            it('is told who it is', async () => known(await call(
                '/v1/session')));
            it('is refused where it does not bind the body', async () => {
                const answer = await call('/v1/quotes', question);

                assert.equal(answer.status, 401);
                assert.match((await answer.json()).type, /\/proof-invalid\/?$/);
            });
        });
    }

    describe('openid-client', () => {
        // Its handle, which keeps the nonces that servers give it.
        const client = async (alg, address) => {
            const config = new openid.Configuration({ issuer:
                'https://id.example.cn' }, 'wizard');
            const keys = await openid.randomDPoPKeyPair(alg,
                { extractable: true });
            const thumbprint = await calculateJwkThumbprint(
                await exportJWK(keys.publicKey));
            const bearer = await issuer.token(claims(thumbprint,
                { now: seconds(), aud: address }));
            let proofs = 0;

            openid.allowInsecureRequests(config);

            const call = (target, body) => {
                const handle = openid.getDPoPHandle(config, keys, {
                    [openid.modifyAssertion](_, payload) {
                        proofs++;

                        if (body !== undefined) {
                            payload['content-digest'] = digest(body);
                        }
                    } });

                return openid.fetchProtectedResource(config, bearer,
                    new URL(address + target),
                    body === undefined ? 'GET' : 'POST', body,
                    new Headers(body === undefined ? {}
                        : { 'content-type': 'application/json' }),
                    { DPoP: handle });
            };

            return { call, proofs: () => proofs };
        };

        it('gets a quote and is told who it is', async () => {
            const { call, proofs } = await client('ES256', at);

            await quoted(await call('/v1/quotes', question));
            await known(await call('/v1/session'));
            assert.equal(proofs(), 2);
        });

        for (const alg of ['ES256', 'Ed25519']) {
            it(`starts cold by itself, ${alg}: a proof again, with the nonce`,
                async (t) => {
                    const cold = await start(t, 'real');
                    const { call, proofs } = await client(alg,
                        `http://127.0.0.1:${cold.port}`);

                    await quoted(await call('/v1/quotes', question));
                    assert.equal(proofs(), 2);

                    const lines = await cold.lines(2);

                    assert.match(lines[0], /^POST \/v1\/quotes 401 /);
                    assert.match(lines[1], /^POST \/v1\/quotes 200 /);
                });
        }
    });

    describe('http-message-signatures', () => {
        const algorithms = ['ed25519', 'ecdsa-p256-sha256'];
        const call = async (i, method, target, body) => {
            const key = partners[i];
            const bearer = await token(key, { client_id: key.client });
            const headers = { Authorization: `Bearer ${bearer}`,
                ...(body === undefined ? {}
                    : { 'Content-Type': 'application/json',
                        'Content-Digest': digest(body) }) };
            const signer = createSigner(createPrivateKey({ key: key.secret,
                format: 'jwk' }), algorithms[i], key.thumbprint);
            const message = await httpbis.signMessage({ key: signer,
                fields: ['@method', '@target-uri',
                    ...Object.keys(headers).map((one) => one.toLowerCase())],
                params: ['created', 'keyid', 'alg', 'expires', 'nonce', 'tag'],
                paramValues: { nonce: randomUUID(), tag: 'ca-order-v1' } },
            { method, url: at + target, headers });

            return fetch(at + target, { method, body,
                headers: message.headers });
        };

        algorithms.forEach((alg, i) => {
            it(`${alg}: gets a quote of 2500 fen`, async () => quoted(
                await call(i, 'POST', '/v1/quotes', question)));
            it(`${alg}: is told who it is`, async () => known(
                await call(i, 'GET', '/v1/session')));
        });
    });

    describe('http-message-sig', () => {
        const call = async (i, method, target, body) => {
            const key = partners[i];
            const bearer = await token(key, { client_id: key.client });
            const request = new Request(at + target, { method, body, headers: {
                authorization: `Bearer ${bearer}`,
                ...(body === undefined ? {}
                    : { 'content-type': 'application/json',
                        'content-digest': digest(body) }) } });

            // It has signers for Ed25519 and RSA; P-256 is the caller's.
            const signer = key.alg === 'Ed25519'
                ? webcrypto.signer(key.privateKey)
                : { algorithm: 'ecdsa-p256-sha256', sign: (data) => sign(
                    'sha256', data, { key: createPrivateKey(
                        { key: key.secret, format: 'jwk' }),
                    dsaEncoding: 'ieee-p1363' }) };
            const fields = await createSignature(request, { label: 'any-name',
                signer, components: ['@method', '@authority', '@path',
                    '@query', 'authorization', ...(body === undefined ? []
                        : ['content-type', 'content-digest'])],
                parameters: { created: seconds(), keyid: key.thumbprint,
                    nonce: sha256(randomUUID()), tag: 'ca-order-v1' } });

            return fetch(new Request(request, { headers:
                appendSignature(request.headers, fields) }));
        };

        ['Ed25519', 'P-256'].forEach((alg, i) => {
            it(`${alg}: gets a quote of 2500 fen`, async () => quoted(
                await call(i, 'POST', '/v1/quotes', question)));
            it(`${alg}: is told who it is`, async () => known(
                await call(i, 'GET', '/v1/session')));
        });
    });

    describe('a clock that is wrong', () => {
        for (const [words, off] of [['an hour late', -3600],
            ['a day ahead', 86400]]) {
            it(`${words} is healed by the nonce of the answer`, async () => {
                const key = await pair('ES256');
                const bearer = await token(key);
                const send = async (nonce) => ask(server.port,
                    await byBrowser(key, { target: '/v1/session', token: bearer,
                        origin: at, now: seconds() + off, nonce }));
                const first = await send();

                assert.equal(first.status, 401);
                assert.equal(problem(first), 'dpop-nonce-required');
                assert.match(first.headers['www-authenticate'],
                    /^DPoP .*error="use_dpop_nonce"/);
                assert.equal((await send(first.headers['dpop-nonce'])).status,
                    200);
            });
        }
    });
});
