// The life of an order over HTTP, with real clients: it is placed, told again,
// listed, proved, cancelled, or lapses; who may see it; and what is refused.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync }
    from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

import { root } from '../site/server.mjs';
import { certificate, form, free, json, orders as target, short, stage }
    from './buyers.mjs';
import { choice, serial } from './people.mjs';
import { moment, suite, until } from './server.mjs';
import { Wire, ask } from './wire.mjs';

const caplat = path.join(root, 'build/caplat');


suite('an order', { clock: true }, () => {
    it('is held from then on, also by an older token', async (t) => {
        const { server, person } = await stage(t);
        const leader = await person();
        const get = async (to, more) => ask(server.port,
            await leader.request(to, more));
        const quote = (platforms) => get('/v1/quotes', { body: JSON.stringify({
            certificate: serial, platforms }) });
        const held = async () => json(await get('/v1/session'))
            .certificates[0].held.map(({ platform }) => platform);

        assert.ok(!(await held()).includes('huachen'));
        assert.equal(short(await quote(['huachen'])), '200');
        assert.equal(short(await leader.order(free)), '201');
        assert.deepEqual((await held()).slice(-1), ['huachen']);
        assert.equal(new Set(await held()).size, 7);
        assert.match(short(await quote(['huachen'])), /platform-already-held$/);
        assert.equal(json(await quote(['jinzhou'])).total_fen, 1250);
    });

    it('is recorded: 201 tells all of it, and proves it', async (t) => {
        const { server, person } = await stage(t);
        const leader = await person();
        const answer = await leader.order();
        const order = json(answer);
        const { id, checkpoint, proof, lines, rates, ...rest } = order;

        assert.equal(answer.status, 201);
        assert.match(id, /^CA20270115\d{6}$/);
        assert.equal(answer.headers.location, `${target}/${id}`);
        assert.equal(answer.headers['cache-control'], 'no-store');
        assert.equal(answer.headers['idempotency-replayed'], undefined);
        assert.deepEqual(rest, { state: 'created', finished: false,
            created: moment, expires: moment + 1800, certificate: serial,
            ca: 'CFCA', enterprise: '91350100M000100Y43', platforms: choice,
            amount: 2500, invoice: rest.invoice, channel: 'alipay',
            payment: null, refund: null, index: 0 });
        assert.equal(rest.invoice.type, 'digital_normal');
        assert.doesNotMatch(rest.invoice.email, /someone|example/);
        assert.match(rates, /^[0-9a-f]{64}$/);
        assert.equal(lines.reduce((sum, line) => sum + line.fee_fen, 0), 2500);
        assert.match(checkpoint, /^ca\.example\.cn\/log\n1\n/);
        assert.deepEqual(proof, []);

        assert.match((await server.lines(1))[0],
            new RegExp(`201 .*amount=2500 .*${id}`));

        const one = await leader.get(`/${id}`);

        assert.equal(one.status, 200);
        assert.deepEqual(json(one), { id, lines, rates, ...rest });

        const head = await leader.get(`/${id}`, { method: 'HEAD' });

        assert.equal(head.status, 200);
        assert.equal(head.headers['content-length'],
            one.headers['content-length']);
    });

    it('leaves nothing of anybody in the files of the log', async (t) => {
        const { server, person } = await stage(t);
        const leader = await person();

        assert.equal((await leader.order()).status, 201);

        const logs = path.join(server.folder, 'ledger/log');

        for (const name of readdirSync(logs)) {
            const text = readFileSync(path.join(logs, name), 'utf8');

            assert.doesNotMatch(text, /someone|刘某|u-7f3a9c2e51d04b/);
        }
    });

    it('is told again, byte for byte, also after reload and restart',
        async (t) => {
            const { server, person } = await stage(t, { workers: 2 });
            const leader = await person();
            const key = randomUUID();
            const first = await leader.order(form(), key);
            const again = async () => {
                const answer = await leader.order(form(), key);

                assert.equal(answer.status, 201);
                assert.equal(answer.headers['idempotency-replayed'], 'true');
                assert.equal(answer.headers.location, first.headers.location);
                assert.deepEqual(answer.body, first.body);
            };

            assert.equal(first.status, 201);
            await again();

            // Others have come since, and it has another state.
            const other = await person({ certs: [certificate('X1')] });

            assert.equal((await other.order(form({ certificate: 'X1' })))
                .status, 201);
            assert.equal((await leader.cancel(json(first).id)).status, 200);
            await again();
            await server.reload();
            await again();
            await server.restart();
            await again();

            const { orders } = json(await leader.get(''));

            assert.equal(orders.length, 1);
        });

    it('is told again to a newer token, which knows of it', async (t) => {
        const { person } = await stage(t);
        const key = randomUUID();
        const first = await (await person()).order(free, key);
        const { plat, ...rest } = certificate(serial);

        assert.equal(short(first), '201');

        for (const changes of [{ plat: [...plat, 'huachen'] },
            { plat, exp: moment - 1 }]) {
            const newer = await person({ certs: [{ ...rest, ...changes }] });
            const again = await newer.order(free, key);

            assert.equal(short(again), '201');
            assert.equal(again.headers['idempotency-replayed'], 'true');
            assert.deepEqual(again.body, first.body);
            assert.equal((await newer.order(free)).status, 422);
        }
    });

    it('is another one under a key that was used: refused', async (t) => {
        const { person } = await stage(t);
        const leader = await person();
        const key = randomUUID();

        assert.equal((await leader.order(form(), key)).status, 201);
        assert.equal(short(await leader.order(form({ channel: 'wechat' }),
            key)), '422 idempotency-key-reused');
        assert.equal(short(await leader.order(free, key)),
            '422 idempotency-key-reused');
    });

    it('needs an Idempotency-Key', async (t) => {
        const { person } = await stage(t);
        const leader = await person();

        assert.equal(short(await leader.order(form(), '', { headers: [] })),
            '400 idempotency-key-missing');
        assert.equal(short(await leader.order(form(), 'short')),
            '400 request-malformed');
    });

    it('waits alone for its certificate', async (t) => {
        const { person } = await stage(t);
        const leader = await person();
        const first = json(await leader.order());
        const second = await leader.order();

        assert.equal(short(second), '409 order-state-conflict');
        assert.equal(json(second).order, first.id);
        assert.equal((await leader.cancel(first.id)).status, 200);
        assert.equal((await leader.order()).status, 201);
    });

    it('costs what it costs now: another price is told', async (t) => {
        const { person } = await stage(t);
        const leader = await person();
        const answer = await leader.order(form({ amount: 2400 }));
        const { amount, quote } = json(answer);

        assert.equal(short(answer), '409 price-changed');
        assert.equal(amount, 2500);
        assert.equal(quote.total_fen, 2500);
        assert.equal(quote.lines.length, 3);
        assert.equal((await leader.order()).status, 201);
    });

    it('that costs nothing is opened at once, and then is held',
        async (t) => {
            const { person } = await stage(t);
            const leader = await person();
            const first = await leader.order(free);
            const { id, channel, amount } = json(first);

            assert.equal(first.status, 201);
            assert.equal(amount, 0);
            assert.equal(channel, null);
            assert.equal(json(await leader.get(`/${id}`)).state, 'opened');
            assert.deepEqual(json(await leader.get(`/${id}/events`)).events
                .map(({ event, state }) => [event, state]),
            [['order.created', 'created'], ['platforms.opened', 'opened']]);
            assert.equal(short(await leader.order(free)),
                '422 platform-already-held');
            assert.equal(short(await leader.cancel(id)),
                '409 order-state-conflict');
        });

    it('has all its faults told at once', async (t) => {
        const { person } = await stage(t);
        const leader = await person();
        const answer = await leader.order(form({ channel: 'cash', invoice: {
            issue: true, type: 'digital_normal', title_type: 'enterprise',
            title: '', tax_no: 'x', email: 'a' } }));

        assert.equal(short(answer), '422 validation-failed');
        assert.ok(json(answer).errors.length >= 4, answer.body.toString());
        assert.deepEqual(json(await leader.get('')).orders, []);
    });

    it('is cancelled, and that is all the same a second time', async (t) => {
        const { person } = await stage(t);
        const leader = await person();
        const { id } = json(await leader.order());

        assert.equal(short(await leader.cancel(id, { body: '{"a":1}' })),
            '400 request-malformed');

        for (const body of [undefined, '{}']) {
            const answer = await leader.cancel(id, { body });

            assert.equal(answer.status, 200, answer.body.toString());
            assert.equal(json(answer).state, 'cancelled');
            assert.equal(json(answer).finished, true);
            assert.equal(json(answer).expires, null);
        }

        const { events } = json(await leader.get(`/${id}/events`));

        assert.deepEqual(events.map(({ event, state, index }) =>
            [event, state, index]), [['order.created', 'created', 0],
            ['order.cancelled', 'cancelled', 1]]);
        assert.equal(short(await leader.cancel('CA20270115000099')),
            '404 order-not-found');
    });

    it('lapses when its time is over, by itself', async (t) => {
        const { person, clock } = await stage(t, { ledger: 'lapse=4s' });
        const leader = await person();
        const { id, expires } = json(await leader.order());

        assert.equal(expires, moment + 4);
        clock(moment + 5);
        await until('a sweep', async () => json(await leader.get(`/${id}`))
            .state === 'lapsed');
        assert.equal(short(await leader.cancel(id)),
            '409 order-state-conflict');
        assert.equal((await leader.order()).status, 201);
    });

    it('that has lapsed is no hindrance before a sweep', async (t) => {
        const { person, clock } = await stage(t);
        const leader = await person();
        const { id } = json(await leader.order());

        clock(moment + 1801);
        assert.equal((await leader.order()).status, 201);
        assert.equal(json(await leader.get(`/${id}`)).state, 'lapsed');
    });

    it('has a receipt that proves it without us', async (t) => {
        const { server, person } = await stage(t);
        const leader = await person();
        const other = await person({ certs: [certificate('X1')] });
        const { id } = json(await leader.order());

        assert.equal((await other.order(form({ certificate: 'X1' }))).status,
            201);

        const answer = await leader.get(`/${id}/receipt`);

        assert.equal(answer.status, 200);
        assert.equal(answer.headers['content-type'],
            'text/plain; charset=utf-8');
        assert.equal(answer.headers['cache-control'], 'private, no-store');
        assert.equal(answer.headers['content-disposition'],
            `attachment; filename="${id}.tlog-proof"`);
        assert.match(answer.body.toString(), /^c2sp\.org\/tlog-proof@v1\n/);

        if (!existsSync(caplat)) {
            t.diagnostic('there is no build/caplat to verify it');
            return;
        }

        const vkey = await ask(server.port, { method: 'GET',
            target: '/log/vkey', headers: [['Host', 'ca.example.cn']] });
        const file = path.join(server.folder, 'order.tlog-proof');
        const verify = (text) => {
            writeFileSync(file, text);

            return spawnSync(caplat, ['receipt', 'verify', file, '--key',
                vkey.body.toString().trim()], { encoding: 'utf8' });
        };
        const good = verify(answer.body);

        assert.equal(good.status, 0, good.stdout + good.stderr);

        const bytes = Buffer.from(answer.body);

        bytes[60] ^= 1;
        assert.notEqual(verify(bytes).status, 0);
    });
});


