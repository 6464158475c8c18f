// The whole way, from signing in to an order that is paid and open, and back to
// it: as a holder and as a manager, for everybody.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { sideways, stage } from './stage.mjs';
import { focused } from './tree.mjs';
import { barriers, complaints, live, people } from './way.mjs';

// How somebody goes it; axe looks at the manager's, whose pages have more.
const ways = {
    'with a mouse': { axe: true },
    'by keyboard alone': { keys: true },
    'on a phone in the dark': { axe: true, width: 390, colorScheme: 'dark' },
    'on a phone in the system\'s colours': { axe: true, width: 390,
        forcedColors: 'active' },
    'on a phone in large type': { axe: true, width: 390, big: true },
};

// More than any page has to be passed.
const TABS = 100;


const mouse = (page) => ({
    press: (what) => page.locator(`${what}:visible`).click(),
    pick: (what) => page.check(what),
    type: (what, text) => page.fill(what, text),
});


const keyboard = (page) => {
    const key = (name) => page.keyboard.press(name);
    const isAt = (what) => page.evaluate((one) =>
        document.activeElement.matches(one), what);

    // The key, until what has the focus is it.
    const until = async (what, name) => {
        for (let i = 0; i < TABS; i++) {
            if (await isAt(what)) {
                return;
            }

            await key(name);
        }

        throw new Error(`${name} does not reach ${what}`);
    };

    return {
        async press(what) {
            await until(what, 'Tab');
            await key('Enter');
        },
        async pick(what) {
            const [type, name] = await page.locator(what).evaluate((one) =>
                [one.type, one.name]);

            if (type === 'radio') {
                await until(`[name=${name}]`, 'Tab');
                await until(what, 'ArrowDown');
            } else {
                await until(what, 'Tab');
            }

            if (!await page.isChecked(what)) {
                await key('Space');
            }
        },
        async type(what, text) {
            await until(what, 'Tab');
            await page.keyboard.type(text);
        },
    };
};


// stop(where) looks at a page, or at what has become of it.
async function walk(page, { id, certificate }, { press, pick, type }, stop) {
    const submit = 'main [type=submit]';
    const faults = async (where) => {
        await press(submit);
        await page.waitForSelector('[data-errors]:visible');
        await stop(where);
    };

    await page.waitForSelector('[name=holder]');
    await faults('nobody chosen');
    await pick(`[value=${id}]`);
    await press(submit);
    await page.waitForSelector('[name=certificate]');
    await stop('certificates');
    await pick(`[value=${certificate}]`);
    await press(submit);
    await live(page, '/apply/notice/');
    await stop('notice', certificate);
    await press(submit);
    await live(page, '/apply/platforms/');
    await faults('no platform chosen');
    await pick('[value=chaoyang]');
    await stop('platforms', certificate);
    await press(submit);
    await live(page, '/apply/check/');
    await page.waitForSelector('[data-submit]:visible');
    await stop('check', certificate);
    await faults('nothing filled in');
    await pick('#issue-yes');
    await pick('#type-digital');
    await pick('#title-enterprise');
    await type('#email', 'someone@example.cn');
    await pick('#pay-alipay');
    await stop('filled in');
    await press(submit);
    await live(page, '/apply/pay/');
    await page.waitForSelector('[data-drawn]');
    await stop('pay', certificate);
    await press('[data-go]');
    await page.waitForURL('**/demo/cashier/**');
    await press('[data-do=paid]');
    await page.waitForSelector('[data-place=said] li');
    await stop('cashier');
    await press('[aria-labelledby=h-said] a');
    await live(page, '/order/');
    await page.waitForSelector('[data-shown=S15]');
    assert.equal(await focused(page), '已新增 1 个平台');
    await stop('done', certificate);

    const [file] = await Promise.all([page.waitForEvent('download'),
        press('[data-save]')]);

    assert.match(file.suggestedFilename(), /^CA\d{14}\.tlog-proof$/);
    await press('[data-who] [href="/order/"]');
    await page.waitForSelector('[data-filter]');
    await stop('orders', certificate);
    await press('[data-invoices]');
    await page.waitForSelector('[data-place=order]:has-text("开票中")');
    await stop('invoices', certificate);
}


describe('the whole way', { concurrency: 2 }, () => {
    const scene = stage({ each: true });

    for (const [who, person] of Object.entries(people)) {
        for (const [way, { axe, big, keys, ...options }] of
            Object.entries(ways))
        {
            it(`as a ${who}, ${way}`, async (t) => {
                const page = await scene.open(t, options);
                const hand = keys ? keyboard(page) : mouse(page);
                const look = axe && who === 'manager' ? barriers : sideways;
                const faults = [];

                await page.goto('/apply/');

                if (big) {
                    await hand.press('[data-size]');
                }

                await walk(page, person, hand, async (where, serial = '') => {
                    const main = page.locator('main');

                    // Whose certificate it is stands on every page.
                    assert.ok((await main.innerText()).includes(serial),
                        where);

                    faults.push(...(await look(page)).map((one) =>
                        `${where}: ${one}`));
                });
                assert.deepEqual(faults, []);
                assert.deepEqual(complaints(page), []);
            });
        }
    }
});
