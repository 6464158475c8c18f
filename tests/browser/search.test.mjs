// Search by keyboard: what it finds, what it admits, what it loads, and what
// it keeps to itself.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { axeFaults, stage } from './stage.mjs';

const QUERY_MAX = 20 * 1024;           // bytes, headers and all


async function look(page, query) {
    await page.goto('/search/');
    await page.click('#words');
    await page.keyboard.type(query);
    await page.keyboard.press('Enter');

    return answer(page);
}


async function answer(page) {
    await page.waitForFunction(() => {
        const text = document.querySelector('[data-status]').textContent;

        return text !== '' && !text.startsWith('正在');
    });

    return page.evaluate(() => ({
        status: document.querySelector('[data-status]').textContent,
        none: !document.querySelector('[data-none]').hidden,
        found: Array.from(document.querySelectorAll('[data-results] li'),
            (one) => ({ title: one.querySelector('a').textContent,
                url: one.querySelector('a').getAttribute('href'),
                section: one.querySelector('small').textContent })),
    }));
}


describe('search', () => {
    const scene = stage();

    const finds = {
        发票: '/guide/add-platform/invoice-and-pay/',
        锦州: '/platform/jinzhou/',
        电子发票: '/guide/add-platform/invoice-and-pay/',
        Cookie: '/privacy/',
        cook: '/privacy/',
        锦: '/platform/jinzhou/',
        中孚: '/notice/zhongfu-key/',
        CFCA: '/faq/#issuer',
        ＫＥＹ: '/notice/zhongfu-key/',
        '锦州 平台': '/platform/jinzhou/',
    };

    for (const [query, url] of Object.entries(finds)) {
        it(`finds ${query}`, async (t) => {
            const page = await scene.open(t);
            const { status, found } = await look(page, query);

            assert.ok(status.startsWith(`找到 ${found.length} 条。`), status);
            assert.ok(found.some((one) => one.url === url),
                found.map((one) => one.url).join(' '));
            assert.ok(found.every((one) => one.title && one.section));
            assert.deepEqual(page.complaints, []);
        });
    }

    it('puts what is called so before what mentions it', async (t) => {
        const page = await scene.open(t);
        const { found } = await look(page, '锦州');

        assert.match(found[0].title, /锦州/);
    });

    it('leaves out what no page has, and says so', async (t) => {
        const page = await scene.open(t);
        const { status, found } = await look(page, '发票 qwerty');

        assert.ok(found.length > 0);
        assert.match(status, /qwerty/);
        assert.match(status, /只按能找到的字查找/);

        const again = await look(page, '发票');

        assert.deepEqual(found, again.found);
    });

    // Which pairs of letters stand in the index is nobody's business.
    it('names a dropped word as it was typed, and once', async (t) => {
        const page = await scene.open(t);
        const { status, found } = await look(page, '发票量子锁 Qwerty');

        assert.ok(found.length > 0);
        assert.ok(status.endsWith(
            '没有哪一页有“发票量子锁、Qwerty”，只按能找到的字查找。'), status);
    });

    it('admits that it found nothing, and knows where else to ask',
        async (t) => {
            const page = await scene.open(t);
            const { status, none, found } = await look(page, '量子');

            assert.equal(status, '找到 0 条。');
            assert.ok(none);
            assert.equal(found.length, 0);
            assert.ok(await page.isVisible('[data-none] a[href^="tel:"]'));
            assert.deepEqual(page.complaints.filter((words) =>
                !/404/.test(words)), []);
        });

    // Figures are drawn with samples, which nobody should take for facts.
    it('does not find what only a figure shows', async (t) => {
        const page = await scene.open(t);

        assert.equal((await look(page, 'JK2')).status, '找到 0 条。');
        assert.equal((await look(page, '张某某')).found.length, 0);
    });

    it('asks for words where there are none', async (t) => {
        const page = await scene.open(t);
        const { status, none } = await look(page, '？！');

        assert.equal(status, '请写中文、字母或数字。');
        assert.ok(!none);
    });

    it('loads less than 20 KB for any query, and never tells the server',
        async (t) => {
            for (const query of ['发票', '企业注册地为锦州市的平台要多少钱',
                'CFCA 证书 锁 怎么办'])
            {
                const page = await scene.open(t);
                const asked = [];

                await page.goto('/search/');
                await page.waitForLoadState('networkidle');
                page.on('requestfinished', (request) => asked.push(request));
                await page.fill('#words', query);
                await page.keyboard.press('Enter');
                await answer(page);
                await page.waitForLoadState('networkidle');

                const sizes = await Promise.all(
                    asked.map((request) => request.sizes()));
                const loaded = sizes.reduce((sum, one) =>
                    sum + one.responseBodySize + one.responseHeadersSize, 0);

                assert.ok(loaded < QUERY_MAX, `${query}: ${loaded}`);
                assert.ok(asked.length > 1);

                for (const request of asked) {
                    assert.match(new URL(request.url()).pathname,
                        /^\/search\/(?:[0-9a-f]{4,6}\.bin|documents\.json)$/);
                    assert.equal(new URL(request.url()).search, '');
                }

                assert.equal(new URL(page.url()).search, '');
                assert.equal(decodeURIComponent(new URL(page.url()).hash),
                    `#q=${query}`);
            }

            const log = readFileSync(path.join(scene.logs, 'access.log'),
                'utf8');

            assert.ok(!log.includes('%E5%8F%91'), 'no query in the log');
        });

    it('keeps the query over Back, and shares it by address', async (t) => {
        const page = await scene.open(t);
        const { found } = await look(page, '发票');

        await page.click('[data-results] a');
        await page.waitForURL((url) => !url.pathname.startsWith('/search'));
        await page.goBack();
        assert.equal(await page.inputValue('#words'), '发票');
        assert.deepEqual((await answer(page)).found, found);

        const other = await scene.open(t);

        await other.goto(`/search/#q=${encodeURIComponent('发票')}`);
        assert.deepEqual((await answer(other)).found, found);
    });

    it('takes markup and broken addresses for words', async (t) => {
        const page = await scene.open(t);

        await look(page, '<b>发票</b>');
        assert.equal(await page.locator('main b').count(), 0);

        await page.goto('/search/#q=%E5%8F%');
        assert.equal(await page.inputValue('#words'), '');
        assert.ok(await page.isVisible('[data-pages]'));
    });

    it('is reached by keyboard, results and all', async (t) => {
        const page = await scene.open(t);

        await page.goto('/search/');

        for (let i = 0; i < 20 && await page.evaluate(() =>
            document.activeElement.id) !== 'words'; i++)
        {
            await page.keyboard.press('Tab');
        }

        await page.keyboard.type('发票');
        await page.keyboard.press('Enter');

        const { found } = await answer(page);

        // The box has a button, then come the results.
        await page.keyboard.press('Tab');
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() =>
            document.activeElement.getAttribute('href')), found[0].url);
        await page.keyboard.press('Enter');
        await page.waitForURL(`**${found[0].url}`);
    });

    it('is for everybody with results on the page', async (t) => {
        const page = await scene.open(t);

        await look(page, '发票');
        assert.deepEqual(await axeFaults(page), []);
        await look(page, '量子');
        assert.deepEqual(await axeFaults(page), []);
    });

    it('is a list of all pages where scripts do not run', async (t) => {
        const page = await scene.open(t, { javaScriptEnabled: false });

        await page.goto('/search/');
        assert.ok(await page.isHidden('form'));
        assert.ok(await page.locator('[data-pages] a').count() > 20);
    });

    it('says that it has failed when the net is gone', async (t) => {
        const page = await scene.open(t);

        await page.goto('/search/');
        await page.context().setOffline(true);
        await page.fill('#words', '发票');
        await page.keyboard.press('Enter');

        const { status } = await answer(page);

        assert.match(status, /网络不通/);
    });
});
