// What the module costs, in one run on one machine: CPU time of nginx's one
// worker for each request, beside that of `return 200`, of bare signature
// checks, and of what else checks tokens in Debian's nginx. What counts are the
// ratios; the machine's own numbers are for the curious.
//
// The worker has core 1, wrk has core 0. A round measures each case once, one
// after the other; ratios are taken within a round, and their medians said.
//
//     BENCH_RUNS=N     rounds, 5 unless told
//     BENCH_SECONDS=N  of each case in a round, 2 unless told

import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync,
    rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

const rounds = Number(process.env.BENCH_RUNS ?? 5);
const seconds = Number(process.env.BENCH_SECONDS ?? 2);
const run = path.resolve('build/bench/edge');
const zone = mkdtempSync('/dev/shm/caplat-');
const connections = 64;
const newZone = 62;             // seconds in which a zone wants nonces
const servers = ['plain', 'caplat', 'peers'];

// The fixtures' certificate and choice, which costs 2500 fen.
const question = '/v1/prices?city=210100&held=ln-construction,ln-tender,'
    + 'ln-procurement,shenyang,dalian,anshan&add=jinzhou,chaoyang,huachen'
    + '&day=2027-01-15&until=2027-04-05';
const order = JSON.stringify({ certificate: 'JK20219332345678',
    platforms: ['jinzhou', 'chaoyang', 'huachen'] });


function link() {
    const expires = Math.floor(Date.now() / 1000) + 3600;
    const md5 = createHash('md5')
        .update(`${expires}/link a-secret-of-the-bench`).digest('base64url');

    return `/link?md5=${md5}&expires=${expires}`;
}

function withToken(server, target, alg) {
    return { server, target,
        fields: { Authorization: `DPoP ${sign.browserToken(alg)}` } };
}

// `make` makes a request that is sent once, `checks` are those without which
// none can be answered.
function makeCases() {
    const mine = sign.browserToken('Ed25519');
    const partners = sign.partnerToken();

    return {
        ok: { server: 'plain', target: '/ok' },
        prices: { server: 'caplat', target: question },
        session: { server: 'caplat', checks: ['p256'],
            make: (at) => sign.browserRequest(at, mine, 'GET',
                '/v1/session') },
        fresh: { server: 'caplat', checks: ['p256', 'ed25519'],
            make: (at) => sign.browserRequest(at,
                sign.browserToken('Ed25519'), 'GET', '/v1/session') },
        quotes: { server: 'caplat', checks: ['p256'],
            make: (at) => sign.browserRequest(at, mine, 'POST', '/v1/quotes',
                order) },
        partner: { server: 'caplat', checks: ['ed25519'],
            make: (at) => sign.partnerRequest(at, partners, 'POST',
                '/v1/quotes', order) },
        link: { server: 'plain', target: link() },
        luaEdDSA: withToken('peers', '/lua/eddsa', 'EdDSA'),
        luaES256: withToken('peers', '/lua/es256', 'ES256'),
        njsES256: withToken('peers', '/njs/es256', 'ES256'),
        njsHS256: withToken('peers', '/njs/hs256', 'HS256'),
    };
}


function prepare() {
    rmSync(run, { recursive: true, force: true });

    for (const folder of ['conf', 'logs', 'modules', 'temp']) {
        mkdirSync(path.join(run, folder), { recursive: true });
    }

    // In memory, as on a host below /run: pages of a disk's file cost more.
    symlinkSync(zone, path.join(run, 'zone'));

    for (const name of readdirSync('tests/bench/edge')) {
        copyFileSync(`tests/bench/edge/${name}`, `${run}/conf/${name}`);
    }

    for (const [name, bytes] of Object.entries(sign.files())) {
        writeFileSync(`${run}/conf/${name}`, bytes);
    }

    copyFileSync('build/www/.caplat/rates', `${run}/conf/rates`);
    symlinkSync(path.resolve('build/module/ngx_http_caplat_module.so'),
        `${run}/modules/ngx_http_caplat_module.so`);
}

