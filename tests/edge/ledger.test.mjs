// caplat_ledger: what `nginx -t` says of it; what a start, a reload, a binary
// upgrade and a killed worker do with orders that are on their way; and what
// is answered when it cannot be opened.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync,
    writeFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

import { freshJwk } from '../keys.mjs';
import { certificate, form, json, short, stage } from './buyers.mjs';
import { identity } from './people.mjs';
import { alive, conf, lay, moment, once, pause, suite, until, usual }
    from './server.mjs';
import { Wire, ask } from './wire.mjs';


suite('nginx -t of a ledger', {}, () => {
    const check = async (t, { from, to, files = {}, prepare }) => {
        const { folder, put } = lay(t, { 'jwks-issuer.json': (await identity())
            .jwks, ...files });
        const plain = conf({ listen: ['127.0.0.1:1'] });

        assert.ok(from === undefined || plain.includes(from), from);
        put('nginx.conf', from === undefined ? plain
            : plain.replace(from, () => to));
        prepare?.(folder);

        const before = readdirSync(folder).sort();
        const { status, words } = await once(folder, ['-t'], usual);

        return { status, folder, words: words.replaceAll(`${folder}/`, ''),
            made: readdirSync(folder).sort()
                .filter((name) => !before.includes(name)) };
    };

    it('makes nothing', async (t) => {
        const { status, words, folder } = await check(t, {});

        assert.equal(status, 0, words);
        assert.ok(!existsSync(path.join(folder, 'ledger')));
    });

    const es256 = freshJwk('ES256').secret;

    for (const [words, change, said] of [
        ['no ledger', { from: /caplat_ledger [^;]*;/.exec(conf({}))[0],
            to: '' }, /"caplat_(orders|log)" needs "caplat_ledger" in nginx/],
        ['a second one', { from: 'caplat_tokens 4096;',
            to: 'caplat_ledger other name=x key=log.jwk '
                + 'hash_keys=hash.keys vault=test.epoch;' },
        /"caplat_ledger" is duplicate: it stands in nginx.conf:\d+ already/],
        ['no key', { from: 'key=log.jwk', to: '' },
            /"caplat_ledger" needs "name=ORIGIN", "key=FILE", /],
        ['an unknown parameter', { from: 'key=log.jwk', to: 'keys=log.jwk' },
            /parameter "keys=log.jwk" of "caplat_ledger": unknown in nginx/],
        ['a parameter twice', { from: 'key=log.jwk',
            to: 'key=log.jwk key=log.jwk' }, /"key=log.jwk" .*: duplicate/],
        ['a key of another kind', { files: { 'log.jwk': es256 } },
            /log.jwk:1:\d+: crv.*: not-one-of/],
        ['a key that is none', { files: { 'log.jwk': '{"kty":1}' } },
            /log.jwk:1:\d+: /],
        ['a key that is not there', { from: 'key=log.jwk', to: 'key=x' },
            /cannot read "x": No such file/],
        ['hash keys that are none', { files: { 'hash.keys': 'x\n' } },
            /hash.keys:\d+:\d+: key: /],
        ['an epoch that is none', { files: { 'test.epoch': 'test\n' } },
            /test.epoch:1:1: /],
        ['a name that is none', { from: 'name=ca.example.cn/log',
            to: 'name=a+b' }, /"a\+b" cannot be the name of a log/],
        ['a folder that is a file', { from: 'caplat_ledger ledger',
            to: 'caplat_ledger rates.txt' },
        /"rates.txt" of "caplat_ledger" is not a folder/],
        ['no place for the folder', { from: 'caplat_ledger ledger',
            to: 'caplat_ledger none/ledger' },
        /"caplat_ledger" cannot be made in "none\/"/],
        ['a segment too small', { from: 'key=log.jwk',
            to: 'key=log.jwk segment=1k' },
        /"segment=1k" .*: not a size from 64k/],
        ['an index too small', { from: 'key=log.jwk',
            to: 'key=log.jwk index=1k' }, /: not a size from 1m/],
        ['a reserve that is none', { from: 'key=log.jwk',
            to: 'key=log.jwk reserve=x' }, /: not a size, as in "64m"/],
        ['a time that is none', { from: 'key=log.jwk',
            to: 'key=log.jwk lapse=0' }, /: not a time of 1s to 30d/],
        ['a prefix that is none', { from: 'key=log.jwk',
            to: 'key=log.jwk prefix=ca' }, /: not 1 to 4 capital letters/],
        ['neither on nor off', { from: 'key=log.jwk',
            to: 'key=log.jwk public=yes' }, /: neither "on" nor "off"/],
        ['another issuer', { from: 'location /v1/orders/ { caplat_orders; }',
            to: 'location /v1/orders/ { caplat_orders; '
                + 'caplat_issuer https://x.example.cn; }' },
        /"caplat_orders" in nginx.conf:\d+ has another "caplat_issuer" than/],
        ['the log at an exact address', { from: 'location ^~ /log/',
            to: 'location = /log/' }, /"caplat_log" stands in a location/],
    ]) {
        it(`finds ${words}`, async (t) => {
            const { status, words: told, made } = await check(t, change);

            assert.equal(status, 1, told);
            assert.match(told, said);
            assert.deepEqual(made.filter((name) => /ledger|other/.test(name)),
                []);
        });
    }

    it('finds nothing wrong with all of its parameters', async (t) => {
        const { status, words } = await check(t, { from: 'key=log.jwk',
            to: 'key=log.jwk vault_dir=vault segment=64k index=1m reserve=0 '
                + 'lapse=1s prefix=AB public=off' });

        assert.equal(status, 0, words);
    });
});


