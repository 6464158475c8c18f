// What a platform's own server is told of openings: to whom, by which cursor,
// and how it waits for the next one.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

import * as scribe from '../ledger/scribe.mjs';
import { root, scratch } from '../site/server.mjs';
import { certificate, form, json, short, stage } from './buyers.mjs';
import { pair, partner } from './people.mjs';
import { conf, lay, moment, names, once, pause, suite, until, usual }
    from './server.mjs';
import { Wire, ask } from './wire.mjs';

const target = (id, query = '') => `/v1/platforms/${id}/openings${query}`;
const host = ['Host', 'ca.example.cn'];

// What one or the other holds for free, and is opened at once.
const free = (sn) => form({ certificate: sn, platforms: ['huachen'],
    amount: 0, channel: undefined, invoice: undefined });
const paid = (sn) => form({ certificate: sn });


// Servers of 华晨 and of 锦州, and somebody with eight certificates.
async function platforms(t, options = {}) {
    const huachen = await partner('huachen', 'Ed25519',
        { platforms: ['huachen', 'dalian'] });
    const jinzhou = await partner('jinzhou', 'ES256',
        { platforms: ['jinzhou'] });
    const all = await stage(t, { peers: [huachen, jinzhou], ...options });
    const { server, person, asPeer } = all;
    const buyer = await person({ roles: ['manager'],
        certs: Array.from({ length: 8 }, (_, i) => certificate(`N${i}`)) });
    const order = async (body, more) => {
        const answer = await buyer.order(body, undefined, more);

        assert.equal(short(answer), '201');

        return json(answer);
    };
    const told = async (query, id = 'huachen', by = huachen, more = {}) =>
        ask(server.port, await asPeer(target(id, query), more, by));

    // One who waits on a connection of its own.
    const waiting = async (query, id, by = huachen) => {
        const wire = new Wire(server.port);

        t.after(() => wire.close());

        const answer = wire.ask(await asPeer(target(id, query), {}, by));

        answer.catch(() => {});

        return { wire, answer };
    };
    const count = async () => Number((await ask(server.port, { method: 'GET',
        target: '/metrics', headers: [host] })).body.toString()
        .match(/^caplat_openings_waiting (\d+)$/m)[1]);

    return { ...all, huachen, jinzhou, buyer, order, told, waiting, count };
}


suite('openings', { clock: true }, () => {
    it('are told to the platform, once, in the order of the log',
        async (t) => {
            const { order, told } = await platforms(t);
            const none = await told('');

            assert.equal(none.status, 200);
            assert.deepEqual(json(none), { openings: [], next: '0' });
            assert.equal(none.headers['cache-control'], 'no-store');

            const first = await order(free('N0'));

            await order(paid('N1'));

            const second = await order(free('N2'));
            const { openings, next } = json(await told('?after=0'));

            assert.deepEqual(openings.map(({ at, ...rest }) => rest),
                [[first, 'N0'], [second, 'N2']].map(([{ id, index }, sn]) => ({
                    cursor: String(index + 1), event: 'opened',
                    certificate: sn, ca: 'CFCA',
                    enterprise: '91350100M000100Y43', order: id })));
            assert.ok(openings.every(({ at }) => at === moment * 1000));
            assert.equal(next, openings[1].cursor);
            assert.deepEqual(json(await told(`?after=${next}`)),
                { openings: [], next });
            assert.deepEqual(json(await told('', 'dalian')),
                { openings: [], next: '0' });
        });

    it('are told page by page, also after a reload and a restart',
        async (t) => {
            const { server, order, told } = await platforms(t);

            for (let i = 0; i < 7; i++) {
                await order(free(`N${i}`));
            }

            const all = json(await told('')).openings;
            const seen = [];
            let cursor = '0';

            assert.equal(all.length, 7);

            for (const step of ['', 'reload', 'restart', '']) {
                if (step !== '') {
                    await server[step]();
                }

                const page = json(await told(`?limit=2&after=${cursor}`));

                assert.equal(page.openings.length, seen.length < 6 ? 2 : 1);
                assert.equal(page.next, page.openings.at(-1).cursor);
                seen.push(...page.openings);
                cursor = page.next;
            }

            assert.deepEqual(seen, all);
        });

    it('tell what a refund has closed', { skip: scribe.missing() },
        async (t) => {
            const { server, jinzhou, told } = await platforms(t);
            const at = (name) => path.join(server.folder, name);
            const { id, created, received, opened, refunded } = scribe;

            await server.stop();
            scribe.append({ folder: at('ledger'), key: at('log.jwk'),
                origin: names.log, epoch: at('test.epoch') },
            [created(1), received(1, 'T1'),
                opened(1, ['huachen', 'jinzhou']),
                { ...refunded(1, 'R1', 1000), closed: ['huachen'] },
                refunded(1, 'R2', 500)].map((one, i) =>
                ({ t: 1795622400000 + i, ...one })));
            await server.start();

            const line = (cursor, event) => ({ cursor, event,
                certificate: 'JK1', ca: 'CFCA',
                enterprise: '91350100M000100Y43', order: id(1),
                at: 1795622400000 + Number(cursor) });

            assert.deepEqual(json(await told('')), { openings: [
                line('2', 'opened'), line('3', 'closed')], next: '3' });
            assert.deepEqual(json(await told('', 'jinzhou', jinzhou)),
                { openings: [line('2', 'opened')], next: '2' });
        });

    it('are asked for by HEAD as well, and by nothing else', async (t) => {
        const { order, told } = await platforms(t);

        await order(free('N0'));

        const whole = await told('');
        const head = await told('', 'huachen', undefined, { method: 'HEAD' });
        const options = await told('', 'huachen', undefined,
            { method: 'OPTIONS' });
        const post = await told('', 'huachen', undefined, { method: 'POST',
            body: '{}' });

        assert.equal(head.status, 200);
        assert.equal(head.body.length, 0);
        assert.equal(head.headers['content-length'],
            whole.headers['content-length']);
        assert.equal(options.status, 204);
        assert.equal(options.headers.allow, 'GET, HEAD, OPTIONS');
        assert.equal(short(post), '405 method-not-allowed');
        assert.equal(post.headers.allow, 'GET, HEAD, OPTIONS');
    });
});


