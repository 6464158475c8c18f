// nginx is killed again and again, at random moments, while 64 clients order:
// a worker, all workers, the master, or everything. What was promised is kept:
// each 201 is in the log once, each key has one answer, no checkpoint is ever
// belied, and nothing is dropped without a word.
//
// CAPLAT_ROUNDS  how often (200); CAPLAT_SEED  of the moments and ways

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { pause, suite } from '../edge/server.mjs';
import { times, trial } from './trial.mjs';

const rounds = Number(process.env.CAPLAT_ROUNDS ?? 200);


suite('a ledger whose processes are killed', {}, () => {
    it(`keeps its promises, ${rounds} times`, async (t) => {
        const stand = await trial(t, { ledger: 'segment=4m lapse=20s' });
        const { roll, told } = stand;
        const clients = await stand.crowd();

        t.after(() => clients.close());

        for (let i = 0; i < rounds; i++) {
            await pause(20 + 230 * roll());
            await stand.round();
            assert.ifError(clients.fault());
        }

        await clients.end();
        assert.ifError(clients.fault());
        stand.check();

        for (const one of clients.clients) {
            await one.remember();
        }

        await stand.end(t);
        assert.doesNotMatch(stand.server.log(), /\[(crit|emerg)\]/);
        t.diagnostic(times('201, its own try', told.latencies));
        t.diagnostic(times('201, from the first try', told.waits));
    });
});
