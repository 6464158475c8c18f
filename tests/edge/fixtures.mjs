// Cases of requests with the answers that they must get: fixtures.mjs FILE
//
// A line of the file is a JSON object:
//
//   {"id":W,"now":N,"request":{"method":W,"target":W,"headers":[[W,W],...],
//    "body_b64":W},"expect":{"status":N,"type":W}}
//   {"id":W,"now":N,"sequence":[ID,...],"expect":{"status":[N,...],
//    "type":[W|null,...]}}
//
// `type` is the problem's name and absent where there is none. Each line gets
// a server of its own that has seen nothing, and whose clock stands at `now`.
// Keys lie beside the file: jwks-issuer.json, jwks-partners.json.

import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { during, edge, missing, sighted } from './server.mjs';
import { Wire, problem } from './wire.mjs';


export function load(file) {
    const beside = (name) => readFileSync(path.join(path.dirname(file), name));
    const items = readFileSync(file, 'utf8').split('\n')
        .filter((line) => line.trim() !== '').map((line) => JSON.parse(line));

    return { items, byId: new Map(items.map((item) => [item.id, item])),
        keys: { 'jwks-issuer.json': beside('jwks-issuer.json'),
            'jwks-partners.json': beside('jwks-partners.json') } };
}


const words = ({ status, type }) => `${status}${type ? ` ${type}` : ''}`;

const right = (expected, got) => got.status === expected.status
    && (got.type ?? null) === (expected.type ?? null);


// What is wrong with the answers to a case: a list of lines.
export async function judge(item, { byId, keys }) {
    const requests = (item.sequence ?? [item.id])
        .map((id) => byId.get(id).request);
    const expected = requests.map((_, i) => (item.sequence
        ? { status: item.expect.status[i], type: item.expect.type[i] }
        : item.expect));
    const faults = [];

    await during(async (undo) => {
        const server = await edge(undo, { clock: item.now - sighted,
            files: keys });
        const wire = new Wire(server.port);

        undo.after(() => wire.close());
        server.clock(item.now);

        for (const [i, { body_b64: body = '', ...request }]
            of requests.entries())
        {
            const answer = await wire.ask({ ...request,
                body: Buffer.from(body, 'base64') });
            const got = { status: answer.status, type: problem(answer) };

            if (!right(expected[i], got)) {
                const [reason] = (await server.lines(i + 1))[i]
                    .match(/(?<=reason=)\S+/);

                faults.push(`${item.id}${item.sequence ? `[${i}]` : ''}: `
                    + `${words(got)} (${reason}) instead of `
                    + `${words(expected[i])}`);
            }
        }
    }).catch((error) => faults.push(`${item.id}: ${error.message}`));

    return faults;
}


// Several at a time, for most of a case is waiting for nginx to start.
export async function each(list, task) {
    const rest = list[Symbol.iterator]();
    const worker = async () => {
        for (const one of { [Symbol.iterator]: () => rest }) {
            await task(one);
        }
    };

    await Promise.all(Array.from({ length: 2 * availableParallelism() },
        worker));
}


async function main(file) {
    const reason = missing({ clock: true })
        ?? (existsSync(file ?? '') ? undefined : `there is no ${file}`);

    if (reason !== undefined) {
        console.error(`fixtures: ${reason}`);
        return 1;
    }

    const cases = load(file);
    let passed = 0;

    console.log(`${file}: ${cases.items.length} cases.`);

    await each(cases.items, async (item) => {
        const faults = await judge(item, cases);

        passed += faults.length === 0 ? 1 : 0;
        faults.forEach((fault) => console.log(`FAILED  ${fault}`));
    });

    const failed = cases.items.length - passed;

    console.log(`${passed} passed, ${failed} failed`);

    return failed === 0 && passed > 0 ? 0 : 1;
}


if (import.meta.url === pathToFileURL(process.argv[1]).href) {
    process.exitCode = await main(process.argv[2]);
}
