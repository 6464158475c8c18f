// nginx with the module, in a folder of its own: keys, rates, holders, zone,
// ledger and logs lie there. Its clock can be set while it runs.
//
// CAPLAT_NGINX   another binary of nginx, e.g. a sanitized one
// CAPLAT_MODULE  another module; empty when the binary has it built in

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, readdirSync, renameSync, rmSync,
    writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { freshJwk } from '../keys.mjs';
import { build, freePort, root, scratch } from '../site/server.mjs';
import '../webcrypto.mjs';

// The nginx that is tested, and its module: '' where it is linked in.
export const usual = { nginx: process.env.CAPLAT_NGINX ?? '/usr/sbin/nginx',
    module: process.env.CAPLAT_MODULE
        ?? path.join(root, 'build/module/ngx_http_caplat_module.so') };
const faketime = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu',
    '/usr/lib'].map((folder) => `${folder}/faketime/libfaketime.so.1`)
    .find(existsSync);

// Who the fixtures' server is.
export const names = {
    origin: 'https://ca.example.cn',
    audience: 'https://ca.example.cn',
    issuer: 'https://id.example.cn',
    tag: 'ca-order-v1',
    log: 'ca.example.cn/log',
};

// The moment of the fixtures: 2027-01-15T08:00:00Z.
export const moment = 1800000000;

// So long before that a zone that is made then is blind for none of the proofs
// that are still fresh at the moment: the window and the two leeways.
export const sighted = 300 + 60 + 60;


// Why a test of the module cannot run here; undefined when it can.
export function missing({ clock = false, by = usual } = {}) {
    const { nginx, module } = by;

    if (module !== '' && !existsSync(module)) {
        return `there is no ${path.relative(root, module)}`;
    }

    if (!existsSync(nginx)) {
        return `there is no ${nginx}`;
    }

    if (clock && faketime === undefined) {
        return 'there is no libfaketime (Debian: faketime)';
    }

    return undefined;
}


// The rate card that the content makes.
let card;

export function rates() {
    if (card === undefined) {
        const undo = [];
        const site = path.join(scratch({ after: (task) => undo.push(task) }),
            'www');

        build(site);

        const id = readFileSync(path.join(site, 'rates/current.txt'), 'utf8')
            .trim();

        card = { id, text: readFileSync(path.join(site, `rates/${id}.txt`)) };
        undo.forEach((task) => task());
    }

    return card;
}


const routes = {
    '= /v1/quotes': 'caplat_quotes;',
    '= /v1/prices': 'caplat_prices;',
    '= /v1/session': 'caplat_session;',
    '= /v1/health': 'caplat_health;',
    '= /v1/orders': 'caplat_orders;',
    '/v1/orders/': 'caplat_orders;',
    '/v1/platforms/': 'caplat_openings;',
    '= /metrics': 'caplat_status;',
    '^~ /log/': 'caplat_log;',
    '/v1/': 'caplat_problem not-found;',
};

// A ledger in the server's folder, by the keys that lay() puts there.
const ledgerOf = (more) => `caplat_ledger ledger name=${names.log} key=log.jwk
        hash_keys=hash.keys vault=test.epoch ${more};`;

const noOpenings = { '/v1/platforms/': null };
const noLedger = { '= /v1/orders': null, '/v1/orders/': null,
    '^~ /log/': null, ...noOpenings };

