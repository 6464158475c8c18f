// A site built and served for a test: everything in a folder of its own, on a
// port that nobody else has.

import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const plain = process.env.CAPLAT_SITE ?? 'build/caplat-site';


// A new folder that a server without root may read, gone after the test.
export function scratch(t) {
    const folder = mkdtempSync(path.join(tmpdir(), 'caplat-'));

    chmodSync(folder, 0o755);
    t.after(() => rmSync(folder, { recursive: true, force: true }));

    return folder;
}


// As of the newest day of the content, so that tests need no other calendar.
export function build(out, options = [], generator = plain,
    content = 'content')
{
    execFileSync(generator, ['build', '--content', content, '--site', 'site',
        '--out', out, '--wasm', 'build/caplat.wasm', ...options],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}


export function freePort() {
    return new Promise((resolve, reject) => {
        const server = net.createServer();

        server.on('error', reject);
        server.listen(0, '127.0.0.1', () => {
            const { port } = server.address();

            server.close(() => resolve(port));
        });
    });
}


// Run a command in a process group of its own, as a terminal does.
export function start(command, args, options = {}) {
    const child = spawn(command, args, { cwd: root, detached: true,
        stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const running = { child, output: '' };

    running.ended = new Promise((resolve) => {
        child.on('close', (code) => resolve(code));
        child.on('error', () => resolve(-1));
    });

    for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8');
        stream.on('data', (text) => { running.output += text; });
    }

    // What a terminal sends on Ctrl-C, to all of the group.
    running.interrupt = () => {
        process.kill(-child.pid, 'SIGINT');

        return running.ended;
    };

    return running;
}


// Wait for a line of a started command; fails when the command ends first.
export async function waitFor(running, words) {
    let ended = false;

    running.ended.then(() => { ended = true; });

    while (!running.output.includes(words)) {
        if (ended) {
            throw new Error(`ended without "${words}":\n${running.output}`);
        }

        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}


// env  what else serve is told: see site/nginx/serve
// at   its port; absent: any that is free
export async function serve(t, site, run, prefix = [], env = {}, at = undefined)
{
    const port = at ?? await freePort();
    const command = [...prefix, path.join(root, 'site/nginx/serve'),
        site, run, String(port)];
    const running = start(command[0], command.slice(1),
        { env: { ...process.env, ...env } });

    t.after(() => running.child.exitCode ?? running.interrupt());
    await waitFor(running, `http://127.0.0.1:${port}`);

    return { ...running, port, logs: path.join(run, String(port), 'logs') };
}


// One request as it is written, without a client's tidying of the path.
export function ask(port, target, { method = 'GET', headers = {} } = {}) {
    return new Promise((resolve, reject) => {
        const request = http.request({ host: '127.0.0.1', port, path: target,
            method, headers, agent: false });

        request.on('error', reject);
        request.on('response', (response) => {
            const parts = [];

            response.on('data', (part) => parts.push(part));
            response.on('end', () => resolve({ status: response.statusCode,
                headers: response.headers, body: Buffer.concat(parts) }));
        });
        request.end();
    });
}


// Bytes to the port as they are, for what no client would send.
export function say(port, text) {
    return new Promise((resolve, reject) => {
        const socket = net.connect(port, '127.0.0.1', () => socket.end(text));
        let answer = '';

        socket.setEncoding('latin1');
        socket.on('data', (part) => { answer += part; });
        socket.on('end', () => resolve(answer));
        socket.on('error', reject);
    });
}
