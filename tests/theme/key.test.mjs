// The key that a browser makes for itself, and what it proves with it.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';

import { EmbeddedJWK, jwtVerify } from 'jose';

import { origin, stage, until } from './stage.mjs';

const digest = (text, as) => createHash('sha256').update(text).digest(as);
const open = (jwt) => jwtVerify(jwt, EmbeddedJWK);


describe('key.js', () => {
    const scene = stage();
    const fresh = (t, browser) => scene.page(t, '/apply/', {}, browser)
        .load('key');

    it('proves who asks, for one request', async (t) => {
        const { proof } = await fresh(t);
        const { protectedHeader: head, payload } = await open(
            await proof('GET', '/v1/orders?state=created#x', {}));

        assert.deepEqual(Object.keys(head).sort(), ['alg', 'jwk', 'typ']);
        assert.equal(head.typ, 'dpop+jwt');
        assert.equal(head.alg, 'ES256');
        assert.deepEqual(Object.keys(head.jwk).sort(),
            ['crv', 'kty', 'x', 'y']);
        assert.deepEqual(Object.keys(payload).sort(),
            ['htm', 'htu', 'iat', 'jti']);
        assert.equal(payload.htm, 'GET');
        assert.equal(payload.htu, `${origin}/v1/orders`);
        assert.ok(Math.abs(payload.iat - Date.now() / 1000) < 5);
        assert.ok(Number.isInteger(payload.iat));
        assert.match(payload.jti, /^[A-Za-z0-9_-]{22}$/);
    });

    it('binds the token, the body and the nonce', async (t) => {
        const { proof } = await fresh(t);
        const body = '{"holder":"刘某"}';
        const { payload } = await open(await proof('POST', '/v1/quotes',
            { token: 'abc.def', body, nonce: 'n-1' }));

        assert.equal(payload.ath, digest('abc.def', 'base64url'));
        assert.equal(payload['content-digest'],
            `sha-256=:${digest(body, 'base64')}:`);
        assert.equal(payload.nonce, 'n-1');
    });

    it('says another number each time', async (t) => {
        const { proof, unique } = await fresh(t);
        const said = [];

        for (let i = 0; i < 3; i++) {
            said.push((await open(await proof('GET', '/v1/session', {})))
                .payload.jti, unique());
        }

        assert.equal(new Set(said).size, said.length);
        said.forEach((one) => assert.match(one, /^[\w-]{22}$/));
    });

    it('makes one key, and none that can be taken out', async (t) => {
        const { proof, read } = await fresh(t);
        const made = t.mock.method(crypto.subtle, 'generateKey');
        const keys = [];

        for (let i = 0; i < 2; i++) {
            keys.push((await open(await proof('GET', '/v1/session', {})))
                .protectedHeader.jwk);
        }

        const { secret } = await read('key');

        assert.equal(made.mock.callCount(), 1);
        assert.deepEqual(keys[0], keys[1]);
        assert.equal(secret.extractable, false);
        assert.deepEqual(secret.usages, ['sign']);
        await assert.rejects(crypto.subtle.exportKey('jwk', secret),
            { name: /^InvalidAccess/ });
    });

    it('has the key of before on the next page', async (t) => {
        const browser = {};
        const jwk = async () => (await open(await (await fresh(t, browser))
            .proof('GET', '/v1/session', {}))).protectedHeader.jwk;

        assert.deepEqual(await jwk(), await jwk());
    });

    it('signs with one key, though two tabs make one each', async (t) => {
        const browser = {};
        const [first, second] = [await fresh(t, browser),
            await fresh(t, browser)];
        const { generateKey } = crypto.subtle;
        let calls = 0;
        let release;

        // The second tab's key is ready when the first tab has used its own.
        t.mock.method(crypto.subtle, 'generateKey', async (...how) => {
            if (++calls === 2) {
                await new Promise((resolve) => { release = resolve; });
            }

            return generateKey.apply(crypto.subtle, how);
        });

        const jwk = async (tab) => (await open(
            await tab.proof('GET', '/v1/session', {}))).protectedHeader.jwk;
        const [before, late] = [jwk(first), jwk(second)];
        const used = await before;

        (await until(() => release, 'the second tab found a key'))();
        assert.deepEqual(await late, used);
        assert.deepEqual(await jwk(first), used);
    });

    it('keeps what is written, and forgets all at once', async (t) => {
        const { forget, proof, read, write } = await fresh(t);
        const jwk = async () => (await open(await proof('GET', '/v1/session',
            {}))).protectedHeader.jwk;
        const before = await jwk();

        await write('token', { text: 'abc', until: 7 });
        assert.deepEqual(await read('token'), { text: 'abc', until: 7 });
        assert.equal(await read('nothing'), undefined);
        await forget();
        assert.equal(await read('token'), undefined);
        assert.equal(await read('key'), undefined);
        assert.notDeepEqual(await jwk(), before);
    });
});
