// Personal data of orders: sealed by the server, opened with the epoch's secret
// key by whoever has it, and shredded.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { certificate, form, json, stage } from './buyers.mjs';
import { names, suite } from './server.mjs';


const program = fileURLToPath(new URL('../../build/caplat', import.meta.url));

function caplat(...args) {
    const { status, stdout, stderr } = spawnSync(program, args,
        { encoding: 'utf8' });

    return { status, stdout, stderr };
}

function done(...args) {
    const { status, stdout, stderr } = caplat(...args);

    assert.deepEqual([status, stderr], [0, ''], args.join(' '));
    return stdout;
}


// A server whose epoch is of `caplat vault new-epoch`, and its operator.
async function sealing(t, epoch) {
    const { server, person } = await stage(t);
    const at = (name) => path.join(server.folder, name);
    const own = path.join(server.folder, 'off-line');
    const secret = path.join(own, 'secret');

    mkdirSync(own);
    chmodSync(at('log.jwk'), 0o600);
    server.put('test.epoch', done('vault', 'new-epoch', epoch, '--out',
        secret));
    await server.reload();

    const key = ['--name', names.log, '--key', at('log.jwk')];
    const ledger = ['--ledger', at('ledger')];
    const log = [...ledger, '--vkey', done('log', 'vkey', ...key).trim()];

    return { person, at, own,
        open: (id, secretKey = secret) => caplat('vault', 'open', id, ...log,
            '--epoch-key', secretKey),
        shred: (id, ...more) => caplat('vault', 'shred', id, ...ledger, ...key,
            ...more),
        show: (id) => done('log', 'show', id, ...log),
        verify: () => done('log', 'verify', ...log) };
}


suite('personal data', { clock: true }, () => {
    it('is opened with the secret key alone', async (t) => {
        const { person, at, own, open } = await sealing(t, '2027Q1');
        const leader = await person();
        const { id } = json(await leader.order());
        const keys = at('ledger/vault/2027Q1.keys');
        const slot = readFileSync(keys);

        assert.equal(statSync(keys).mode & 0o777, 0o600);
        assert.deepEqual([slot.length, slot[16]], [128, 3]);

        const opened = open(id);

        assert.deepEqual([opened.status, opened.stderr], [0, '']);
        JSON.parse(opened.stdout);
        assert.match(opened.stdout, /someone@example/);

        chmodSync(path.join(own, 'secret'), 0o640);
        assert.deepEqual([open(id).status, open(id).stdout],
            [0, opened.stdout]);
        assert.match(open(id).stderr, /secret: warning: it is open to others/);

        const other = path.join(own, 'other');

        done('vault', 'new-epoch', '2027Q1', '--out', other);

        const refused = open(id, other);

        assert.deepEqual([refused.status, refused.stdout], [1, '']);
        assert.match(refused.stderr, /the slot does not open with this key/);

        const next = path.join(own, 'next');

        done('vault', 'new-epoch', '2027Q2', '--out', next);
        assert.match(open(id, next).stderr,
            /no secret key that was given is of the order's epoch/);
    });

    it('is nobody\'s any more when it is shredded', async (t) => {
        const { person, at, open, shred, show, verify } =
            await sealing(t, '2027Q1');
        const leader = await person();
        const other = await person({ certs: [certificate('X1')] });
        const { id } = json(await leader.order());
        const kept = json(await other.order(form({ certificate: 'X1' }))).id;

        assert.match(shred(id).stdout, /is shredded: slot 0 is zero/);
        assert.match(open(id).stderr, /the slot has been shredded/);
        assert.equal(open(kept).status, 0);
        verify();

        const slots = readFileSync(at('ledger/vault/2027Q1.keys'));

        assert.deepEqual([...slots.subarray(0, 128)].filter(Boolean), [2]);

        // Told twice, done once more; the record stands once.
        assert.deepEqual(JSON.parse(shred(id, '--json').stdout),
            { order: id, slot: 0 });
        assert.equal(show(id).match(/pii\.shredded/g).length, 1);
        assert.match(shred('CA20270115999999').stderr,
            /the log has no such order/);
        assert.equal((await leader.get(`/${id}`)).status, 200,
            'the order is there');
    });
});
