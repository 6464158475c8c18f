// Amounts and days as people read them, and the pricing core itself.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { clock, put, stage } from './stage.mjs';

const wasm = new URL('../../build/caplat.wasm', import.meta.url);


describe('core.js', () => {
    const scene = stage();

    async function open(t) {
        const page = scene.page(t, '/apply/platforms/');

        return { ...page, ...await page.load('core') };
    }

    it('writes fen as yuan, and nothing as 0', async (t) => {
        const { yuan } = await open(t);

        assert.deepEqual([0, 1, 99, 100, 1250, 25000, 123456789].map(yuan),
            ['0', '0.01', '0.99', '1.00', '12.50', '250.00', '1234567.89']);
    });

    it('has the day of Beijing, wherever it is read', async (t) => {
        const { day, today } = await open(t);
        const at = (text) => day(Date.parse(text) / 1000);

        assert.equal(at('2027-01-15T15:59:59Z'), '2027-01-15');
        assert.equal(at('2027-01-15T16:00:00Z'), '2027-01-16');
        assert.equal(at('2026-12-31T16:00:00Z'), '2027-01-01');
        clock(t, Date.parse('2028-02-28T16:00:00Z') / 1000);
        assert.equal(today(), '2028-02-29');
    });

    it('shows a line with its reason, as text', async (t) => {
        const { lineOf } = await open(t);
        const item = lineOf({ name: '<b>锦州', reason: '50 元/年',
            fee_fen: 1250 });

        assert.equal(item.outerHTML, '<li><span>&lt;b&gt;锦州'
            + '<small>50 元/年</small></span>'
            + '<span class="num">12.50 元</span></li>');
        assert.equal(lineOf({ name: '沈阳', reason: '', fee_fen: 0 })
            .outerHTML,
        '<li><span>沈阳</span><span class="num">0 元</span></li>');
    });

    it('asks the core that the page names, by the page\'s card', async (t) => {
        const { one, openCore } = await open(t);
        const { dataset } = one('[data-wizard]');
        const rates = JSON.parse(one('#rates').textContent);
        const asked = [];

        put(t, 'fetch', async (at, how) => {
            asked.push([at, how]);

            return new Response(readFileSync(path.join(scene.site, at)));
        });

        const core = await openCore(dataset, rates);
        const { total_fen: total, lines } = core('city=210100&held=shenyang'
            + '&add=jinzhou,huachen&until=2027-04-10&day=2027-01-15');

        assert.deepEqual(asked,
            [[dataset.wasm, { integrity: dataset.integrity }]]);
        assert.match(dataset.integrity, /^sha256-/);
        assert.deepEqual(lines.map(({ platform, fee_fen: fee }) =>
            [platform, fee]), [['jinzhou', 1250], ['huachen', 0]]);
        assert.equal(total, 1250);
        assert.equal(core('city=nowhere&add=x').lines, undefined);
    });

    it('refuses a card that the core refuses', async (t) => {
        const { openCore } = await open(t);

        put(t, 'fetch', async () => new Response(readFileSync(wasm)));
        await assert.rejects(openCore({}, 'no card'), /rate card/);
    });
});
