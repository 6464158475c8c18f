// What people set for themselves: larger type, their own colours, paper, no
// motion, a keyboard, no scripts.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { kinds, settled, shift, sideways, stage } from './stage.mjs';

const step = '/guide/add-platform/choose-certificate/';
const whole = kinds.filter(({ error }) => !error);
const scene = stage();


const rootSize = (page) => page.evaluate(() =>
    parseFloat(getComputedStyle(document.documentElement).fontSize));

const style = (page, selector, name) => page.evaluate(([one, property]) =>
    getComputedStyle(document.querySelector(one))[property], [selector, name]);


describe('large type', () => {
    it('is one button away, and stays', async (t) => {
        const page = await scene.open(t, { width: 390 });

        await page.goto(step);

        const button = page.getByRole('button', { name: '大字' });

        assert.equal(await rootSize(page), 16);
        assert.equal(await button.getAttribute('aria-pressed'), 'false');
        await button.focus();
        await page.keyboard.press('Enter');
        assert.equal(await button.getAttribute('aria-pressed'), 'true');
        assert.equal(await rootSize(page), 20);

        await page.goto('/price/');
        assert.equal(await rootSize(page), 20);
        assert.equal(await button.getAttribute('aria-pressed'), 'true');

        await button.click();
        await page.goto(step);
        assert.equal(await rootSize(page), 16);
        assert.deepEqual(page.complaints, []);
    });

    it('is there before the first paint: nothing moves', async (t) => {
        const page = await scene.open(t, { width: 390 });

        await page.goto('/');
        await page.click('[data-size]');

        for (const at of ['/', step, '/price/', '/search/', '/apply/check/']) {
            for (const width of [1280, 390, 320]) {
                await page.setViewportSize({ width, height: 800 });
                await page.goto(at);
                await settled(page);
                assert.equal(await shift(page), 0, `${at} at ${width}`);
                assert.deepEqual(await sideways(page), [], `${at} at ${width}`);
            }
        }
    });

    it('goes without storage', async (t) => {
        const page = await scene.open(t);

        await page.addInitScript(() => Object.defineProperty(window,
            'localStorage', { get() { throw new DOMException('closed'); } }));
        await page.goto('/');
        await page.click('[data-size]');
        assert.equal(await page.getAttribute('[data-size]', 'aria-pressed'),
            'true');
        assert.deepEqual(page.complaints, []);
    });
});


describe('colours of the system', () => {
    it('leave controls, states and the current page visible', async (t) => {
        const page = await scene.open(t);

        await page.emulateMedia({ forcedColors: 'active' });
        await page.goto('/price/');
        await page.check('#held-ln-tender');

        for (const selector of ['#city', '#months', '.btn', '[data-size]']) {
            assert.notEqual(await style(page, selector, 'borderTopStyle'),
                'none', `${selector} has a border`);
            assert.notEqual(await style(page, selector, 'borderTopWidth'),
                '0px', `${selector} has a border`);
        }

        assert.notEqual(await style(page, '#held-ln-tender', 'appearance'),
            'none', 'boxes are the system\'s');

        const current = await style(page, '.nav [aria-current]',
            'borderBottomColor');
        const other = await style(page, '.nav a:not([aria-current])',
            'borderBottomColor');

        assert.notEqual(current, other);
        assert.notEqual(current, await style(page, '.top', 'backgroundColor'));
    });

    it('tell done, current and coming steps apart', async (t) => {
        const page = await scene.open(t);

        await page.emulateMedia({ forcedColors: 'active' });
        await page.goto('/apply/platforms/');

        const border = (selector) => style(page, selector, 'borderTopStyle');

        assert.equal(await border('.steps .done'), 'solid');
        assert.equal(await border('.steps [aria-current]'), 'solid');
        assert.equal(await border('.steps li:last-child'), 'dotted');
    });

    it('keep the numbers of actions and figures', async (t) => {
        const page = await scene.open(t);

        await page.emulateMedia({ forcedColors: 'active' });
        await page.goto(step);
        assert.equal(await style(page, '.dot', 'forcedColorAdjust'), 'none');
        assert.notEqual(await style(page, '.hit', 'outlineStyle'), 'none');
    });
});


