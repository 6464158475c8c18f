// nginx is killed again and again, at random moments, while 64 clients order:
// a worker, all workers, the master, or everything. What was promised is kept:
// each 201 is in the log once, each key has one answer, no checkpoint is ever
// belied, and nothing is dropped without a word.
//
// CAPLAT_ROUNDS  how often (200); CAPLAT_SEED  of the moments and ways

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

import { identity } from '../edge/people.mjs';
import { edge, pause, suite } from '../edge/server.mjs';
import { ask } from '../edge/wire.mjs';
import { root as project } from '../site/server.mjs';
import { Told, crowd, dice, tokens } from './crowd.mjs';
import { strike, workers } from './strike.mjs';
import { Log, readCheckpoint, readVkey } from './tree.mjs';

const rounds = Number(process.env.CAPLAT_ROUNDS ?? 200);
const seed = Number(process.env.CAPLAT_SEED
    ?? Math.floor(Math.random() * 2 ** 32));
const count = 64;

const ends = { 'order.cancelled': 'cancelled', 'order.lapsed': 'lapsed',
    'platforms.opened': 'opened' };


// What the log's records mean: faults are what must never be there.
function books() {
    const orders = new Map();           // id: its certificate
    const keys = new Set();
    const unfinished = new Map();       // certificate: id
    const tally = {};
    let last = 0;

    const created = ({ order, cert, ca, subj, idem }) => {
        const key = `${subj}|${idem}`;
        const one = `${ca}|${cert}`;

        assert.ok(!orders.has(order), `${order} is there twice`);
        assert.ok(!keys.has(key), `${order}: a second order of its key`);
        assert.ok(!unfinished.has(one), `${order}: ${cert} has an `
            + `unfinished order, ${unfinished.get(one)}`);
        orders.set(order, one);
        keys.add(key);
        unfinished.set(one, order);
    };

    return { orders, tally, record(value) {
        assert.ok(value.t >= last, `record ${value.i}: its time goes back`);
        last = value.t;
        tally[value.type] = (tally[value.type] ?? 0) + 1;

        if (value.type === 'order.created') {
            created(value);
            return;
        }

        assert.ok(value.type in ends, value.type);
        assert.equal(unfinished.get(orders.get(value.order)), value.order,
            `${value.order} is ${ends[value.type]}, but was not unfinished`);
        unfinished.delete(orders.get(value.order));
    } };
}


// The folder of the log, as far as it tells of what was moved away.
function torn(folder) {
    return readdirSync(folder).filter((name) => name.endsWith('.torn'))
        .map((name) => ({ name, bytes: readFileSync(path.join(folder,
            name)) }));
}

const percentile = (sorted, part) => sorted.length === 0 ? 0
    : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

function times(what, values) {
    const sorted = Float64Array.from(values).sort();

    return `${what}: ${[['p50', 0.5], ['p99', 0.99], ['p99.9', 0.999],
        ['longest', 1]].map(([name, part]) =>
        `${name} ${percentile(sorted, part).toFixed(1)} ms`).join(', ')}`;
}


const now = () => Math.floor(Date.now() / 1000);


suite('a ledger whose processes are killed', {}, () => {
    it(`keeps its promises, ${rounds} times`, async (t) => {
        t.diagnostic(`CAPLAT_SEED=${seed}`);

        const roll = dice(seed);
        const issuer = await identity();
        const server = await edge(t, { workers,
            files: { 'jwks-issuer.json': issuer.jwks },
            zone: 'seen.zone 64m', ledger: 'segment=4m lapse=20s',
            text: (plain) => plain
                .replace('access_log access.log caplat;', 'access_log off;')
                .replace('error.log info', 'error.log notice') });
        const folder = path.join(server.folder, 'ledger');
        const log = path.join(folder, 'log');
        const text = (await ask(server.port, { method: 'GET',
            target: '/log/vkey', headers: [['Host', 'x']] })).body.toString();
        const vkey = readVkey(text);
        const told = new Told();
        const book = books();
        const reader = new Log(log, vkey, book.record);
        const known = new Set();
        const struck = {};
        const rest = [];

        // All that was told until now is in the log by now.
        const check = () => {
            const { ids, notes } = told.take();

            reader.read();

            for (const { id } of ids) {
                assert.ok(book.orders.has(id), `${id} got 201, and is lost`);
            }

            for (const note of [...ids.map((one) => one.note), ...notes]) {
                if (known.has(note)) {
                    continue;
                }

                const { size } = readCheckpoint(note, vkey);

                assert.equal(reader.notes.get(size), note);
                known.add(note);
            }
        };

        // What stands behind the last batch when nobody writes must be moved
        // away, or go on to stand there.
        const meanwhile = () => {
            check();

            const bytes = reader.rest();

            if (bytes.length > 0) {
                rest.push(bytes);
            }
        };

        const clients = await crowd({ count, roll, port: server.port, told,
            now, issuer: tokens(issuer) });

        t.after(() => clients.close());

        for (let i = 0; i < rounds; i++) {
            await pause(20 + 230 * roll());

            const name = await strike(server, roll, meanwhile);

            struck[name] = (struck[name] ?? 0) + 1;
            check();
            assert.ifError(clients.fault());
        }

        await clients.end();
        assert.ifError(clients.fault());
        check();

        for (const one of clients.clients) {
            await one.remember();
        }

        await server.stop();
        check();

        // The whole once more, from its first byte: nothing was rewritten.
        const anew = new Log(log, vkey, books().record);

        anew.read();
        assert.equal(anew.tree.size, reader.tree.size);
        assert.deepEqual(anew.tree.root(), reader.tree.root());
        assert.deepEqual(anew.rest().length, 0);

        for (const size of [1, 2, 3, ...Array.from({ length: 20 }, () =>
            Math.floor(roll() * anew.tree.size) + 1)])
        {
            const note = anew.notes.get(size);

            assert.ok(note === undefined || readCheckpoint(note, vkey).root
                === anew.tree.rootOf(size).toString('base64'));
        }

        // Whoever moved a tail away may have been killed before it could say
        // so; the next start says how many there are.
        await server.start();
        await server.stop();

        const words = server.log();
        const moved = torn(log);

        assert.ok(words.includes(`ready records=${anew.tree.size} torn=${
            moved.length}\n`), `${moved.length} are torn`);

        for (const bytes of rest) {
            assert.ok(moved.some((one) => one.bytes.equals(bytes)),
                `${bytes.length} bytes were dropped`);
        }

        assert.doesNotMatch(words, /\[(crit|emerg)\]/);
        execFileSync('build/caplat', ['log', 'verify', '--ledger', folder,
            '--vkey', text.trim()], { cwd: project, stdio: 'pipe' });

        const list = (of) => Object.entries(of).map(([name, number]) =>
            `${number} ${name}`).join(', ');

        t.diagnostic(`killed: ${list(struck)}; torn: ${moved.length}`);
        t.diagnostic(`requests: ${list(told.counts)}; ${known.size} `
            + 'checkpoints seen');
        t.diagnostic(`records: ${list(book.tally)}`);
        t.diagnostic(times('201, its own try', told.latencies));
        t.diagnostic(times('201, from the first try', told.waits));
    });
});
