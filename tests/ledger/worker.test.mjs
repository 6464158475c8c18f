// A worker of real nginx dies at a call of an order's commit, the vault's slot
// and the answer included: the order is placed once, under its key.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';

import { certificate, form, json, short, stage } from '../edge/buyers.mjs';
import { alive, pause, suite, until } from '../edge/server.mjs';


// Which calls of an order, and how many of each there are at least.
const calls = Object.entries({ pwrite64: 6, sync_file_range: 1, fdatasync: 2,
    openat: 1, close: 1, flock: 2, rename: 1, fchmod: 1, fstatfs: 2,
    newfstatat: 1, writev: 1, futex: 1 })
    .flatMap(([name, count]) => Array.from({ length: count }, (_, i) =>
        [name, i + 1]));

const trace = (worker, name, nth) => {
    const tracer = spawn('strace', ['-f', '-o', '/dev/null', '-e',
        `trace=${name}`, '-e', `inject=${name}:signal=SIGKILL:when=${nth}`,
        '-p', String(worker)], { stdio: ['ignore', 'ignore', 'pipe'] });
    const all = { tracer, said: '',
        ended: new Promise((resolve) => tracer.on('close', resolve)) };

    tracer.stderr.on('data', (part) => { all.said += part; });

    return all;
};

const noTrace = () => (spawnSync('strace', ['-o', '/dev/null', 'true']).status
    === 0 ? undefined : 'strace cannot trace here');


suite('a worker', { clock: true }, () => {
    it('that is killed at a call of an order loses and doubles nothing',
        { skip: noTrace() }, async (t) => {
            const { server, person } = await stage(t);
            const lives = [];

            for (const [n, [name, nth]] of calls.entries()) {
                const words = `${name} ${nth}`;
                const before = await person({
                    certs: [certificate(`W${n}`)] });
                const one = await person({ certs: [certificate(`K${n}`)] });
                const body = form({ certificate: `K${n}` });
                const key = randomUUID();

                // A new worker has the ledger open by then.
                assert.equal(short(await before.order(form({
                    certificate: `W${n}` }))), '201');

                const [worker] = server.workers();
                const all = trace(worker, name, nth);

                t.after(() => all.tracer.kill('SIGKILL'));
                await until('strace', () => all.said.includes('attached'))
                    .catch(() => assert.fail(`${words}: ${all.said}`));

                const first = await one.order(body, key)
                    .catch(() => undefined);

                await until('its end', () => !alive(worker), 2000)
                    .catch(() => {});

                if (alive(worker)) {
                    all.tracer.kill('SIGINT');
                    lives.push(words);
                }

                await all.ended;
                await until('a worker', () => server.workers().length === 1
                    && alive(server.workers()[0]));

                let again;

                await until(`${words}: it is placed`, async () => {
                    again = await one.order(body, key).catch(() => undefined);

                    return again?.status === 201 || pause(50);
                });

                assert.equal(json(await one.get('')).orders.length, 1, words);

                if (first !== undefined) {
                    assert.equal(String(first.body), String(again.body),
                        words);
                }
            }

            assert.deepEqual(lives, [], 'each call is made');
        });
});
