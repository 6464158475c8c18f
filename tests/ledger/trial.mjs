// A server whose processes are killed again and again while a crowd is at it,
// and what must hold of its log all the time: each 201 is in it, no checkpoint
// is ever belied, and nothing is dropped without a word.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { identity } from '../edge/people.mjs';
import { edge } from '../edge/server.mjs';
import { ask } from '../edge/wire.mjs';
import { root as project } from '../site/server.mjs';
import { Books } from './books.mjs';
import { Told, crowd, dice, tokens } from './crowd.mjs';
import { strike, workers } from './kill.mjs';
import { Log, readCheckpoint, readVkey } from './tree.mjs';

export const now = () => Math.floor(Date.now() / 1000);

export const seed = Number(process.env.CAPLAT_SEED
    ?? Math.floor(Math.random() * 2 ** 32));


// The folder of the log, as far as it tells of what was moved away.
function torn(folder) {
    return readdirSync(folder).filter((name) => name.endsWith('.torn'))
        .map((name) => ({ name, bytes: readFileSync(path.join(folder,
            name)) }));
}

const percentile = (sorted, part) => sorted.length === 0 ? 0
    : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

export function times(what, values) {
    const sorted = Float64Array.from(values).sort();

    return `${what}: ${[['p50', 0.5], ['p99', 0.99], ['p99.9', 0.999],
        ['longest', 1]].map(([name, part]) =>
        `${name} ${percentile(sorted, part).toFixed(1)} ms`).join(', ')}`;
}

export const list = (of) => Object.entries(of).map(([name, number]) =>
    `${number} ${name}`).join(', ');


class Trial {
    constructor(server, issuer, vkey) {
        this.roll = dice(seed);
        this.server = server;
        this.issuer = issuer;
        this.vkey = vkey.trim();
        this.key = readVkey(vkey);
        this.folder = path.join(server.folder, 'ledger');
        this.told = new Told();
        this.books = new Books();
        this.reader = new Log(path.join(this.folder, 'log'), this.key,
            this.books.record);
        this.known = new Set();         // checkpoints that were seen
        this.struck = {};               // how often each way
        this.rest = [];                 // bytes behind a last batch
    }

    crowd(more) {
        const { roll, told } = this;

        return crowd({ count: 64, roll, told, now, port: this.server.port,
            issuer: tokens(this.issuer), ...more });
    }

    // All that was told until now is in the log by now.
    check() {
        const { ids, notes } = this.told.take();

        this.reader.read();

        for (const { id } of ids) {
            assert.ok(this.books.orders.has(id), `${id} got 201, and is lost`);
        }

        for (const note of [...ids.map((one) => one.note), ...notes]) {
            if (this.known.has(note)) {
                continue;
            }

            const { size } = readCheckpoint(note, this.key);

            assert.equal(this.reader.notes.get(size), note);
            this.known.add(note);
        }
    }

    // Kill, see that it stands again, and look.
    async round() {
        // What stands behind the last batch when nobody writes must be moved
        // away, or go on to stand there.
        const name = await strike(this.server, this.roll, () => {
            this.check();

            const bytes = this.reader.rest();

            if (bytes.length > 0) {
                this.rest.push(bytes);
            }
        });

        this.struck[name] = (this.struck[name] ?? 0) + 1;
        this.check();
    }

    // The whole once more, from its first byte: nothing was rewritten.
    again() {
        const anew = new Log(path.join(this.folder, 'log'), this.key,
            new Books().record);

        anew.read();
        assert.equal(anew.tree.size, this.reader.tree.size);
        assert.deepEqual(anew.tree.root(), this.reader.tree.root());
        assert.deepEqual(anew.rest().length, 0);

        for (const size of [1, 2, 3, ...Array.from({ length: 20 }, () =>
            Math.floor(this.roll() * anew.tree.size) + 1)])
        {
            const note = anew.notes.get(size);

            assert.ok(note === undefined || readCheckpoint(note, this.key)
                .root === anew.tree.rootOf(size).toString('base64'));
        }
    }

    // Nothing is written any more: what is in the log, and what was moved.
    async end(t) {
        await this.server.stop();
        this.check();
        this.again();

        // Whoever moved a tail away may have been killed before it could say
        // so; the next start says how many there are.
        await this.server.start();
        await this.server.stop();

        const moved = torn(path.join(this.folder, 'log'));

        assert.ok(this.server.log().includes(`ready records=${
            this.reader.tree.size} torn=${moved.length}\n`),
        `${moved.length} are torn`);

        for (const bytes of this.rest) {
            assert.ok(moved.some((one) => one.bytes.equals(bytes)),
                `${bytes.length} bytes were dropped`);
        }

        execFileSync('build/caplat', ['log', 'verify', '--ledger', this.folder,
            '--vkey', this.vkey], { cwd: project, stdio: 'pipe' });
        t.diagnostic(`killed: ${list(this.struck)}; torn: ${moved.length}`);
        t.diagnostic(`requests: ${list(this.told.counts)}; ${this.known.size} `
            + 'checkpoints seen');
        t.diagnostic(`records: ${list(this.books.tally)}`);
    }
}


// A server for it; what else edge() takes.
export async function trial(t, { files = {}, ...options }) {
    t.diagnostic(`CAPLAT_SEED=${seed}`);

    const issuer = await identity();
    const server = await edge(t, { workers,
        files: { 'jwks-issuer.json': issuer.jwks, ...files },
        zone: 'seen.zone 64m',
        text: (plain) => plain
            .replace('access_log access.log caplat;', 'access_log off;')
            .replace('error.log info', 'error.log notice'), ...options });
    const vkey = await ask(server.port, { method: 'GET', target: '/log/vkey',
        headers: [['Host', 'x']] });

    return new Trial(server, issuer, vkey.body.toString());
}
