// Power that is cut, and disks that forget or fail, below a real file system:
// what was acknowledged is there, once and at its place.
//
//     CAPLAT_CUTS=N  how often the power is cut, 8 unless told

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { scratch } from '../site/server.mjs';
import { dice } from './crowd.mjs';
import { Kept } from './kept.mjs';
import { Machine, missing, nosync } from './machine.mjs';
import { Log, readVkey } from './tree.mjs';
import { seed } from './trial.mjs';

const cuts = Number(process.env.CAPLAT_CUTS ?? 8);
const states = Math.ceil(0.75 * cuts);  // of a disk that has lost its cache
const segment = 65536;                  // bytes: some are begun in each round


// The orders of a log by their index, read by nobody's code but the test's.
function orders(machine, folder) {
    const found = [];
    const log = new Log(path.join(folder, 'log'), readVkey(machine.vkey),
        ({ i, order }) => {
            found[i] = order;
        });

    log.read();
    assert.equal(new Set(found).size, found.length, 'each order once');

    return found;
}

// How many of those that were acknowledged are not at their places.
function missed(acknowledged, found) {
    return [...acknowledged].filter(([index, id]) => found[index] !== id)
        .length;
}

// The ledger that the machine has shown holds, and all of these.
function holds(machine, what, acknowledged) {
    const folder = machine.shown(what);

    assert.ok(folder, `there is ${what}`);
    machine.caplat('log', 'verify', '--ledger', folder, '--vkey',
        machine.vkey);
    assert.equal(missed(acknowledged, orders(machine, folder)), 0,
        'acknowledged orders are missing');
    rmSync(folder, { recursive: true });
}

// The ledger that the machine has shown has what was sold, under checkpoints
// that it has too; and some of what was sealed opens.
function sells(machine, sold) {
    const folder = machine.shown('ledger');
    const ledger = ['--ledger', folder, '--vkey', machine.vkey];
    const found = new Set();
    const log = new Log(path.join(folder, 'log'), readVkey(machine.vkey),
        ({ type, order }) => {
            if (type === 'order.created') {
                assert.ok(!found.has(order), order);
                found.add(order);
            }
        });

    log.read();
    machine.caplat('log', 'verify', ...ledger);
    sold.forEach(({ size, root }, id) => {
        assert.ok(found.has(id), `${id} got 201, and is lost`);
        assert.equal(log.notes.get(size)?.split('\n')[2], root);
    });

    for (const id of [...sold.keys()].slice(-5)) {
        const { subject } = JSON.parse(machine.caplat('vault', 'open', id,
            ...ledger, '--epoch-key', path.join(machine.folder, 'secret')));

        assert.match(subject, /^u-crowd-\d+$/);
    }

    rmSync(folder, { recursive: true });
}

// A control: something of it must be gone.
function lost(t, machine, acknowledged) {
    const folder = machine.shown('ledger');
    const count = missed(acknowledged, folder === undefined ? []
        : orders(machine, folder));

    t.diagnostic(`${count} of ${acknowledged.size} lost`);
    assert.ok(count > 0);
}

// What a file system needs, without a journal at least, before it is used.
function mend(file) {
    const { status, stdout } = spawnSync('/sbin/e2fsck', ['-fy', file],
        { encoding: 'utf8' });

    assert.ok(status === 0 || status === 1, stdout);
}

// A disk that has kept each write of some batches, and its states.
async function keep(machine, { batches, options = [], lie = [] }) {
    const empty = machine.formatted('empty', 32, ...options);
    const disk = path.join(machine.folder, 'disk');
    const log = machine.disk('log', 256);

    cpSync(empty, disk);

    const { no, acknowledged } = await machine.run([disk, log], 'record',
        batches, ...lie);

    assert.deepEqual(no, []);

    const kept = new Kept(readFileSync(log));

    return { kept,
        state(at, below) {
            const file = path.join(machine.folder, 'state');

            cpSync(empty, file);
            kept.replay(file, at, below);
            mend(file);

            return file;
        },
        until: (size) => new Map([...acknowledged].filter(([index]) =>
            index < size)) };
}

// A state of it: all is there that was acknowledged by then. It opens by itself
// (0), or it has a batch without its first sectors, which only the newest
// checkpoint that anybody has tells from damage (1).
async function opens(machine, disk, at, below) {
    const size = disk.kept.size(at);
    const state = disk.state(at, below);
    let told = await machine.run([state], 'look');
    const again = told.no.length !== 0;

    if (again) {
        assert.match(told.no[0], /^log\/.*: byte /);
        cpSync(path.join(machine.out, `checkpoint-${size}`),
            path.join(machine.out, 'since'));
        rmSync(machine.shown('ledger'), { recursive: true });
        told = await machine.run([state], 'reopen');
    }

    assert.deepEqual(told.no, [], `state ${at}\n${told.output}`);
    assert.ok(told.size > size);
    holds(machine, 'ledger', disk.until(size));

    return Number(again);
}

