// What happens to a server while it serves: new keys and broken files, workers
// that die, a new binary beside the old one. No answer is wrong, and no proof
// is taken twice.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { it } from 'node:test';

import { scratch } from '../site/server.mjs';
import { byBrowser, byServer, claims, identity, pair, partner, question }
    from './people.mjs';
import { alive, edge, moment, once, sighted, suite, until, usual }
    from './server.mjs';
import { Wire, ask, problem, render } from './wire.mjs';

const target = '/v1/session';

// `401 token-invalid`, or `200`.
const short = (answer) => [answer.status, problem(answer)]
    .filter((one) => one !== undefined).join(' ');


// A server with an issuer, a holder and a partner.
async function stage(t, { blind = false, ...options } = {}) {
    const issuer = await identity();
    const key = await pair();
    const peer = await partner('erp-1');
    const server = await edge(t, { workers: 2,
        clock: blind ? moment : moment - sighted, files: {
            'jwks-issuer.json': issuer.jwks,
            'jwks-partners.json': { keys: [peer.public] } }, ...options });
    const tokens = {
        dpop: await issuer.token(claims(key.thumbprint)),
        httpsig: await issuer.token(claims(peer.thumbprint,
            { client_id: peer.client })),
    };

    server.clock(moment);

    // A new request each time.
    const fresh = (way = 'dpop', more = {}) => (way === 'dpop'
        ? byBrowser(key, { target, token: tokens.dpop, ...more })
        : byServer(peer, { target, token: tokens.httpsig, ...more }));

    return { server, issuer, key, peer, tokens, fresh,
        ask: async (request) => short(await ask(server.port, request)) };
}


// The processes that have answered, by the access log.
function served(server) {
    return new Set([...server.access().matchAll(/ pid=(\d+)/g)]
        .map(([, pid]) => Number(pid)));
}


// Connections to all of some processes: as many as that takes, and at least
// twenty. nginx gives them out as it likes.
async function connect(t, server, processes) {
    const wires = [];

    t.after(() => wires.forEach((wire) => wire.close()));
    await until('connections to all', async () => {
        const wire = new Wire(server.port);

        wires.push(wire);
        await wire.ask({ method: 'GET', target: '/v1/health',
            headers: [['Host', 'ca.example.cn']] });

        return wires.length >= 20
            && processes.every((pid) => served(server).has(pid));
    });

    return wires;
}


// One request on all connections at once; how often each answer came.
async function crowd(wires, request) {
    return tally(await Promise.all(wires.map(async (wire) =>
        short(await wire.ask(request)))));
}

function tally(answers) {
    const counts = {};

    for (const one of answers) {
        counts[one] = (counts[one] ?? 0) + 1;
    }

    return counts;
}


const replayed = { dpop: '401 proof-replayed', httpsig:
    '401 signature-replayed' };

