// Signing in at an OpenID provider of somebody else, in Chromium: npm's
// oidc-provider on a port, nginx with its module on another, and pages that
// were told of it. Proofs need a nonce there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { provider, unable } from '../edge/openid.mjs';
import { identity, serial } from '../edge/people.mjs';
import { ask } from '../site/server.mjs';
import { stage } from './stage.mjs';
import { barriers, live, next, shown, state, toCheck, toPlatforms, total,
    words } from './way.mjs';


const again = (page) => page.locator('[data-place=state] button:visible');

// A page with the card that leads to the provider.
async function card(page) {
    await page.goto('/apply/');
    await page.waitForSelector('[data-go]');
}

const chosen = (page) => page.waitForSelector(`[value="${serial}"]`);

async function signIn(page) {
    await card(page);
    await next(page).click();
    await chosen(page);
}

// Sent away, and back with a code, where the page does not stay.
const comesBack = (page, go) => Promise.all([
    page.waitForEvent('framenavigated', (frame) =>
        /\/apply\/\?.*code=/.test(frame.url())), go()]);

// The token and the key that the browser has; before that, the token ends in so
// many seconds.
const own = (page, seconds) => page.evaluate((left) => new Promise((resolve) => {
    indexedDB.open('caplat').onsuccess = ({ target: { result: db } }) => {
        const store = db.transaction('own', 'readwrite').objectStore('own');

        store.get('token').onsuccess = ({ target: { result: token } }) => {
            if (left !== undefined) {
                token.until = Date.now() / 1000 + left;
                store.put(token, 'token');
            }

            store.get('key').onsuccess = ({ target: { result: key } }) => {
                db.close();
                resolve({ token, extractable: key && key.secret.extractable });
            };
        };
    };
}), seconds);


// What Chromium itself says of answers that ask for a nonce, and the requests
// that this is about.
const complaints = (page, { address }) => page.complaints.filter((one) =>
    !/\b40[01]\b/.test(one) && !one.startsWith(`foreign: ${address}/`));