// Orders until the power goes, some time after the first.
async function writeUntilCut(machine, disk, below, ...more) {
    const run = machine.start([disk], 'write', 1 + below(30), segment, ...more);

    try {
        await run.until(({ told }) => told.acknowledged.size > 0);
        await sleep(below(1200));
    } finally {
        await run.cut();
    }

    return run.told;
}


describe('a machine of its own', { skip: missing() }, () => {
    const make = (t) => {
        t.diagnostic(`CAPLAT_SEED=${seed}`);

        const roll = dice(seed);

        return { machine: new Machine(scratch(t)),
            below: (limit) => Math.floor(roll() * limit) };
    };

    it('whose power is cut', async (t) => {
        const { machine, below } = make(t);
        const disk = machine.formatted('disk', 256);
        const acknowledged = new Map();
        let torn = 0;

        for (let n = 0; n < cuts; n++) {
            const told = await writeUntilCut(machine, disk, below);

            assert.deepEqual(told.no, []);
            told.acknowledged.forEach((id, index) => {
                assert.equal(acknowledged.get(index) ?? id, id);
                acknowledged.set(index, id);
            });
            torn += told.torn.length;
        }

        const last = await machine.run([disk], 'look');

        assert.deepEqual(last.no, []);
        assert.equal(last.acknowledged.size, 1);
        t.diagnostic(`${cuts} cuts, ${acknowledged.size} orders acknowledged, `
            + `${torn + last.torn.length} times something was torn`);
        holds(machine, 'ledger', acknowledged);
    });

    it('with a shop in it, whose power is cut', async (t) => {
        const { machine, below } = make(t);
        const at = (name) => path.join(machine.folder, name);

        writeFileSync(at('test.epoch'), machine.caplat('vault', 'new-epoch',
            'test', '--out', at('secret')));

        for (let n = 0; n < Math.ceil(cuts / 4); n++) {
            const disk = machine.formatted('disk', 256);
            const run = machine.start([disk], 'sell');

            try {
                await run.until(({ told }) => told.sold.size > 0);
                await sleep(500 + below(2000));
            } finally {
                await run.cut();
            }

            const { sold } = run.told;
            const { output } = await machine.run([disk], 'again');

            assert.match(output, /ready records=/);
            sells(machine, sold);
            t.diagnostic(`${sold.size} orders sold`);
            rmSync(disk);
        }
    });

    it('whose power is cut, and whose disk lies', async (t) => {
        const { machine, below } = make(t);
        const disk = machine.formatted('disk', 64);
        const { acknowledged } = await writeUntilCut(machine, disk, below,
            nosync);

        await machine.run([disk], 'look');
        lost(t, machine, acknowledged);
    });

    const journals = [['', []], [', and has no journal', ['-O',
        '^has_journal']]];

    journals.forEach(([words, options]) => {
        it(`whose disk loses any part of what it had not written${words}`,
            async (t) => {
                const { machine, below } = make(t);
                const disk = await keep(machine, { batches: 30, options });
                let reopened = 0;

                for (let n = 0; n < states; n++) {
                    const at = disk.kept.first + 1
                        + below(disk.kept.count - disk.kept.first - 1);

                    reopened += await opens(machine, disk, at, below);
                }

                t.diagnostic(`${states} states of ${disk.kept.count} writes, `
                    + `${reopened} opened again by a checkpoint`);
            });
    });

    it('whose disk loses that, and lies', async (t) => {
        const { machine, below } = make(t);
        const disk = await keep(machine, { batches: 10, lie: [nosync] });
        const at = disk.kept.last + 1;

        await machine.run([disk.state(at, below)], 'look');
        lost(t, machine, disk.until(disk.kept.size(at)));
    });

    it('whose disk fails below the file system', async (t) => {
        const { machine } = make(t);
        const disk = machine.disk('disk', 8);
        const told = await machine.run([disk], 'outgrow');
        const [refused, again] = told.no;

        assert.ok(told.acknowledged.size > 1000);
        assert.match(refused, /Input\/output error/);
        assert.match(again, /closed since a sync has failed/);
        assert.equal(told.no.length, 2, told.output);
        assert.match(told.output, /reopen\r?\n[^]* all hold\./);
        holds(machine, 'ledger', told.acknowledged);
    });
});
