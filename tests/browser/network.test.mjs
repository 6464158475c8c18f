// A network that fails at each request of the way in turn, and one that is
// slow: the way can be finished afterwards, and there is one order.

import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, it } from 'node:test';

import { stage } from './stage.mjs';
import { holder, live, next, noInvoice, orders, signIn, state, there, toCheck,
    toPlatforms, words } from './way.mjs';

const api = /\/v1\//;

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

// What a person does on a page: whatever is to be tried again first, then the
// way on. What goes away meanwhile is not pressed.
async function press(page) {
    const click = (what) => what.first().click({ timeout: 1000 })
        .catch(() => {});
    const again = page.locator('[data-shown=S14] button, [data-shown=S04] '
        + 'button').first();

    if (await again.isVisible()) {
        await click(again);
        return;
    }

    const at = new URL(page.url()).pathname;

    if (at === '/apply/') {
        const who = holder(page, 'project-leader');

        if (await who.isVisible()) {
            await click(who);
        }
    }

    if (at === '/apply/platforms/') {
        await page.check('[value=huachen]', { timeout: 1000 })
            .catch(() => {});
    }

    await click(next(page));
}

// To the order's page, within so many steps; a page that has not come is asked
// for again.
async function finish(page) {
    for (let steps = 0; steps < 40; steps++) {
        if (await page.locator('[data-shown=S15]').isVisible()) {
            return;
        }

        await Promise.race([page.waitForSelector(there),
            page.waitForSelector('[name=holder]'),
            page.waitForSelector('[data-shown]:not([data-shown=S01])')])
            .catch(() => page.goto('/apply/'));
        await press(page);
        await page.waitForTimeout(150);
    }

    throw new Error(`the way does not end: ${page.url()}\n`
        + await page.locator('main').innerText());
}


describe('a network', () => {
    const scene = stage({ each: true });
    const whole = [];

    it('may be asked this', async (t) => {
        const page = await scene.open(t);

        page.on('request', (request) => {
            if (api.test(request.url())) {
                whole.push(`${request.method()} ${new URL(request.url())
                    .pathname.replace(/CA\d+/, 'ID')}`);
            }
        });
        await page.goto('/apply/');
        await finish(page);
        assert.ok(whole.length > 8, whole.join('\n'));
        assert.equal(whole.filter((one) => one === 'POST /v1/orders').length,
            1);
    });

    // One request of the way does not get through, or its answer does not.
    const lose = async (t, at, lost) => {
        const page = await scene.open(t);
        let count = 0;

        await page.route(api, async (route) => {
            if (count++ !== at) {
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
        assert.ok(count > at);
        assert.equal((await orders(page)).length, 1, whole[at]);
        await page.context().close();
    };

    // Two at a time.
    const each = async (t, list, lost) => {
        const rest = list.slice();

        await Promise.all([1, 2].map(async () => {
            while (rest.length > 0) {
                await lose(t, rest.shift(), lost);
            }
        }));
    };

    it('that loses one request, whichever it is', (t) =>
        each(t, Array.from(whole.keys()), 'request'));

    // What is read is read again; what does something must do it once.
    it('that loses one answer, whichever it is', (t) =>
        each(t, Array.from(whole.keys()).filter((at) =>
            whole[at].startsWith('POST')), 'answer'));

    // Chromium sends it again by itself, proof and all: to the server that
    // looks like somebody who has listened.
    it('that resets the connection of an order', async (t) => {
        let lossy;
        const page = await scene.open(t, async () => {
            lossy = await between(t, scene.origin, /^POST \S*\/v1\/orders /);

            return { proxy: { server: lossy.address,
                bypass: '<-loopback>' } };
        });

        await signIn(page, 'project-leader');
        await toPlatforms(page);
        await toCheck(page, ['jinzhou']);
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
        await wire.send('Network.enable');
        await wire.send('Network.emulateNetworkConditions', { offline: false,
            latency: 400, downloadThroughput: 51200, uploadThroughput: 51200 });
        await wire.send('Emulation.setCPUThrottlingRate', { rate: 4 });
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
        await page.check('[value=huachen]');
        await page.waitForFunction(() => document.querySelector(
            '.dock [data-total]').textContent === '0');
        assert.equal(await page.textContent('.dock [data-count]'), '1');
        core();

        await next(page).click();
        await live(page, '/apply/check/');
        await page.waitForSelector('[data-submit]:visible');
        await page.locator('[data-submit]').dblclick();
        await state(page, 'S15');
        assert.equal((await orders(page)).length, 1);
    });
});