// People who order all the time, each for certificates of an own; what was
// promised to them.
async function flow(t, { server, person }, count = 6) {
    const promised = [];
    const lost = [];
    const wires = [];
    let running = true;

    t.after(() => {
        running = false;
        wires.forEach((wire) => wire.close());
    });

    const buyer = async (_, i) => {
        const wire = new Wire(server.port);

        wires.push(wire);

        for (let n = 0; running && !server.isStopped; n++) {
            const sn = `B${i}N${n}`;
            const one = await person({ certs: [certificate(sn)] });
            const key = randomUUID();
            const order = { one, key, body: form({ certificate: sn }) };

            try {
                const answer = await wire.ask(await one.place(order.body,
                    key));

                assert.equal(short(answer), '201');
                promised.push({ ...order, answer });
            } catch (error) {
                if (error.code === 'ERR_ASSERTION') {
                    throw error;
                }

                lost.push(order);
            }
        }

        wire.close();
    };
    const buyers = Promise.all(Array.from({ length: count }, buyer));

    return { promised, lost, more: (n = 30) => {
        const before = promised.length;

        // A buyer ends before that only by an answer that is none.
        return Promise.race([buyers,
            until('orders', () => promised.length >= before + n)]);
    }, end: () => { running = false; return buyers; } };
}

// Each promise is kept: told again, the same bytes; each lost one is one order.
// polite: nothing was done for whoever got no answer, as on a connection that
// was idle and closed.
async function kept({ promised, lost }, { polite = false } = {}) {
    for (const { one, key, body, answer } of promised) {
        const again = await one.order(body, key);

        assert.equal(short(again), '201');
        assert.equal(again.headers['idempotency-replayed'], 'true');
        assert.deepEqual(again.body, answer.body);
    }

    for (const { one, key, body } of lost) {
        const answer = await one.order(body, key);

        assert.equal(short(answer), '201');
        assert.ok(!polite
            || answer.headers['idempotency-replayed'] === undefined);
        assert.equal(json(await one.get('')).orders.length, 1);
    }

    const all = promised.map(({ answer }) => json(answer).id);

    assert.equal(new Set(all).size, all.length);
}