// Start one of the servers; its port and its worker.
async function start(name) {
    const port = await freePort();

    writeFileSync(`${run}/conf/${name}.listen`,
        `listen  127.0.0.1:${port};\n`);

    const nginx = spawn('nginx', ['-p', './', '-c', `conf/${name}.conf`,
        '-g', `daemon off; ${process.getuid() === 0 ? 'user root;' : ''}`],
    { cwd: run, stdio: ['ignore', 'inherit', 'inherit'] });

    for (let tries = 0; tries < 100 && nginx.exitCode === null; tries++) {
        const worker = readFileSync(
            `/proc/${nginx.pid}/task/${nginx.pid}/children`, 'utf8').trim();

        if (/^\d+$/.test(worker)) {
            return { nginx, port, worker };
        }

        await sleep(50);
    }

    throw new Error(`nginx does not start with ${name}.conf`);
}

async function stop({ nginx }) {
    if (nginx.exitCode === null) {
        nginx.kill('SIGTERM');
        await once(nginx, 'exit');
    }
}


// The CPU time of a process in ns: what /proc/PID/stat has in ticks of 10 ms.
function cpu(pid) {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8')
        .split(' ')[0]);
}

function plainRequest({ target, fields = {} }) {
    return `GET ${target} HTTP/1.1\r\nHost: ca.example.cn\r\n`
        + `${Object.entries(fields).map(([name, value]) =>
            `${name}: ${value}\r\n`).join('')}\r\n`;
}

// The answer to one request, which must be a good one: numbers of what was
// refused would be worth nothing.
async function tryOnce(name, one, { port }) {
    const socket = net.connect(port, '127.0.0.1');
    let text = '';

    socket.write(one.make ? one.make(moment()) : plainRequest(one));

    for await (const bytes of socket) {
        text += bytes;

        if (text.includes('\r\n\r\n')) {
            break;
        }
    }

    if (!text.startsWith('HTTP/1.1 200 ')) {
        throw new Error(`${name} is refused:\n${text}`);
    }

    return text;
}

let zoneBegan = 0;              // seconds

// When a request says that it was made: as early as the zone takes it.
function moment() {
    return Math.max(Math.floor(Date.now() / 1000), zoneBegan + newZone);
}

// As many requests as one worker could answer if it had nothing to do but the
// checks, and a third more.
function writeStock(one, checks) {
    const least = one.checks.reduce((sum, check) => sum + checks[check], 0);
    const count = Math.ceil(seconds * 1.33e6 / least);
    const file = `${run}/stock`;
    const at = moment();

    writeFileSync(file, Array.from({ length: count }, () => {
        const request = one.make(at);

        return `${Buffer.byteLength(request)}\n${request}`;
    }).join(''));

    return file;
}

function wrk(one, { port }, stock) {
    const options = ['-c', '0', 'wrk', '-t1', `-c${connections}`,
        `-d${seconds}s`];

    if (stock !== undefined) {
        options.push('-s', 'tests/bench/edge/stock.lua');
    }

    for (const [name, value] of Object.entries(one.fields ?? {})) {
        options.push('-H', `${name}: ${value}`);
    }

    options.push(`http://127.0.0.1:${port}${one.target ?? '/'}`);

    if (stock !== undefined) {
        options.push('--', stock);
    }

    return execFileSync('taskset', options, { encoding: 'utf8' });
}

// What one case costs in this round: us of CPU time for each request.
async function measure(name, one, server, checks) {
    const stock = one.make && writeStock(one, checks);
    const before = cpu(server.worker);
    const text = wrk(one, server, stock);

    await sleep(100);           // until the worker has closed what wrk left

    const took = cpu(server.worker) - before;
    const count = Number(/(\d+) requests in/.exec(text)?.[1]);

    if (!(count > 0) || /Non-2xx|Socket errors/.test(text)) {
        throw new Error(`${name}:\n${text}`);
    }

    return took / count / 1000;
}

