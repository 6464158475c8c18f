// Real nginx on a disk that is full, read-only, or does not sync: orders are
// refused with an answer, reading goes on, and nothing that was promised goes.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, statSync }
    from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

import { certificate, form, json, short, stage } from '../edge/buyers.mjs';
import { during, names, suite, until } from '../edge/server.mjs';
import { ask } from '../edge/wire.mjs';
import { root as project, scratch } from '../site/server.mjs';
import { created, ledger } from './scribe.mjs';


const caplat = (...args) => spawnSync('build/caplat', args,
    { cwd: project, encoding: 'utf8' });

// What keeps this machine from a disk of our own, or undefined.
const noMount = () => {
    const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o',
        'size=1m', 'none', folder], { encoding: 'utf8' });

    if (status === 0) {
        execFileSync('umount', [folder]);
    }

    execFileSync('rmdir', [folder]);

    return status === 0 ? undefined : `no tmpfs can be mounted: ${stderr}`;
};

const noTrace = () => (spawnSync('strace', ['-o', '/dev/null', 'true']).status
    === 0 ? undefined : 'strace cannot trace here');


// A server whose log lies on a small disk of its own.
async function small(undo, size) {
    const disk = path.join(scratch(undo), 'disk');
    const mount = (...args) => execFileSync('mount', [...args, disk]);

    mkdirSync(disk);
    mount('-t', 'tmpfs', '-o', `size=${size},mode=0777`, 'none');
    undo.after(() => execFileSync('umount', ['-l', disk]));

    const all = await stage(undo, { ledger: 'reserve=0' });
    const log = path.join(all.server.folder, 'ledger/log');
    const { uid, gid } = statSync(log);

    await all.server.stop();
    execFileSync('cp', ['-a', `${log}/.`, disk]);
    chownSync(disk, uid, gid);
    chmodSync(disk, 0o700);
    execFileSync('mount', ['--bind', disk, log]);
    undo.after(() => execFileSync('umount', ['-l', log]));
    await all.server.start();

    return { ...all, mount, log };
}

// Nothing is lost or doubled, by the operator's own tool.
function verify(server) {
    const at = (name) => path.join(server.folder, name);

    chmodSync(at('log.jwk'), 0o600);

    const { stdout } = caplat('log', 'vkey', '--name', names.log, '--key',
        at('log.jwk'));
    const { status, stderr } = caplat('log', 'verify', '--ledger',
        at('ledger'), '--vkey', stdout.trim());

    assert.equal(status, 0, stderr);
}

// Orders until one is refused: the ids of those before, and the answer.
async function untilRefused(person, limit) {
    const ids = [];

    for (let n = 0; n < limit; n++) {
        const sn = `D${n}`;
        const one = await person({ certs: [certificate(sn)] });
        const answer = await one.order(form({ certificate: sn }));

        if (answer.status !== 201) {
            return { ids, answer };
        }

        ids.push({ one, id: json(answer).id });
    }

    throw new Error(`${limit} orders, and none refused`);
}

async function kept(ids) {
    for (const { one, id } of ids) {
        assert.equal(short(await one.get(`/${id}`)), '200');
        assert.equal(short(await one.get(`/${id}/receipt`)), '200');
    }
}


