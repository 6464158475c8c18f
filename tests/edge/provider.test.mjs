// An identity site of somebody else: npm's oidc-provider, of which our server
// knows nothing but the file of its keys, and openid-client as the page that
// signs in there (code, PKCE, DPoP) and then asks here.

import assert from 'node:assert/strict';
import http from 'node:http';
import { describe, it } from 'node:test';

import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, exportJWK }
    from 'jose';
import * as openid from 'openid-client';

import { claims, digest, identity, question } from './people.mjs';
import { edge, staged, suite } from './server.mjs';

const back = 'http://127.0.0.1:1/signed-in';
const person = 'u-7f3a9c2e51d04b';


// The site, whose users are signed in as soon as they come.
async function provider(keys, audience) {
    const { default: Provider } = await import('oidc-provider');
    const server = http.createServer();

    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

    const address = `http://127.0.0.1:${server.address().port}`;
    const site = new Provider(address, {
        jwks: { keys: keys.map((key) => ({ ...key.secret,
            kid: key.thumbprint, alg: key.alg, use: 'sig' })) },
        clients: [{ client_id: 'wizard', redirect_uris: [back],
            token_endpoint_auth_method: 'none', response_types: ['code'],
            grant_types: ['authorization_code'], application_type: 'native',
            id_token_signed_response_alg: keys[0].alg }],
        cookies: { keys: ['not-a-secret'] },
        findAccount: (_, id) => ({ accountId: id,
            claims: () => ({ sub: id }) }),
        interactions: { url: (_, { uid }) => `/hello/${uid}` },
        // Our own claims; iss, aud, sub, client_id, iat, exp, jti, scope and
        // cnf are the library's.
        extraTokenClaims: () => {
            const { roles, org, certs } = claims('', { now:
                Math.floor(Date.now() / 1000) });

            return { roles, org, certs };
        },
        features: {
            devInteractions: { enabled: false },
            dPoP: { enabled: true },
            resourceIndicators: {
                enabled: true,
                defaultResource: () => audience,
                useGrantedResource: () => true,
                getResourceServerInfo: () => ({ audience,
                    scope: 'ca:quote ca:order ca:read', accessTokenTTL: 900,
                    accessTokenFormat: 'jwt',
                    jwt: { sign: { alg: keys[0].alg } } }),
            },
        },
    });
    const app = site.callback();

    server.on('request', async (request, response) => {
        if (!request.url.startsWith('/hello/')) {
            return app(request, response);
        }

        const grant = new site.Grant({ accountId: person,
            clientId: 'wizard' });

        grant.addOIDCScope('openid');
        grant.addResourceScope(audience, 'ca:quote ca:order ca:read');

        return site.interactionFinished(request, response, {
            login: { accountId: person },
            consent: { grantId: await grant.save() } });
    });

    return { address, close: () => new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
    }) };
}


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
    if (Number(process.versions.node.split('.')[0]) < 20) {
        it('oidc-provider', { skip: 'it needs node 20' }, () => {});
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
                const site = await provider(pairs, audience);

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
