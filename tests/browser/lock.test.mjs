// Signing in with a CA lock: nginx asks the browser for the certificate, and
// the holder's identities are those of the registry that name it. Chromium gets
// the certificate from playwright, which answers the server's request for one
// in its place: a headless browser has nobody who would choose in its window.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Authority } from '../edge/ca.mjs';
import { scratch } from '../site/server.mjs';
import { stage } from './stage.mjs';
import { barriers, holder, live, next, state, there, toCheck, toPlatforms,
    words } from './way.mjs';


describe('a CA lock', () => {
    const undo = [];
    const locks = {};
    let ca;

    // TLS that asks for a lock, and a registry that knows two of three.
    const scene = stage({ each: true, changed: async (self) => {
        const put = (name, bytes) => writeFileSync(
            path.join(self.conf, name), bytes);

        put('locks.pem', ca.bundle);
        put('tls.crt', locks.server.certificate);
        put('tls.key', locks.server.key);
        self.origin = self.origin.replace('http:', 'https:');
        await self.edit('holders.json', (text) => {
            const { holders } = JSON.parse(text);

            holders[0].tls = [locks.one.card];
            holders[1].tls = [locks.one.card, locks.two.card];

            return JSON.stringify({ holders });
        });
        await self.edit('demo.conf', (text) => text.replace('sign_in  demo',
            'sign_in certificate').replace('location = /v1/token', `
            error_page 495 496 = /no-lock;
            location = /no-lock {
                internal;
                caplat_problem client-certificate-required;
            }

            location = /v1/token`));
        await self.edit('listen.conf', (text) => text.replace(/listen +([^;]+);/,
            `listen $1 ssl; ssl_certificate tls.crt; ssl_certificate_key
            tls.key; ssl_client_certificate locks.pem;
            ssl_verify_depth 2; ssl_verify_client optional;`)
            .replaceAll('http:', 'https:'));
    } });

    before(() => {
        const folder = scratch({ after: (task) => undo.push(task) });

        ca = new Authority(folder, { name: 'ca', kind: 'RSA',
            subject: '/C=CN/O=辽宁某某数字证书认证有限公司/CN=Locks' });

        for (const name of ['one', 'two', 'unknown', 'server']) {
            locks[name] = ca.client(name, { subject: `/CN=${name}` });
        }
    });

    after(() => undo.forEach((task) => task()));

    // A browser with that lock in it.
    const withLock = (t, lock) => scene.open(t, () => ({
        ignoreHTTPSErrors: true,
        ...(lock ? { clientCertificates: [{ origin: scene.origin,
            cert: Buffer.from(lock.certificate),
            key: Buffer.from(lock.key) }] } : {}) }));

    it('of two identities lets choose one, and goes the whole way',
        async (t) => {
            const page = await withLock(t, locks.one);

            await page.goto('/apply/');
            await page.waitForSelector('[name=holder]');
            assert.equal(await page.locator('[name=holder]').count(), 2);
            assert.match(await page.locator('[data-place=certificates]')
                .innerText(), /企业：管理员[^]*王某某[^]*个人：[^]*刘某某/);
            assert.deepEqual(await barriers(page), []);
            await holder(page, 'project-leader').click();
            await page.click('[type=submit]');
            await page.waitForSelector('[name=certificate]');
            await toPlatforms(page);
            await toCheck(page, ['huachen']);
            await next(page).click();
            await live(page, '/order/');
            await state(page, 'S15');
        });

    it('of one identity offers that alone', async (t) => {
        const page = await withLock(t, locks.two);

        await page.goto('/apply/');
        await page.waitForSelector('[name=holder]');
        assert.equal(await page.locator('[name=holder]').count(), 1);
    });

    it('that is not there is asked for', async (t) => {
        const page = await withLock(t);

        await page.goto('/apply/');
        await state(page, 'S20');
        assert.match(await words(page), /没有读到 CA 锁\s+请插好锁/);

        // And on any other page of the way.
        await page.goto('/apply/platforms/');
        await state(page, 'S20');
        assert.equal(await page.locator(there).count(), 0);
    });

    it('that nobody has registered is told so', async (t) => {
        const page = await withLock(t, locks.unknown);

        await page.goto('/apply/');
        await state(page, 'S21');
        assert.match(await words(page), /这把锁还没有登记/);
    });
});
