// `make run` and what it starts: it says where, it says why not, and it
// leaves nothing behind.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync }
    from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';

import { ask, build, freePort, root, scratch, serve, start, waitFor }
    from './server.mjs';

const script = path.join(root, 'site/nginx/serve');

// The processes of a group that are still at work: proc(5), /proc/PID/stat.
function group(id) {
    return readdirSync('/proc').filter((pid) => {
        try {
            const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
            const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2)
                .split(' ');

            return Number(pgrp) === id && state !== 'Z';
        } catch {
            return false;               // no process, or it has just ended
        }
    });
}

async function refuses(port) {
    return new Promise((resolve) => {
        const socket = net.connect(port, '127.0.0.1');

        socket.on('connect', () => { socket.destroy(); resolve(false); });
        socket.on('error', () => resolve(true));
    });
}

function files(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (
        entry.isDirectory() ? files(path.join(folder, entry.name))
            : [path.join(folder, entry.name)]));
}

describe('make run', () => {
    it('serves, and Ctrl-C leaves neither process, port nor pid file',
        async () => {
            const port = await freePort();
            const { MAKEFLAGS, MAKELEVEL, MFLAGS, ...env } = process.env;
            const run = start('make', ['run', `PORT=${port}`], { env });

            await waitFor(run, `http://127.0.0.1:${port}`);
            assert.equal((await ask(port, '/')).status, 200);

            await run.interrupt();
            assert.deepEqual(group(run.child.pid), []);
            assert.ok(await refuses(port));
            assert.ok(!existsSync(path.join(root, 'build/run', String(port),
                'nginx.pid')));
        });
});

describe('site/nginx/serve', () => {
    it('ends with success on a signal', async (t) => {
        const folder = scratch(t);

        build(path.join(folder, 'www'));

        const server = await serve(t, path.join(folder, 'www'),
            path.join(folder, 'run'));

        assert.equal(await server.interrupt(), 0);
        assert.deepEqual(group(server.child.pid), []);
    });

    it('says that the port is taken and what to do', async (t) => {
        const folder = scratch(t);

        build(path.join(folder, 'www'));

        const server = await serve(t, path.join(folder, 'www'),
            path.join(folder, 'run'));
        const again = start(script, [path.join(folder, 'www'),
            path.join(folder, 'run'), String(server.port)]);

        assert.equal(await again.ended, 1);
        assert.match(again.output, new RegExp(`Port ${server.port} is taken`));
        assert.match(again.output, new RegExp(`PORT=${server.port + 1}`));
        assert.equal((await ask(server.port, '/')).status, 200);
    });

    it('says that there is no site', async (t) => {
        const again = start(script, [path.join(scratch(t), 'www'),
            path.join(scratch(t), 'run'), '1']);

        assert.equal(await again.ended, 1);
        assert.match(again.output, /make site/);
    });

    it('refuses a port that is no number', async (t) => {
        const again = start(script, [scratch(t), scratch(t), '80a']);

        assert.equal(await again.ended, 1);
        assert.match(again.output, /PORT must be a number/);
    });

    it('keeps all its files in its folder, also with blanks in the name',
        async (t) => {
            const folder = path.join(scratch(t), 'a $b "c"');

            mkdirSync(folder);
            build(path.join(folder, 'www'));

            const server = await serve(t, path.join(folder, 'www'),
                path.join(folder, 'run'));

            assert.equal((await ask(server.port, '/')).status, 200);
            assert.ok(files(path.join(folder, 'run'))
                .some((name) => name.endsWith('nginx.pid')));
        });

    it('runs without root', async (t) => {
        if (process.getuid() !== 0) {
            return t.skip('these tests already run without root');
        }

        const folder = scratch(t);
        const run = path.join(folder, 'run');
        const as = ['runuser', '-u', 'nobody', '--'];

        try {
            execFileSync(as[0], [...as.slice(1), 'test', '-x', script]);
        } catch {
            return t.skip('the user nobody may not read this folder');
        }

        build(path.join(folder, 'www'));
        mkdirSync(run, { mode: 0o755 });
        execFileSync('chown', ['nobody', run]);

        const server = await serve(t, path.join(folder, 'www'), run, as);

        assert.equal((await ask(server.port, '/')).status, 200);
        assert.notEqual(statSync(path.join(server.logs, 'access.log')).uid, 0);
        assert.doesNotMatch(server.output.replace(
            /^.*\[warn\].*"caplat_(sign_in demo|cashier)" lets everybody.*$/gm,
            ''),
        /warn|emerg|alert/);
    });
});
