// What has been chosen so far is kept by certificate, whatever the storage is.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { close, stage } from './stage.mjs';


describe('picks.js', () => {
    const scene = stage();
    const open = (t, browser) => scene.page(t, '/apply/', {}, browser)
        .load('picks');

    it('knows nothing at first', async (t) => {
        const picks = await open(t);

        assert.equal(picks.certificate(), undefined);
        assert.equal(picks.wish(), undefined);
        assert.deepEqual(picks.of('DEMO0001'), { platforms: [] });
    });

    it('keeps what belongs to a certificate by it', async (t) => {
        const picks = await open(t);

        picks.choose('DEMO0001');
        picks.put('DEMO0001', { platforms: ['jinzhou'] });
        picks.put('DEMO0002', { platforms: ['anshan'], key: 'k-2' });
        picks.put('DEMO0001', { key: 'k-1' });
        assert.equal(picks.certificate(), 'DEMO0001');
        assert.deepEqual(picks.of('DEMO0001'),
            { platforms: ['jinzhou'], key: 'k-1' });
        assert.deepEqual(picks.of('DEMO0002'),
            { platforms: ['anshan'], key: 'k-2' });
        picks.drop('DEMO0001');
        assert.deepEqual(picks.of('DEMO0001'), { platforms: [] });
        assert.equal(picks.of('DEMO0002').key, 'k-2');
        assert.equal(picks.certificate(), 'DEMO0001');
    });

    it('takes a wish back', async (t) => {
        const picks = await open(t);

        picks.wants('chaoyang');
        assert.equal(picks.wish(), 'chaoyang');
        picks.wants(undefined);
        assert.equal(picks.wish(), undefined);
    });

    it('has it all on the next page', async (t) => {
        const browser = {};

        (await open(t, browser)).put('DEMO0001', { order: 'CA1' });
        assert.equal((await open(t, browser)).of('DEMO0001').order, 'CA1');
    });

    it('takes what another page writes meanwhile', async (t) => {
        const browser = {};
        const [here, there] = [await open(t, browser), await open(t, browser)];

        here.put('DEMO0001', { key: 'k-1' });
        there.put('DEMO0001', { order: 'CA1' });
        assert.deepEqual(here.of('DEMO0001'),
            { platforms: [], key: 'k-1', order: 'CA1' });
    });

    for (const garbage of ['{', '', 'null', '7', '"by"', '{}', '[]',
        '{"by":null}'])
    {
        it(`begins anew where the storage has ${garbage}`, async (t) => {
            const picks = await open(t);

            sessionStorage.apply = garbage;
            assert.equal(picks.certificate(), undefined);
            assert.equal(picks.wish(), undefined);
            assert.deepEqual(picks.of('DEMO0001'), { platforms: [] });
            picks.put('DEMO0001', { key: 'k-1' });
            assert.equal(picks.of('DEMO0001').key, 'k-1');
        });
    }

    it('keeps as long as the page is where storage is closed', async (t) => {
        const picks = await open(t);

        close(t, 'sessionStorage');
        picks.choose('DEMO0001');
        picks.put('DEMO0001', { key: 'k-1' });
        picks.put('DEMO0001', { platforms: ['jinzhou'] });
        assert.equal(picks.certificate(), 'DEMO0001');
        assert.deepEqual(picks.of('DEMO0001'),
            { platforms: ['jinzhou'], key: 'k-1' });
        picks.drop('DEMO0001');
        assert.deepEqual(picks.of('DEMO0001'), { platforms: [] });
    });

    it('keeps as long as the page is where storage is full', async (t) => {
        const picks = await open(t);

        t.mock.method(JSON, 'stringify', () => {
            throw new DOMException('full', 'QuotaExceededError');
        });
        picks.choose('DEMO0001');
        assert.equal(picks.certificate(), 'DEMO0001');
    });
});
