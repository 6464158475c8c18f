// Clients who order without end and never give up: each request is sent again,
// with the same key and body, until it has its answer. What they were told is
// remembered. Signing is cheap, for the server is to be what is slow.

import { createPrivateKey, randomUUID, sign } from 'node:crypto';

import { certificate, form, json, orders, short } from '../edge/buyers.mjs';
import { claims, digest, pair, sha256 } from '../edge/people.mjs';
import { names, pause } from '../edge/server.mjs';
import { Wire, render } from '../edge/wire.mjs';

const certsOfToken = 8;
const patience = 60000;         // ms until a request counts as never answered
const remembered = 24;          // orders of a client that it may ask for again

const nothing = { status: 0, headers: {} };

const part = (value) => Buffer.from(JSON.stringify(value))
    .toString('base64url');


// Numbers from 0 to 1 that a seed decides (mulberry32).
export function dice(seed) {
    let state = seed >>> 0;

    return () => {
        state = (state + 0x6d2b79f5) >>> 0;

        let x = Math.imul(state ^ (state >>> 15), state | 1);

        x ^= x + Math.imul(x ^ (x >>> 7), x | 61);

        return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
    };
}


// Signs as JOSE does, without promises; the head is made already.
function signing({ alg, secret }) {
    const key = { key: createPrivateKey({ key: secret, format: 'jwk' }),
        dsaEncoding: 'ieee-p1363' };
    const hash = alg === 'ES256' ? 'sha256' : null;

    return (head, said) => {
        const text = `${head}.${part(said)}`;

        return `${text}.${sign(hash, Buffer.from(text), key)
            .toString('base64url')}`;
    };
}


// Tokens of an identity site (people.mjs).
export function tokens(site) {
    const head = part({ typ: 'at+jwt', alg: site.alg, kid: site.thumbprint });
    const jws = signing(site);

    return (said) => jws(head, said);
}


// What all of them were told, until it is taken to be checked.
export class Told {
    constructor() {
        this.orders = [];       // of each 201: { id, note }
        this.notes = [];        // of GET /log/checkpoint
        this.latencies = [];    // ms of each request that got 201
        this.counts = { placed: 0, replayed: 0, conflicts: 0, cancelled: 0,
            retries: 0, nonces: 0 };
        this.waits = [];        // ms from the first try to the 201
    }

    take() {
        const { orders: ids, notes } = this;

        this.orders = [];
        this.notes = [];

        return { ids, notes };
    }
}


// One client; its order number n is for the certificate K{i}N{n}.
export class Client {
    constructor({ number, roll, port, told, now, issuer, key }) {
        Object.assign(this, { number, roll, told, now, issuer,
            wires: [new Wire(port), new Wire(port)], running: true, n: 0,
            past: [] });
        this.thumbprint = key.thumbprint;
        this.head = part({ typ: 'dpop+jwt', alg: key.alg, jwk: key.jwk });
        this.jws = signing(key);
    }

    // A token for the eight certificates of which n is one.
    token(n) {
        const group = Math.floor(n / certsOfToken);

        if (this.cached?.group !== group
            || this.cached.until < this.now())
        {
            const now = this.now();

            this.cached = { group, until: now + 600,
                text: this.issuer(claims(this.thumbprint, { now,
                    sub: `u-crowd-${this.number}`,
                    certs: Array.from({ length: certsOfToken }, (_, k) =>
                        certificate(this.serial(group * certsOfToken + k),
                            { exp: now + 80 * 86400 })) })) };
            this.cached.hash = sha256(this.cached.text, 'base64url');
        }

        return this.cached;
    }

    serial(n) {
        return `K${this.number}N${n}`;
    }

    // A request for the order n, with a proof of its own.
    request(n, { method = 'POST', target = orders, body = '', key, nonce }) {
        const { text, hash } = this.token(n);
        const proof = this.jws(this.head, { jti: randomUUID(),
            htm: method, htu: names.origin + target, iat: this.now(),
            ath: hash, ...(body === '' ? {} : { 'content-digest':
                digest(body) }), ...(nonce === undefined ? {} : { nonce }) });

        return render({ method, target, body, headers: [
            ['Host', new URL(names.origin).host],
            ['Authorization', `DPoP ${text}`], ['DPoP', proof],
            ...(key === undefined ? [] : [['Idempotency-Key', key]]),
            ...(body === '' ? [] : [['Content-Type', 'application/json']]),
            ['Content-Length', String(Buffer.byteLength(body))]] });
    }

    // Until there is an answer that is not 503. Undefined: it is all over.
    async ask(n, what, wire = this.wires[0]) {
        const first = performance.now();
        let nonce;

        while (performance.now() < first + patience) {
            const from = performance.now();
            const answer = await wire.send(this.request(n, { ...what, nonce }),
                'POST').catch(() => undefined);

            // A server that was killed while it wrote down proofs wants to know
            // for a while that they are new.
            if (short(answer ?? nothing) === '401 dpop-nonce-required') {
                nonce = answer.headers['dpop-nonce'];
                this.told.counts.nonces++;
                continue;
            }

            if (answer !== undefined && answer.status !== 503) {
                const end = performance.now();

                if (answer.status === 201) {
                    this.told.latencies.push(end - from);
                    this.told.waits.push(end - first);
                }

                return answer;
            }

            this.told.counts.retries++;
            await pause(2 + 20 * this.roll());
        }

        throw new Error(`${this.serial(n)}: no answer within ${patience} ms`);
    }

