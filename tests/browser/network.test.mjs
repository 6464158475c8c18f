// A network that fails at each request of the way in turn, and one that is
// slow: the way can be finished afterwards, and there is one order.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';

import { root } from '../site/server.mjs';
import { stage } from './stage.mjs';
import { arrive, cashier, holder, live, next, noInvoice, orders, people, signIn,
    state, there, toPlatforms, words } from './way.mjs';

// What the pages ask; a channel's notice comes another way.
const api = /\/v1\/(?!notify\/)/;

// Between the browser and the server, as something in between may be: the
// server gets what `lost` matches, and its answer meets a reset connection. It
// counts such requests, and loses an answer when it is told to.
async function between(t, origin, lost) {
    const self = { count: 0, lose: false };
    const door = net.createServer((client) => {
        const server = net.connect(Number(new URL(origin).port), '127.0.0.1');
        let losing = false;

        client.on('data', (bytes) => {
            if (lost.test(bytes.toString('latin1'))) {
                self.count++;
                losing = self.lose;
                self.lose = false;
            }

            server.write(bytes);
        });
        server.on('data', (bytes) => {
            if (losing) {
                client.resetAndDestroy();
            } else {
                client.write(bytes);
            }
        });

        for (const [one, other] of [[client, server], [server, client]]) {
            one.on('error', () => {});
            one.on('close', () => other.destroy());
        }
    });

    await new Promise((resolve) => door.listen(0, '127.0.0.1', resolve));
    t.after(() => door.close());
    self.address = `http://127.0.0.1:${door.address().port}`;

    return self;
}

// What is to be said on a page before the way on.
const before = {
    async '/apply/'(page) {
        const who = holder(page, people.holder.id);

        if (await who.isVisible()) {
            await who.click({ timeout: 1000 });
        }
    },
    '/apply/platforms/': (page) => page.check('[value=jinzhou]',
        { timeout: 1000 }),
    '/apply/check/': (page) => page.check('#issue-no', { timeout: 1000 }),
};

