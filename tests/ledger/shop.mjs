// A shop in a machine whose power is cut (guest.sh): nginx on that machine's
// disk, with two workers, and a crowd of clients.
//
//     node shop.mjs sell           tells `sold ID SIZE ROOT` of each 201, when it
//                                  has been read
//     node shop.mjs again FOLDER   starts it as it was left, and ends it

import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { identity } from '../edge/people.mjs';
import { edge, until } from '../edge/server.mjs';
import { Told, crowd, tokens } from './crowd.mjs';

const forever = { after() { /* the power is cut before */ } };
const now = () => Math.floor(Date.now() / 1000);

// Each order as it is told.
class Loud extends Told {
    constructor() {
        super();
        this.orders = { push({ id, note }) {
            const [, size, root] = note.split('\n');

            process.stdout.write(`sold ${id} ${size} ${root}\n`);
        } };
    }
}

async function sell() {
    const own = (name) => readFileSync(path.join(path.dirname(process.env.KEY),
        name));
    const issuer = await identity();
    const { port } = await edge(forever, { workers: 2, zone: 'seen.zone 8m',
        ledger: 'segment=64k reserve=0', files: {
            'jwks-issuer.json': issuer.jwks, 'log.jwk': own('log.jwk'),
            'test.epoch': own('test.epoch') } });

    // What an operator has put there has long been on the disk.
    execFileSync('sync');

    const all = await crowd({ count: 12, roll: Math.random, port,
        told: new Loud(), now, issuer: tokens(issuer) });

    await until('a fault', all.fault, 600_000);
    throw all.fault();
}

async function again(folder) {
    const log = () => readFileSync(path.join(folder, 'error.log'), 'utf8');
    const before = log().length;
    const nginx = spawn('/usr/sbin/nginx', ['-p', `${folder}/`, '-c',
        'nginx.conf', '-e', 'error.log'], { stdio: 'inherit' });
    const ended = new Promise((resolve) => nginx.on('close', resolve));

    await until('the ledger', () => nginx.exitCode !== null
        || /ready records=/.test(log().slice(before)));
    process.stdout.write(log().slice(before));
    nginx.kill();
    await ended;
}

const [what, folder] = process.argv.slice(2);

await (what === 'sell' ? sell() : again(folder));
