// The demo's cashier: a page, and a way to it, where site.txt wants one.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { build, lay, put } from './folder.mjs';

async function made(t, lines) {
    const folder = lay(t);
    const read = (name) => readFileSync(path.join(folder, name), 'utf8');

    put(folder, 'site.txt', read('content/site.txt') + lines);

    const { status, said } = await build(folder);

    assert.equal(status, 0, said);

    return { read: (name) => read(path.join('out', name)),
        exists: existsSync(path.join(folder, 'out/demo/cashier.html')) };
}


describe('the cashier', () => {
    it('is nowhere, unless it is wanted', async (t) => {
        const { read, exists } = await made(t, '');

        assert.ok(!exists);
        assert.doesNotMatch(read('apply/pay.html'), /cashier/);
    });

    it('is led to, and listed nowhere', async (t) => {
        const { read, exists } = await made(t, 'cashier: demo\n');

        assert.ok(exists);
        assert.match(read('apply/pay.html'),
            /<a href="\/demo\/cashier\/" data-cashier hidden>/);

        for (const list of ['sitemap.xml', 'sitemap.html', 'robots.txt']) {
            assert.doesNotMatch(read(list), /cashier/, list);
        }
    });
});
