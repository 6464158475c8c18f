// A visit to a server that `make run` has started, with a stock library:
//
//     node tests/edge/visit.mjs [ORIGIN]
//
// A key of its own, a token for one of the sample holders, who that is, what
// three more platforms cost, and the order of them, with its receipt, and how
// it could be paid, where the host takes payments; it is cancelled in the end,
// so that the next visit can order again. Prints what it
// asks and what it gets.

import { createHash, randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';

import * as DPoP from 'dpop';

import '../webcrypto.mjs';

export async function visit(origin, say = () => {}) {
    const keys = await DPoP.generateKeyPair('ES256');
    let nonce;

    // A proof for each request; once more where the server names a nonce.
    async function ask(method, path, { token, body, key } = {}) {
        const claims = body && { 'content-digest': `sha-256=:${
            createHash('sha256').update(body).digest('base64')}:` };
        const headers = { DPoP: await DPoP.generateProof(keys,
            `${origin}${path}`, method, nonce, token, claims) };

        if (token) {
            headers.Authorization = `DPoP ${token}`;
        }

        if (body) {
            headers['Content-Type'] = 'application/json';
        }

        if (key) {
            headers['Idempotency-Key'] = key;
        }

        const answer = await fetch(`${origin}${path}`,
            { method, headers, body });
        const type = answer.headers.get('Content-Type');
        const told = type.includes('json') ? await answer.json()
            : await answer.text();

        if (told.type?.endsWith('/dpop-nonce-required') && !nonce) {
            nonce = answer.headers.get('DPoP-Nonce');

            return ask(method, path, { token, body, key });
        }

        if (!answer.ok) {
            throw new Error(`${method} ${path}: ${JSON.stringify(told)}`);
        }

        say(`${method} ${path} ${body ?? ''}`);

        return told;
    }

    const { access_token: token } = await ask('POST', '/v1/token',
        { body: '{"holder":"project-leader"}' });
    const session = await ask('GET', '/v1/session', { token });
    const [{ certificate, held }] = session.certificates;

    say(`  ${session.enterprise.name}, ${certificate}: ${held.length} 个平台`);

    const quote = await ask('POST', '/v1/quotes', { token,
        body: JSON.stringify({ certificate,
            platforms: ['jinzhou', 'chaoyang', 'huachen'] }) });

    for (const { name, fee_fen: fee, reason } of quote.lines) {
        say(`  ${name}  ${fee / 100} 元  ${reason}`);
    }

    say(`  合计 ${quote.total_fen / 100} 元`);

    const order = await ask('POST', '/v1/orders', { token, key: randomUUID(),
        body: JSON.stringify({ certificate, amount: quote.total_fen,
            platforms: ['jinzhou', 'chaoyang', 'huachen'],
            channel: 'alipay', invoice: { issue: false } }) });

    say(`  ${order.id}: 账本第 ${order.index} 条记录`);

    const receipt = await ask('GET', `/v1/orders/${order.id}/receipt`,
        { token });

    say(receipt.replace(/^/gm, '  ').trimEnd());

    const ways = [];

    for (const channel of session.channels) {
        ways.push(await ask('POST', `/v1/orders/${order.id}/payments`,
            { token, body: JSON.stringify({ channel }) }));
        say(`  ${JSON.stringify(ways.at(-1))}`);
    }

    await ask('POST', `/v1/orders/${order.id}/cancel`, { token });

    return { ...quote, order, receipt, ways };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
    await visit(process.argv[2] ?? 'http://127.0.0.1:8080', console.log);
}
