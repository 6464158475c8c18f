// What it costs that an order lasts and can be proved, in one run on one disk:
// the ledger's append beside a bare group commit, and beside Redis and
// PostgreSQL with as many clients; then the whole way, signed orders through
// nginx; then the index made anew, and the log audited.
//
//     BENCH_MS=N       of each race, 1500 unless told
//     BENCH_SECONDS=N  of orders through nginx, 3 unless told

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync,
    readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { freePort } from '../site/server.mjs';
import { end, machine, median, number, promise, say } from './report.mjs';
import * as sign from './edge/sign.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
process.env.PATH += ':/usr/sbin:/sbin';

const ms = Number(process.env.BENCH_MS ?? 1500);
const seconds = Number(process.env.BENCH_SECONDS ?? 3);
const run = path.resolve('build/bench/orders');
const connections = 64;
const newZone = 62;             // seconds in which a zone wants nonces
const clients = [16, 64, 256];


async function listening(port) {
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


// The append call: {"producers":N,"ledger":R,"bare":R} and what follows.
function race() {
    const folder = mkdtempSync('build/bench/ledger-');

    try {
        return execFileSync('build/bench/ledger', [folder, String(ms)],
            { encoding: 'utf8' }).trim().split('\n')
            .map((line) => JSON.parse(line));
    } finally {
        rmSync(folder, { recursive: true });
    }
}

function reportRace(lines) {
    say('\n        durable appends a second, two processes; beside them a bare '
        + 'write and fdatasync');

    for (const producers of clients) {
        const rounds = lines.filter((line) => line.producers === producers);
        const of = (value) => median(rounds.map(value));

        say(`        ${number(of(({ ledger }) => ledger)).padStart(9)}  `
            + `${number(of(({ bare }) => bare)).padStart(9)} bare  `
            + `${producers} producers, ${rounds[0].bytes} bytes a record`);
        promise(`${producers} producers: appends, to a bare group commit`,
            of(({ ledger, bare }) => ledger / bare), { least: 0.7 });
    }

    const rebuilt = lines.find(({ rebuild }) => rebuild !== undefined);
    const audited = lines.find(({ audit }) => audit !== undefined);

    say(`\n        ${number(rebuilt.records)} records; the index made anew with `
        + `${number(rebuilt.peak_kb / 1024)} MB at most, its map included`);
    promise('records a second: the index made anew', rebuilt.rebuild,
        { least: 300000 });
    promise('records a second: all of the log verified', audited.audit,
        { least: 300000 });
}


// Redis: each append synced, by its own benchmark.
async function redis() {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'caplat-redis-'));
    const port = await freePort();
    const server = spawn('redis-server', ['--port', port, '--bind',
        '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--appendfsync',
        'always', '--save', ''], { stdio: 'ignore' });

    try {
        await listening(port);

        return clients.map((count) => {
            const text = execFileSync('redis-benchmark', ['-p', port, '-c',
                count, '-n', 400 * count, '--csv', 'XADD', 's', '*', 'd',
                'x'.repeat(400)], { encoding: 'utf8' });

            return Number(/"XADD[^\n]*?","([\d.]+)"/.exec(text)?.[1]
                ?? /","([\d.]+)"/.exec(text)[1]);
        });
    } finally {
        server.kill('SIGTERM');
        await once(server, 'exit');
        rmSync(folder, { recursive: true });
    }
}

// PostgreSQL: each INSERT a transaction that is synced, by pgbench. It does not
// run as root.
async function postgres() {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'caplat-pg-'));
    const bin = execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' })
        .trim();
    const port = await freePort();
    const asUser = process.getuid() === 0 ? ['runuser', '-u', 'postgres', '--']
        : [];
    const command = (...words) => {
        const all = [...asUser, ...words].map(String);
        const { status, stdout, stderr } = spawnSync(all[0], all.slice(1),
            { encoding: 'utf8', cwd: '/' });

        if (status !== 0) {
            throw new Error(`${words[0]}: ${stderr}`);
        }

        return stdout;
    };

    chmodSync(folder, 0o777);

    try {
        const script = path.join(folder, 'insert.sql');

        command(`${bin}/initdb`, '-D', `${folder}/data`, '-A', 'trust');
        writeFileSync(script, `INSERT INTO records (text) VALUES ('${
            'x'.repeat(400)}');\n`);
        chmodSync(script, 0o644);
        command(`${bin}/pg_ctl`, '-D', `${folder}/data`, '-l',
            `${folder}/log`, '-w', '-o', `-p ${port} -k ${folder} `
            + '-c listen_addresses= -c max_connections=300', 'start');

        try {
            command(`${bin}/psql`, '-h', folder, '-p', port, '-c',
                'CREATE TABLE records (id bigserial PRIMARY KEY, text text)',
                'postgres');

            return clients.map((count) => Number(/tps = ([\d.]+)/.exec(
                command(`${bin}/pgbench`, '-n', '-h', folder, '-p', port,
                    '-c', count, '-j', '2', '-T', '3', '-f', script,
                    'postgres'))[1]));
        } finally {
            command(`${bin}/pg_ctl`, '-D', `${folder}/data`, '-m', 'fast',
                'stop');
        }
    } finally {
        rmSync(folder, { recursive: true });
    }
}

