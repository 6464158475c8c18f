// What people tell of themselves is looked for wherever it must not be: in the
// log, the index, the tiles, nginx's own logs and what a crash leaves; while it
// lies sealed, and after its key has been destroyed.

import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync }
    from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

import { certificate, form, json, orders, short, stage }
    from '../edge/buyers.mjs';
import { names, suite, until } from '../edge/server.mjs';
import { ask } from '../edge/wire.mjs';
import { root as project, scratch } from '../site/server.mjs';


const caplat = (...args) => execFileSync('build/caplat', args,
    { cwd: project, encoding: 'utf8', stdio: 'pipe' });

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();

const address = '127.81.47.3';

const known = {
    holder: '欧阳知秋',
    person: '慕容雪霏',
    email: 'ouyang.zhiqiu@mail.example.cn',
    domain: 'mail.example.cn',
    title: '沈阳青枫岭测绘有限公司',
    street: '皇姑区崇山东路七十一号甲',
    phone: '024-86907513',
    bank: '盛京银行崇山支行',
    account: '330719286450118',
    address,
};


// Bytes that would tell of a value, by what they are.
function tells(value) {
    const plain = Buffer.from(value);
    const hash = sha256(plain);
    const escaped = [...value].map((one) => (one > '\x7f'
        ? `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}` : one));
    const all = { itself: plain, escaped: escaped.join(''),
        hex: plain.toString('hex'), HEX: plain.toString('hex').toUpperCase(),
        'utf-16': Buffer.from(value, 'utf16le'),
        'its hash': hash, 'its hash in hex': hash.toString('hex'),
        'its hash in base64': hash.toString('base64').slice(0, 42),
        'its hash in base64url': hash.toString('base64url').slice(0, 42) };

    // Base64 of text that has it in its middle, at each of three places; the
    // characters at the ends hold bits of neighbours.
    for (let before = 0; before < 3; before++) {
        const text = Buffer.concat([Buffer.alloc(before), plain])
            .subarray(0, 3 * Math.floor((before + plain.length) / 3));

        for (const kind of ['base64', 'base64url']) {
            all[`${kind} after ${before}`] = text.toString(kind)
                .slice(before === 0 ? 0 : 4);
        }
    }

    // Half of it is too much.
    if (plain.length >= 16) {
        all['its first half'] = plain.subarray(0, 2 * Math.floor(plain.length
            / 4));
    }

    return Object.entries(all).map(([kind, bytes]) =>
        [kind, Buffer.from(bytes)]);
}

function files(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const name = path.join(folder, entry.name);

        return entry.isDirectory() ? files(name)
            : statSync(name).isFile() ? [name] : [];
    });
}

// What a file holds; the index is 4 GiB of holes. That it changes meanwhile
// (status 1) is its right: a server runs.
function content(file) {
    const { status, stdout, stderr } = spawnSync('tar', ['-cSPf', '-', file],
        { maxBuffer: 1 << 28 });

    assert.ok(status === 0 || status === 1, String(stderr));

    return stdout;
}

// Where anything is found that must not be there.
function leaks(folders) {
    const found = [];

    for (const file of folders.flatMap((one) => (statSync(one).isDirectory()
        ? files(one) : [one]))) {
        const bytes = content(file);

        for (const [what, value] of Object.entries(known)) {
            for (const [kind, needle] of tells(value)) {
                if (bytes.includes(needle)) {
                    found.push(`${path.basename(file)}: ${what}, ${kind}`);
                }
            }
        }
    }

    return found;
}