suite('many at once', { clock: true }, () => {
    it('a thousand repeats on sixteen connections are one order',
        async (t) => {
            const { server, person } = await stage(t, { workers: 2 });
            const leader = await person();
            const key = randomUUID();
            const wires = Array.from({ length: 16 },
                () => new Wire(server.port));
            const answers = [];

            // Two threads of a worker look at libfaketime's clock at once, and
            // one may see no time of ours: then a nonce is asked for.
            const place = async (wire) => {
                const answer = await wire.ask(await leader.place(form(), key));

                return short(answer) === '401 dpop-nonce-required'
                    ? place(wire) : answer;
            };

            t.after(() => wires.forEach((wire) => wire.close()));
            await Promise.all(wires.map(async (wire, i) => {
                for (let n = i; n < 1000; n += wires.length) {
                    answers.push(await place(wire));
                }
            }));

            const bodies = new Set(answers.map(({ body }) => String(body)));

            assert.deepEqual([...new Set(answers.map(short))], ['201']);
            assert.equal(bodies.size, 1);
            assert.equal(answers.filter(({ headers }) =>
                headers['idempotency-replayed'] === undefined).length, 1);
            assert.equal(json(await leader.get('')).orders.length, 1);
        });

    it('the same certificate: one is taken', async (t) => {
        const { server, person } = await stage(t, { workers: 2 });
        const leader = await person();
        const requests = await Promise.all(Array.from({ length: 40 },
            () => leader.place()));
        const answers = (await Promise.all(requests.map((request) =>
            ask(server.port, request)))).map(short).sort();

        assert.deepEqual(answers, ['201',
            ...Array(39).fill('409 order-state-conflict')]);
    });

    it('one behind the other on a connection, answered in order',
        async (t) => {
            const { server, person } = await stage(t);
            const wire = new Wire(server.port);
            const people = await Promise.all(Array.from({ length: 8 },
                (_, i) => person({ certs: [certificate(`P${i}`)] })));
            const requests = await Promise.all(people.map((one, i) =>
                one.place(form({ certificate: `P${i}` }))));

            t.after(() => wire.close());

            const answers = await Promise.all(requests.map((request) =>
                wire.ask(request)));

            answers.forEach((answer, i) => {
                assert.equal(answer.status, 201);
                assert.equal(json(answer).certificate, `P${i}`);
            });
        });

    it('different ones share commits', async (t) => {
        const { server, person } = await stage(t);
        const people = await Promise.all(Array.from({ length: 60 }, (_, i) =>
            person({ certs: [certificate(`N${i}`)] })));
        const requests = await Promise.all(people.map((one, i) =>
            one.place(form({ certificate: `N${i}` }))));
        const answers = await Promise.all(requests.map((request) =>
            ask(server.port, request)));
        const indexes = answers.map((answer) => json(answer).index)
            .sort((a, b) => a - b);

        assert.ok(answers.every(({ status }) => status === 201));
        assert.deepEqual(indexes, indexes.map((_, i) => i));

        const metrics = (await ask(server.port, { method: 'GET',
            target: '/metrics', headers: [['Host', 'x']] })).body.toString();
        const value = (name) => Number(metrics.match(
            new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (\\d+)`, 'm'))[1]);

        assert.equal(value('caplat_orders_total{result="created"}'), 60);
        assert.equal(value('caplat_ledger_records'), 60);
        assert.equal(value('caplat_ledger_closed'), 0);
        assert.equal(value('caplat_jobs_waiting'), 0);
        assert.ok(value('caplat_commit_seconds_count') < 60,
            'each has been committed alone');
    });
});


suite('who sees an order', { clock: true }, () => {
    const manager = { sub: 'u-2', roles: ['manager'] };

    it('its holder, and a manager of the enterprise; nobody else',
        async (t) => {
            const { person } = await stage(t);
            const leader = await person();
            const boss = await person({ ...manager,
                certs: [certificate('M1')] });
            const colleague = await person({ sub: 'u-3',
                certs: [certificate('X1')] });
            const stranger = await person({ ...manager, sub: 'u-4',
                org: { id: '91210100XX0000019C', name: '别的公司',
                    city: '210100' } });
            const { id } = json(await leader.order());

            for (const [who, sees] of [[leader, true], [boss, true],
                [colleague, false], [stranger, false]]) {
                for (const part of ['', '/events', '/receipt']) {
                    assert.equal(short(await who.get(`/${id}${part}`)),
                        sees ? '200' : '404 order-not-found');
                }

                assert.deepEqual(json(await who.get('')).orders
                    .map((one) => one.id), sees ? [id] : []);
            }

            assert.equal(short(await colleague.cancel(id)),
                '404 order-not-found');
            assert.equal(short(await stranger.cancel(id)),
                '404 order-not-found');
            assert.equal((await boss.cancel(id)).status, 200);
        });

    it('a partner by its signature, what came through it', async (t) => {
        const { person, byPeer, peerToken } = await stage(t);
        const leader = await person();
        const theirs = json(await leader.order());
        const placed = await byPeer(target, { token: await peerToken(),
            body: form({ platforms: ['huachen'], amount: 0,
                channel: undefined, invoice: undefined }),
            headers: [['Idempotency-Key', randomUUID()]] });

        assert.equal(short(placed), '409 order-state-conflict');
        assert.equal((await leader.cancel(theirs.id)).status, 200);

        const own = json(await byPeer(target, { token: await peerToken(),
            body: free, headers: [['Idempotency-Key', randomUUID()]] }));

        for (const part of ['', '/events', '/receipt']) {
            assert.equal(short(await byPeer(`${target}/${own.id}${part}`)),
                '200');
            assert.equal(short(await byPeer(`${target}/${theirs.id}${part}`)),
                '404 order-not-found');
        }

        assert.equal(short(await byPeer(target)), '401 token-missing');
    });

    it('by pages, and by state', async (t) => {
        const { person } = await stage(t);
        const certs = Array.from({ length: 7 }, (_, i) =>
            certificate(`N${i}`));
        const boss = await person({ ...manager, certs });
        const ids = [];

        for (const { sn } of certs) {
            ids.unshift(json(await boss.order(form({ certificate: sn }))).id);
        }

        await boss.cancel(ids[2]);

        const page = async (query) => {
            const { orders, next } = json(await boss.get(query));

            return [orders.map(({ id }) => id), next];
        };

        assert.deepEqual(await page(''), [ids, null]);

        const [first, next] = await page('?limit=3');
        const [second, then] = await page(`?after=${next}&limit=3`);
        const [third, end] = await page(`?limit=3&after=${then}`);

        assert.deepEqual([...first, ...second, ...third], ids);
        assert.equal(first.length, 3);
        assert.equal(end, null);
        assert.deepEqual(await page('?state=cancelled'), [[ids[2]], null]);
        assert.deepEqual(await page('?state=paid'), [[], null]);

        assert.deepEqual(await page('?after=x'), [[], null]);

        for (const query of ['?limit=0', '?limit=101', '?limit=x', '?state=x',
            '?limit=1&limit=2', '?x=1']) {
            assert.match(short(await boss.get(query)),
                /^(400 request-malformed|422 validation-failed)$/, query);
        }
    });

    it('at the addresses that there are, by the methods that there are',
        async (t) => {
            const { person } = await stage(t);
            const leader = await person();
            const { id } = json(await leader.order());

            assert.equal(short(await leader.get(`/${id}/x`)),
                '404 not-found');
            assert.equal(short(await leader.get(`/${id}/events/x`)),
                '404 not-found');
            assert.equal(short(await leader.get('/')), '404 order-not-found');
            assert.equal(short(await leader.get('/x')),
                '404 order-not-found');

            for (const [part, methods, allow] of [
                [`/${id}`, ['POST', 'DELETE'], 'GET, HEAD, OPTIONS'],
                [`/${id}/receipt`, ['POST'], 'GET, HEAD, OPTIONS'],
                [`/${id}/cancel`, ['GET', 'PUT'], 'POST, OPTIONS']]) {
                for (const method of methods) {
                    const answer = await leader.get(part, { method });

                    assert.equal(short(answer), '405 method-not-allowed');
                    assert.equal(answer.headers.allow, allow);
                }
            }
        });
});
