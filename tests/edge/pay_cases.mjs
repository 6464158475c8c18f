// Notices of payment channels with the answers that they must get:
// pay_cases.mjs FILE
//
// A line of the file is a JSON object:
//
//   {"id":W,"channel":"alipay"|"wechat","now":N,"headers":[[W,W],...],
//    "body_b64":W,"expect":{"http":N,"body":W,"code":W,"order":W}}
//
// `body` is the whole answer, `code` a member of it; `order` is "paid" or
// begins with "unchanged", and a human is told where it says "alarm". Each line
// gets a server of its own whose clock stands at `now`, with the order
// CA20270115000001 of 2500 fen, or what its day makes of that. The channels'
// public keys and the APIv3 key lie in ../keys beside the file's folder.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { json, stage } from './buyers.mjs';
import { directives, files, locations } from './channels.mjs';
import { each } from './fixtures.mjs';
import { during, missing } from './server.mjs';
import { ask } from './wire.mjs';


export function load(file) {
    const key = (name) => readFileSync(path.join(path.dirname(file), '../keys',
        name));

    return { items: readFileSync(file, 'utf8').split('\n')
        .filter((line) => line.trim() !== '').map((line) => JSON.parse(line)),
    keys: { 'alipay.pem': key('alipay-platform.pub.pem'),
        'wechat.pem': key('wechat-platform.pub.pem'),
        'api.key': key('wechat-apiv3.key') } };
}


// The answer, and what has become of the order.
async function play(t, { channel, now, headers, body_b64: body }, keys) {
    const { server, person, clock } = await stage(t, {
        http: directives.alipay + directives.wechat, locations,
        more: { ...files, ...keys } });

    clock(now);

    const buyer = await person();
    const { id } = json(await buyer.order());
    const answer = await ask(server.port, { method: 'POST',
        target: `/v1/notify/${channel}`, headers,
        body: Buffer.from(body, 'base64') });
    const { state } = json(await buyer.get(`/${id}`));
    const told = server.log().includes('[crit]');

    return { answer, state, told };
}


// What is wrong with the answer to a case: a list of lines.
export async function judge(item, keys) {
    const { http, body, code, order } = item.expect;
    const faults = [];
    const same = (words, got, wanted) => {
        if (wanted !== undefined && got !== wanted) {
            faults.push(`${item.id}: ${words} ${got} instead of ${wanted}`);
        }
    };

    await during(async (undo) => {
        const { answer, state, told } = await play(undo, item, keys);
        const text = answer.body.toString();

        same('status', answer.status, http);
        same('body', text, body ?? (code === undefined ? '' : undefined));
        same('code', code === undefined ? undefined : JSON.parse(text).code,
            code);
        same('state', state, order === 'paid' ? 'opened' : 'created');
        same('alarm', told, order.includes('alarm') ? true : undefined);
    }).catch((error) => faults.push(`${item.id}: ${error.message}`));

    return faults;
}


async function main(file) {
    const reason = missing({ clock: true })
        ?? (existsSync(file ?? '') ? undefined : `there is no ${file}`);

    if (reason !== undefined) {
        console.error(`fixtures: ${reason}`);
        return 1;
    }

    const { items, keys } = load(file);
    let passed = 0;

    console.log(`${file}: ${items.length} cases.`);

    await each(items, async (item) => {
        const faults = await judge(item, keys);

        passed += faults.length === 0 ? 1 : 0;
        faults.forEach((fault) => console.log(`FAILED  ${fault}`));
    });

    const failed = items.length - passed;

    console.log(`${passed} passed, ${failed} failed`);

    return failed === 0 && passed > 0 ? 0 : 1;
}


if (import.meta.url === pathToFileURL(process.argv[1]).href) {
    process.exitCode = await main(process.argv[2]);
}