suite('openings, and who is told nothing', { clock: true }, () => {
    const plain = (id) => ({ method: 'GET', target: target(id),
        headers: [host] });

    it('the key of another platform, or of none', async (t) => {
        const { server, order, told, byPeer, jinzhou, buyer } =
            await platforms(t);

        await order(free('N0'));

        const refused = [
            await told('', 'huachen', jinzhou),
            await told('?after=x', 'huachen', jinzhou),
            await told('?wait=60', 'huachen', jinzhou),
            await told('', 'jinzhou'),
            await told('', 'no-such-platform'),
            await told('', 'x'.repeat(33)),
            await told('', ''),
            await byPeer(target('huachen')),
            await ask(server.port, await buyer.request(target('huachen'))),
        ];

        // They are told apart by nothing.
        for (const answer of refused) {
            const { instance, ...rest } = json(answer);
            const { instance: other, ...first } = json(refused[0]);

            assert.equal(short(answer), '404 not-found');
            assert.deepEqual(rest, first);
        }
    });

    it('a key that nobody knows, or that did not sign this', async (t) => {
        const { server, order, told, asPeer, huachen } = await platforms(t);
        const thief = { ...await pair('Ed25519'),
            thumbprint: huachen.thumbprint };
        const stranger = await partner('huachen', 'Ed25519',
            { platforms: ['huachen'] });
        const moved = await asPeer(target('dalian'), {}, huachen);
        const used = await asPeer(target('huachen'), {}, huachen);

        await order(free('N0'));
        assert.equal((await ask(server.port, used)).status, 200);

        for (const [answer, name] of [
            [await ask(server.port, plain('huachen')), 'signature-missing'],
            [await ask(server.port, plain('nobody')), 'signature-missing'],
            [await told('', 'huachen', thief), 'signature-invalid'],
            [await told('', 'huachen', stranger), 'signature-invalid'],
            [await ask(server.port, { ...moved, target: target('huachen') }),
                'signature-invalid'],
            [await ask(server.port, used), 'signature-replayed'],
        ]) {
            assert.equal(short(answer), `401 ${name}`);
            assert.deepEqual(Object.keys(json(answer)),
                ['type', 'title', 'detail', 'status', 'instance']);
        }
    });

    it('a key whose scope is another', async (t) => {
        const quoting = await partner('erp-2', 'Ed25519',
            { platforms: ['huachen'], scope: 'ca:quote' });
        const { told } = await platforms(t, { peers: [quoting] });

        assert.equal(short(await told('', 'huachen', quoting)),
            '403 scope-insufficient');
        assert.equal(short(await told('', 'jinzhou', quoting)),
            '403 scope-insufficient');
    });

    it('other addresses', async (t) => {
        const { server, huachen, asPeer } = await platforms(t);

        for (const address of ['/v1/platforms/', '/v1/platforms/huachen',
            '/v1/platforms/huachen/', '/v1/platforms/huachen/openings/',
            '/v1/platforms/huachen/openings/1', '/v1/platforms//openings',
            '/v1/platforms/huachen/closings']) {
            assert.equal(short(await ask(server.port, await asPeer(address, {},
                huachen))), '404 not-found', address);
        }
    });

    it('who asks wrongly: each fault is named', async (t) => {
        const { order, told } = await platforms(t);

        await order(free('N0'));

        for (const [query, parameter] of [['after=', 'after'],
            ['after=01', 'after'], ['after=-1', 'after'], ['after=1e0',
                'after'], ['after=%31', 'after'], ['after=0', undefined],
            ['after=1', undefined], ['after=2', 'after'],
            ['after=9007199254740992', 'after'], ['limit=0', 'limit'],
            ['limit=1', undefined], ['limit=500', undefined],
            ['limit=501', 'limit'], ['wait=0', 'wait'], ['wait=61', 'wait'],
            ['wait=x', 'wait'], ['after=1&after=1', 'query'],
            ['since=1', 'query']]) {
            const answer = await told(`?${query}`);

            assert.equal(short(answer), parameter === undefined ? '200'
                : '422 validation-failed', query);
            assert.equal(json(answer).errors?.[0].parameter, parameter, query);
        }
    });
});