// The cost of bare checks on the worker's core, in us.
function measureChecks() {
    const took = JSON.parse(execFileSync('taskset',
        ['-c', '1', 'build/bench/verify'], { encoding: 'utf8' }));

    return { p256: took.p256_ns / 1000, ed25519: took.ed25519_ns / 1000,
        took };
}


async function measureRound(cases, running) {
    const checks = measureChecks();
    const round = { p256: checks.p256, ed25519: checks.ed25519 };

    for (const [name, one] of Object.entries(cases)) {
        round[name] = await measure(name, one, running[one.server], checks);
    }

    return round;
}

async function measureAll() {
    const cases = makeCases();
    const running = {};
    const list = [];

    prepare();

    try {
        for (const name of servers) {
            running[name] = await start(name);
        }

        zoneBegan = Math.floor(Date.now() / 1000);
        await sleep(1000 * (newZone - 59));

        for (const [name, one] of Object.entries(cases)) {
            await tryOnce(name, one, running[one.server]);
        }

        for (let round = 0; round < rounds; round++) {
            list.push(await measureRound(cases, running));
        }
    } finally {
        await Promise.all(Object.values(running).map(stop));
        rmSync(`${run}/stock`, { force: true });
        rmSync(zone, { recursive: true });
    }

    return list;
}


function report(list) {
    const of = (value) => median(list.map(value));

    function row(name, words) {
        const us = of((round) => round[name]);

        say(`        ${us.toFixed(1).padStart(7)} us  `
            + `${number(1e6 / us).padStart(7)}/s  `
            + `${of((round) => round.ok / round[name]).toFixed(2)}  ${words}`);
    }

    say('\n        CPU time of the worker for a request, requests for a '
        + 'second of it, ratio to return 200');
    row('ok', 'return 200 "ok"');
    row('p256', 'a P-256 check alone, OpenSSL');
    row('ed25519', 'an Ed25519 check alone, libsodium');
    row('prices', 'GET /v1/prices');
    row('session', 'GET /v1/session: known token, P-256 proof');
    row('fresh', 'GET /v1/session: new Ed25519 token, P-256 proof');
    row('quotes', 'POST /v1/quotes: known token, P-256 proof');
    row('partner', 'POST /v1/quotes: known token, RFC 9421 with Ed25519');

    say('\n        peers: a token, claims and signature, no proof, no body');
    row('link', 'secure_link, MD5');
    row('luaEdDSA', 'lua, EdDSA token, libcrypto by FFI');
    row('luaES256', 'lua, ES256 token, luaossl');
    row('njsES256', 'njs, ES256 token, its key imported by each request');
    row('njsHS256', 'njs, HS256 token');

    say('');
    promise('prices: requests for CPU time, to return 200',
        of((round) => round.ok / round.prices), { least: 0.75 });
    promise('known token: CPU time to return 200 + the proof\'s P-256 check',
        of((round) => round.session / (round.ok + round.p256)),
        { most: 1.35 });
    promise('new token: CPU time to return 200 + the token\'s Ed25519 check '
        + '+ the proof\'s P-256 check',
    of((round) => round.fresh / (round.ok + round.ed25519 + round.p256)),
    { most: 1.35 });
    promise('new token less known token, to an Ed25519 check alone',
        of((round) => (round.fresh - round.session) / round.ed25519), {});
}

function versions() {
    const { took } = measureChecks();
    const packages = execFileSync('dpkg-query', ['-W', '-f',
        '${Package} ${source:Upstream-Version}, ', 'nginx', 'wrk',
        'libnginx-mod-http-lua', 'lua-luaossl', 'libnginx-mod-http-js'],
    { encoding: 'utf8' });

    return `${packages}OpenSSL ${took.openssl}, libsodium ${took.sodium}`;
}


if (os.cpus().length < 2) {
    say('One core is not enough: wrk would take the worker\'s time.');
    process.exit(1);
}

say(machine());
say(versions());
say(`${rounds} rounds of ${seconds} s, ${connections} connections kept alive`);
report(await measureAll());
end();