// An nginx.conf: each part may be given, or added to. `ledger` are further
// parameters of caplat_ledger; null: there is none.
export function conf({ workers = 1, daemon = false, zone = 'seen.zone 1m',
    main = '', http = '', server = '', listen = [], locations = {},
    origin = names.origin, issuer = names.issuer, audience = names.audience,
    partners = false, ledger = '', by = usual })
{
    const lines = Object.entries({ ...routes,
        ...(ledger === null ? noLedger : {}),
        ...(partners ? {} : noOpenings), ...locations })
        .filter(([, body]) => body !== null)
        .map(([place, body]) => `        location ${place} { ${body} }`);

    // What a sanitizer tells names functions only where its worker may read
    // the program, which may lie in a home that only root enters.
    const user = by.module === '' && process.getuid() === 0 ? 'user root;' : '';

    return `${by.module === '' ? '' : `load_module ${by.module};`}
${user}
daemon ${daemon ? 'on' : 'off'};
worker_processes ${workers};
pid nginx.pid;
error_log error.log info;
${['LD_PRELOAD', 'TZ', 'FAKETIME_TIMESTAMP_FILE', 'FAKETIME_NO_CACHE',
        'FAKETIME_DONT_FAKE_MONOTONIC', 'FAKETIME_FMT', 'NO_FAKE_STAT',
        'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS']
        .map((name) => `env ${name};`).join(' ')}
${main}

events {
    worker_connections 512;
}

http {
    log_format caplat '$request_method $uri $status reason=$caplat_reason '
        'pid=$pid '
        'client=$caplat_client subject=$caplat_subject '
        'amount=$caplat_amount rates=$caplat_rates order=$caplat_order';
    access_log access.log caplat;
    client_body_temp_path temp-body;
    proxy_temp_path temp-proxy;
    fastcgi_temp_path temp-fastcgi;
    uwsgi_temp_path temp-uwsgi;
    scgi_temp_path temp-scgi;
    large_client_header_buffers 4 16k;
    client_body_buffer_size 16k;
    caplat_zone ${zone};
    caplat_tokens 4096;
    ${ledger === null ? '' : ledgerOf(ledger)}
    ${http}

    server {
${listen.map((one) => `        listen ${one};`).join('\n')}
        caplat_rates rates.txt;
        caplat_issuer ${issuer};
        caplat_issuer_keys jwks-issuer.json;
        ${partners ? 'caplat_partner_keys jwks-partners.json;' : ''}
        caplat_audience ${audience};
        caplat_origin ${origin};
        ${partners ? `caplat_tag ${names.tag};` : ''}
        ${server}

${lines.join('\n')}
    }
}
`;
}


// The keys of a ledger of its own. Nobody here has the vault's secret half.
function ledgerKeys() {
    return { 'log.jwk': freshJwk('Ed25519').secret,
        'test.epoch': `test ${freshJwk('X25519').jwk.x}\n`,
        'hash.keys': `${randomBytes(32).toString('base64url')}\n` };
}


// A folder with all that the configuration names; `files` are added to it.
export function lay(t, files) {
    const folder = scratch(t);
    const put = (name, text) => {
        const beside = path.join(folder, `.${name}.new`);

        writeFileSync(beside, typeof text === 'object'
            && !Buffer.isBuffer(text) ? JSON.stringify(text) : text);
        renameSync(beside, path.join(folder, name));
    };

    for (const [name, text] of Object.entries({ 'rates.txt': rates().text,
        ...ledgerKeys(), ...files })) {
        put(name, text);
    }

    // Beside the rest: workers without root may not enter everybody's home.
    put('lsan.txt', readFileSync(path.join(root, 'tests/edge/lsan.txt')));

    return { folder, put };
}


// What nginx is started with; its clock is in the folder's file `clock`. Times
// of files stay true: to change them, libfaketime takes a lock that a process
// which is killed would never give back. A sanitized one also looks for memory
// that nobody can free any more.
function environment(folder, clock) {
    const own = { ASAN_OPTIONS: 'detect_leaks=1', LSAN_OPTIONS:
        `suppressions=${path.join(folder, 'lsan.txt')}:print_suppressions=0`,
    ...process.env, TZ: 'UTC' };

    if (clock === undefined) {
        return own;
    }

    return { ...own, LD_PRELOAD: faketime, FAKETIME_NO_CACHE: '1',
        FAKETIME_TIMESTAMP_FILE: path.join(folder, 'clock'),
        FAKETIME_DONT_FAKE_MONOTONIC: '1', FAKETIME_FMT: '%s',
        NO_FAKE_STAT: '1',
        ASAN_OPTIONS: `${own.ASAN_OPTIONS}:verify_asan_link_order=0` };
}