suite('openings that are waited for', { clock: true }, () => {
    // Long before its wait is over.
    const soon = (answer) => Promise.race([answer,
        pause(40000, { ref: false }).then(() => {
            throw new Error('it has slept on');
        })]);

    it('are told when they come, at whichever worker', async (t) => {
        const { order, waiting, count } = await platforms(t, { workers: 2 });
        const all = [];

        for (let i = 0; i < 6; i++) {
            all.push(await waiting('?wait=60', 'huachen'));
        }

        await until('one who waits', async () => await count() > 0);

        const { id } = await order(free('N0'));

        for (const { answer } of all) {
            const { openings, next } = json(await soon(answer));

            assert.deepEqual(openings.map((one) => one.order), [id]);
            assert.equal(next, '1');
        }

        await until('nobody who waits', async () => await count() === 0);
    });

    it('are told at once when they are there', async (t) => {
        const { order, told } = await platforms(t);

        await order(free('N0'));
        assert.equal(json(await soon(told('?wait=60'))).openings.length, 1);
    });

    it('are none when the time is over: other orders wake nobody',
        async (t) => {
            const { order, waiting, count } = await platforms(t);
            const { answer } = await waiting('?wait=2', 'huachen');

            await until('one who waits', async () => await count() === 1);
            await order(paid('N0'));
            assert.deepEqual(json(await answer), { openings: [], next: '0' });
        });

    it('keep no connection: the next question goes the same way',
        async (t) => {
            const { asPeer, huachen, waiting } = await platforms(t);
            const { wire, answer } = await waiting('?wait=1', 'huachen');

            // It is sent before the answer of the first one is there.
            const next = wire.ask(await asPeer(target('huachen'), {},
                huachen));

            assert.equal((await answer).status, 200);
            assert.equal((await next).status, 200);
        });

    it('are not for those who leave: they are forgotten at once',
        async (t) => {
            const { server, order, told, waiting, count } =
                await platforms(t);
            const gone = await waiting('?wait=60', 'huachen');
            const stays = await waiting('?wait=60', 'huachen');

            await until('two who wait', async () => await count() === 2);
            gone.wire.close();
            await until('one who waits', async () => await count() === 1);
            await until('the line of who has left', () => server.access()
                .includes(`GET ${target('huachen')} 499 `));
            await order(free('N0'));
            assert.equal(json(await soon(stays.answer)).openings.length, 1);
            assert.equal(json(await told('')).openings.length, 1);
        });

    for (const [how, words] of [['reload', 'a reload'],
        ['restart', 'the end by QUIT']]) {
        it(`are answered at ${words} with what there is`, async (t) => {
            const { server, order, told, waiting, count } =
                await platforms(t);

            await order(free('N0'));

            const { answer } = await waiting('?wait=60&after=1', 'huachen');

            await until('one who waits', async () => await count() === 1);

            // Old workers end only when nobody waits any more.
            if (how === 'reload') {
                await soon(server.reload());
            } else {
                server.signal('SIGQUIT');
                await soon(server.closed);
                await server.start();
            }

            assert.deepEqual(json(await answer), { openings: [], next: '1' });
            await order(free('N1'));
            assert.equal(json(await told('?after=1')).openings.length, 1);
        });
    }

    it('are waited for by so many and no more', async (t) => {
        const { waiting, count, order } = await platforms(t);
        const all = [];
        let answered = 0;

        for (let i = 0; i < 260; i++) {
            const one = await waiting('?wait=60', 'huachen');

            all.push(one);
            one.answer.then(() => { answered++; }, () => {});
        }

        await until('all who may wait', async () => await count() === 256);
        await until('the others', () => answered === 4);
        await order(free('N0'));

        const lines = (await Promise.all(all.map(({ answer }) =>
            soon(answer)))).map((answer) => json(answer).openings.length);

        assert.equal(lines.filter((length) => length === 1).length, 256);
        assert.equal(lines.filter((length) => length === 0).length, 4);
    });
});