describe('a provider of somebody else', { skip: unable }, () => {
    const scene = stage({ each: true, identity: async (suite) => {
        const site = await provider({ keys: [await identity('ES256')],
            back: 'http://127.0.0.1/apply/', nonces: true });

        suite.after(site.close);

        return site;
    } });

    // What a test does to the provider is undone.
    const spoilt = (t, change) => {
        const { willing, spoil, withheld } = scene.identity;

        Object.assign(scene.identity, change);
        t.after(() => Object.assign(scene.identity,
            { willing, spoil, withheld }));
    };

    const logs = () => ['access.log', 'api.log', 'error.log'].map((name) =>
        readFileSync(path.join(scene.logs, name), 'utf8')).join('');

    it('signs in, orders, and leaves no token anywhere', async (t) => {
        const page = await scene.open(t);
        const urls = [];

        page.on('request', (request) => urls.push(request.url()));
        await card(page);
        assert.ok((await page.locator('[data-place=certificates]').innerText())
            .includes(new URL(scene.identity.address).host));
        assert.deepEqual(await barriers(page), []);
        await next(page).click();
        await chosen(page);
        assert.equal(page.url(), `${scene.origin}/apply/`);

        const asked = new URL(urls.find((url) =>
            url.startsWith(`${scene.identity.address}/auth?`))).searchParams;
        const came = new URL(urls.find((url) => /\/apply\/\?.*code=/.test(url)))
            .searchParams;

        assert.equal(asked.get('code_challenge_method'), 'S256');
        assert.equal(asked.get('dpop_jkt').length, 43);
        assert.equal(asked.get('redirect_uri'), `${scene.origin}/apply/`);
        assert.equal(asked.get('resource'), scene.origin);

        const { token, extractable } = await own(page);
        const payload = JSON.parse(Buffer.from(token.text.split('.')[1],
            'base64url'));

        assert.equal(extractable, false);
        assert.equal(payload.cnf.jkt, asked.get('dpop_jkt'));
        assert.equal(payload.iss, scene.identity.address);

        await toPlatforms(page);
        await toCheck(page, ['huachen']);
        await next(page).click();
        await page.waitForURL('**/order/**');
        await page.waitForSelector('[data-save]');
        await state(page, 'S15');

        const kept = await page.evaluate(() => JSON.stringify(
            [{ ...localStorage }, { ...sessionStorage }, document.cookie]));
        const said = kept + logs() + urls.join('\n')
            + JSON.stringify(await page.context().cookies());

        assert.ok(!said.includes(token.text.slice(0, 20)));
        assert.ok(!said.includes('eyJ'));
        assert.ok(!kept.includes(came.get('code')));
        assert.ok(!logs().includes(came.get('code')));
        assert.ok(!logs().includes(came.get('state')));
        assert.match(logs(), /"GET \/apply\/ HTTP/);
        assert.deepEqual(complaints(page, scene.identity), []);
    });

    it('is as small as the wizard is to be', async (t) => {
        const page = await scene.open(t);
        const sizes = [];

        page.on('requestfinished', (request) => {
            if (request.resourceType() === 'script') {
                sizes.push(request.sizes());
            }
        });
        await card(page);
        await page.waitForLoadState('networkidle');

        const bytes = (await Promise.all(sizes)).map((one) =>
            one.responseBodySize);

        assert.ok(bytes.length > 0 && bytes.length <= 11, `${bytes.length}`);

        const sum = bytes.reduce((all, one) => all + one);

        assert.ok(sum <= 12 * 1024, `${sum}`);
    });

    it('is asked from one page', async (t) => {
        await scene.open(t);

        const { port } = new URL(scene.origin);
        const policy = async (target) => (await ask(port, target)).headers[
            'content-security-policy'].match(/connect-src ([^;]*);/)[1];

        for (const target of ['/apply/', '/apply/?code=a&state=b']) {
            assert.equal(await policy(target),
                `'self' ${scene.identity.address}`);
        }

        for (const target of ['/', '/apply/notice/', '/apply/check/', '/order/',
            '/apply', '/apply.html', '/nothing/']) {
            assert.equal(await policy(target), "'self'", target);
        }

        assert.equal((await ask(port, '/v1/token')).status, 404);
    });

    it('says that somebody has refused, and asks again', async (t) => {
        const page = await scene.open(t);

        spoilt(t, { willing: false });
        await card(page);
        await next(page).click();
        await state(page, 'S16');
        assert.match(await words(page), /没有登录[^]*请按下面的“去登录”/);
        assert.equal(page.url(), `${scene.origin}/apply/`);
        scene.identity.willing = true;
        await next(page).click();
        await chosen(page);
        assert.equal(await shown(page), null);
    });

    it('is not believed what was not asked for', async (t) => {
        const page = await scene.open(t);
        const { address } = scene.identity;
        const sent = [];
        const pending = () => page.evaluate(() => {
            sessionStorage['sign-in'] = JSON.stringify(
                { state: 'ours', verifier: 'v'.repeat(43) });
        });

        page.on('request', (request) => sent.push(request.url()));

        // Nothing at all, another's, none; ours by another issuer, or by none
        // from a provider that always says who it is.
        for (const [query, kept] of [['code=c&state=s'], ['code=c&state=s', 1],
            ['code=c', 1], ['code=c&state=ours&iss=https://id.example.cn', 1],
            ['error=access_denied&state=s'], ['code=c&state=ours', 1]])
        {
            await page.goto('/404.html');

            if (kept) {
                await pending();
            }

            await page.goto(`/apply/?${query}`);
            await page.waitForSelector('[data-shown=S17]');
            assert.match(await words(page), /不是从这个窗口开始的/);
            assert.equal(page.url(), `${scene.origin}/apply/`, query);
            await page.evaluate(() => sessionStorage.clear());
        }

        await state(page, 'S17');
        assert.ok(!sent.some((url) => url.startsWith(`${address}/token`)));

        // A code that the provider has never given, and what it calls faults.
        for (const [query, code] of [[`code=c&state=ours&iss=${address}`,
            'invalid_grant'], ['error=invalid_scope&state=ours',
            'invalid_scope'], ['error=请打 110&state=ours', 'unknown']])
        {
            await pending();
            await page.goto(`/apply/?${query}`);
            await page.waitForSelector('[data-shown=S19]');
            assert.ok((await words(page)).includes(`说编号 ${code}。`), query);
        }

        await next(page).click();
        await chosen(page);
    });

    it('may be gone, and come back', async (t) => {
        const page = await scene.open(t);

        await card(page);
        await scene.identity.close();
        t.after(() => scene.identity.open().catch(() => {}));
        await next(page).click();
        await state(page, 'S18');
        assert.match(await words(page), /连不上登录网站/);
        await again(page).click();
        await page.waitForFunction(() => !document.querySelector(
            '[data-place=state] [aria-disabled]'));
        assert.equal(await shown(page), 'S18');
        await scene.identity.open();
        await again(page).click();
        await chosen(page);
    });

    it('may be gone when the code is there', async (t) => {
        const page = await scene.open(t);
        const token = `${scene.identity.address}/token`;
        let lost = 0;

        await page.route(token, async (route) => {
            if (route.request().method() === 'POST' && lost++ === 0) {
                await route.fulfill({ status: 503, headers:
                    { 'Access-Control-Allow-Origin': scene.origin } });
            } else {
                await route.continue();
            }
        });
        await page.goto('/apply/#to=/apply/platforms/');
        await page.waitForSelector('[data-go]');
        await next(page).click();
        await state(page, 'S18');
        assert.equal(page.url(), `${scene.origin}/apply/#to=/apply/platforms/`);
        await again(page).click();

        // It goes on to the page that was asked for, which knows that no
        // certificate has been chosen yet.
        await page.waitForURL(`${scene.origin}/apply/`);
        await chosen(page);
        assert.equal(lost, 3);
    });

    it('tells of a token that our own server refuses', async (t) => {
        const page = await scene.open(t);

        spoilt(t, { spoil: (said) => ({ ...said, roles: ['nobody'] }) });
        await card(page);
        await next(page).click();
        await state(page, 'S19');
        assert.match(await words(page), /说编号 token-invalid。/);
        assert.equal((await own(page)).token, undefined);
    });

    it('tells of a token that is for less than what is asked', async (t) => {
        const page = await scene.open(t);

        spoilt(t, { withheld: 'ca:quote ca:order' });
        await signIn(page);
        await toPlatforms(page);
        await page.check('[value=jinzhou]');
        await state(page, 'S25');
        assert.match(await words(page), /登录的权限不够\s+请退出登录后重新登录/);
    });

    it('tells of a token that is not bound', async (t) => {
        const page = await scene.open(t);

        await page.route(`${scene.identity.address}/token`, (route) =>
            route.fulfill({ status: 200, headers:
                { 'Access-Control-Allow-Origin': scene.origin },
            contentType: 'application/json', body: JSON.stringify(
                { access_token: 'a', token_type: 'Bearer' }) }));
        await card(page);
        await next(page).click();
        await state(page, 'S19');
        assert.match(await words(page), /说编号 token_type。/);
        assert.equal((await own(page)).token, undefined);
    });

    it('goes on where the session ended, with what was chosen', async (t) => {
        const page = await scene.open(t);

        await signIn(page);
        await toPlatforms(page);
        await page.check('[value=jinzhou]');
        await own(page, 120);
        await page.clock.install();
        await page.reload();
        await state(page, 'S03');
        await page.clock.fastForward(125000);
        await state(page, 'S04');
        assert.match(await words(page), /您选的 1 个平台已保留/);
        await comesBack(page, () => again(page).click());
        await live(page, '/apply/platforms/');
        assert.ok(await page.isChecked('[value=jinzhou]'));
        assert.equal(await shown(page), null);

        // And where it had ended before the page was opened.
        await own(page, -1);
        await next(page).click();
        await page.waitForURL('**/apply/check/');
        await state(page, 'S02');
        await page.locator('[data-place=state] a.btn').first().click();
        await live(page, '/apply/check/');
        await page.waitForSelector('[data-submit]:visible');
        assert.equal(await total(page), '12.50');
    });

    it('lengthens a session that is about to end', async (t) => {
        const page = await scene.open(t);

        await signIn(page);
        await toPlatforms(page);
        await page.check('[value=jinzhou]');

        const { token } = await own(page, 120);

        await page.reload();
        await state(page, 'S03');
        await comesBack(page, () => again(page).click());
        await live(page, '/apply/platforms/');
        assert.ok(await page.isChecked('[value=jinzhou]'));
        assert.equal(await shown(page), null);

        const { token: fresh } = await own(page);

        assert.notEqual(fresh.text, token.text);
        assert.ok(fresh.until > Date.now() / 1000 + 300);
    });

    it('knows two tabs apart, and they share a token', async (t) => {
        const page = await scene.open(t);
        const second = await page.context().newPage();

        // Its key is long in the making: until the first tab has one.
        await second.addInitScript(() => {
            const make = SubtleCrypto.prototype.generateKey;

            SubtleCrypto.prototype.generateKey = function wait(...all) {
                return new Promise((resolve) => { window.goOn = resolve; })
                    .then(() => make.apply(this, all));
            };
        });
        await card(page);
        await card(second);
        await next(second).click();
        await second.waitForFunction(() => 'goOn' in window);
        await page.bringToFront();
        await next(page).click();
        await chosen(page);
        await second.evaluate(() => window.goOn());
        await chosen(second);

        const third = await page.context().newPage();

        await third.goto('/apply/');
        await chosen(third);
        await toPlatforms(third);
        await page.bringToFront();
        await toPlatforms(page);
    });

    it('ends its own session too', async (t) => {
        const page = await scene.open(t);

        await signIn(page);
        await page.click('[data-sign-out]');
        await page.waitForURL(`${scene.identity.address}/session/end?**`);
        await page.locator('button[value=yes]').click();
        await page.waitForURL(`${scene.origin}/apply/`);
        await page.waitForSelector('[data-go]');

        const { token, extractable } = await own(page);

        assert.deepEqual([token, extractable], [undefined, undefined]);
        await page.reload();
        await page.waitForSelector('[data-go]');
        assert.equal(await shown(page), null);
    });
});
