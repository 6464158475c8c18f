// Asking again and again: how soon, and for whom.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { clock, idle, stage } from './stage.mjs';


describe('rhythm.js', () => {
    const scene = stage();

    // A page that asks, and has asked `turns`; what it answers is in `more`.
    async function open(t) {
        const page = scene.page(t, '/apply/pay/');
        const { rhythm } = await page.load('rhythm');
        const time = clock(t, 1800000000);
        const self = { ...page, turns: [], more: true };

        Object.assign(self, rhythm(async () => {
            self.turns.push(self.turns.length);

            return self.more;
        }), {
            async pass(seconds) {
                for (let i = 0; i < seconds; i++) {
                    time.pass(1);
                    await new Promise(setImmediate);
                }
            },
            see(isSeen) {
                Object.defineProperty(page.document, 'hidden',
                    { configurable: true, value: !isSeen });
                page.document.dispatchEvent(
                    new page.window.Event('visibilitychange'));
            },
        });

        return self;
    }

    it('asks at once, each 2 s, and after 15 times each 10 s', async (t) => {
        const page = await open(t);

        await page.begin();
        assert.deepEqual(page.turns, [0]);
        await page.pass(1);
        assert.equal(page.turns.length, 1);
        await page.pass(27);
        assert.equal(page.turns.length, 15);
        await page.pass(9);
        assert.equal(page.turns.length, 15);
        await page.pass(1 + 30);
        assert.deepEqual(page.turns, Array.from({ length: 19 },
            (_, i) => i));
    });

    it('waits before it asks', async (t) => {
        const page = await open(t);

        page.wait();
        await page.pass(1);
        assert.deepEqual(page.turns, []);
        await page.pass(1);
        assert.deepEqual(page.turns, [0]);
    });

    it('asks nobody who cannot see, and at once who sees again',
        async (t) => {
            const page = await open(t);

            await page.begin();
            page.see(false);
            await page.pass(60);
            assert.deepEqual(page.turns, [0]);
            page.see(true);
            await idle();
            assert.deepEqual(page.turns, [0, 1]);
            await page.pass(2);
            assert.deepEqual(page.turns, [0, 1, 2]);
        });

    it('asks once where it was hidden meanwhile', async (t) => {
        const page = await open(t);

        page.see(false);
        await page.begin();
        assert.deepEqual(page.turns, [0]);
        await page.pass(60);
        assert.deepEqual(page.turns, [0]);
    });

    it('stops, and begins anew', async (t) => {
        const page = await open(t);

        await page.begin();
        page.stop();
        page.see(true);
        await page.pass(60);
        assert.deepEqual(page.turns, [0]);
        await page.begin();
        await page.pass(2);
        assert.deepEqual(page.turns, [0, 1, 2]);
    });

    it('asks no more once there is nothing to ask', async (t) => {
        const page = await open(t);

        page.more = false;
        await page.begin();
        page.see(false);
        page.see(true);
        await page.pass(60);
        assert.deepEqual(page.turns, [0]);
    });

    it('asks once at a time', async (t) => {
        const page = await open(t);

        await Promise.all([page.begin(), page.begin()]);
        assert.deepEqual(page.turns, [0]);
        await page.pass(2);
        assert.equal(page.turns.length, 2);
    });
});
