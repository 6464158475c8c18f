// The calculator as people use it: by keyboard, by mouse, going back, without
// scripts; and what it says is what the pricing core says to an editor.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { axeFaults, stage } from './stage.mjs';
import { root } from '../site/server.mjs';

const provincial = ['ln-construction', 'ln-tender', 'ln-procurement',
    'ln-resource'];

// The figures of the published rule and of the guide's picture.
const published = [
    { name: 'a first certificate', city: '210700', held: [],
        add: [...provincial, 'jinzhou'], months: 12, total: '250.00' },
    { name: 'the own city', city: '210700', held: provincial,
        add: ['jinzhou'], months: 12, total: '0' },
    { name: 'the own city and another', city: '210700', held: provincial,
        add: ['jinzhou', 'anshan'], months: 12, total: '50.00' },
    { name: 'three months of two cities', city: '210100',
        held: ['ln-construction', 'ln-tender', 'ln-procurement', 'shenyang',
            'dalian', 'anshan'],
        add: ['jinzhou', 'chaoyang', 'huachen'], months: 3, total: '25.00' },
];


async function ready(page) {
    await page.goto('/price/');
    await page.waitForFunction(() => document.querySelector('[data-hint]')
        .textContent.startsWith('请选择企业注册地'));
    await page.waitForLoadState('networkidle');
}


async function choose(page, { city, held, add, months }) {
    await page.selectOption('#city', city);
    await page.fill('#months', String(months));

    for (const id of held) {
        await page.check(`#held-${id}`);
    }

    for (const id of add) {
        await page.check(`#add-${id}`);
    }
}


// What stands beside the form.
function shown(page) {
    return page.evaluate(() => {
        const text = (selector) => Array.from(
            document.querySelectorAll(selector), (node) => node.textContent);

        return { totals: text('[data-total]'), counts: text('[data-count]'),
            hint: text('[data-hint]')[0],
            lines: Array.from(document.querySelectorAll('[data-lines] li'),
                (line) => [line.querySelector('span').firstChild.textContent,
                    line.querySelector('small')?.textContent ?? '',
                    line.lastChild.textContent]) };
    });
}


const said = (page) => page.textContent('[data-say]');

const announced = (page) => page.waitForFunction(() =>
    document.querySelector('[data-say]').textContent !== '');


// Press Tab until a control has the focus: keyboards have nothing else.
async function tabTo(page, id) {
    for (let i = 0; i < 100; i++) {
        if (await page.evaluate(() => document.activeElement.id) === id) {
            return;
        }

        await page.keyboard.press('Tab');
    }

    assert.fail(`#${id} is not in the tab order`);
}


