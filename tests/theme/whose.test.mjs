// Whose certificate it is, and back to the beginning where that is not known.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { example, stage } from './stage.mjs';

const [certificate] = example('get /v1/session').certificates;


describe('whose.js', () => {
    const scene = stage();

    async function open(t, at) {
        const page = scene.page(t, at);

        return { ...page, ...await page.load('whose') };
    }

    it('says it in words', async (t) => {
        const { whose, one, text, went } = await open(t, '/apply/platforms/');

        assert.equal(whose(certificate), true);
        assert.equal(text('[data-place=certificate]'), '给 刘某 的证书新增，'
            + '锁序列号 JK20219332345678，有效期至 2027-04-05。');
        assert.ok(!one('[data-place=certificate]').classList.contains('dim'));
        assert.deepEqual(went, []);
    });

    it('names who has no name by the serial number', async (t) => {
        const { whose, text } = await open(t, '/apply/platforms/');

        whose({ ...certificate, holder: null });
        assert.match(text('[data-place=certificate]'),
            /^给 JK20219332345678 的证书/);
    });

    it('is content without a place for the words', async (t) => {
        const { whose, one } = await open(t, '/apply/check/');

        assert.equal(one('[data-place=certificate]'), null);
        assert.equal(whose(certificate), true);
    });

    it('begins anew where none is chosen, or none to be used', async (t) => {
        for (const one of [undefined, { ...certificate, can_add: false }]) {
            const { whose, went } = await open(t, '/apply/platforms/');

            assert.equal(whose(one), false);
            assert.deepEqual(went, ['=/apply/']);
        }
    });
});