describe('on paper', () => {
    for (const { name, at } of whole) {
        it(`${name} is text alone`, async (t) => {
            const page = await scene.open(t);

            await page.goto(at);
            await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
            await page.emulateMedia({ media: 'print', colorScheme: 'dark' });

            const { shown, folded, colours } = await page.evaluate(() => {
                const all = (selector) =>
                    Array.from(document.querySelectorAll(selector));

                return {
                    shown: all('.top, .nav, .crumb, .side, .pager, .skip, '
                        + '.btn, .dock, .foot ul, [data-size]')
                        .filter((one) => one.getClientRects().length !== 0)
                        .map((one) => one.className),
                    folded: all('details:not([open])').length,
                    colours: ['color', 'backgroundColor'].map((name) =>
                        getComputedStyle(document.body)[name]),
                };
            });

            assert.deepEqual(shown, []);
            assert.equal(folded, 0);
            assert.deepEqual(colours, ['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);

            await page.evaluate(() => dispatchEvent(new Event('afterprint')));
            assert.equal(await page.locator('main details[open]').count(), 0);
        });
    }

    it('the whole guide is one document with all figures', async (t) => {
        const page = await scene.open(t);

        await page.goto('/guide/add-platform/print/');
        assert.equal(await page.locator('figure').count(), 9);

        const numbers = await page.locator('figcaption').allInnerTexts();

        assert.deepEqual(numbers.map((text) => text.match(/^图 (\d+)/)[1]),
            ['1', '2', '3', '4', '5', '6', '7', '8', '9']);
        assert.ok((await page.pdf({ preferCSSPageSize: true })).length > 10000);
    });
});


describe('motion', () => {
    it('is small, and none for who wants none', async (t) => {
        const page = await scene.open(t, { reducedMotion: 'no-preference' });
        const moving = () => page.evaluate(() =>
            Array.from(document.querySelectorAll('*'))
                .map((one) => getComputedStyle(one))
                .filter((one) => one.animationName !== 'none'
                    || one.transitionDuration.split(', ')
                        .some((time) => parseFloat(time) > 0))
                .map((one) => `${one.animationName} ${one.transitionProperty} ${
                    one.transitionDuration}`));

        await page.goto('/price/');
        assert.deepEqual(Array.from(new Set(await moving())),
            ['none background-color 0.12s']);

        await page.emulateMedia({ reducedMotion: 'reduce' });
        assert.deepEqual(await moving(), []);
    });
});


describe('a keyboard', () => {
    it('skips to the text first', async (t) => {
        const page = await scene.open(t);

        for (const { name, at } of whole) {
            await page.goto(at);
            await page.keyboard.press('Tab');

            const { words, left } = await page.evaluate(() => ({
                words: document.activeElement.textContent,
                left: document.activeElement.getBoundingClientRect().left }));

            assert.equal(words, '跳到主要内容', name);
            assert.equal(left, 0, `${name}: it is seen`);
        }
    });

    // What stands behind # says which order a page of the wizard is about.
    it('goes on from there, and the order stays in the address', async (t) => {
        const page = await scene.open(t);

        for (const [at, hash] of [[step, '#main'],
            ['/order/#order=CA20270115000001', '#order=CA20270115000001']])
        {
            await page.goto(at);
            await page.waitForSelector('main :not([data-pending]) h1');
            await page.locator('a.skip').focus();
            await page.keyboard.press('Enter');
            assert.equal(new URL(page.url()).hash, hash);
            await page.keyboard.press('Tab');
            assert.ok(await page.evaluate(() => document.querySelector('#main')
                .contains(document.activeElement)), at);
        }
    });

    // The list of steps stands left of the text on wide screens, and behind
    // it in the document.
    it('goes in the order of the text, on every screen', async (t) => {
        const page = await scene.open(t);

        for (const width of [1280, 390]) {
            await page.setViewportSize({ width, height: 800 });

            for (const at of ['/', step, '/price/', '/apply/platforms/']) {
                await page.goto(at);
                await page.locator('a.skip').focus();

                const order = [];

                for (let i = 0; i < 100; i++) {
                    const place = await page.evaluate(() => {
                        const one = document.activeElement;

                        return Array.from(document.querySelectorAll('*'))
                            .indexOf(one);
                    });

                    if (order.includes(place)) {
                        break;
                    }

                    order.push(place);
                    await page.keyboard.press('Tab');
                }

                const back = order.findIndex((place, i) =>
                    i > 0 && place < order[i - 1]);

                assert.ok(back === -1 || order[back] <= order[0],
                    `${at} at ${width}`);
                assert.ok(order.length > 10);
            }
        }
    });

    it('shows where it is, light and dark', async (t) => {
        const page = await scene.open(t);

        for (const colorScheme of ['light', 'dark']) {
            await page.emulateMedia({ colorScheme });
            await page.goto('/price/');

            for (let i = 0; i < 30; i++) {
                await page.keyboard.press('Tab');

                const ring = await page.evaluate(() => {
                    const { outlineStyle, outlineWidth, boxShadow } =
                        getComputedStyle(document.activeElement);

                    return { outlineStyle, width: parseFloat(outlineWidth),
                        boxShadow, what: document.activeElement.outerHTML };
                });

                assert.equal(ring.outlineStyle, 'solid', ring.what);
                assert.ok(ring.width >= 3, ring.what);
                assert.notEqual(ring.boxShadow, 'none', ring.what);
            }
        }
    });

    it('unfolds an answer that an address points at', async (t) => {
        const page = await scene.open(t);

        await page.goto('/faq/#zero');
        assert.ok(await page.locator('#zero').getAttribute('open') !== null);
        assert.equal(await page.locator('main details[open]').count(), 1);
    });
});


describe('a finger', () => {
    it('finds every target outside running text 44 pixels high', async (t) => {
        const page = await scene.open(t, { width: 390, hasTouch: true });
        const small = [];

        for (const { name, at } of whole) {
            await page.goto(at);

            const found = await page.evaluate(() => {
                const inText = 'p, td, dd, figcaption, li li, .acts li, '
                    + 'main li:not([class]), .note';

                return Array.from(document.querySelectorAll(
                    'a[href], button, select, summary, .opt label, '
                        + 'input:not([type=checkbox]):not([type=radio])'))
                    .filter((one) => one.getClientRects().length !== 0)
                    .filter((one) => !one.matches('.skip'))
                    .filter((one) => one.matches('.btn, .size, summary')
                        || !one.closest(inText))
                    .map((one) => ({ one, height:
                        one.getBoundingClientRect().height }))
                    .filter(({ height }) => height < 44)
                    .map(({ one, height }) =>
                        `${one.outerHTML.slice(0, 60)} ${height}`);
            });

            small.push(...found.map((one) => `${name}: ${one}`));
        }

        assert.deepEqual(small, []);
    });
});


describe('without scripts', () => {
    // Words that only a script makes sense of may be missing; nothing else.
    it('all pages have their texts, figures and prices', async (t) => {
        const page = await scene.open(t, { javaScriptEnabled: false });

        for (const { name, at } of whole) {
            await page.goto(at);
            assert.ok(await page.isVisible('h1'), name);
            assert.deepEqual(await sideways(page), [], name);
        }

        await page.goto(step);
        assert.ok(await page.isVisible('figure .shot'));
        assert.ok(await page.isVisible('figcaption'));

        await page.goto('/platform/jinzhou/');
        assert.match(await page.innerText('main'), /50 元/);

        await page.goto('/faq/');
        await page.click('#zero summary');
        assert.ok(await page.isVisible('#zero p'));
    });

    it('the wizard says so, and shows the prices', async (t) => {
        const page = await scene.open(t, { javaScriptEnabled: false });

        for (const { at } of whole.filter(({ name }) => /^(apply|order)/
            .test(name)))
        {
            await page.goto(at);

            const html = readFileSync(path.join(scene.site,
                `${at.slice(1, -1)}.html`), 'utf8');

            assert.match(html, /<noscript>/, at);
        }

        await page.goto('/apply/platforms/');
        assert.match(await page.innerText('main'), /50 元\/年/);
    });

    it('no dead button is shown', async (t) => {
        const page = await scene.open(t, { javaScriptEnabled: false });

        await page.goto('/');
        assert.ok(await page.isHidden('[data-size]'));
    });
});