suite('a reload', { clock: true }, () => {
    it('brings new keys: what the old one signed is refused', async (t) => {
        const { server, key, fresh, ask: say } = await stage(t);
        const next = await identity();
        const token = await next.token(claims(key.thumbprint));

        assert.equal(await say(await fresh()), '200');
        assert.equal(await say(await fresh('dpop', { token })),
            '401 token-invalid');

        server.put('jwks-issuer.json', next.jwks);
        await server.reload();
        assert.equal(await say(await fresh()), '401 token-invalid');
        assert.equal(await say(await fresh('dpop', { token })), '200');
    });

    it('takes a partner\'s key away', async (t) => {
        const { server, fresh, ask: say } = await stage(t);

        assert.equal(await say(await fresh('httpsig')), '200');
        server.put('jwks-partners.json', { keys:
            [(await partner('erp-2')).public] });
        await server.reload();
        assert.equal(await say(await fresh('httpsig')),
            '401 signature-invalid');
    });

    it('answers who has begun to ask before it', async (t) => {
        const { server, fresh } = await stage(t);
        const bytes = render(await fresh('dpop', { body: question,
            target: '/v1/quotes' }));
        const wire = new Wire(server.port);
        const old = server.workers();
        const answer = wire.send(bytes.subarray(0, -10), 'POST');

        t.after(() => wire.close());
        await until('the head has come', async () => (await ask(server.port,
            await fresh())).status === 200);

        server.put('jwks-issuer.json', (await identity()).jwks);
        server.signal('SIGHUP');
        await until('new workers', () => server.workers()
            .some((pid) => !old.includes(pid)));
        wire.socket.write(bytes.subarray(-10));
        assert.equal(short(await answer), '200');
        await until('the old workers have ended', () => !old.some(alive));
    });

    for (const way of ['dpop', 'httpsig']) {
        it(`does not forget what has been used: ${way}`, async (t) => {
            const { server, fresh, ask: say } = await stage(t);
            const request = await fresh(way);

            assert.equal(await say(request), '200');
            await server.reload();
            assert.equal(await say(request), replayed[way]);
        });
    }

    const broken = {
        'jwks-issuer.json': ['{"keys":[\n{"kty":"RSA"}]}', /2:\d+: /],
        'jwks-partners.json': ['{"keys":[\n{"kty":"OKP"},]}', /2:\d+: /],
        'rates.txt': ['caplat-rates 1\ncard ?\n', /2:\d+: /],
        'nginx.conf': ['caplat_nothing;\n', /:1/],
    };

    for (const [name, [text, place]] of Object.entries(broken)) {
        it(`with a broken ${name} changes nothing, and says where`,
            async (t) => {
                const { server, fresh, ask: say } = await stage(t);
                const old = server.workers();
                const words = new RegExp(`\\[emerg\\].*${name}.?`
                    + place.source);

                server.put(name, text);
                server.signal('SIGHUP');
                await until('words in the log', () =>
                    /\[emerg\]/.test(server.log()));
                assert.match(server.log(), words);
                assert.deepEqual(server.workers(), old);
                assert.equal(await say(await fresh()), '200');
                assert.equal(await say(await fresh('httpsig')), '200');
            });
    }
});


suite('two workers', { clock: true }, () => {
    for (const way of ['dpop', 'httpsig']) {
        it(`take one request once: ${way}`, async (t) => {
            const { server, fresh } = await stage(t);
            const wires = await connect(t, server, server.workers());

            for (let i = 0; i < 10; i++) {
                assert.deepEqual(await crowd(wires, await fresh(way)),
                    { 200: 1, [replayed[way]]: wires.length - 1 });
            }
        });
    }

    it('one of them killed again and again: each proof once', async (t) => {
        const { server, fresh } = await stage(t);
        const lost = [];
        const taken = [];
        let running = true;

        const client = async () => {
            const wire = new Wire(server.port);

            while (running) {
                const request = await fresh();

                try {
                    assert.equal(short(await wire.ask(request)), '200');
                    taken.push(request);
                } catch (error) {
                    if (error.code === 'ERR_ASSERTION') {
                        throw error;
                    }

                    lost.push(request);
                }
            }

            wire.close();
        };
        const clients = Promise.all(Array.from({ length: 8 }, client));

        for (let i = 0; i < 20; i++) {
            const [victim] = server.workers();
            const before = taken.length;

            process.kill(victim, 'SIGKILL');
            await until('another worker, and answers', () =>
                server.workers().length === 2 && taken.length > before + 50);
        }

        running = false;
        await clients;

        const wire = new Wire(server.port);

        t.after(() => wire.close());

        for (const request of taken) {
            assert.equal(short(await wire.ask(request)), replayed.dpop);
        }

        // Nobody knows whether these came through; once more at most.
        for (const request of lost) {
            const answers = [short(await wire.ask(request)),
                short(await wire.ask(request))];

            assert.equal(answers[1], replayed.dpop);
        }

        t.diagnostic(`${taken.length} answered, ${lost.length} lost`);
        assert.match(server.log(), /exited on signal 9/);
    });
});


