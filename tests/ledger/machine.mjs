// A machine of its own, whose disks are files and whose power can be cut: Linux
// as a process of this one (user-mode-linux), with guest.sh as its first
// process. It may do what this machine does not let us: mount, fail, forget.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { names } from '../edge/server.mjs';
import { root } from '../site/server.mjs';

const kernel = '/usr/bin/linux.uml';
const modules = '/usr/lib/uml/modules';
const guest = path.join(root, 'tests/ledger/guest.sh');
const lie = path.join(root, 'build/ledger-lie.so');
const limit = 60_000;                   // ms of one run

// Whether it starts at all: some machines do not let a process be a kernel.
function boots() {
    const { stdout } = spawnSync(kernel, ['mem=64M', 'root=/dev/root',
        'rootfstype=hostfs', 'rootflags=/', 'ro', 'init=/bin/echo', 'con=null',
        'con0=fd:0,fd:1', 'quiet', '--', 'it', 'boots'],
    { encoding: 'utf8', timeout: limit, stdio: ['ignore', 'pipe', 'ignore'] });

    return stdout.includes('it boots');
}

// Why there is none; undefined when there is.
export function missing() {
    const files = [kernel, modules, path.join(root, 'build/ledger-driver'), lie]
        .filter((file) => !existsSync(file));

    return files.length !== 0 ? `there is no ${files[0]}`
        : boots() ? undefined
            : 'no kernel starts as a process of this machine';
}


// What its driver said, line by line.
function take(line, told) {
    const [word, ...rest] = line.split(' ');

    if (word === 'ok') {
        const [size, index, id] = rest;

        told.acknowledged.set(Number(index), id);
        told.size = Math.max(told.size, Number(size));
    } else if (word === 'sold') {
        const [id, size, root] = rest;

        told.sold.set(id, { size: Number(size), root });
    } else if (word === 'no' || word === 'torn') {
        told[word].push(rest.join(' '));
    }
}


// A run of it.
class Run {
    constructor(machine, disks, words) {
        const { folder, out, key } = machine;
        const ubd = disks.map((file, n) => `ubd${n}=${file}`);

        this.told = { acknowledged: new Map(), size: 0, sold: new Map(),
            no: [], torn: [] };
        this.output = '';
        this.wakes = [];
        this.child = spawn(kernel, ['mem=768M', 'root=/dev/root',
            'rootfstype=hostfs', 'rootflags=/', 'ro', 'con=null',
            'con0=fd:0,fd:1', 'loglevel=1', `init=${guest}`, ...ubd,
            `OUT=${out}`, `KEY=${key}`, `NAME=${names.log}`, '--', ...words],
        { detached: true, stdio: ['ignore', 'pipe', 'ignore'],
            env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder } });
        this.ended = new Promise((resolve) => {
            this.child.on('close', resolve);
        });
        this.timer = setTimeout(() => this.cut(), limit);

        let rest = '';

        this.child.stdout.setEncoding('utf8');
        this.child.stdout.on('data', (text) => {
            const lines = `${rest}${text}`.replaceAll('\r', '').split('\n');

            rest = lines.pop();
            this.output += text;
            lines.forEach((line) => take(line, this.told));
            this.wakes.forEach((wake) => wake());
        });
    }

    // Until it has said that, or is gone.
    async until(is) {
        let over = false;

        this.ended.then(() => {
            over = true;
            this.wakes.forEach((wake) => wake());
        });

        while (!over && !is(this)) {
            await new Promise((resolve) => {
                this.wakes = [resolve];
            });
        }

        if (!is(this)) {
            throw new Error(`the machine ended early:\n${this.output}`);
        }
    }

    // The power is gone, in the middle of whatever it is at.
    async cut() {
        clearTimeout(this.timer);

        try {
            process.kill(-this.child.pid, 'SIGKILL');
        } catch (error) {
            if (error.code !== 'ESRCH') {
                throw error;
            }
        }

        await this.ended;

        return this.told;
    }
}


export class Machine {
    constructor(folder) {
        this.folder = folder;
        this.out = path.join(folder, 'out');
        this.key = path.join(folder, 'log.jwk');
        mkdirSync(this.out);
        this.caplat('key', 'new', '--out', this.key);
        this.vkey = this.caplat('log', 'vkey', '--key', this.key, '--name',
            names.log).trim();
    }

    caplat(...args) {
        return execFileSync('build/caplat', args, { cwd: root,
            encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    }

    // An empty disk of so many MiB.
    disk(file, size) {
        const at = path.join(this.folder, file);

        execFileSync('truncate', ['-s', `${size}M`, at]);

        return at;
    }

    // One with a file system.
    formatted(file, size, ...options) {
        const at = this.disk(file, size);

        execFileSync('/sbin/mkfs.ext4', ['-q', ...options, at]);

        return at;
    }

    start(disks, ...words) {
        return new Run(this, disks, words.map(String));
    }

    // All of it, to its end.
    async run(disks, ...words) {
        const run = this.start(disks, ...words);

        try {
            await run.until(({ output }) => /^done\r?$/m.test(output));
        } finally {
            await run.cut();
        }

        return { ...run.told, output: run.output };
    }

    // What guest.sh has shown; undefined: there was nothing.
    shown(what) {
        const at = path.join(this.out, what);

        return existsSync(at) && readdirSync(at).length !== 0 ? at : undefined;
    }
}

export const nosync = lie;
