// A sample of a ledger, made by a real server: sample.mjs N FOLDER
//
// So many signed orders are placed, some of them cancelled, and FOLDER gets
// what a client can fetch, what each buyer keeps, and what only the operator
// has:
//
//   vkey, checkpoint, tile/...         as /log/... gives them
//   receipts/ORDER.tlog-proof          of each order
//   log/*.ndjson                       the log itself

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync }
    from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { certificate, form, json, short, stage } from '../edge/buyers.mjs';
import { each } from '../edge/fixtures.mjs';
import { during, missing } from '../edge/server.mjs';
import { ask } from '../edge/wire.mjs';
import { root as project } from '../site/server.mjs';
import { readCheckpoint, readVkey } from './tree.mjs';

const width = 256;
const perPerson = 8;

// N of tile/L/N: groups of three digits, all but the last with an x.
export function number(n) {
    const text = String(n);
    const groups = text.padStart(3 * Math.ceil(text.length / 3), '0')
        .match(/\d{3}/g);

    return groups.map((group, i) => (i + 1 < groups.length ? 'x' : '')
        + group).join('/');
}

// The tiles that a log of so many records has, entries and all.
export function tiles(size) {
    const names = [];

    for (let level = 0, count = size; count > 0;
        level++, count = Math.floor(count / width))
    {
        for (let n = 0; n * width < count; n++) {
            const part = Math.min(width, count - n * width);
            const end = number(n) + (part < width ? `.p/${part}` : '');

            names.push(`tile/${level}/${end}`);

            if (level === 0) {
                names.push(`tile/entries/${end}`);
            }
        }
    }

    return names;
}


// Every tenth order is cancelled, every fifth costs nothing.
async function place(one, n, put) {
    const sn = `S${n}`;
    const free = n % 5 === 1;
    const answer = await one.order(form({ certificate: sn, ...(free ? {
        platforms: ['huachen'], amount: 0, channel: undefined,
        invoice: undefined } : {}) }));

    if (answer.status !== 201) {
        throw new Error(`order ${n}: ${short(answer)}`);
    }

    const { id } = json(answer);

    if (n % 10 === 0) {
        const { status } = await one.cancel(id);

        if (status !== 200) {
            throw new Error(`cancelling ${id}: ${status}`);
        }
    }

    const receipt = await one.get(`/${id}/receipt`);

    if (receipt.status !== 200) {
        throw new Error(`the receipt of ${id}: ${short(receipt)}`);
    }

    put(`receipts/${id}.tlog-proof`, receipt.body);
}


export async function sample(count, out) {
    const put = (name, bytes) => {
        const file = path.join(out, name);

        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, bytes);
    };

    await during(async (undo) => {
        const { server, person } = await stage(undo, { workers: 2 });
        const fetch = async (target) => {
            const { status, body } = await ask(server.port, { method: 'GET',
                target: `/log/${target}`, headers: [['Host', 'x']] });

            if (status !== 200) {
                throw new Error(`/log/${target}: ${status}`);
            }

            put(target, body);

            return body.toString();
        };

        await each(Array.from({ length: Math.ceil(count / perPerson) },
            (_, i) => i * perPerson), async (from) => {
            const numbers = Array.from({ length: Math.min(perPerson,
                count - from) }, (_, i) => from + i);
            const one = await person({ certs: numbers.map((n) =>
                certificate(`S${n}`)) });

            for (const n of numbers) {
                await place(one, n, put);
            }
        });

        const vkey = readVkey(await fetch('vkey'));
        const { size } = readCheckpoint(await fetch('checkpoint'), vkey);

        for (const name of tiles(size)) {
            await fetch(name);
        }

        await server.stop();
        cpSync(path.join(server.folder, 'ledger/log'), path.join(out, 'log'),
            { recursive: true });
    });
}


async function main(count, out) {
    const reason = missing({ clock: true }) ?? (Number(count) >= 1
        && out !== undefined ? undefined : 'usage: sample.mjs N FOLDER')
        ?? (existsSync(out) && readdirSync(out).length > 0
            ? `${out} is not empty` : undefined);

    if (reason !== undefined) {
        console.error(`sample-ledger: ${reason}`);
        return 1;
    }

    await sample(Number(count), path.resolve(out));

    const checker = path.join(project, 'build/ledger-check');

    console.log(execFileSync(checker, [out], { encoding: 'utf8' }).trim());

    return 0;
}


if (import.meta.url === pathToFileURL(process.argv[1]).href) {
    process.exitCode = await main(...process.argv.slice(2));
}