suite('a binary upgrade', { clock: true }, () => {
    const upgrade = async (t) => {
        const all = await stage(t, { daemon: true });
        const { server } = all;
        const master = server.pid();
        const old = server.workers();

        // Connections of the old ones, which they keep.
        const wires = await connect(t, server, old);

        process.kill(master, 'SIGUSR2');
        await until('a new master', () => server.pid() !== master
            && server.read('nginx.pid') !== '' && server.workers().length > 1);

        return { ...all, master, old, wires };
    };

    for (const way of ['dpop', 'httpsig']) {
        it(`old and new take one request once: ${way}`, async (t) => {
            const { server, old, wires, fresh } = await upgrade(t);

            const all = [...wires, ...await connect(t, server,
                server.workers())];

            for (let i = 0; i < 10; i++) {
                assert.deepEqual(await crowd(all, await fresh(way)),
                    { 200: 1, [replayed[way]]: all.length - 1 });
            }

            assert.ok(old.every(alive));
        });
    }

    it('keeps what has been used when the old one goes', async (t) => {
        const { server, master, old, fresh, ask: say } = await upgrade(t);
        const requests = [await fresh(), await fresh('httpsig')];

        for (const request of requests) {
            assert.equal(await say(request), '200');
        }

        process.kill(master, 'SIGWINCH');
        await until('old workers have ended', () => !old.some(alive));
        process.kill(master, 'SIGQUIT');
        await until('the old master has ended', () => !alive(master));

        assert.equal(await say(requests[0]), replayed.dpop);
        assert.equal(await say(requests[1]), replayed.httpsig);
        assert.equal(await say(await fresh()), '200');
        assert.equal(await say(await fresh('httpsig')), '200');
        assert.equal(server.workers().length, 2);
    });

    it('taken back: the old workers serve again', async (t) => {
        const { server, master, old, fresh, ask: say } = await upgrade(t);
        const next = server.pid();
        const request = await fresh();

        process.kill(master, 'SIGWINCH');
        await until('old workers have ended', () => !old.some(alive));
        assert.equal(await say(request), '200');

        process.kill(master, 'SIGHUP');
        process.kill(next, 'SIGQUIT');
        await until('the new master has ended', () => !alive(next));
        await until('an answer', async () =>
            await say(request) === replayed.dpop);
        assert.equal(await say(await fresh()), '200');
    });
});


suite('a start', { clock: true }, () => {
    // Found by binary upgrades that failed, one in hundreds: the new master
    // had the number of a master that another test had killed.
    it('finds no memory of a clock that a killed process left', async (t) => {
        const { pid } = spawnSync('/bin/true');
        const left = `/dev/shm/faketime_shm_${pid}`;

        writeFileSync(left, '');
        t.after(() => rmSync(left, { force: true }));
        await stage(t);
        assert.ok(!existsSync(left));
    });

    it('knows nothing, and asks for a nonce once', async (t) => {
        const { server, fresh } = await stage(t, { blind: true });
        const request = await fresh();
        const first = await ask(server.port, request);
        const nonce = first.headers['dpop-nonce'];

        assert.equal(short(first), '401 dpop-nonce-required');
        assert.match(nonce, /^[A-Za-z0-9_-]{32}$/);

        const again = await fresh('dpop', { nonce });

        assert.equal(short(await ask(server.port, again)), '200');
        assert.equal(short(await ask(server.port, again)), replayed.dpop);
        assert.equal(short(await ask(server.port, request)),
            '401 dpop-nonce-required');

        // A minute later it can tell.
        server.clock(moment + 61);
        assert.equal(short(await ask(server.port,
            await fresh('dpop', { now: moment + 61 }))), '200');
    });

    it('in an old folder takes no proof of before', async (t) => {
        const { server, fresh, ask: say } = await stage(t);
        const request = await fresh();

        assert.equal(await say(request), '200');
        await server.stop();
        await server.start();
        assert.match(await say(request),
            /^401 (proof-replayed|dpop-nonce-required)$/);
    });

    it('without the zone of before takes none either', async (t) => {
        const { server, fresh, ask: say } = await stage(t);
        const request = await fresh();
        const signed = await fresh('httpsig');

        assert.equal(await say(request), '200');
        assert.equal(await say(signed), '200');
        await server.stop();
        rmSync(path.join(server.folder, 'seen.zone'));
        await server.start();
        assert.equal(await say(request), '401 dpop-nonce-required');

        // RFC 9421 has no nonce of the server's: too early is too old.
        assert.match(await say(signed),
            /^401 signature-(expired|replayed)$/);
    });
});