suite('personal data', { clock: true }, () => {
    const invoices = {
        paper: { issue: true, type: 'paper_special', title_type: 'enterprise',
            title: known.title, tax_no: '91350100M000100Y43',
            address: known.street, phone: known.phone, bank: known.bank,
            account: known.account },
        person: { issue: true, type: 'digital_normal', title_type: 'personal',
            title: known.person, email: known.email },
    };

    const placed = async (t) => {
        const cores = scratch(t);

        chmodSync(cores, 0o777);

        const { server, person } = await stage(t, { workers: 2,
            text: (plain) => plain.replace('error.log info',
                'error.log notice').replace('events {',
                `worker_rlimit_core 1g;\nworking_directory ${cores};\n\n`
                    + 'events {') });
        const at = (name) => path.join(server.folder, name);
        const off = at('off-line');

        mkdirSync(off);
        chmodSync(at('log.jwk'), 0o600);
        server.put('test.epoch', caplat('vault', 'new-epoch', '2027Q1',
            '--out', path.join(off, 'secret')));
        await server.reload();

        const ids = {};

        for (const [n, [kind, invoice]] of Object.entries(invoices).entries()) {
            const sn = `P${n}`;
            const one = await person({ certs: [
                certificate(sn, { hold: known.holder })] });
            const answer = await ask(server.port, await one.place(form({
                certificate: sn, invoice }), randomUUID()), address);

            assert.equal(short(answer), '201', answer.body.toString());
            ids[kind] = json(answer).id;

            for (const [to, more] of [[''], [`/${ids[kind]}`],
                [`/${ids[kind]}/events`], [`/${ids[kind]}/receipt`],
                [`/${ids[kind]}/cancel`, { method: 'POST' }]])
            {
                const told = await ask(server.port,
                    await one.request(`${orders}${to}`, more), address);

                assert.equal(told.status, 200);
            }

            // And what is refused is told of in logs.
            const bad = await ask(server.port, await one.place(form({
                certificate: sn, invoice: { ...invoice, type: 'none' } }),
            randomUUID()), address);

            assert.equal(bad.status, 422);
        }

        return { server, at, cores, ids, log: ['--ledger', at('ledger'), '--vkey',
            caplat('log', 'vkey', '--name', names.log, '--key', at('log.jwk'))
                .trim()], off };
    };

    it('is found by this search where it stands in clear', (t) => {
        const file = path.join(scratch(t), 'file');

        for (const [what, value] of Object.entries(known)) {
            for (const text of [`"${value}"`, Buffer.from(`{"a":"${value}"}`)
                .toString('base64'), Buffer.from(`ab${value}cd`)
                .toString('base64url'), sha256(value).toString('hex')])
            {
                writeFileSync(file, text);
                assert.notDeepEqual(leaks([file]).filter((one) =>
                    one.includes(what)), [], text);
            }
        }
    });

    it('is in no file but the vault\'s and the log\'s sealed parts',
        async (t) => {
            const { server, at, cores, ids, log, off } = await placed(t);
            const everywhere = ['ledger', 'access.log', 'error.log',
                'temp-body', 'seen.zone'].map(at);

            assert.deepEqual(leaks(everywhere), []);

            // It is there, for whoever has the epoch's secret key.
            const open = (id) => caplat('vault', 'open', id, ...log,
                '--epoch-key', path.join(off, 'secret'));

            for (const [kind, wanted] of [
                ['paper', ['holder', 'title', 'street', 'phone', 'bank',
                    'account', 'address']],
                ['person', ['holder', 'person', 'email', 'address']],
            ]) {
                const text = open(ids[kind]);
                const [, said] = JSON.parse(text).evidence.token.split('.');
                const clear = text + Buffer.from(said, 'base64url');

                for (const what of wanted) {
                    assert.ok(clear.includes(known[what]), `${what}: ${clear}`);
                }
            }

            // Nor does a worker that crashes leave it.
            const [victim] = server.workers();

            process.kill(victim, 'SIGXCPU');
            await until('another worker', () =>
                server.workers().length === 2
                && !server.workers().includes(victim));
            assert.doesNotMatch(server.log(), /core dumped/);
            assert.deepEqual(files(cores), []);

            // The key destroyed: nobody opens it, each proof goes on to hold.
            const receipts = Object.values(ids).map((id) => {
                const name = path.join(off, `${id}.tlog-proof`);

                writeFileSync(name, caplat('log', 'prove', id, ...log));

                return name;
            });

            for (const id of Object.values(ids)) {
                caplat('vault', 'shred', id, '--ledger', at('ledger'), '--key',
                    at('log.jwk'), '--name', names.log);
                assert.throws(() => open(id), /has been shredded/);
            }

            caplat('log', 'verify', ...log);
            receipts.forEach((name) => caplat('receipt', 'verify', name,
                '--key', log[3]));
            assert.deepEqual(leaks(everywhere), []);
        });
});
