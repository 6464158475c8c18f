// A platform's own server follows its openings while many order at two workers
// that are killed again and again: what it was told is what the log says,
// nothing is passed over, and nothing is told twice.
//
// CAPLAT_ROUNDS  how often (40 here); CAPLAT_SEED  of the moments and ways

import assert from 'node:assert/strict';
import path from 'node:path';
import { it } from 'node:test';

import { json, short } from '../edge/buyers.mjs';
import { byServer, identity, partner } from '../edge/people.mjs';
import { edge, pause, sighted, suite } from '../edge/server.mjs';
import { Wire, ask } from '../edge/wire.mjs';
import { Told, crowd, dice, tokens } from './crowd.mjs';
import { strike, workers } from './kill.mjs';
import { Log, readVkey } from './tree.mjs';

const rounds = Number(process.env.CAPLAT_ROUNDS ?? 40);
const seed = Number(process.env.CAPLAT_SEED
    ?? Math.floor(Math.random() * 2 ** 32));
const patience = 8000;          // ms, longer than any wait
const platform = 'huachen';     // what the crowd's free orders open
const now = () => Math.floor(Date.now() / 1000);

// A server's time to come back, in which it gives no answer, or asks to be left
// alone for a while.
const passing = /^(0|503 \S+|401 signature-expired)$/;


// Goes on from its last cursor for ever, by pages of random sizes; now and then
// it leaves before the answer is there.
class Follower {
    constructor({ port, key, roll }) {
        Object.assign(this, { port, key, roll, lines: [], cursor: '0',
            running: true, counts: { asked: 0, empty: 0, lost: 0 } });
    }

    async request() {
        const { roll } = this;
        const limit = 1 + Math.floor(roll() * roll() * 500);
        const wait = roll() < 0.7 ? `&wait=${1 + Math.floor(roll() * 3)}` : '';

        return byServer(this.key, { now: now(), target: `/v1/platforms/${
            platform}/openings?after=${this.cursor}&limit=${limit}${wait}` });
    }

    // How many lines came; -1: no answer did.
    async step() {
        const { roll } = this;
        const wire = new Wire(this.port);
        const answer = await Promise.race([wire.ask(await this.request()),
            pause(roll() < 0.05 ? 200 * roll() : patience, { ref: false })])
            .catch(() => undefined);

        wire.close();
        this.counts.asked++;

        if (answer?.status !== 200) {
            const words = short(answer ?? { status: 0, headers: {} });

            assert.match(words, passing, answer?.body.toString());
            this.counts.lost++;
            return -1;
        }

        const { openings, next } = json(answer);

        assert.equal(next, openings.at(-1)?.cursor ?? this.cursor);
        this.lines.push(...openings);
        this.cursor = next;
        this.counts.empty += openings.length === 0 ? 1 : 0;

        return openings.length;
    }

    async run() {
        while (this.running) {
            if (await this.step() <= 0) {
                await pause(5 + 50 * this.roll());
            }
        }
    }

    // What is left to be told, once everybody is quiet.
    async finish() {
        while (await this.step() !== 0) {
            await pause(5);
        }
    }
}


suite('openings while processes are killed', { clock: true }, () => {
    it(`are what the log says, ${rounds} times`, async (t) => {
        t.diagnostic(`CAPLAT_SEED=${seed}`);

        const roll = dice(seed);
        const issuer = await identity();
        const key = await partner('huachen', 'Ed25519',
            { platforms: [platform] });
        const server = await edge(t, { workers, clock: now() - sighted,
            files: { 'jwks-issuer.json': issuer.jwks,
                'jwks-partners.json': { keys: [key.public] } },
            zone: 'seen.zone 64m', ledger: 'segment=4m lapse=20s',
            text: (plain) => plain
                .replace('access_log access.log caplat;', 'access_log off;')
                .replace('error.log info', 'error.log notice') });

        server.clock('real');

        const vkey = readVkey((await ask(server.port, { method: 'GET',
            target: '/log/vkey', headers: [['Host', 'x']] })).body.toString());
        const said = [];                // by the log, so far
        const reader = new Log(path.join(server.folder, 'ledger/log'), vkey,
            (record) => {
                if (record.type === 'platforms.opened'
                    && record.add.includes(platform))
                {
                    said.push({ cursor: String(record.i), event: 'opened',
                        certificate: record.cert, ca: record.ca,
                        enterprise: record.org, order: record.order,
                        at: record.t });
                }
            });
        const followers = [1, 2].map((n) => new Follower({ port: server.port,
            key, roll: dice(seed + n) }));

        // What was told until now is in the log by now, from the first on.
        const check = () => {
            const told = followers.map(({ lines }) => [...lines]);

            reader.read();
            told.forEach((lines) => assert.deepEqual(lines,
                said.slice(0, lines.length)));
        };

        const clients = await crowd({ count: 24, roll, port: server.port,
            told: new Told(), now, issuer: tokens(issuer) });
        let fault;
        const following = Promise.all(followers.map((one) => one.run()))
            .catch((error) => { fault = error; });

        t.after(() => {
            clients.close();
            followers.forEach((one) => { one.running = false; });
        });

        for (let i = 0; i < rounds; i++) {
            await pause(20 + 230 * roll());
            await strike(server, roll, check);
            check();
            assert.ifError(clients.fault() ?? fault);
        }

        await clients.end();
        followers.forEach((one) => { one.running = false; });
        await following;
        assert.ifError(clients.fault() ?? fault);

        for (const one of followers) {
            await one.finish();
        }

        reader.read();
        assert.ok(said.length > rounds, `${said.length} were opened`);

        for (const { lines, counts } of followers) {
            assert.deepEqual(lines, said);
            t.diagnostic(`${lines.length} lines; ${JSON.stringify(counts)}`);
        }
    });
});