// A reload that is refused: the words, and the server as it was.
async function refused(server, text, words) {
    const old = server.workers();

    server.put('nginx.conf', text);
    server.signal('SIGHUP');
    await until('words in the log', () => /\[emerg\]/.test(server.log()));
    assert.match(server.log(), words);
    assert.deepEqual(server.workers(), old);
}


suite('the zone', { clock: true }, () => {
    it('keeps a part for each key; when it is full it refuses all, and '
        + 'forgets nothing before its time', async (t) => {
        const { server, issuer, fresh } = await stage(t,
            { zone: 'seen.zone 64k' });
        const third = await pair();
        const token = await issuer.token(claims(third.thumbprint));
        const wire = new Wire(server.port);
        const health = async () => short(await wire.ask({ method: 'GET',
            target: '/v1/health', headers: [['Host', 'ca.example.cn']] }));
        const fill = async (make) => {
            let answer;
            let taken = -1;

            do {
                answer = await wire.ask(await make());
                taken++;
            } while (answer.status === 200 && taken < 5000);

            return { answer, taken };
        };
        const first = await fresh();

        t.after(() => wire.close());
        assert.equal(short(await wire.ask(first)), '200');

        // One key alone.
        const { answer: rate, taken } = await fill(fresh);

        assert.equal(taken, 255);
        assert.equal(short(rate), '429 rate-limited');
        assert.match(rate.headers['retry-after'], /^\d+$/);
        assert.equal(short(await wire.ask(first)), replayed.dpop);
        assert.equal(await health(), '200');

        // Another one too, and a third one has the rest.
        assert.equal((await fill(() => fresh('httpsig'))).taken, 256);

        const { answer: full } = await fill(() => byBrowser(third,
            { target, token }));

        assert.equal(short(full), '503 replay-cache-full');
        assert.match(full.headers['retry-after'], /^\d+$/);
        assert.match(await health(), /^503/);
        assert.equal(short(await wire.ask(first)), replayed.dpop);
        await until('reasons', () => / reason=proof-rate /
            .test(server.access()));

        // Later there is room, and what was used is too old to be used.
        const later = moment + 400;

        server.clock(later);
        assert.equal(short(await wire.ask(await fresh('dpop',
            { now: later }))), '200');
        assert.equal(await health(), '200');
        assert.equal(short(await wire.ask(first)),
            '401 dpop-nonce-required');
    });

    const others = { 'another size': ['caplat_zone seen.zone 2m;'],
        'another file': ['caplat_zone other.zone 1m;'],
        'none at all, and no routes': ['', / {8}location .*\n/g] };

    for (const [name, [zone, without]] of Object.entries(others)) {
        it(`stays at a reload that has ${name}`, async (t) => {
            const { server, fresh, ask: say } = await stage(t);

            // Of the future: fresh enough for a zone that is new.
            const request = await fresh('httpsig', { now: moment + 60 });
            const early = await fresh();

            assert.equal(await say(early), '200');
            await refused(server, server.conf()
                .replace('caplat_zone seen.zone 1m;', zone)
                .replace('caplat_tokens 4096;', '').replace(without, ''),
            new RegExp('"caplat_zone" cannot change its file or size at a '
                + 'reload: it was "\\S+/seen\\.zone" of 1048576 bytes; '
                + 'restart nginx'));
            assert.equal(await say(early), replayed.dpop);
            assert.equal(await say(request), '200');
            assert.equal(await say(request), replayed.httpsig);
            assert.ok(!existsSync(path.join(server.folder, 'other.zone')));
        });
    }

    it('stays when a reload fails later', async (t) => {
        const { server, fresh, ask: say } = await stage(t);
        const other = net.createServer();

        await new Promise((done) => other.listen(0, '127.0.0.1', done));
        t.after(() => other.close());
        await refused(server, server.conf().replace('listen ',
            `listen 127.0.0.1:${other.address().port}; listen `),
        /Address already in use/);
        await until('the end of it', () => /still could not bind/
            .test(server.log()));
        assert.equal(await say(await fresh()), '200');
        assert.equal(await say(await fresh('httpsig')), '200');

        // And the server holds it as before.
        const { status, words } = await second(server, 'seen.zone 2m');

        assert.equal(status, 1, words);
        assert.match(words, /in use by another server with another size/);
    });

    // Another server in the same folder, which ends where it is refused.
    const second = (server, zone) => {
        server.put('nginx.conf', server.conf({ zone })
            .replace('pid nginx.pid', 'pid second.pid')
            .replace(server.listen, '127.0.0.1:1'));

        return once(server.folder, []);
    };

    it('is no other server\'s to replace', async (t) => {
        const { server, fresh, ask: say } = await stage(t);
        const request = await fresh();

        assert.equal(await say(request), '200');

        const { status, words } = await second(server, 'seen.zone 2m');

        assert.equal(status, 1, words);
        assert.match(words, new RegExp('"caplat_zone" cannot open "\\S+": in '
            + 'use by another server with another size'));
        assert.equal(await say(request), replayed.dpop);
        assert.equal(await say(await fresh('httpsig')), '200');
    });

    it('of another size begins anew at a start, and takes nothing of before',
        async (t) => {
            const { server, fresh, ask: say } = await stage(t);
            const request = await fresh();

            assert.equal(await say(request), '200');
            await server.stop();
            await server.start({ zone: 'seen.zone 2m' });
            assert.equal(await say(request), '401 dpop-nonce-required');

            const { headers } = await ask(server.port, await fresh());

            assert.equal(await say(await fresh('dpop',
                { nonce: headers['dpop-nonce'] })), '200');
        });

    it('whose file is taken away stays all the same', async (t) => {
        const { server, fresh, ask: say } = await stage(t);
        const request = await fresh();

        assert.equal(await say(request), '200');
        rmSync(path.join(server.folder, 'seen.zone'));
        await refused(server, server.conf(), new RegExp('"caplat_zone" "\\S+"'
            + ' is no longer the file that the server uses; restart nginx'));
        assert.equal(await say(request), replayed.dpop);
    });

    it('that cannot be made at a reload leaves all as it was', async (t) => {
        const { server, fresh, ask: say } = await stage(t);

        await refused(server, server.conf({ zone: 'none/seen.zone 1m' }),
            /"caplat_zone" cannot be made in "\S+none\//);
        assert.equal(await say(await fresh()), '200');
    });
});


suite('memory for tokens', { clock: true }, () => {
    it('that lacks at a reload leaves all as it was', async (t) => {
        if (process.env.CAPLAT_NGINX !== undefined) {
            t.skip('a sanitizer needs more memory than any limit');
            return;
        }

        const folder = scratch(t);
        const nginx = path.join(folder, 'nginx');

        writeFileSync(nginx, '#!/bin/sh\nulimit -v 200000\n'
            + `exec ${usual.nginx} "$@"\n`, { mode: 0o700 });

        // Without the index's map, which would need an address space of 4 GB.
        const { server, fresh, ask: say } = await stage(t,
            { by: { ...usual, nginx }, ledger: null });

        await refused(server, server.conf().replace('caplat_tokens 4096',
            'caplat_tokens 1048576'),
        /"caplat_tokens": no memory for 1048576 tokens/);
        assert.equal(await say(await fresh()), '200');
    });
});