    // Place, or ask again for what was placed.
    async place(n, body, key, wire) {
        const answer = await this.ask(n, { body, key }, wire);

        if (answer.status === 201) {
            const { id, checkpoint } = json(answer);

            this.told.orders.push({ id, note: checkpoint });
            this.told.counts.placed++;
            this.past[Math.floor(this.roll() * remembered)] = { n, body, key,
                hash: sha256(answer.body) };

            return { id };
        }

        if (short(answer) !== '409 order-state-conflict') {
            throw new Error(`${this.serial(n)}: ${short(answer)}: ${
                answer.body}`);
        }

        this.told.counts.conflicts++;

        return {};
    }

    // The first answer, byte for byte.
    async again({ n, body, key, hash }) {
        const answer = await this.ask(n, { body, key });

        if (answer.status !== 201 || sha256(answer.body) !== hash
            || answer.headers['idempotency-replayed'] !== 'true')
        {
            throw new Error(`${this.serial(n)}: another answer to its key: ${
                short(answer)}: ${answer.body}`);
        }

        this.told.counts.replayed++;
    }

    async cancel(n, id) {
        const answer = await this.ask(n, { target: `${orders}/${id}/cancel` });

        // A cancel that was done before its answer was lost, or a lapse.
        if (answer.status !== 200
            && short(answer) !== '409 order-state-conflict')
        {
            throw new Error(`${id}: ${short(answer)}: ${answer.body}`);
        }

        this.told.counts.cancelled++;
    }

    // One order in one of several ways.
    async step() {
        const { roll } = this;
        const n = this.n++;
        const sn = this.serial(n);
        const way = roll();
        const zero = form({ certificate: sn, platforms: ['huachen'],
            amount: 0, channel: undefined, invoice: undefined });
        const paid = form({ certificate: sn });

        if (way < 0.4) {
            await this.place(n, zero, randomUUID());
        } else if (way < 0.6) {
            await this.place(n, paid, randomUUID());
        } else if (way < 0.75) {
            // Two at once, most often at two workers: one order.
            const both = await Promise.all(this.wires.map((wire) =>
                this.place(n, paid, randomUUID(), wire)));

            if (both.every(({ id }) => id === undefined)) {
                throw new Error(`${sn}: neither of two was ordered`);
            }
        } else if (way < 0.85) {
            // One key at once at two workers: one order, one answer.
            const key = randomUUID();
            const [a, b] = await Promise.all(this.wires.map((wire) =>
                this.place(n, zero, key, wire)));

            if (a.id === undefined || a.id !== b.id) {
                throw new Error(`${sn}: one key, orders ${a.id} and ${b.id}`);
            }
        } else {
            const { id } = await this.place(n, paid, randomUUID());

            await this.cancel(n, id);
            await this.place(n, paid, randomUUID());
        }

        const old = this.past[Math.floor(roll() * remembered)];

        if (old !== undefined && roll() < 0.2) {
            await this.again(old);
        }
    }

    async run() {
        while (this.running) {
            await this.step();
        }
    }

    // All that it remembers, once more.
    async remember() {
        for (const old of this.past) {
            if (old !== undefined) {
                await this.again(old);
            }
        }
    }

    close() {
        this.running = false;
        this.wires.forEach((wire) => wire.close());
    }
}


// So many of them, and whoever reads the checkpoint all the time. `kind` is a
// class of theirs, `more` what it wants.
export async function crowd({ count, roll, port, told, now, issuer,
    kind = Client, more }) {
    const clients = await Promise.all(Array.from({ length: count },
        async (_, number) => new kind({ number, roll, port, told, now, issuer,
            key: await pair(number % 2 ? 'ES256' : 'Ed25519'), ...more })));
    const wire = new Wire(port);
    let running = true;

    const poll = async () => {
        while (running) {
            const answer = await wire.send(render({ method: 'GET',
                target: '/log/checkpoint', headers: [['Host', 'x']] }))
                .catch(() => undefined);

            if (answer?.status === 200) {
                told.notes.push(answer.body.toString());
            }

            await pause(10);
        }
    };

    // The first fault that anybody meets ends it all.
    let fault;
    let working = count;
    const work = async (one) => {
        await one.run();
        working--;
    };
    const all = Promise.all([...clients.map(work), poll()])
        .catch((error) => { fault ??= error; });

    return { clients, fault: () => fault, working: () => working > 0,
        async end() {
            clients.forEach((one) => { one.running = false; });
            running = false;
            await all;
        }, close() {
            running = false;
            clients.forEach((one) => one.close());
            wire.close();
        } };
}