describe('the calculator', () => {
    const scene = stage();

    for (const example of published) {
        it(`knows ${example.name}: ${example.total}`, async (t) => {
            const page = await scene.open(t);

            await ready(page);
            await choose(page, example);

            const { totals, counts, lines } = await shown(page);

            assert.deepEqual(totals, [example.total, example.total]);
            assert.deepEqual(counts, Array(2).fill(String(example.add.length)));

            for (const [name, reason, fee] of lines) {
                assert.notEqual(reason, '', `${name}: why`);
                assert.match(fee, /^(?:0|\d+\.\d\d) 元$/);
            }

            const fen = lines.reduce((sum, [, , fee]) =>
                sum + Math.round(parseFloat(fee) * 100), 0);

            assert.equal(fen, Math.round(example.total * 100));
            assert.deepEqual(page.complaints, []);
        });
    }

    it('begins with nothing ticked', async (t) => {
        const page = await scene.open(t);

        await ready(page);

        assert.equal(await page.locator('[type=checkbox]:checked').count(), 0);
        assert.equal(await page.inputValue('#city'), '');
        assert.deepEqual((await shown(page)).totals, ['–', '–']);
        assert.deepEqual((await shown(page)).counts, ['0', '0']);
        assert.equal(await said(page), '');
    });

    it('works by keyboard alone', async (t) => {
        const page = await scene.open(t);

        await ready(page);
        await tabTo(page, 'city');

        // Cities stand in the order of their codes: the seventh is Jinzhou.
        for (let i = 0; i < 7; i++) {
            await page.keyboard.press('ArrowDown');
        }

        assert.equal(await page.inputValue('#city'), '210700');

        await tabTo(page, 'by-months');
        await tabTo(page, 'months');
        await page.keyboard.press('Control+A');
        await page.keyboard.type('6');

        await tabTo(page, 'held-jinzhou');
        await page.keyboard.press('Space');
        await tabTo(page, 'add-anshan');
        await page.keyboard.press('Space');

        assert.deepEqual((await shown(page)).totals, ['25.00', '25.00']);

        await announced(page);
        assert.equal(await said(page), '已选 1 个平台，合计 25.00 元');
        assert.equal(await page.getAttribute('[data-say]', 'role'), 'status');

        // A platform that is held is no longer a box that one could reach.
        assert.ok(await page.isHidden('#add-jinzhou'));
        assert.deepEqual(page.complaints, []);
    });

    it('takes the last day instead of months, by arrow keys', async (t) => {
        const page = await scene.open(t);

        await ready(page);
        await choose(page, { city: '210700', held: ['jinzhou'],
            add: ['anshan'], months: 12 });
        await page.focus('#by-months');
        await page.keyboard.press('ArrowDown');

        assert.ok(await page.isVisible('#until'));
        assert.ok(await page.isHidden('#months'));
        assert.equal((await shown(page)).hint, '请填写证书的到期日。');

        await page.fill('#until', '2001-01-01');
        assert.equal((await shown(page)).hint,
            '证书已经过期，请先办理延期年检。');

        await page.fill('#until', new Date(Date.now() + 20 * 864e5)
            .toISOString().slice(0, 10));
        assert.equal((await shown(page)).totals[0], '4.17');
    });

    it('says in words what is missing', async (t) => {
        const page = await scene.open(t);
        const hint = async () => (await shown(page)).hint;

        await ready(page);
        await page.check('#add-anshan');
        assert.equal(await hint(), '请选择企业注册地，再勾选平台。');

        await page.selectOption('#city', '210700');
        await page.uncheck('#add-anshan');
        assert.equal(await hint(), '请勾选要新增的平台。');

        for (const months of ['', '0', '61', '1.5']) {
            await page.fill('#months', months);
            assert.equal(await hint(), '剩余月数请填 1 到 60。', months);
            assert.equal(await page.getAttribute('#months', 'aria-invalid'),
                'true');
        }

        assert.deepEqual((await shown(page)).totals, ['–', '–']);
        await announced(page);
        assert.equal(await said(page), '剩余月数请填 1 到 60。');
    });

    it('prices each row before it is ticked', async (t) => {
        const page = await scene.open(t);

        await ready(page);
        await page.selectOption('#city', '210700');
        await page.check('#held-ln-tender');
        await page.fill('#months', '3');

        const row = (id) => page.textContent(`label[for=add-${id}]`);

        assert.match(await row('anshan'), /50 元\/年，按剩余 3 个月计12\.50 元/);
        assert.match(await row('jinzhou'), /套餐内，不另收费0 元/);
        assert.match(await row('huachen'), /不收费0 元/);
    });

    it('keeps the choice over Back, and forgets it when asked', async (t) => {
        const page = await scene.open(t);
        const example = published[3];

        await ready(page);
        await choose(page, example);
        await page.goto('/faq/');
        await page.goBack();
        await page.waitForFunction(() => document.querySelector('[data-total]')
            .textContent === '25.00');
        assert.deepEqual((await shown(page)).counts, ['3', '3']);

        await page.reload();
        await page.waitForFunction(() => document.querySelector('[data-total]')
            .textContent === '25.00');

        await page.click('[type=reset]');
        await page.waitForFunction(() => document.querySelector('[data-total]')
            .textContent === '–');
        await page.reload();
        assert.equal(await page.locator('[type=checkbox]:checked').count(), 0);
        assert.equal(page.url(), `${scene.origin}/price/`, 'no choice in it');
    });

    it('is for everybody with a choice made, too', async (t) => {
        const page = await scene.open(t);

        await ready(page);
        await choose(page, published[3]);

        for (const colorScheme of ['light', 'dark']) {
            await page.emulateMedia({ colorScheme });
            assert.deepEqual(await axeFaults(page), []);
        }
    });

    it('keeps the focus out from under the dock', async (t) => {
        const page = await scene.open(t, { width: 390, height: 700 });

        await ready(page);
        assert.ok(await page.isVisible('.dock'));

        for (let i = 0; i < 45; i++) {
            await page.keyboard.press('Tab');

            const under = await page.evaluate(() => {
                const dock = document.querySelector('.dock');
                const one = document.activeElement;
                const place = one.getBoundingClientRect();
                const roof = dock.getBoundingClientRect();

                return !dock.contains(one) && place.top >= roof.top
                    && place.bottom <= roof.bottom ? one.outerHTML : '';
            });

            assert.equal(under, '');
        }
    });

    it('is a table where scripts do not run', async (t) => {
        const page = await scene.open(t, { javaScriptEnabled: false });

        await page.goto('/price/');
        assert.ok(await page.isHidden('form'));
        assert.ok(await page.isVisible('noscript .note'));

        const table = await page.innerText('#tariff + table');

        for (const words of [/套餐[\s\S]*250 元/, /市级公共资源平台[\s\S]*50 元\/年/,
            /企业采购平台[\s\S]*0 元/])
        {
            assert.match(table, words);
        }
    });

    it('says what the core says, for 50 random choices', async (t) => {
        const page = await scene.open(t);
        const card = readFileSync(path.join(scene.site, 'rates/current.txt'),
            'utf8').trim();
        let seed = 20261123;

        const random = (below) => {
            seed = (seed * 1103515245 + 12345) % 2 ** 31;

            return Math.floor(seed / 65536) % below;
        };

        await ready(page);

        const { cities, ids } = await page.evaluate(() => ({
            cities: Array.from(document.querySelectorAll('#city option'),
                (one) => one.value).filter((one) => one !== ''),
            ids: Array.from(document.querySelectorAll('[name=held]'),
                (one) => one.value),
        }));

        for (let i = 0; i < 50; i++) {
            const city = cities[random(cities.length)];
            const months = 1 + random(60);
            const part = ids.map(() => random(3));
            const held = ids.filter((_, at) => part[at] === 1);
            const add = ids.filter((_, at) => part[at] === 2);

            if (add.length === 0) {
                continue;
            }

            // All at once, as a burst of ticks is.
            await page.evaluate((choice) => {
                document.querySelector('#city').value = choice.city;
                document.querySelector('#months').value = choice.months;
                document.querySelectorAll('[type=checkbox]').forEach((box) => {
                    box.checked = choice[box.name].includes(box.value);
                });
                document.querySelector('[data-price]').dispatchEvent(
                    new Event('input', { bubbles: true }));
            }, { city, months, held, add });

            const { totals, lines } = await shown(page);
            const core = JSON.parse(execFileSync(
                process.env.CAPLAT_SITE ?? 'build/caplat-site', ['price',
                    '--rates', path.join(scene.site, `rates/${card}.txt`),
                    '--city', city, '--months', String(months), '--json',
                    ...(held.length ? ['--held', held.join()] : []),
                    '--add', add.join()], { cwd: root, encoding: 'utf8' }));
            const yuan = (fen) => (fen === 0 ? '0' : (fen / 100).toFixed(2));
            const words = JSON.stringify({ city, months, held, add });

            assert.deepEqual(totals, Array(2).fill(yuan(core.total_fen)), words);
            assert.deepEqual(lines, core.lines.map(({ name, reason, fee_fen }) =>
                [name, reason, `${yuan(fee_fen)} 元`]), words);
        }
    });
});
