// A page leaves nothing to the next one.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { clock, idle, json, put, stage } from './stage.mjs';


describe('stage.mjs', () => {
    const scene = stage();

    // A test within a test, and its end.
    function inner(t) {
        const tasks = [];

        return { mock: t.mock, after: (task) => tasks.push(task),
            end: () => tasks.forEach((task) => task()) };
    }

    it('gives back what stood there before', (t) => {
        const own = setTimeout;
        const one = inner(t);

        scene.page(one, '/order/');
        clock(one, 1800000000);
        assert.notEqual(setTimeout, own);
        one.end();
        assert.equal(setTimeout, own);
    });

    it('asks nothing once its test is over', async (t) => {
        const one = inner(t);
        const page = scene.page(one, '/order/', { 'GET /x': json({}) });
        const { rhythm } = await page.load('rhythm');
        const { send } = await page.load('api');
        let turns = 0;
        let release;

        const pulse = rhythm(async () => {
            turns++;
            await new Promise((resolve) => { release = resolve; });
            await send('GET', '/x', {});
            turns++;

            return true;
        });

        pulse.begin();
        one.end();

        const asked = [];
        const waits = [];

        put(t, 'fetch', async (at) => {
            asked.push(at);

            return json({});
        });
        put(t, 'document', page.document);
        put(t, 'setTimeout', (act, ms) => waits.push(ms));
        release();
        await idle();
        assert.deepEqual([turns, asked, waits], [1, [], []]);
    });

    it('hears nothing once its test is over', async (t) => {
        const one = inner(t);
        let answer;
        const page = scene.page(one, '/order/', { 'GET /x': () =>
            new Promise((resolve) => { answer = resolve; }) });
        const { send } = await page.load('api');
        const got = [];

        send('GET', '/x', {}).finally(() => got.push('an answer'));
        await idle();
        one.end();
        answer(json({}));
        await idle();
        assert.deepEqual(got, []);
    });

    it('knows what waits for how long', (t) => {
        const time = clock(t, 1800000000);

        setTimeout(() => {}, 8000);
        setTimeout(() => {}, 2000);
        time.pass(1);
        assert.deepEqual([1, 2, 7].map(time.has), [true, false, true]);
    });
});