// At the channel's, which is no part of the way: it is paid once.
async function pay(page) {
    await cashier(page, 'paid');
    await page.click('[aria-labelledby=h-said] a');
    await page.waitForURL(/\/(?:apply\/pay|order)\//);
}

// What a person does on a page: whatever is to be tried again first, then the
// way on. What goes away meanwhile is not pressed.
async function press(page) {
    const at = new URL(page.url()).pathname;
    const again = page.locator('[data-shown=S14] button, [data-shown=S04] '
        + 'button').first();
    const on = at === '/apply/pay/' ? page.locator('[data-go]') : next(page);

    if (at === '/demo/cashier/') {
        await pay(page);
        return;
    }

    if (await again.isVisible()) {
        await again.click({ timeout: 1000 });
    } else if (await on.isVisible()) {
        await before[at]?.(page);
        await on.click({ timeout: 1000 });
    }
}

// What a request is called: its page, and its number among its kind there.
function naming() {
    const seen = {};

    return (request) => {
        const [at, to] = [request.frame().url(), request.url()].map((url) =>
            new URL(url).pathname.replace(/CA\d+/, 'ID'));
        const name = `${at} ${request.method()} ${to}`;

        seen[name] = (seen[name] ?? 0) + 1;

        return `${name} ${seen[name]}`;
    };
}

// The types of all that the server has recorded.
async function types(page) {
    const { origin } = new URL(page.url());
    const vkey = await (await fetch(`${origin}/log/vkey`)).text();
    const log = execFileSync(path.join(root, 'build/caplat'), ['log', 'export',
        '--ledger', path.join(page.conf, '../ledger'), '--vkey', vkey.trim()],
    { encoding: 'utf8' });

    return log.trim().split('\n').map((line) => JSON.parse(line).type);
}

// To the order's page, within so many steps; a page that has not come is asked
// for again.
async function finish(page) {
    for (let steps = 0; steps < 80; steps++) {
        if (await page.locator('[data-shown=S15]').isVisible()) {
            return;
        }

        await Promise.race([page.waitForSelector(there),
            page.waitForSelector('[name=holder], [data-bill]'),
            page.waitForSelector('[data-shown]:not([data-shown=S01])')])
            .catch(() => page.goto('/apply/'));
        await press(page).catch(() => {});
        await page.waitForTimeout(100);
    }

    throw new Error(`the way does not end: ${page.url()}\n`
        + await page.locator('main').innerText());
}


describe('a network', () => {
    const scene = stage({ each: true });
    const whole = [];

    it('may be asked this', async (t) => {
        const page = await scene.open(t);
        const name = naming();
        const note = (request) => api.test(request.url())
            && whole.push(name(request));

        page.on('request', note);
        await page.goto('/apply/');
        await finish(page);
        page.off('request', note);
        assert.deepEqual(whole.filter((one) => /POST .*\/orders/.test(one)), [
            '/apply/check/ POST /v1/orders 1',
            '/apply/pay/ POST /v1/orders/ID/payments 1']);
        await isOnce(page);
    });

    // There is one order, it was paid once, and it is open.
    async function isOnce(page, words) {
        const all = await orders(page);

        assert.equal(all.length, 1, words);
        assert.match(all[0], /12\.50 元\s*已开通/, words);
        assert.deepEqual(await types(page),
            ['order.created', 'payment.received', 'platforms.opened'], words);
    }

    // Some requests of the way do not get through, or their answers do not.
    const lose = async (t, some, lost) => {
        const page = await scene.open(t);
        const name = naming();
        const rest = new Set(some);

        await page.route(api, async (route) => {
            if (!rest.delete(name(route.request()))) {
                await route.continue();
                return;
            }

            if (lost === 'answer') {
                await route.fetch();
            }

            await route.abort('connectionreset');
        });
        await page.goto('/apply/');
        await finish(page);
        assert.deepEqual([...rest], []);
        await page.unroute(api);
        await isOnce(page, some.join('\n'));
        await page.context().close();
    };

    // Each of them in turn, one on each page; two walks at a time.
    const each = async (t, list, lost) => {
        const turns = [];
        const counts = {};

        for (const one of list) {
            const [at] = one.split(' ');

            counts[at] = (counts[at] ?? 0) + 1;
            (turns[counts[at] - 1] ??= []).push(one);
        }

        await Promise.all([1, 2].map(async () => {
            while (turns.length > 0) {
                await lose(t, turns.shift(), lost);
            }
        }));
    };

    it('that loses one request of each page, whichever it is', (t) =>
        each(t, whole, 'request'));

    // What is read is read again; what does something must do it once.
    it('that loses one answer of each page, whichever it is', (t) =>
        each(t, whole.filter((one) => one.includes(' POST ')), 'answer'));

    // Chromium sends it again by itself, proof and all: to the server that
    // looks like somebody who has listened.
    it('that resets the connection of an order', async (t) => {
        let lossy;
        const page = await scene.open(t, async () => {
            lossy = await between(t, scene.origin, /^POST \S*\/v1\/orders /);

            return { proxy: { server: lossy.address,
                bypass: '<-loopback>' } };
        });

        await arrive(page, ['jinzhou']);
        await noInvoice(page);
        lossy.lose = true;
        await next(page).click();
        await live(page, '/apply/pay/');
        assert.ok(lossy.count > 1, `${lossy.count}`);
        assert.equal((await orders(page)).length, 1);
    });

    it('that does not answer', async (t) => {
        const page = await scene.open(t);
        let answer;

        await signIn(page, 'project-leader');
        await page.route('/v1/session', async (route) => {
            await new Promise((resolve) => { answer = resolve; });
            await route.continue().catch(() => {});
        });
        await page.reload();
        await state(page, 'S01');
        assert.match(await words(page), /正在读取证书/);

        // Not for ever: after eight seconds it is said, and tried again.
        await state(page, 'S14');
        answer();
        await page.unroute('/v1/session');
        await page.locator('[data-place=state] button').click();
        await page.waitForSelector('[name=certificate]');
    });

    it('that is long in bringing a script', async (t) => {
        const page = await scene.open(t);
        const held = [];
        let holding = true;

        await signIn(page, 'project-leader');
        await toPlatforms(page);
        await page.route(/\/assets\/[^/]*\.js$/, (route) => (holding
            ? held.push(route) : route.continue()));
        await page.reload({ waitUntil: 'commit' });
        await page.locator('label:has([value=jinzhou])').click();
        await next(page).click();
        await page.waitForTimeout(300);
        assert.equal(new URL(page.url()).search, '');
        assert.ok(held.length > 0);
        holding = false;
        held.forEach((route) => route.continue());
        await page.waitForSelector(there);
        assert.ok(await page.isChecked('[value=jinzhou]'));
    });

    it('that is slow, on a slow machine', async (t) => {
        const page = await scene.open(t, { width: 390 });
        const wire = await page.context().newCDPSession(page);

        // Slow 3G as browsers' tools name it, and a processor at a quarter.
        const hold = async (latency, bytes, rate) => {
            await wire.send('Network.emulateNetworkConditions',
                { offline: false, latency, downloadThroughput: bytes,
                    uploadThroughput: bytes });
            await wire.send('Emulation.setCPUThrottlingRate', { rate });
        };

        await wire.send('Network.enable');
        await hold(400, 51200, 4);
        page.setDefaultTimeout(60000);

        await signIn(page, 'project-leader');
        await next(page).click();
        await live(page, '/apply/notice/');

        // Platforms can be chosen before the pricing core is there.
        let core;

        await page.route(/\.wasm$/, async (route) => {
            await new Promise((resolve) => { core = resolve; });
            await route.continue();
        });
        await next(page).click();
        await live(page, '/apply/platforms/');
        await page.check('[value=jinzhou]');
        await page.waitForFunction(() => document.querySelector(
            '.dock [data-total]').textContent === '12.50');
        assert.equal(await page.textContent('.dock [data-count]'), '1');
        core();

        await next(page).click();
        await live(page, '/apply/check/');
        await page.waitForSelector('[data-submit]:visible');
        await noInvoice(page);
        await page.check('#pay-alipay');
        await page.locator('[data-submit]').dblclick();
        await live(page, '/apply/pay/');
        await page.locator('[data-go]').dblclick();
        await page.waitForURL('**/demo/cashier/**');
        await pay(page);
        await page.waitForSelector('[data-shown=S15]');
        await hold(0, -1, 1);
        await isOnce(page);
    });
});