suite('orders on their way', { clock: true }, () => {
    it('through reloads: each is answered', async (t) => {
        const all = await stage(t, { workers: 2 });
        const orders = await flow(t, all);

        for (let i = 0; i < 4; i++) {
            await orders.more();
            await all.server.reload();
        }

        await orders.more();
        await orders.end();
        await kept(orders, { polite: true });

        t.diagnostic(`${orders.promised.length} promised, `
            + `${orders.lost.length} lost`);
        assert.doesNotMatch(all.server.log(), /\[(alert|crit|emerg)\]/);
    });

    it('through a binary upgrade: each is answered', async (t) => {
        const all = await stage(t, { workers: 2, daemon: true });
        const { server } = all;
        const orders = await flow(t, all);
        const master = server.pid();
        const old = server.workers();

        await orders.more();
        process.kill(master, 'SIGUSR2');
        await until('a new master', () => server.pid() !== master
            && server.read('nginx.pid') !== '' && server.workers().length > 1);
        await orders.more();
        process.kill(master, 'SIGWINCH');
        await until('old workers have ended', () => !old.some(alive));
        await orders.more();
        process.kill(master, 'SIGQUIT');
        await until('the old master has ended', () => !alive(master));
        await orders.more();
        await orders.end();
        await kept(orders, { polite: true });
        assert.doesNotMatch(server.log(), /\[(alert|crit|emerg)\]/);
    });

    it('through workers that are killed: no promise is broken',
        async (t) => {
            const all = await stage(t, { workers: 2 });
            const { server } = all;
            const orders = await flow(t, all);

            for (let i = 0; i < 8; i++) {
                const [victim] = server.workers();

                process.kill(victim, 'SIGKILL');
                await until('another worker', () =>
                    server.workers().length === 2
                    && !server.workers().includes(victim));
                await orders.more(15);
            }

            await orders.end();
            await kept(orders);
            await server.restart();
            await kept(orders);
            t.diagnostic(`${orders.promised.length} promised, `
                + `${orders.lost.length} lost`);
        });

    it('of clients that leave: each is recorded all the same', async (t) => {
        const { server, person } = await stage(t);
        const leavers = await Promise.all(Array.from({ length: 20 },
            async (_, i) => {
                const body = form({ certificate: `L${i}` });
                const key = randomUUID();

                return { body, key,
                    one: await person({ certs: [certificate(`L${i}`)] }) };
            }));

        await Promise.all(leavers.map(async ({ one, body, key }, i) => {
            const wire = new Wire(server.port);

            wire.ask(await one.place(body, key)).catch(() => {});
            await until('it is sent', () => wire.socket?.bytesWritten > 0
                && wire.socket.writableLength === 0);
            await pause(i % 3);
            wire.close();
        }));

        for (const { one, body, key } of leavers) {
            await until('the order', async () =>
                json(await one.get('')).orders.length === 1);

            const { id } = json(await one.get('')).orders[0];
            const again = await one.order(body, key);

            assert.deepEqual([short(again), json(again).id],
                ['201', id]);
            assert.equal(again.headers['idempotency-replayed'], 'true');
        }

        assert.doesNotMatch(server.log(), /\[(alert|crit|emerg)\]/);
    });

    it('before a QUIT: each is answered', async (t) => {
        const { server, person } = await stage(t);
        const people = await Promise.all(Array.from({ length: 30 }, (_, i) =>
            person({ certs: [certificate(`Q${i}`)] })));
        const requests = await Promise.all(people.map((one, i) =>
            one.place(form({ certificate: `Q${i}` }))));
        const wires = requests.map(() => new Wire(server.port));
        const answers = Promise.allSettled(requests.map((request, i) =>
            wires[i].ask(request)));

        await until('the first', () => / 201 /.test(server.access()));
        server.signal('SIGQUIT');

        const all = await answers;

        // What was read is answered; a connection that was not yet taken up is
        // closed without an answer.
        assert.ok(all.every(({ value }) => value === undefined
            || short(value) === '201'));
        assert.doesNotMatch(server.log(), /open socket/);
        await server.closed;
    });
});


