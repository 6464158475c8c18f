// A real browser with a key that it cannot give away: it signs in, keeps the
// key over a reload of the page, is told who it is and gets a quote.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { it } from 'node:test';

import { chromium } from 'playwright-core';

import { executablePath, flags } from '../browser/stage.mjs';
import { choice, holders, identity, serial } from './people.mjs';
import { edge, staged, suite } from './server.mjs';


// What runs in the page, with nothing but what browsers have.
function page() {
    const algorithms = {
        ES256: [{ name: 'ECDSA', namedCurve: 'P-256' },
            { name: 'ECDSA', hash: 'SHA-256' }],
        Ed25519: [{ name: 'Ed25519' }, { name: 'Ed25519' }],
    };
    const bytes = (text) => new TextEncoder().encode(text);
    const base64 = (data) => btoa(String.fromCharCode(...new Uint8Array(data)));
    const url = (data) => base64(data).replaceAll('+', '-')
        .replaceAll('/', '_').replaceAll('=', '');
    const sha256 = (text) => crypto.subtle.digest('SHA-256', bytes(text));

    const proof = async (keys, alg, claims) => {
        const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk',
            keys.publicKey);
        const text = [{ typ: 'dpop+jwt', alg, jwk: { crv, kty, x, y } },
            claims].map((part) => url(bytes(JSON.stringify(part)))).join('.');

        return `${text}.${url(await crypto.subtle.sign(algorithms[alg][1],
            keys.privateKey, bytes(text)))}`;
    };

    // A database with one place for a key, which stays a key in it.
    const store = (mode, action) => new Promise((resolve, reject) => {
        const opening = indexedDB.open('keys', 1);

        opening.onupgradeneeded = () =>
            opening.result.createObjectStore('keys');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
            const request = action(opening.result.transaction('keys', mode)
                .objectStore('keys'));

            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
        };
    });

    const edge = {
        make: async (alg) => {
            const keys = await crypto.subtle.generateKey(algorithms[alg][0],
                false, ['sign', 'verify']);

            await store('readwrite', (place) => place.put(keys, alg));
        },

        // What export says: a name of a fault, or `exported`.
        exported: async (alg, format) => {
            const keys = await store('readonly', (place) => place.get(alg));

            return crypto.subtle.exportKey(format, keys.privateKey)
                .then(() => 'exported', (error) => error.name);
        },

        // A call with the key of the database; again, with its nonce, when
        // the server asks for that.
        call: async (alg, method, target, { token, body, nonce } = {}) => {
            const keys = await store('readonly', (place) => place.get(alg));
            const claims = { jti: crypto.randomUUID(), htm: method,
                htu: location.origin + target, nonce,
                iat: Math.floor(Date.now() / 1000),
                ath: token && url(await sha256(token)),
                'content-digest': body
                    && `sha-256=:${base64(await sha256(body))}:` };
            const headers = { DPoP: await proof(keys, alg, claims),
                ...(token && { Authorization: `DPoP ${token}` }),
                ...(body && { 'Content-Type': 'application/json' }) };
            const answer = await fetch(target, { method, headers, body });

            if (answer.status === 401 && nonce === undefined
                && /use_dpop_nonce/.test(
                    answer.headers.get('www-authenticate')))
            {
                return { ...await edge.call(alg, method, target, { token, body,
                    nonce: answer.headers.get('dpop-nonce') }), again: true };
            }

            return { status: answer.status, said: await answer.json() };
        },
    };

    window.edge = edge;
}


suite('a page of the same origin', {}, () => {
    if (!existsSync(executablePath)) {
        it('in Chromium', { skip: `there is no ${executablePath}` }, () => {});
        return;
    }

    let server;
    let browser;

    staged(async (undo) => {
        const issuer = await identity();

        server = await edge(undo, { origin: 'http://127.0.0.1:PORT',
            files: { 'jwks-issuer.json': issuer.jwks, 'holders.json': holders,
                'issuer.jwk': issuer.secret },
            locations: { '= /v1/token': 'caplat_sign_in demo '
                + 'registry=holders.json key=issuer.jwk;',
            '= /': 'default_type text/html; '
                + 'return 200 "<!doctype html><title>.</title>";' } });
        browser = await chromium.launch({ executablePath, args: flags });
        undo.after(() => browser.close());
    });

    // A page of a browser that has been here never before.
    const visit = async (t) => {
        const context = await browser.newContext({
            baseURL: `http://127.0.0.1:${server.port}` });
        const tab = await context.newPage();

        t.after(() => context.close());
        await context.addInitScript(page);
        await tab.goto('/');

        return { tab, call: (...parts) => tab.evaluate((all) =>
            window.edge.call(...all), parts) };
    };

    for (const alg of ['ES256', 'Ed25519']) {
        it(`signs in, asks and quotes with a key of ${alg}`, async (t) => {
            const { tab, call } = await visit(t);
            const made = await tab.evaluate((name) => window.edge.make(name)
                .then(() => 'made', (error) => error.name), alg);

            if (made === 'NotSupportedError') {
                t.skip(`this browser has no ${alg}`);
                return;
            }

            assert.equal(made, 'made');

            const { status, said } = await call(alg, 'POST', '/v1/token',
                { body: '{"holder":"leader"}' });

            assert.equal(status, 200, JSON.stringify(said));
            assert.equal(said.token_type, 'DPoP');

            const token = said.access_token;

            // The key is where it was when the page comes again.
            await tab.reload();

            const session = await call(alg, 'GET', '/v1/session', { token });

            assert.equal(session.status, 200, JSON.stringify(session.said));
            assert.equal(session.said.role, 'individual');
            assert.deepEqual(session.said.certificates.map((one) =>
                [one.certificate, one.can_add]), [[serial, true]]);

            const quote = await call(alg, 'POST', '/v1/quotes', { token,
                body: JSON.stringify({ certificate: serial,
                    platforms: choice }) });

            assert.equal(quote.status, 200, JSON.stringify(quote.said));
            assert.equal(quote.said.total_fen, 2500);

            for (const format of ['jwk', 'pkcs8']) {
                assert.equal(await tab.evaluate(([name, as]) =>
                    window.edge.exported(name, as), [alg, format]),
                'InvalidAccessError');
            }
        });
    }

    it('asks again with a nonce, while the server knows nothing', async (t) => {
        const { tab, call } = await visit(t);

        await tab.evaluate(() => window.edge.make('ES256'));

        const first = await call('ES256', 'POST', '/v1/token',
            { body: '{"holder":"manager"}' });

        assert.equal(first.status, 200);
        assert.equal(first.again, true);
    });

    it('gets nothing with another\'s token', async (t) => {
        const { tab, call } = await visit(t);
        const { tab: other, call: steal } = await visit(t);

        await tab.evaluate(() => window.edge.make('ES256'));
        await other.evaluate(() => window.edge.make('ES256'));

        const { said } = await call('ES256', 'POST', '/v1/token',
            { body: '{"holder":"leader"}' });
        const { status, said: refused } = await steal('ES256', 'GET',
            '/v1/session', { token: said.access_token });

        assert.equal(status, 401);
        assert.match(refused.type, /\/key-mismatch\/?$/);
    });

    it('is told who may sign in', async (t) => {
        const { tab } = await visit(t);
        const said = await tab.evaluate(async () =>
            (await fetch('/v1/token')).json());

        assert.equal(said.way, 'demo');
        assert.deepEqual(said.holders.map(({ id }) => id),
            ['leader', 'manager']);
    });
});