// libfaketime names its memory by the process that made it. That of a process
// that was killed stays, and whoever gets its number would end at once.
function forget() {
    for (const name of readdirSync('/dev/shm')) {
        const file = path.join('/dev/shm', name);
        const [, pid] = name.match(/^(?:sem\.)?faketime_\w{3}_(\d+)$/) ?? [];

        if (pid !== undefined && !alive(Number(pid))
            && lstatSync(file, { throwIfNoEntry: false })?.uid
                === process.getuid())
        {
            rmSync(file, { force: true });
        }
    }
}

// A while; of { ref: false }, which may outlast its test, node does not wait for
// the end.
export const pause = (ms, options) => setTimeout(ms, undefined, options);


// Wait until something holds, looking every few milliseconds.
export async function until(what, holds, limit = 30000) {
    const end = Date.now() + limit;
    let value;

    while (!(value = await holds())) {
        if (Date.now() > end) {
            throw new Error(`not within ${limit} ms: ${what}`);
        }

        await pause(5);
    }

    return value;
}


export function alive(pid) {
    if (!pid) {
        return false;
    }

    try {
        // One that has ended and waits for its parent is not alive.
        return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`,
            'utf8'));
    } catch {
        return false;
    }
}


function answers(port) {
    return new Promise((resolve) => {
        const socket = net.connect(port, '127.0.0.1');

        socket.on('connect', () => { socket.destroy(); resolve(true); });
        socket.on('error', () => resolve(false));
    });
}


// Run nginx until it ends by itself: `nginx -t`, say, which frees nothing.
export function once(folder, options, { nginx, user } = usual) {
    return new Promise((resolve, reject) => {
        const child = spawn(nginx, ['-p', `${folder}/`, '-c', 'nginx.conf',
            '-e', 'stderr', ...options], { cwd: folder,
            env: { ...environment(folder), ASAN_OPTIONS: 'detect_leaks=0' },
            uid: user, stdio: ['ignore', 'ignore', 'pipe'] });
        let words = '';

        child.stderr.setEncoding('utf8');
        child.stderr.on('data', (part) => { words += part; });
        child.on('error', reject);
        child.on('close', (status) => resolve({ status, words }));
    });
}


// Servers that run. Who is ended before its tests are takes them along.
const running = new Set();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => process.exit(1));
}

process.once('exit', () => {
    for (const { masters } of running) {
        masters().forEach((pid) => process.kill(pid, 'SIGTERM'));
    }
});


// Start a server.
//
// clock  seconds since 1970: the clock stands there until it is set again; or
//        'real'. Absent: the clock cannot be set
// files  of its folder, by name: text, or a value for JSON
// text   makes another nginx.conf out of conf()'s
// other options: see conf()
export async function edge(t, { clock, files = {}, text = (plain) => plain,
    daemon = false, by = usual, ...options }) {
    const undo = undoing();
    const { folder, put } = lay(undo, files);

    // Empty while there is none: a pid file goes and comes.
    const read = (name) => {
        try {
            return readFileSync(path.join(folder, name), 'utf8');
        } catch (error) {
            if (error.code === 'ENOENT') {
                return '';
            }

            throw error;
        }
    };
    const self = { folder, put, read };

    self.port = await freePort();
    self.listen = `127.0.0.1:${self.port}`;
    self.conf = (changes = {}) => text(conf({ daemon, by,
        partners: 'jwks-partners.json' in files, ...options, ...changes,
        listen: [self.listen, ...(options.listen ?? [])],
        origin: (changes.origin ?? options.origin ?? names.origin)
            .replace('PORT', self.port),
        audience: (changes.audience ?? options.audience ?? names.audience)
            .replace('PORT', self.port) }));

    self.clock = (seconds) => put('clock', seconds === 'real' ? '+0\n'
        : `${seconds}\n`);

    if (clock !== undefined) {
        self.clock(clock);
    }

    self.output = '';
    self.log = () => self.output + read('error.log');
    self.access = () => read('access.log');

    // The first lines of the access log: nginx answers, then it writes.
    self.lines = async (count) => {
        const all = () => self.access().split('\n').slice(0, -1);

        await until(`${count} lines of ${self.access()}`, () =>
            all().length >= count);

        return all().slice(0, count);
    };
    self.pid = () => Number(read('nginx.pid'));
    self.signal = (name) => process.kill(self.pid(), name);
    self.workers = () => children(self.pid());

    self.start = async (changes) => {
        put('nginx.conf', self.conf(changes));
        running.add(self);
        self.isStopped = false;

        if (clock !== undefined) {
            forget();
        }

        const child = spawn(by.nginx, ['-p', `${folder}/`, '-c', 'nginx.conf',
            '-e', 'error.log'], { cwd: folder,
            env: environment(folder, clock),
            stdio: ['ignore', 'pipe', 'pipe'] });
        let ended = false;

        child.on('error', (error) => { self.output += error; ended = true; });
        self.closed = new Promise((resolve) => child.on('close', (status) => {
            ended = !daemon || status !== 0;
            resolve();
        }));

        for (const stream of [child.stdout, child.stderr]) {
            stream.setEncoding('utf8');
            stream.on('data', (part) => { self.output += part; });
        }

        await until('an answer', async () => {
            if (ended) {
                throw new Error(`nginx has ended: ${self.log()}`);
            }

            return await answers(self.port)
                && self.workers().length >= (options.workers ?? 1);
        });
    };

    // All that there are: a binary upgrade leaves two.
    self.masters = () => ['nginx.pid', 'nginx.pid.oldbin']
        .map((name) => Number(read(name))).filter(alive);

    self.stop = async () => {
        self.isStopped = true;

        for (const pid of self.masters()) {
            process.kill(pid, 'SIGTERM');
            await until(`end of ${pid}`, () => !alive(pid));
        }

        await self.closed;
        running.delete(self);

        // What a sanitizer says, and workers that did not end of themselves
        // or by a test's own SIGKILL or SIGXCPU (a signal that dumps core).
        const fault = self.log().match(new RegExp('^.*(AddressSanitizer'
            + '|LeakSanitizer|runtime error:|exited with (fatal )?code [1-9]'
            + '|exited on signal (?!9\\b|24\\b)\\d)[^]*', 'm'));

        if (fault) {
            throw new Error(fault[0]);
        }
    };

    // The last first: it stops, then its folder goes.
    undo.after(self.stop);
    t.after(undo.all);

    // The configuration read anew; ended when new workers have taken over.
    self.reload = async () => {
        const old = self.workers();

        self.signal('SIGHUP');
        await until('new workers', () => self.workers()
            .some((pid) => !old.includes(pid)) && !self.workers()
            .some((pid) => old.includes(pid)));
    };

    // Ended and started again, on what is in its folder.
    self.restart = async (changes) => {
        await self.stop();
        await self.start(changes);
    };

    await self.start();

    return self;
}


// The processes whose parent is this one.
function children(pid) {
    try {
        return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
            .split(' ').map(Number).filter(alive);
    } catch {
        return [];
    }
}


// Tasks to be undone at the end, the last first.
function undoing() {
    const undo = [];

    return {
        after: (task) => undo.unshift(task),
        async all() {
            while (undo.length > 0) {
                await undo.shift()();
            }
        },
    };
}


// The same around a task; what it leaves running would keep node from ending.
export async function during(task) {
    const undo = undoing();

    try {
        return await task(undo);
    } finally {
        await undo.all();
    }
}


// What a suite needs before its first test, and what undoes it after its last,
// or when it fails; called within describe().
export function staged(task) {
    const undo = undoing();

    before(async () => {
        try {
            await task(undo);
        } catch (error) {
            await undo.all();
            throw error;
        }
    });

    after(() => undo.all());
}


// A suite that needs the module, or one test that says why it cannot run.
export function suite(name, needs, body) {
    const reason = missing(needs);

    if (reason === undefined) {
        describe(name, body);
    } else {
        it(name, { skip: reason }, () => {});
    }
}
