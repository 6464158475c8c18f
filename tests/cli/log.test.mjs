// The commands that read a log, judge it and open it again.

import assert from 'node:assert/strict';
import { cpSync, chmodSync, chownSync, existsSync, mkdirSync, readFileSync,
    readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { form, json, short, stage } from '../edge/buyers.mjs';
import { names, rates, suite } from '../edge/server.mjs';
import { created, id, ledger, missing, received }
    from '../ledger/scribe.mjs';


const lines = (text) => text.trimEnd().split('\n');

// What is in a folder, with its owners.
const listed = (folder) => readdirSync(folder, { recursive: true }).sort()
    .map((name) => {
        const { uid, gid, mode } = statSync(path.join(folder, name));

        return `${name} ${uid} ${gid} ${mode}`;
    });


describe('a log', { skip: missing() }, () => {
    const make = (t) => {
        const all = ledger(t);

        all.write(created(1), created(2, { cert: '=1+1' }));
        all.kept = all.put('kept', all.read('ledger/checkpoint'));
        cpSync(all.at('ledger'), all.at('backup'), { recursive: true });
        all.write(received(1, 'B-1'));

        return all;
    };

    it('is exported, all of it or a part', (t) => {
        const { done, run, log } = make(t);
        const all = (...args) => lines(done('log', 'export', ...log, ...args));
        const records = all().map((line) => JSON.parse(line));

        assert.deepEqual(records.map(({ i, type }) => [i, type]),
            [[0, 'order.created'], [1, 'order.created'],
                [2, 'payment.received']]);
        assert.deepEqual(all('--json'), all());
        assert.deepEqual(all('--format', 'ndjson'), all());
        assert.deepEqual(all('--from', '1', '--to', '1'), [all()[1]]);
        assert.deepEqual(all('--type', 'payment.received'), [all()[2]]);

        const [head, one, two, three] = done('log', 'export', ...log,
            '--format', 'csv').split('\r\n');

        assert.match(head, /^index,time,type,order,.*,channel$/);
        assert.match(one, new RegExp(`^0,2026-11-26T10:00:01\\+08:00,`
            + `order.created,"${id(1)}",.*,jinzhou,2500,`));
        assert.match(two, /,"'=1\+1",/, 'no formula');
        assert.match(three, /^2,.*,payment.received,/);

        for (const wrong of [['--format', 'xml'], ['--from', 'x'],
            ['--type', 'order.made'], ['--format', 'csv', '--json']]) {
            assert.equal(run('log', 'export', ...log, ...wrong).status, 2,
                `${wrong}`);
        }
    });

    it('is told as JSON by each command', (t) => {
        const { done, log, key, at } = make(t);
        const said = (...args) => JSON.parse(done(...args, '--json'));

        assert.equal(said('log', 'vkey', ...key).vkey, log[3]);

        const { bytes, ...counts } = said('log', 'verify', ...log);

        assert.equal(bytes, statSync(at('ledger/log/0000000000.ndjson')).size);
        assert.deepEqual(counts, { records: 3, checkpoints: 3, segments: 1,
            torn: 0, published: 3, priced: 0, indexed: 0 });
        assert.equal(said('log', 'show', id(2), ...log).order, id(2));

        const proof = said('log', 'prove', id(2), ...log);

        assert.deepEqual([proof.order, proof.index, proof.size],
            [id(2), 1, 3]);
        assert.equal(proof.receipt, done('log', 'prove', id(2), ...log));
        writeFileSync(at('receipt'), proof.receipt);
        assert.equal(said('receipt', 'verify', at('receipt'), '--key', log[3])
            .index, 1);
        assert.equal(said('vault', 'open', id(2), ...log, '--epoch-key',
            at('secret')).subject, 'u1');
    });

    it('goes on from what somebody has kept, or not', (t) => {
        const { done, run, log, kept, at, put } = make(t);
        const since = (file) => run('log', 'verify', ...log, '--since', file);
        const other = make(t);

        assert.equal(since(kept).status, 0);
        assert.equal(since(at('ledger/checkpoint')).status, 0);
        done('log', 'verify', ...log);
        assert.match(since(at('none')).stderr, /none: No such file/);
        assert.match(since(other.kept).stderr, /kept: .*\n$/);
        assert.match(since(put('cut', readFileSync(kept).subarray(0, 99)))
            .stderr, /cut: /);

        // All of the folder is one of before: it does not know that.
        const back = ['--ledger', at('backup'), ...log.slice(2)];

        done('log', 'verify', ...back);
        assert.match(run('log', 'verify', ...back, '--since',
            at('ledger/checkpoint')).stderr, /of a longer log/);

        // The log's end, and the folder's own word of it, are gone.
        const segment = at('ledger/log/0000000000.ndjson');
        const text = readFileSync(segment);
        const newest = put('newest', readFileSync(at('ledger/checkpoint')));

        truncateSync(segment, text.indexOf('{"v":1,"i":2,'));
        assert.match(run('log', 'verify', ...log).stderr,
            /record 2: the log ends here, and the file `checkpoint` signs/);
        rmSync(at('ledger/checkpoint'));
        assert.match(done('log', 'verify', ...log),
            /all hold\.\n.*only --since can tell/);
        assert.match(since(newest).stderr, /of a longer log/);
        assert.equal(since(kept).status, 0);
    });

    it('is held against its index', (t) => {
        const { run, log, at } = make(t);
        const file = at('ledger/index/data.mdb');
        const was = readFileSync(file);
        const files = listed(at('ledger'));
        const verify = (...more) => run('log', 'verify', ...log, '--index',
            ...more);
        const wrong = (text, words) => {
            writeFileSync(file, text);

            const { status, stdout, stderr } = verify();

            assert.deepEqual([status, stdout], [1, '']);
            assert.match(stderr, words);
        };

        assert.match(verify().stdout, /The index says of 3 records what /);
        assert.equal(JSON.parse(verify('--json').stdout).indexed, 3);
        assert.deepEqual(listed(at('ledger')), files);

        // One letter of an order's id, wherever it stands.
        const one = Buffer.from(was);

        for (let i = 0; (i = one.indexOf(id(2), i)) >= 0; i++) {
            one[i + id(2).length - 1] ^= 1;
        }

        wrong(one, /^caplat: .*: index\/orders: record 1: the row is not /);
        wrong(Buffer.from(was).fill(0xff, 8192),
            /: index: it cannot be read: stop the servers, move index\/ away/);
        wrong(was.subarray(0, 4096), /: index: /);
        writeFileSync(file, was);
        assert.equal(verify().status, 0);
        assert.deepEqual(listed(at('ledger')), files);

        rmSync(at('ledger/index'), { recursive: true });
        assert.match(verify().stderr, /index: there is none: a server makes /);
        assert.equal(existsSync(at('ledger/index')), false);
        assert.equal(run('log', 'verify', ...log).status, 0);
    });

    it('is not where there is none: nothing is made or changed', (t) => {
        const { run, key, at } = make(t);
        const typo = at('typo');

        mkdirSync(typo);
        writeFileSync(path.join(typo, 'of somebody'), 'x');
        process.getuid() === 0
            && chownSync(path.join(typo, 'of somebody'), 65534, 65534);

        for (const more of ['', 'log']) {
            mkdirSync(path.join(typo, more), { recursive: true });

            const was = listed(typo);

            for (const args of [['log', 'reopen'], ['vault', 'shred', id(1)],
                ['order', 'paid', id(1), '--trade', 'B', '--amount', '25']]) {
                const { status, stderr } = run(...args, '--ledger', typo,
                    ...key);

                assert.equal(status, 1);
                assert.match(stderr, /typo: there is no ledger/);
                assert.deepEqual(listed(typo), was);
            }
        }
    });

    it('keeps what others have put beside it',
        { skip: process.getuid() === 0 ? undefined : 'not root' }, (t) => {
            const { done, key, at } = make(t);
            const other = at('ledger/of somebody');

            writeFileSync(other, 'x');
            chownSync(other, 65534, 65534);
            done('vault', 'shred', id(1), '--ledger', at('ledger'), ...key);
            assert.equal(statSync(other).uid, 65534);
        });

    it('is opened again when it is closed, and only then', (t) => {
        const { run, done, key, log, at } = make(t);
        const reopen = (...more) => run('log', 'reopen', '--ledger',
            at('ledger'), ...key, ...more);
        const refused = reopen();

        assert.deepEqual([refused.status, refused.stdout], [1, '']);
        assert.match(refused.stderr, /it is not closed: nothing was done/);
        assert.equal(reopen('--since', at('ledger/checkpoint')).status, 1);
        assert.equal(JSON.parse(done('log', 'verify', ...log, '--json'))
            .records, 3);

        writeFileSync(at('ledger/closed'), 'why\n');
        assert.equal(JSON.parse(reopen('--json').stdout).records, 3);
        assert.ok(!existsSync(at('ledger/closed')));
        assert.match(done('log', 'export', ...log, '--type',
            'ledger.reopened'), /"i":3,/);
        done('log', 'verify', ...log);
    });

    it('loses an end that came in the wrong order, by --since', (t) => {
        const { run, done, key, log, at, kept } = make(t);
        const segment = at('ledger/log/0000000000.ndjson');
        const text = readFileSync(segment);
        const where = text.indexOf('{"v":1,"i":2,');
        const reopen = (...more) => run('log', 'reopen', '--ledger',
            at('ledger'), ...key, ...more);

        text.fill(0, where, where + 200);
        writeFileSync(segment, text);
        rmSync(at('ledger/index'), { recursive: true });

        // All of it was published: it is damage.
        assert.match(reopen('--since', kept).stderr, /record 2: /);
        cpSync(kept, at('ledger/checkpoint'));
        assert.match(run('order', 'paid', id(1), '--trade', 'B', '--amount',
            '25', '--ledger', at('ledger'), ...key).stderr, /record 2: /);
        assert.equal(reopen().status, 1);
        assert.match(reopen('--since', kept).stdout, /2 records .*all hold/);
        assert.equal(readdirSync(at('ledger/log')).filter((name) =>
            name.endsWith('.torn')).length, 1);
        assert.match(done('log', 'export', ...log), /"i":2,.*ledger\.reopened/);
        done('log', 'verify', ...log, '--since', kept);
    });

    it('has words for what is wrong, and help', (t) => {
        const { run, done, log } = ledger(t);

        for (const verb of ['vkey', 'verify', 'export', 'show', 'prove',
            'reopen']) {
            const text = done('log', verb, '--help');

            assert.match(text, new RegExp(`^caplat log ${verb} `));
            assert.match(text, /--json/);

            for (const line of lines(text)) {
                assert.ok(line.length <= 80, line);
            }
        }

        for (const [noun, verb] of [['receipt', 'verify'], ['vault', 'open'],
            ['vault', 'shred'], ['vault', 'new-epoch']]) {
            assert.match(done(noun, verb, '--help'), /--json/);
        }

        for (const option of ['--ledger', '--name', '--key']) {
            for (const args of [['log', 'reopen'], ['vault', 'shred']]) {
                assert.match(done(...args, '--help'),
                    new RegExp(`^  ${option} `, 'm'));
            }
        }

        assert.match(run('log', 'show', ...log).stderr,
            /^caplat log show: ORDER: which one\?/);
        assert.match(run('vault', 'new-epoch', '--out', 'x').stderr,
            /EPOCH: which one\?/);
    });

    it('has the prices of its cards, or not', (t) => {
        const { run, log, at, write } = ledger(t);
        const { id: card, text } = rates();
        const folder = at('rates');
        const verify = () => run('log', 'verify', ...log, '--rates', folder);

        mkdirSync(folder);
        write(created(1, { rates: card, amount: 1, lines: [{
            platform: 'jinzhou', name: 'a', fee_fen: 1, reason: 'b' }] }));
        assert.match(verify().stderr, new RegExp(`${card}.txt: `));
        writeFileSync(path.join(folder, `${card}.txt`), `${text}x`);
        assert.match(verify().stderr, /not the rate card of its name/);
        writeFileSync(path.join(folder, `${card}.txt`), text);
        assert.match(verify().stderr,
            new RegExp(`${id(1)} \\(record 0\\): the card of its day has `));
        assert.equal(verify().status, 1);
    });
});


suite('a server\'s log', { clock: true }, () => {
    it('has the prices of its cards, and its index says the same', async (t) => {
        const { server, person } = await stage(t);
        const one = await person();
        const order = json(await one.order());
        const at = (name) => path.join(server.folder, name);
        const { run } = ledger(t);
        const { id: card, text } = rates();

        assert.equal(short(await one.cancel(order.id)), '200');
        assert.equal(short(await one.order(form())), '201');
        mkdirSync(at('cards'));
        writeFileSync(at(`cards/${card}.txt`), text);
        chmodSync(at('log.jwk'), 0o600);

        const vkey = run('log', 'vkey', '--name', names.log, '--key',
            at('log.jwk')).stdout.trim();
        const { status, stdout, stderr } = run('log', 'verify', '--ledger',
            at('ledger'), '--vkey', vkey, '--rates', at('cards'), '--index',
            '--json');

        assert.equal(status, 0, stderr);

        const { priced, indexed } = JSON.parse(stdout);

        assert.deepEqual([priced, indexed], [2, 3]);
    });
});
