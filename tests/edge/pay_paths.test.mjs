// Payment where it is easily forgotten: over HTTP/2, on two workers and over a
// reload; and what is sealed of a notice, for whoever has the secret key.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import http2 from 'node:http2';
import path from 'node:path';
import { it } from 'node:test';

import { freePort, root } from '../site/server.mjs';
import { json, stage } from './buyers.mjs';
import { alipayNotice, code, directives, files, gateway, gatewayOf, keys,
    locations, wechatNotice } from './channels.mjs';
import { byBrowser } from './people.mjs';
import { names, suite, until } from './server.mjs';
import { ask } from './wire.mjs';

const caplat = (...args) => {
    const { status, stdout, stderr } = spawnSync(path.join(root,
        'build/caplat'), args, { encoding: 'utf8' });

    assert.deepEqual([status, stderr], [0, ''], args.join(' '));

    return stdout;
};


suite('payment', { clock: true }, () => {
    const shop = async (t, { port = 1, ...options } = {}) => {
        const staged = await stage(t, { http: directives.alipay
            + directives.wechat, more: files, locations: { ...locations,
            ...gatewayOf(port) }, ...options });
        const buyer = await staged.person();
        const { id } = json(await buyer.order());

        return { ...staged, buyer, id,
            say: (notice) => ask(staged.server.port, notice),
            state: async () => json(await buyer.get(`/${id}`)).state };
    };

    // One request on a session of HTTP/2.
    const over = (session, { method, target, headers, body }) =>
        new Promise((resolve, reject) => {
            const stream = session.request({ ':method': method,
                ':path': target, ':authority': 'ca.example.cn',
                ...Object.fromEntries(headers.filter(([name]) =>
                    name !== 'Host').map(([name, value]) =>
                    [name.toLowerCase(), value])) });
            const parts = [];
            let status;

            stream.on('response', (fields) => { status = fields[':status']; });
            stream.on('data', (part) => parts.push(part));
            stream.on('error', reject);
            stream.on('end', () => resolve({ status,
                body: Buffer.concat(parts) }));
            stream.end(body);
        });

    it('goes over HTTP/2, many at once', async (t) => {
        const at = `127.0.0.1:${await freePort()}`;
        const front = await gateway(t, () => code());
        const { buyer, id, state } = await shop(t, { port: front.port,
            listen: [`${at} http2`] });
        const session = http2.connect(`http://${at}`);

        t.after(() => session.close());

        const answers = await Promise.all(Array.from({ length: 20 },
            async () => over(session, await buyer.request(
                `/v1/orders/${id}/payments`,
                { body: '{"channel":"wechat"}' }))));

        assert.deepEqual(new Set(answers.map(({ status }) => status)),
            new Set([200]));
        assert.equal(front.asked.length, 20);
        assert.equal((await over(session, wechatNotice(id))).status, 204);
        assert.equal(await state(), 'opened');
    });

    it('leaves a stream that is taken back', async (t) => {
        const at = `127.0.0.1:${await freePort()}`;
        const release = [];
        const front = await gateway(t, () => new Promise((resolve) => {
            release.push(() => resolve(code()));
        }));
        const { buyer, id, server } = await shop(t, { port: front.port,
            listen: [`${at} http2`] });
        const session = http2.connect(`http://${at}`);
        const { method, target, headers, body } = await buyer.request(
            `/v1/orders/${id}/payments`, { body: '{"channel":"wechat"}' });

        t.after(() => session.destroy());

        const stream = session.request({ ':method': method, ':path': target,
            ':authority': 'ca.example.cn', ...Object.fromEntries(headers
                .filter(([name]) => name !== 'Host').map(([name, value]) =>
                    [name.toLowerCase(), value])) });

        stream.on('error', () => {});
        stream.end(body);
        await until('a question', () => release.length === 1);
        stream.close(http2.constants.NGHTTP2_CANCEL);
        release[0]();
        assert.equal((await over(session, alipayNotice(id))).status, 200);
        await until('an end', () => /payments (200|499)/.test(server.access()));
        assert.doesNotMatch(server.log(), /\[(alert|emerg)\]/);
    });

    it('is the same payment at two workers at once', async (t) => {
        const { buyer, id, say } = await shop(t, { workers: 2 });
        const answers = await Promise.all(Array.from({ length: 40 },
            (_, i) => say(i % 2 === 0 ? alipayNotice(id) : alipayNotice(id, {
                notify_id: String(i) }))));

        assert.deepEqual(new Set(answers.map((answer) =>
            answer.body.toString())), new Set(['success']));
        assert.deepEqual(json(await buyer.get(`/${id}/events`)).events
            .map(({ event }) => event), ['order.created', 'payment.received',
            'platforms.opened']);
    });

    it('goes on by the keys of a reload, and of no file that is broken',
        async (t) => {
            const { id, server, say, state } = await shop(t);

            server.put('alipay.pem', 'broken');
            server.signal('SIGHUP');
            await until('a refusal', () => /alipay\.pem:1:1: /
                .test(server.log()));
            server.put('alipay.pem', keys.app.publicKey);
            await server.reload();
            assert.equal((await say(alipayNotice(id))).body.toString(),
                'fail');
            assert.equal((await say(alipayNotice(id, {},
                { key: keys.app.privateKey }))).body.toString(), 'success');
            assert.equal(await state(), 'opened');
        });

    it('seals who paid, and the notice, as evidence', async (t) => {
        for (const [notice, payer] of [[alipayNotice, '2088700000000007'],
            [wechatNotice, 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o']]) {
            const { server, buyer, say } = await shop(t);
            const at = (name) => path.join(server.folder, name);
            const secret = at('off-line/secret');

            mkdirSync(at('off-line'));
            chmodSync(at('log.jwk'), 0o600);
            server.put('test.epoch', caplat('vault', 'new-epoch', '2027Q1',
                '--out', secret));
            await server.reload();

            // One of the new epoch.
            await buyer.cancel(json(await buyer.get('')).orders[0].id);

            const { id } = json(await buyer.order());
            const request = notice(id);

            assert.match(String((await say(request)).status), /^20[04]$/);

            const opened = caplat('vault', 'open', id, '--ledger',
                at('ledger'), '--vkey', caplat('log', 'vkey', '--name',
                    names.log, '--key', at('log.jwk')).trim(),
                '--epoch-key', secret);

            assert.match(opened, new RegExp(`"payer":"${payer}"`));

            const [, body] = /"body_base64":"(.*?)"/.exec(opened);

            assert.equal(Buffer.from(body, 'base64').toString(), request.body);

            for (const [name, value] of request.headers.filter(([one]) =>
                one.startsWith('Wechatpay-'))) {
                assert.ok(opened.includes(
                    `"${name.toLowerCase()}":"${value}"`), name);
            }

            for (const log of ['error.log', 'access.log']) {
                assert.ok(!readFileSync(at(log)).includes(payer), log);
            }
        }
    });
});
