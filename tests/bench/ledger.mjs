// What it costs that an order lasts and can be proved, in one run on one disk:
// the ledger's append beside a bare group commit, and beside Redis and
// PostgreSQL with as many clients; then the whole way, signed orders through
// nginx; then the index made anew, and the log audited.
//
//     BENCH_MS=N       of each race, 1500 unless told
//     BENCH_SECONDS=N  of orders through nginx, 3 unless told

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { freePort } from '../site/server.mjs';
import { end, machine, median, number, promise, say } from './report.mjs';
import { connections, cpu, listening, prepare, start, stockOrders, stop, wrk }
    from './stand.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
process.env.PATH += ':/usr/sbin:/sbin';

const ms = Number(process.env.BENCH_MS ?? 1500);
const seconds = Number(process.env.BENCH_SECONDS ?? 3);
const clients = [16, 64, 256];
const most = 16000;             // orders in a second: more than any machine took


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


// How long the loop lets somebody wait who asks what needs no disk.
async function probe(port, task) {
    const socket = net.connect(port, '127.0.0.1');
    let longest = 0, going = true;

    await once(socket, 'connect');

    const done = task().finally(() => { going = false; });

    done.catch(() => {});       // thrown again below

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

async function wholeWay() {
    prepare();

    const server = await start();

    try {
        const stock = await stockOrders(server,
            Math.ceil(seconds * most / 8));
        const before = cpu(server.worker);
        const { result: { count, p50, p99, refused }, longest } = await probe(
            server.port, () => wrk(server.port, stock, seconds));
        const took = cpu(server.worker) - before;

        if (refused !== undefined) {
            throw new Error(`orders were refused:\n${refused}`);
        }

        say(`\n        ${number(count / seconds)} signed orders a second by one `
            + `worker, ${connections} connections; ${
                (took / count / 1000).toFixed(0)} us of CPU each`);
        promise('signed orders for a second of CPU time', count / took * 1e9,
            { least: 5000 });
        promise('p50', p50, {}, ' ms');
        promise('p99', p99, {}, ' ms');
        promise('the longest that the loop let anybody wait meanwhile', longest,
            {}, ' ms');
    } finally {
        await stop(server);
    }
}


say(machine());
reportRace(race());
await reportPeers();
await wholeWay();
end();