// The program that the module's manual shows, its very text.
suite('openings, followed by the program of the manual', { clock: true },
    () => {
        const manual = readFileSync(path.join(root,
            'ngx_caplat_module/README.md'), 'utf8');
        const program = manual.match(/\n```js\n(.*?)\n```\n/s)[1];
        const seconds = () => Math.floor(Date.now() / 1000);

        // A run of it, and the lines that it has told.
        const start = (t, folder, port) => {
            const child = spawn(process.execPath, ['follow.mjs',
                `http://127.0.0.1:${port}`, 'huachen', 'huachen.jwk',
                'huachen.cursor'], { cwd: folder });
            const self = { text: '', words: '' };

            child.stdout.on('data', (part) => { self.text += part; });
            child.stderr.on('data', (part) => { self.words += part; });
            self.orders = () => self.text.split('\n').slice(0, -1)
                .map((line) => JSON.parse(line).order);
            self.stop = () => new Promise((resolve) => {
                child.on('close', resolve);
                child.kill();
            });
            t.after(() => child.kill());

            return self;
        };

        it('are told in full, also when it is ended and started again',
            async (t) => {
                const { server, huachen, order } = await platforms(t,
                    { at: seconds(), origin: 'http://127.0.0.1:PORT' });
                const origin = `http://127.0.0.1:${server.port}`;

                server.clock('real');

                const folder = scratch(t);
                const put = (name, text) => writeFileSync(path.join(folder,
                    name), text);
                const has = (follower, ids) => until(`lines: ${
                    follower.text} ${follower.words}`, () =>
                    follower.orders().length >= ids.length);
                const ids = [];
                const buy = async (sn) => ids.push((await order(free(sn),
                    { origin })).id);

                put('follow.mjs', program);
                put('huachen.jwk', JSON.stringify(huachen.secret));
                symlinkSync(path.join(root, 'tests/node_modules'),
                    path.join(folder, 'node_modules'));

                const first = start(t, folder, server.port);

                await buy('N0');
                await buy('N1');
                await has(first, ids);
                await server.reload();
                await buy('N2');
                await has(first, ids);
                assert.deepEqual(first.orders(), ids);

                const read = () => readFileSync(path.join(folder,
                    'huachen.cursor'), 'utf8');
                const cursor = String(2 * ids.length - 1);

                await until('the cursor', () => read() === cursor);
                await first.stop();
                await buy('N3');

                const second = start(t, folder, server.port);

                await has(second, ids.slice(3));
                assert.deepEqual(second.orders(), ids.slice(3));
            });
    });


suite('nginx -t of openings', {}, () => {
    const check = async (t, change) => {
        const peer = await partner('huachen', 'Ed25519',
            { platforms: ['huachen'] });
        const { folder, put } = lay(t, {
            'jwks-issuer.json': { keys: [{ ...peer.public }] },
            'jwks-partners.json': { keys: [peer.public] } });

        put('nginx.conf', change(conf({ partners: true,
            listen: ['127.0.0.1:1'] })));

        return once(folder, ['-t'], usual);
    };
    const without = (...lines) => (text) => lines.reduce((all, line) => {
        assert.match(all, line);
        return all.replace(line, '');
    }, text);

    it('finds nothing wrong with them', async (t) => {
        const { status, words } = await check(t, (text) => text);

        assert.equal(status, 0, words);
    });

    for (const [name, ...lines] of [
        ['caplat_partner_keys', /caplat_partner_keys [^;]*;/,
            /caplat_tag [^;]*;/],
        ['caplat_ledger', /caplat_ledger [^;]*;/,
            /location = \/v1\/orders .*/, /location \/v1\/orders\/ .*/,
            /location \^~ \/log\/ .*/],
        ['caplat_origin', /caplat_origin [^;]*;/,
            ...['quotes', 'session', 'prices'].map((one) =>
                new RegExp(`location = /v1/${one} .*`)),
            /location = \/v1\/orders .*/, /location \/v1\/orders\/ .*/],
    ]) {
        it(`needs ${name}`, async (t) => {
            const { status, words } = await check(t, without(...lines));

            assert.equal(status, 1);
            assert.match(words, new RegExp(`"caplat_openings" needs "${name}" `
                + 'in \\S*nginx\\.conf:\\d+'));
        });
    }
});
