// An identity site of somebody else: npm's oidc-provider, of which our server
// knows nothing but the file of its keys, and openid-client as the page that
// signs in there (code, PKCE, DPoP) and then asks here.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, exportJWK }
    from 'jose';
import * as openid from 'openid-client';

import { person, provider, unable } from './openid.mjs';
import { digest, identity, question } from './people.mjs';
import { edge, staged, suite } from './server.mjs';

const back = 'http://127.0.0.1:1/signed-in';


// A browser that only follows: from the first address to the one that is no
// address of the site, with the cookies that it is given.
async function follow(address) {
    const cookies = new Map();

    for (let hops = 0; !address.startsWith(back); hops++) {
        assert.ok(hops < 8, `goes round: ${address}`);
        const answer = await fetch(address, { redirect: 'manual',
            headers: { cookie: [...cookies].map((one) => one.join('='))
                .join('; ') } });

        for (const line of answer.headers.getSetCookie()) {
            const [, name, value] = line.match(/^([^=]+)=([^;]*)/);

            cookies.set(name, value);
        }

        assert.ok(answer.headers.has('location'), await answer.text());
        address = new URL(answer.headers.get('location'), address).href;
    }

    return new URL(address);
}


suite('an identity site of somebody else', {}, () => {
    if (unable) {
        it('oidc-provider', { skip: unable }, () => {});
        return;
    }

    for (const algs of [['Ed25519', 'ES256'], ['ES256', 'Ed25519']]) {
        describe(`oidc-provider, tokens by ${algs[0]}`, () => {
            let server;
            let config;
            let keys;
            let tokens;

            staged(async (undo) => {
                // The site has two keys; both lie in the file.
                const pairs = await Promise.all(algs.map(identity));
                const audience = 'https://ca.example.cn';
                const site = await provider({ keys: pairs, back, audience });

                undo.after(site.close);

                const jwks = await (await fetch(`${site.address}/jwks`)).text();

                server = await edge(undo, { issuer: site.address, audience,
                    origin: 'http://127.0.0.1:PORT',
                    files: { 'jwks-issuer.json': jwks } });

                config = await openid.discovery(new URL(site.address),
                    'wizard', { id_token_signed_response_alg: algs[0] },
                    openid.None(), { execute: [openid.allowInsecureRequests] });
                keys = await openid.randomDPoPKeyPair('ES256',
                    { extractable: true });

                const verifier = openid.randomPKCECodeVerifier();
                const state = openid.randomState();
                const thumbprint = await calculateJwkThumbprint(
                    await exportJWK(keys.publicKey));
                const start = openid.buildAuthorizationUrl(config, {
                    redirect_uri: back, scope: 'openid ca:quote ca:read',
                    code_challenge: await openid
                        .calculatePKCECodeChallenge(verifier),
                    code_challenge_method: 'S256', state,
                    dpop_jkt: thumbprint, resource: audience });

                tokens = await openid.authorizationCodeGrant(config,
                    await follow(start.href), { expectedState: state,
                        pkceCodeVerifier: verifier }, { resource: audience },
                    { DPoP: openid.getDPoPHandle(config, keys) });
            });

            it('gives a token of the profile, bound to the key', async () => {
                const said = decodeJwt(tokens.access_token);
                const { typ, alg } = decodeProtectedHeader(
                    tokens.access_token);

                assert.equal(tokens.token_type, 'dpop');
                assert.deepEqual({ typ, alg }, { typ: 'at+jwt', alg: algs[0] });
                assert.equal(said.sub, person);
                assert.equal(said.client_id, 'wizard');
                assert.deepEqual(said.roles, ['individual']);
                assert.deepEqual(said.cnf, { jkt: await calculateJwkThumbprint(
                    await exportJWK(keys.publicKey)) });
            });

            const call = (target, body) => openid.fetchProtectedResource(
                config, tokens.access_token,
                new URL(`http://127.0.0.1:${server.port}${target}`),
                body === undefined ? 'GET' : 'POST', body, new Headers(
                    body === undefined ? {}
                        : { 'content-type': 'application/json' }),
                { DPoP: openid.getDPoPHandle(config, keys, {
                    [openid.modifyAssertion](_, payload) {
                        if (body !== undefined) {
                            payload['content-digest'] = digest(body);
                        }
                    } }) });

            it('whose quote is 2500 fen', async () => {
                const answer = await call('/v1/quotes', question);
                const said = await answer.json();

                assert.equal(answer.status, 200, JSON.stringify(said));
                assert.equal(said.total_fen, 2500);
            });

            it('and whose session says so', async () => {
                const answer = await call('/v1/session');
                const said = await answer.json();

                assert.equal(answer.status, 200, JSON.stringify(said));
                assert.equal(said.enterprise.id, '91350100M000100Y43');
            });

            it('of no use to another key', async () => {
                const own = keys;

                keys = await openid.randomDPoPKeyPair('ES256');

                // The client reads the challenge and throws it.
                const { response } = await call('/v1/session')
                    .catch((error) => error);

                keys = own;
                assert.equal(response.status, 401);
                assert.match((await response.json()).type,
                    /\/key-mismatch\/?$/);
            });
        });
    }
});
