// A ledger of whatever records a test wants, without a server, and the
// operator's commands on it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { root, scratch } from '../site/server.mjs';

const program = path.join(root, 'build/caplat');
const scribe = path.join(root, 'build/ledger-scribe');
const name = 'ca.example.cn/log';

// Midnight of 2026-11-26 in Beijing.
export const day = 1795622400;

const bytes = (n) => 'A'.repeat(Math.ceil(n * 4 / 3));
const ids = { jinzhou: 2500 };

// An order's id.
export const id = (n) => `CA20261126${String(n).padStart(6, '0')}`;

// Why a test cannot run; undefined when it can.
export const missing = () => [program, scribe].filter((file) =>
    !existsSync(file)).map((file) => `there is no ${file}`)[0];


// What is sealed: as an order's form has it.
export const personal = (invoice) => ({ name: '刘某', subject: 'u1',
    enterprise: '辽宁某某建设工程有限公司', invoice: { title: '甲公司',
        tax_no: '91350100M000100Y43', address: '', phone: '', bank: '',
        account: '', email: 'someone@example.cn', title_type: 'enterprise',
        ...invoice }, address: '127.0.0.1', evidence: { method: 'POST' } });

const pii = (text) => ({ epoch: 'E', slot: 0, n: bytes(24), kc: bytes(32),
    c: Buffer.from(JSON.stringify(text)).toString('base64url') });

// Records, but for what all have. `more` changes members, in their order.
export const created = (n, more = {}, text = personal({})) => ({
    type: 'order.created', order: id(n), subj: bytes(16), client: 'wizard',
    org: '91350100M000100Y43', ca: 'CFCA', cert: `JK${n}`,
    terms: { city: '210100', lock: '', vendor: '', until: '2027-01-01',
        held: [] }, add: Object.keys(ids), amount: 2500,
    expires: day + 86400, rates: '0'.repeat(64), lines: [{
        platform: 'jinzhou', name: 'a', fee_fen: 2500, reason: 'b' }],
    inv: 'digital_normal', channel: 'alipay', hint: null,
    idem: Buffer.from(String(n).padStart(16, '0')).toString('base64url'),
    fp: bytes(32), pii: pii(text), ...more });
export const received = (n, trade, more = {}) => ({
    type: 'payment.received', order: id(n), client: 'alipay',
    channel: 'alipay', trade, amount: 2500, paid: day + 36000, pii: null,
    ...more });
export const opened = (n, add) => ({ type: 'platforms.opened', order: id(n),
    org: '91350100M000100Y43', ca: 'CFCA', cert: `JK${n}`, add });
export const unmatched = (n, trade, why) => ({ type: 'payment.unmatched',
    order: id(n), client: 'alipay', channel: 'alipay', trade, amount: 2500,
    paid: day + 36000, why, pii: null });
export const confirmed = (n, trade, amount) => ({ type: 'refund.confirmed',
    order: id(n), client: 'alipay', channel: 'alipay', trade, amount });
export const refunded = (n, trade, amount) => ({ type: 'payment.refunded',
    order: id(n), client: 'operator', trade, amount, closed: [] });
export const issued = (n, number) => ({ type: 'invoice.issued', order: id(n),
    client: 'operator', number, day: '2026-11-26' });


// Append records, of which each has its time in ms as `t`, to a ledger that
// nobody has open.
export function append({ folder, key, origin, epoch }, records) {
    const lines = records.map(({ t, ...record }) => JSON.stringify({ v: 1,
        i: 0, t, ...record, salt: bytes(32) }));
    const { status, stderr } = spawnSync(scribe, [folder, key, origin, epoch],
        { encoding: 'utf8', input: lines.map((line) => `${line}\n`)
            .join('') });

    assert.deepEqual([status, stderr], [0, '']);
}


// A ledger; each record is written `t` seconds after midnight of the day, one
// after the other from 10 o'clock on where it does not say.
export function ledger(t) {
    const folder = scratch(t);
    const at = (file) => path.join(folder, file);
    const run = (...args) => {
        const { status, stdout, stderr } = spawnSync(program, args,
            { encoding: 'utf8' });

        return { status, stdout, stderr };
    };
    const done = (...args) => {
        const { status, stdout, stderr } = run(...args);

        assert.deepEqual([status, stderr], [0, ''], args.join(' '));
        return stdout;
    };
    let last = 36000;

    done('key', 'new', '--out', at('log.jwk'));
    writeFileSync(at('epoch'), done('vault', 'new-epoch', '2026Q4', '--out',
        at('secret')));

    const write = (...records) => append({ folder: at('ledger'),
        key: at('log.jwk'), origin: name, epoch: at('epoch') },
    records.map(({ t: seconds, ...record }) => {
        last = seconds ?? last + 1;

        return { t: (day + last) * 1000, ...record };
    }));
    const key = ['--name', name, '--key', at('log.jwk')];
    const log = ['--ledger', at('ledger'), '--vkey', done('log', 'vkey',
        ...key).trim()];

    return { at, run, done, write, key, log,
        put: (file, text) => { writeFileSync(at(file), text);
            return at(file); },
        read: (file) => readFileSync(at(file)) };
}