async function reportPeers() {
    say('\n        peers, over a socket, through their own benchmarks: '
        + `${clients.join(', ')} clients`);

    for (const [words, measure] of [
        ['Redis XADD, appendfsync always', redis],
        ['PostgreSQL INSERT, synchronous_commit on', postgres]])
    {
        const list = await measure();

        say(`        ${list.map((n) => number(n).padStart(8)).join(' ')}/s  `
            + `${words}`);
    }
}


function prepare() {
    rmSync(run, { recursive: true, force: true });

    for (const folder of ['conf', 'logs', 'modules', 'temp', 'zone']) {
        mkdirSync(path.join(run, folder), { recursive: true });
    }

    for (const name of readdirSync('tests/bench/edge')) {
        copyFileSync(`tests/bench/edge/${name}`, `${run}/conf/${name}`);
    }

    for (const [name, bytes] of Object.entries(sign.files())) {
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

async function start() {
    const port = await freePort();

    writeFileSync(`${run}/conf/ledger.listen`,
        `listen  127.0.0.1:${port};\n`);

    const nginx = spawn('nginx', ['-p', './', '-c', 'conf/ledger.conf', '-g',
        `daemon off; ${process.getuid() === 0 ? 'user root;' : ''}`],
    { cwd: run, stdio: ['ignore', 'inherit', 'inherit'] });

    await listening(port);

    const worker = readFileSync(`/proc/${nginx.pid}/task/${nginx.pid}/children`,
        'utf8').trim();

    return { nginx, port, worker };
}

// The CPU time of a process in ns, threads and all.
function cpu(pid) {
    return readdirSync(`/proc/${pid}/task`).reduce((sum, task) => sum
        + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8')
            .split(' ')[0]), 0);
}

function writeStock(name, requests) {
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

function wrk(port, stock, duration) {
    return execFileSync('wrk', ['-t1', `-c${connections}`, `-d${duration}s`,
        '--latency', '-s', 'tests/bench/edge/stock.lua',
        `http://127.0.0.1:${port}/`, '--', stock], { encoding: 'utf8' });
}

// Milliseconds, of `1.23ms`, `456.00us` or `1.00s`.
function milliseconds(text) {
    const [, value, unit] = /([\d.]+)(us|ms|s)/.exec(text);

    return value * { us: 0.001, ms: 1, s: 1000 }[unit];
}

// How long the loop lets somebody wait who asks what needs no disk.
async function probe(port, task) {
    const socket = net.connect(port, '127.0.0.1');
    let longest = 0, going = true;

    await once(socket, 'connect');
    const done = task().finally(() => { going = false; });

    while (going) {
        const before = performance.now();

        socket.write('GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n');
        await once(socket, 'data');
        longest = Math.max(longest, performance.now() - before);
        await sleep(1);
    }

    socket.destroy();

    return { result: await done, longest };
}

function spawnWrk(port, stock) {
    return new Promise((resolve, reject) => {
        const child = spawn('wrk', ['-t1', `-c${connections}`,
            `-d${seconds}s`, '--latency', '-s',
            'tests/bench/edge/stock.lua', `http://127.0.0.1:${port}/`, '--',
            stock], { stdio: ['ignore', 'pipe', 'inherit'] });
        let text = '';

        child.stdout.on('data', (part) => { text += part; });
        child.on('error', reject);
        child.on('close', () => resolve(text));
    });
}

async function wholeWay() {
    prepare();

    const { nginx, port, worker } = await start();
    const at = Math.floor(Date.now() / 1000) + newZone;

    try {
        const count = Math.ceil(seconds * 8000 / 8);
        const buyers = Array.from({ length: count }, (_, i) => sign.buyer(i));

        // Every token is known before its first order.
        const first = writeStock('tokens', buyers.map(({ token }) =>
            sign.browserRequest(at, token, 'GET', '/v1/session')));
        const stock = writeStock('stock', buyers.flatMap(
            ({ token, serials }) => serials.map((serial) =>
                sign.browserRequest(at, token, 'POST', '/v1/orders',
                    order(serial), { 'Idempotency-Key': randomUUID() }))));

        // Until the zone takes what was made then.
        await sleep(Math.max(0, (at - 59) * 1000 - Date.now()));
        wrk(port, first, 2);

        const before = cpu(worker);
        const { result: text, longest } = await probe(port,
            () => spawnWrk(port, stock));
        const took = cpu(worker) - before;
        const orders = Number(/(\d+) requests in/.exec(text)[1]);
        const quantile = (which) => milliseconds(
            new RegExp(`${which}%\\s+(\\S+)`).exec(text)[1]);

        if (/Non-2xx/.test(text)) {
            throw new Error(`orders were refused:\n${text}`);
        }

        say(`\n        ${number(orders / seconds)} signed orders a second by one `
            + `worker, ${connections} connections; ${
                (took / orders / 1000).toFixed(0)} us of CPU each`);
        promise('signed orders for a second of CPU time', orders / took * 1e9,
            { least: 5000 });
        promise('p50', quantile(50), {}, ' ms');
        promise('p99', quantile(99), {}, ' ms');
        promise('the longest that the loop let anybody wait meanwhile', longest,
            {}, ' ms');
    } finally {
        nginx.kill('SIGTERM');
        await once(nginx, 'exit');
        rmSync(run, { recursive: true });
    }
}


say(machine());
reportRace(race());
await reportPeers();
await wholeWay();
end();
