// The whole way through nginx with a ledger: its folder, a server in it, orders
// that are ready to be signed, and wrk, which sends them.

import { execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync,
    symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from '../site/server.mjs';
import * as sign from './edge/sign.mjs';

export const run = path.resolve('build/bench/orders');
export const connections = 64;
const newZone = 62;      // seconds in which a zone wants nonces


export async function listening(port) {
    for (let tries = 0; tries < 200; tries++) {
        const socket = net.connect(port, '127.0.0.1');

        try {
            await once(socket, 'connect');
            socket.destroy();
            return;
        } catch {
            await sleep(50);
        }
    }

    throw new Error(`nothing listens on port ${port}`);
}


// `more` are files of its configuration, by name.
export function prepare(more = {}) {
    rmSync(run, { recursive: true, force: true });

    for (const folder of ['conf', 'logs', 'modules', 'temp', 'zone']) {
        mkdirSync(path.join(run, folder), { recursive: true });
    }

    for (const name of readdirSync('tests/bench/edge')) {
        copyFileSync(`tests/bench/edge/${name}`, `${run}/conf/${name}`);
    }

    for (const [name, bytes] of Object.entries({ ...sign.files(), ...more })) {
        writeFileSync(`${run}/conf/${name}`, bytes);
    }

    execFileSync('build/caplat', ['key', 'new', '--out',
        `${run}/conf/log.jwk`], { stdio: 'ignore' });
    writeFileSync(`${run}/conf/bench.epoch`, execFileSync('build/caplat',
        ['vault', 'new-epoch', 'bench', '--out', `${run}/conf/bench.secret`]));
    writeFileSync(`${run}/conf/hash.keys`,
        `${randomBytes(32).toString('base64url')}\n`);
    copyFileSync('build/www/.caplat/rates', `${run}/conf/rates`);
    symlinkSync(path.resolve('build/module/ngx_http_caplat_module.so'),
        `${run}/modules/ngx_http_caplat_module.so`);
}

// A server of conf/NAME.conf: its port and its worker.
export async function start(name = 'ledger') {
    const port = await freePort();

    writeFileSync(`${run}/conf/ledger.listen`,
        `listen  127.0.0.1:${port};\n`);

    const nginx = spawn('nginx', ['-p', './', '-c', `conf/${name}.conf`, '-g',
        `daemon off; ${process.getuid() === 0 ? 'user root;' : ''}`],
    { cwd: run, stdio: ['ignore', 'inherit', 'inherit'] });

    await listening(port);

    const worker = readFileSync(`/proc/${nginx.pid}/task/${nginx.pid}/children`,
        'utf8').trim();

    return { nginx, port, worker };
}

// The CPU time of a process in ns, threads and all.
export function cpu(pid) {
    return readdirSync(`/proc/${pid}/task`).reduce((sum, task) => sum
        + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8')
            .split(' ')[0]), 0);
}

export function writeStock(name, requests) {
    const file = `${run}/${name}`;

    writeFileSync(file, requests.map((request) =>
        `${Buffer.byteLength(request)}\n${request}`).join(''));

    return file;
}

const order = (serial) => JSON.stringify({ certificate: serial,
    platforms: ['jinzhou', 'chaoyang', 'huachen'], amount: 2500,
    channel: 'alipay', invoice: { issue: true, type: 'digital_normal',
        title_type: 'enterprise', title: '辽宁某某建设工程有限公司',
        tax_no: '91350100M000100Y43', email: 'someone@example.cn' } });

// Milliseconds, of `1.23ms`, `456.00us` or `1.00s`.
function milliseconds(text) {
    const [, value, unit] = /([\d.]+)(us|ms|s)/.exec(text);

    return value * { us: 0.001, ms: 1, s: 1000 }[unit];
}

// All of a stock, or as much as fits into that time: how many were answered,
// how long they took, and what wrk has to say if some were refused.
export async function wrk(port, stock, seconds) {
    const child = spawn('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`,
        '--latency', '-s', 'tests/bench/edge/stock.lua',
        `http://127.0.0.1:${port}/`, '--', stock],
    { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';

    child.stdout.on('data', (part) => { text += part; });
    await once(child, 'close');

    const quantile = (which) => milliseconds(
        new RegExp(`^ +${which}%\\s+(\\S+)`, 'm').exec(text)[1]);

    return { count: Number(/(\d+) requests in/.exec(text)[1]),
        p50: quantile(50), p99: quantile(99),
        refused: /Non-2xx/.test(text) ? text : undefined };
}

export async function stop({ nginx }) {
    nginx.kill('SIGTERM');
    await once(nginx, 'exit');
    rmSync(run, { recursive: true });
}


// Eight certificates of each of so many buyers, known to the server, and an
// order for each of them, in a stock: it is signed for the moment when a new
// zone takes proofs, for which this waits.
export async function stockOrders({ port }, count) {
    const at = Math.floor(Date.now() / 1000) + newZone;
    const buyers = Array.from({ length: count }, (_, i) => sign.buyer(i));
    const tokens = writeStock('tokens', buyers.map(({ token }) =>
        sign.browserRequest(at, token, 'GET', '/v1/session')));
    const stock = writeStock('stock', buyers.flatMap(
        ({ token, serials }) => serials.map((serial) =>
            sign.browserRequest(at, token, 'POST', '/v1/orders',
                order(serial), { 'Idempotency-Key': randomUUID() }))));

    await sleep(Math.max(0, (at - 59) * 1000 - Date.now()));
    await wrk(port, tokens, 2);

    return stock;
}