suite('a ledger', { clock: true }, () => {
    it('belongs to the workers, and to nobody else', async (t) => {
        const { server, person } = await stage(t);
        const folder = path.join(server.folder, 'ledger');

        assert.equal((await (await person()).order()).status, 201);
        assert.equal(statSync(folder).mode & 0o777, 0o700);
    });

    for (const [what, from, to] of [
        ['folder', 'caplat_ledger ledger', 'caplat_ledger elsewhere'],
        ['name', 'name=ca.example.cn/log', 'name=ca.example.cn/other'],
        ['key', 'key=log.jwk', 'key=other.jwk'],
        ['index', 'key=log.jwk', 'key=log.jwk index=64m'],
    ]) {
        it(`cannot change its ${what} at a reload`, async (t) => {
            const { server, person } = await stage(t);
            const old = server.workers();

            server.put('other.jwk', freshJwk('Ed25519').secret);
            server.put('nginx.conf', server.conf().replace(from, to));
            server.signal('SIGHUP');
            await until('words in the log', () => /\[emerg\]/.test(
                server.log()));
            assert.match(server.log(), new RegExp(
                `"caplat_ledger" in .*nginx.conf:\\d+ cannot change its ${
                    what} at a reload; restart nginx`));
            assert.deepEqual(server.workers(), old);
            assert.equal((await (await person()).order()).status, 201);
            assert.ok(!existsSync(path.join(server.folder, 'elsewhere')));
        });
    }

    it('takes a new epoch at a reload', async (t) => {
        const { server, person } = await stage(t);
        const { x } = freshJwk('X25519').jwk;
        const vault = path.join(server.folder, 'ledger/vault');

        assert.equal((await (await person()).order()).status, 201);
        server.put('test.epoch', `next ${x}\n`);
        await server.reload();

        const one = await person({ certs: [certificate('X1')] });

        assert.equal((await one.order(form({ certificate: 'X1' }))).status,
            201);
        assert.deepEqual(readdirSync(vault).sort(),
            ['next.keys', 'test.keys']);
    });

    it('has its vault elsewhere', async (t) => {
        const { server, person } = await stage(t,
            { ledger: 'vault_dir=keys-of-people' });

        assert.equal((await (await person()).order()).status, 201);
        assert.deepEqual(readdirSync(path.join(server.folder,
            'keys-of-people')), ['test.keys']);
    });

    const health = (server) => ask(server.port, { method: 'GET',
        target: '/v1/health', headers: [['Host', 'x']] });

    it('that a worker cannot open is 503, and told; it tries again',
        async (t) => {
            const { server, person } = await stage(t);
            const folder = path.join(server.folder, 'ledger/index');
            const leader = await person();

            // This worker has it already.
            assert.deepEqual(json(await leader.get('')).orders, []);
            assert.equal(json(await health(server)).orders, 'open');
            renameSync(folder, `${folder}.away`);
            writeFileSync(folder, '');
            await server.reload();

            const answer = await leader.order();

            assert.equal(short(answer), '503 log-unavailable');
            assert.ok(Number(answer.headers['retry-after']) > 0);
            assert.equal(short(await leader.get('')), '503 log-unavailable');
            assert.equal(short(await health(server)), '503 log-unavailable');
            assert.match(server.log(),
                /\[crit\].*caplat: no orders fault=\w+: \S/);

            rmSync(folder);
            renameSync(`${folder}.away`, folder);
            await until('an order', async () =>
                (await leader.order()).status === 201);
            assert.equal(json(await health(server)).orders, 'open');
            assert.equal(server.log().match(/caplat: no orders/g).length, 1);
        });

    it('on a disk that is too full refuses orders, and reads', async (t) => {
        const { server, person } = await stage(t,
            { ledger: 'reserve=4000000g' });
        const leader = await person();

        for (let i = 0; i < 3; i++) {
            assert.equal(short(await leader.order()), '503 log-unavailable');
        }

        assert.deepEqual(json(await leader.get('')).orders, []);
        assert.match(server.log(), /\[error\].*caplat: no orders fault=full: /);
        assert.equal(server.log().match(/caplat: no orders/g).length, 1);

        // Room is made.
        server.put('nginx.conf', server.conf({ ledger: 'reserve=0' }));
        await server.reload();
        assert.equal((await leader.order()).status, 201);
    });

    it('that is ahead of a clock that was set right sells on', async (t) => {
        const { server, person, clock } = await stage(t);
        const until400 = { exp: moment + 400 * 86400 };
        const metrics = async () => (await ask(server.port, { method: 'GET',
            target: '/metrics', headers: [['Host', 'x']] })).body.toString();

        clock(moment + 100 * 86400);

        const early = await person({ certs: [certificate('E1', until400)] });

        assert.equal(short(await early.order(form({ certificate: 'E1',
            platforms: ['huachen'], amount: 0, channel: undefined,
            invoice: undefined }))), '201');
        assert.match(await metrics(), /^caplat_ledger_ahead_seconds 0$/m);
        clock(moment);

        const answer = await (await person()).order();

        assert.equal(short(answer), '201');
        assert.equal(json(answer).expires, moment + 1800);
        assert.equal(json(answer).created, moment + 100 * 86400);
        assert.match(await metrics(), /^caplat_ledger_ahead_seconds 8640000$/m);
        assert.match(server.log(),
            /\[error\].*caplat: the clock is behind the log ms=86400\d{5}$/m);
    });

    it('whose checkpoint cannot be replaced records, and says that',
        async (t) => {
            const { server, person } = await stage(t);

            mkdirSync(path.join(server.folder, 'ledger/checkpoint.new'));
            assert.equal(short(await (await person()).order()), '201');
            assert.match(server.log(),
                /\[crit\].*caplat: not published fault=unpublished: \S/);
            assert.doesNotMatch(server.log(), /no orders/);
        });

    it('that is closed reads, orders nothing, and says so', async (t) => {
        const { server, person } = await stage(t);
        const leader = await person();
        const key = randomUUID();
        const { id } = json(await leader.order(form(), key));

        await server.stop();
        writeFileSync(path.join(server.folder, 'ledger/closed'),
            'a sync has failed\n');
        await server.start();
        assert.match(server.log(), /\[crit\].*caplat: "\S+ledger" is closed: /);
        assert.equal(short(await leader.order()), '503 log-unavailable');
        assert.equal(json(await leader.order(form(), key)).id, id);
        assert.equal(short(await leader.cancel(id)), '503 log-unavailable');
        assert.match(server.log(), /\[crit\].*caplat: no orders fault=closed/);
        assert.equal(short(await health(server)), '503 log-unavailable');

        for (const part of ['', `/${id}`, `/${id}/events`, `/${id}/receipt`]) {
            assert.equal(short(await leader.get(part)), '200', part);
        }

        const metrics = await ask(server.port, { method: 'GET',
            target: '/metrics', headers: [['Host', 'x']] });

        assert.match(metrics.body.toString(), /^caplat_ledger_closed 1$/m);
    });

    it('of a single process is not read again', async (t) => {
        const { server, person } = await stage(t, { main:
            'master_process off;', workers: 0 });

        assert.equal((await (await person()).order()).status, 201);
        server.signal('SIGHUP');
        await until('words in the log', () => /\[emerg\]/.test(server.log()));
        assert.match(server.log(),
            /cannot be read again with "master_process off"; restart nginx/);

        const one = await person({ certs: [certificate('X1')] });

        assert.equal((await one.order(form({ certificate: 'X1' }))).status,
            201);
    });

    it('that is damaged keeps nginx from starting', async (t) => {
        const { server, person } = await stage(t);

        assert.equal((await (await person()).order()).status, 201);
        await server.stop();

        const [segment] = readdirSync(path.join(server.folder,
            'ledger/log'));
        const name = `ledger/log/${segment}`;

        // A bit of the first record; a good batch stands behind it.
        await server.start();
        assert.equal((await (await person({ certs: [certificate('X1')] }))
            .order(form({ certificate: 'X1' }))).status, 201);
        await server.stop();
        writeFileSync(path.join(server.folder, name), server.read(name)
            .replace('"amount":2500', '"amount":2501'));

        rmSync(path.join(server.folder, 'ledger/index'), { recursive: true });

        const { status, words } = await once(server.folder, [], usual);

        assert.notEqual(status, 0);
        assert.match(words, /\[emerg\].*"caplat_ledger" in .*0000000000/);
    });
});
