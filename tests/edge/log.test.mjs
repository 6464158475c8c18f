// The log as those see it who check it: checkpoint, tiles, entries and key, by
// code of its own that follows the C2SP documents; and how caches are told.

import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { it } from 'node:test';

import { certificate, form, json, short, stage } from './buyers.mjs';
import { names, suite, until } from './server.mjs';
import { ask } from './wire.mjs';

const host = ['Host', 'ca.example.cn'];
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part),
    createHash('sha256')).digest();
const node = (left, right) => sha256(Buffer.of(1), left, right);


// The root of leaf hashes (RFC 6962, 2.1).
function rootOf(hashes) {
    if (hashes.length === 1) {
        return hashes[0];
    }

    let half = 1;

    while (half * 2 < hashes.length) {
        half *= 2;
    }

    return node(rootOf(hashes.slice(0, half)), rootOf(hashes.slice(half)));
}


// Signed notes and vkeys: the key's 32 bytes; size and root of a checkpoint.
function readVkey(text) {
    const [, name, id, key] = text.match(/^(\S+)\+([0-9a-f]{8})\+(\S+)\n$/);
    const bytes = Buffer.from(key, 'base64');

    assert.equal(bytes.length, 33);
    assert.equal(bytes[0], 1);
    assert.equal(sha256(name, '\n', bytes).toString('hex', 0, 4), id);

    return { name, id, key: createPublicKey({ format: 'jwk', key: {
        kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url', 1) } }) };
}

function readCheckpoint(text, vkey) {
    const [, signed, name, signature] = text.match(
        /^(.*\n)\n\u2014 (\S+) (\S+)\n$/s);
    const bytes = Buffer.from(signature, 'base64');
    const [origin, size, root, end] = signed.split('\n');

    assert.equal(name, vkey.name);
    assert.equal(origin, vkey.name);
    assert.equal(bytes.toString('hex', 0, 4), vkey.id);
    assert.ok(verify(null, Buffer.from(signed), vkey.key,
        bytes.subarray(4)));
    assert.equal(end, '');

    return { size: Number(size), root: Buffer.from(root, 'base64') };
}


suite('the log', { clock: true }, () => {
    // A server with so many orders of one person.
    const filled = async (t, count, options) => {
        const all = await stage(t, options);
        const { server, person } = all;
        const boss = await person({ roles: ['manager'],
            certs: Array.from({ length: Math.min(count, 8) }, (_, i) =>
                certificate(`N${i}`)) });
        const ids = [];

        for (let i = 0; i < count; i++) {
            const answer = await boss.order(form({
                certificate: `N${i % 8}` }));

            assert.equal(short(answer), '201');
            ids.push(json(answer).id);
        }

        const get = (what, headers = [], method = 'GET') => ask(server.port,
            { method, target: `/log/${what}`, headers: [host, ...headers] });

        return { ...all, boss, ids, get };
    };

    const published = async (get, size) => {
        const vkey = readVkey((await get('vkey')).body.toString());
        let checkpoint;

        await until('the checkpoint', async () => {
            const text = (await get('checkpoint')).body.toString();

            checkpoint = readCheckpoint(text, vkey);
            return checkpoint.size >= size;
        });

        return checkpoint;
    };

    it('is what its checkpoint says, tiles, entries and receipts',
        async (t) => {
            const { boss, ids, get } = await filled(t, 7);
            const { size, root } = await published(get, 7);
            const tile = (await get(`tile/0/000.p/${size}`)).body;
            const bundle = (await get(`tile/entries/000.p/${size}`)).body;
            const leaves = Array.from({ length: size }, (_, i) =>
                tile.subarray(32 * i, 32 * i + 32));

            assert.equal(tile.length, 32 * size);
            assert.equal(bundle.length, 34 * size);
            assert.deepEqual(rootOf(leaves), root);

            leaves.forEach((leaf, i) => {
                const entry = bundle.subarray(34 * i, 34 * i + 34);

                assert.equal(entry.readUInt16BE(0), 32);
                assert.deepEqual(sha256(Buffer.of(0), entry.subarray(2)),
                    leaf);
            });

            // What stands in a receipt is what the entry commits to.
            const text = (await boss.get(`/${ids[3]}/receipt`)).body
                .toString();
            const extra = Buffer.from(text.match(/^extra (\S+)$/m)[1],
                'base64');
            const index = Number(text.match(/^index (\d+)$/m)[1]);
            const commitment = sha256('order-commitment/v1\n', extra);

            assert.deepEqual(sha256(Buffer.of(0), commitment),
                leaves[index]);
            assert.equal(JSON.parse(extra.subarray(32)).order, ids[3]);
        });

    it('only grows: a narrow tile is the beginning of a wider one',
        async (t) => {
            const { get } = await filled(t, 5);

            await published(get, 5);

            const wide = (await get('tile/0/000.p/5')).body;

            for (const width of [1, 2, 3, 4]) {
                assert.deepEqual((await get(`tile/0/000.p/${width}`)).body,
                    wide.subarray(0, 32 * width));
            }
        });

    it('tells caches what never changes, and what does', async (t) => {
        const { get } = await filled(t, 3);

        await published(get, 3);

        const tile = await get('tile/0/000.p/3');
        const entries = await get('tile/entries/000.p/3');

        for (const answer of [tile, entries]) {
            assert.equal(answer.status, 200);
            assert.equal(answer.headers['content-type'],
                'application/octet-stream');
            assert.equal(answer.headers['cache-control'],
                'public, max-age=31536000, immutable');
            assert.equal(answer.headers['access-control-allow-origin'], '*');
        }

        const checkpoint = await get('checkpoint');
        const vkey = await get('vkey');

        assert.equal(checkpoint.headers['content-type'],
            'text/plain; charset=utf-8');
        assert.equal(checkpoint.headers['cache-control'], 'no-cache');
        assert.equal(checkpoint.headers['access-control-allow-origin'], '*');
        assert.equal(vkey.headers['cache-control'], 'public, max-age=300');
        assert.ok(vkey.body.toString().startsWith(`${names.log}+`));

        const head = await get('tile/0/000.p/3', [], 'HEAD');

        assert.equal(head.headers['content-length'], '96');
        assert.equal(head.body.length, 0);

        const part = await get('tile/0/000.p/3', [['Range', 'bytes=32-63']]);

        assert.equal(part.status, 206);
        assert.deepEqual(part.body, tile.body.subarray(32, 64));
    });

    it('has no more than is there, and that is not kept', async (t) => {
        const { get } = await filled(t, 2);

        await published(get, 2);

        for (const what of ['tile/0/000.p/3', 'tile/0/000', 'tile/0/001',
            'tile/1/000.p/1', 'tile/0/0', 'tile/00/000.p/1',
            'tile/0/000.p/0', 'tile/0/000.p/01', 'tile/0/000.p/256',
            'tile/entries/000', 'tile/64/000', 'tile/', 'tile', '', 'x',
            'checkpoint/', 'index/data.mdb', 'log/0000000000.ndjson']) {
            const answer = await get(what);

            assert.match(short(answer), /^404 /, what);
            assert.equal(answer.headers['cache-control'], 'no-store', what);
        }

        for (const what of ['checkpoint', 'tile/0/000.p/1', 'vkey']) {
            const answer = await get(what, [['Content-Length', '0']], 'POST');

            assert.equal(short(answer), '405 method-not-allowed');
            assert.equal(answer.headers.allow, 'GET, HEAD, OPTIONS');
        }
    });

    it('that is not public shows the key alone', async (t) => {
        const { get } = await filled(t, 1, { ledger: 'public=off' });

        assert.equal((await get('vkey')).status, 200);

        for (const what of ['checkpoint', 'tile/0/000.p/1',
            'tile/entries/000.p/1']) {
            assert.equal(short(await get(what)), '404 not-found');
        }
    });

    it('is shown before a worker has opened it', async (t) => {
        const { server, get } = await filled(t, 2);
        const { root } = await published(get, 2);

        await server.restart();
        assert.deepEqual((await published(get, 2)).root, root);
        assert.equal((await get('tile/0/000.p/2')).status, 200);
    });
});