// The sync number nth fails, and no later one.
async function syncs(undo, what, nth) {
    const { server, person } = await stage(undo);
    const one = await person();
    const other = await person({ certs: [certificate('E1')] });
    const { id } = json(await one.order());
    const [worker] = server.workers();
    const tracer = spawn('strace', ['-f', '-o', '/dev/null', '-e',
        'trace=fdatasync', '-e', `inject=fdatasync:error=EIO:when=${nth}`, '-p',
        String(worker)], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';

    tracer.stderr.on('data', (part) => { said += part; });
    undo.after(() => tracer.kill('SIGKILL'));
    await until(`strace: ${said}`, () => said.includes('attached'));

    const key = '01234567-89ab-4def-8123-456789abcdef';
    const body = form({ certificate: 'E1' });

    assert.equal(short(await other.order(body, key)),
        '503 log-unavailable');

    const ended = new Promise((resolve) => tracer.on('close', resolve));

    tracer.kill('SIGINT');
    await ended;

    // Syncs work again, and are not believed.
    assert.equal(short(await other.order(body, key)),
        '503 log-unavailable');
    assert.match(server.read('ledger/closed'),
        new RegExp(`^A sync of the ${what} has failed: Input/output error\n`));
    assert.match(server.log(), /\[crit\].*caplat: /);
    assert.equal(short(await one.get(`/${id}`)), '200');

    await server.restart();
    assert.equal(short(await other.order(body, key)),
        '503 log-unavailable');

    const at = (name) => path.join(server.folder, name);

    chmodSync(at('log.jwk'), 0o600);

    const { status, stderr } = caplat('log', 'reopen', '--ledger',
        at('ledger'), '--name', names.log, '--key', at('log.jwk'));

    assert.equal(status, 0, stderr);
    assert.equal(short(await other.order(body, key)), '201');
    assert.equal(json(await other.get('')).orders.length, 1);
    verify(server);

    const metrics = await ask(server.port, { method: 'GET',
        target: '/metrics', headers: [['Host', 'x']] });

    assert.match(metrics.body.toString(), /^caplat_ledger_closed 0$/m);
}


suite('a disk', { clock: true }, () => {
    it('that is full: 503 until there is room again',
        { skip: noMount() }, () => during(async (undo) => {
            const { server, person, mount } = await small(undo, '256k');
            const { ids, answer } = await untilRefused(person, 400);

            assert.equal(short(answer), '503 log-unavailable');
            assert.match(answer.headers['retry-after'], /^[1-9]\d*$/);
            assert.ok(ids.length > 20, `${ids.length}`);
            assert.match(server.log(), /\[error\].*caplat: no orders fault=/);
            assert.ok(!existsSync(path.join(server.folder, 'ledger/closed')));
            await kept(ids);
            verify(server);

            mount('-o', 'remount,size=1m');

            const one = await person({ certs: [certificate('E1')] });

            assert.equal(short(await one.order(form({ certificate: 'E1' }))),
                '201');
            await server.restart();
            await kept(ids);
            verify(server);
        }));

    it('that becomes read-only: 503 until it can be written again',
        { skip: noMount() }, () => during(async (undo) => {
            const { server, person, mount } = await small(undo, '1m');
            const one = await person();
            const { id } = json(await one.order());
            const other = await person({ certs: [certificate('E1')] });

            // Who has it open for writing would keep it so: a new worker, which
            // reads at first, and opens it so when it is first ordered from.
            await server.restart();
            assert.equal(short(await one.get(`/${id}`)), '200');
            mount('-o', 'remount,ro');
            assert.equal(short(await other.order(form({ certificate: 'E1' }))),
                '503 log-unavailable');
            assert.equal(short(await one.get(`/${id}`)), '200');
            assert.match(server.log(),
                /\[crit\].*caplat: no orders fault=io: .*Read-only file system/);
            assert.ok(!existsSync(path.join(server.folder, 'ledger/closed')));
            mount('-o', 'remount,rw');
            assert.equal(short(await other.order(form({ certificate: 'E1' }))),
                '201');

            await server.stop();
            mount('-o', 'remount,ro');
            await assert.rejects(server.start(), /Read-only file system/);
            await server.stop();
            mount('-o', 'remount,rw');
            await server.start();
            assert.equal(short(await one.get(`/${id}`)), '200');
            verify(server);
        }));

    // Of each size the first writer says what it lacks, or has all it needs.
    it('that has no room for a ledger: words, no signal', { skip: noMount() },
        (undo) => {
            const disk = path.join(scratch(undo), 'disk');
            const ends = [];

            mkdirSync(disk);

            for (let kb = 40; kb <= 1000; kb += kb < 300 ? 20 : 100) {
                execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kb}k`,
                    'none', disk]);

                const { status, signal, stdout } = spawnSync(
                    'build/ledger-driver', [path.join(disk, 'ledger'),
                        path.join(disk, 'key'), 'a.example/log', 1, 1],
                    { cwd: project, encoding: 'utf8' });

                execFileSync('umount', [disk]);
                assert.equal(signal, null, `${kb} KB: ${stdout}`);
                assert.match(stdout, status === 0 ? /^ok 1 0 / : /^no ./m,
                    `${kb} KB: ${status}`);
                ends.push(status);
            }

            assert.equal(ends[0], 2, 'the smallest is too small');
            assert.equal(ends.at(-1), 0, 'the largest is not');
        });

    it('that has no room for an index beside the one: it is not looked at',
        { skip: noMount() }, () => during(async (undo) => {
            const { at, run, write, log } = ledger(undo);
            const disk = at('disk');
            const mount = (...args) => execFileSync('mount', [...args, disk]);
            const verify = () => run('log', 'verify', '--ledger', disk,
                ...log.slice(2), '--index');

            write(created(1), created(2));
            mkdirSync(disk);
            mount('-t', 'tmpfs', '-o', 'size=550k', 'none');
            undo.after(() => execFileSync('umount', ['-l', disk]));
            execFileSync('cp', ['-a', `${at('ledger')}/.`, disk]);
            assert.match(verify().stderr,
                /index: its disk has too little room for another one\n$/);
            mount('-o', 'remount,size=8m');
            assert.equal(verify().status, 0);
        }));

    for (const [what, nth] of [['vault', 1], ['log', 2]]) {
        it(`that fails to sync the ${what}: closed until it is reopened`,
            { skip: noTrace() }, () => during((undo) => syncs(undo, what,
                nth)));
    }
});
