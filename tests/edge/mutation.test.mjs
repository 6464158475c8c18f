// No forgery lies near a request that is accepted: each byte of its token, its
// proof or signature and its content, changed in several ways, is refused,
// unless the change provably means the same.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parseDictionary, serializeDictionary } from 'structured-headers';

import { byBrowser, byServer, claims, identity, pair, partner, question }
    from './people.mjs';
import { edge, moment, sighted, staged, suite } from './server.mjs';
import { Wire, problem } from './wire.mjs';

const lanes = 8;
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    + '0123456789-_';

// A byte in other ways: what stands there instead, as latin1. Nothing that
// would end the field.
const changes = {
    'lowest bit': (byte) => String.fromCharCode(byte ^ 1),
    'letter case': (byte) => (/[A-Za-z]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte ^ 0x20) : undefined),
    'top bit': (byte) => String.fromCharCode(byte ^ 0x80),
    'next of base64url': (byte) => {
        const at = base64.indexOf(String.fromCharCode(byte));

        return at === -1 ? undefined : base64[(at + 1) % 64];
    },
    'left out': () => '',
    'a blank before it': (byte) => ` ${String.fromCharCode(byte)}`,
    'twice': (byte) => String.fromCharCode(byte, byte),
    'a zero before it': (byte) => `0${String.fromCharCode(byte)}`,
};

// Of a token, for which a request has to be signed each time.
const few = ['lowest bit', 'next of base64url'];

// What a field means, for those few changes that leave that as it was: blanks
// around it (RFC 9110, 5.5), the case of a scheme and blanks after it (11.4),
// and other spellings of one structured field (RFC 9651), such as blanks
// between its members or zeros before a number.
const meaning = {
    authorization: (value) => value.trim().replace(/^(\w+) +/,
        (_, scheme) => `${scheme.toLowerCase()} `),
    'signature-input': (value) => serializeDictionary(parseDictionary(value)),
    signature: (value) => value.trim().replace(/^(\S+?)= */, '$1='),
};

function same(field, was, is) {
    const plain = meaning[field] ?? ((value) => value.trim());

    try {
        return plain(was) === plain(is);
    } catch {
        return false;
    }
}


// A request with another value of one field, or other content; with another
// token the holder of the key makes all that depends on it anew.
function changed(request, make, field, value) {
    if (field === 'token') {
        return make(value);
    }

    const { length } = field === 'content' ? Buffer.from(value, 'latin1')
        : Buffer.from(request.body);

    return { ...request,
        body: field === 'content' ? Buffer.from(value, 'latin1') : request.body,
        headers: request.headers.map(([name, own]) => [name,
            name.toLowerCase() === field ? value
                : name === 'Content-Length' ? length : own]) };
}


function valueOf(request, field) {
    if (field === 'token') {
        return valueOf(request, 'authorization').split(' ')[1];
    }

    return field === 'content' ? Buffer.from(request.body).toString('latin1')
        : request.headers.find(([name]) => name.toLowerCase() === field)[1];
}


// One change: [place, name of the change]. A signature is as long in each new
// request, so places stay.
function mutate(value, [at, name]) {
    const instead = changes[name](value.charCodeAt(at));

    return instead === undefined ? undefined
        : value.slice(0, at) + instead + value.slice(at + 1);
}


// Try all changes of a field; what was forged, what means the same, and how
// many were refused. make() gives a fresh request: one that has been accepted,
// or refused only after its proof was used up, would hide what follows.
async function attack(port, make, field) {
    const { length } = valueOf(await make(), field);
    const work = Array.from({ length }, (_, at) => (field === 'token' ? few
        : Object.keys(changes)).map((name) => [at, name])).flat();
    const found = { forged: [], same: [], faults: [], refused: {} };

    const lane = async () => {
        const wire = new Wire(port);
        let request = await make();

        for (let one = work.pop(); one !== undefined; one = work.pop()) {
            const was = valueOf(request, field);
            const is = mutate(was, one);

            if (is === undefined || is === was) {
                continue;
            }

            const answer = await wire.ask(
                await changed(request, make, field, is));
            const name = problem(answer);

            if (answer.status < 400) {
                (same(field, was, is) ? found.same : found.forged)
                    .push(`${one[1]} at ${one[0]}: ${is}`);
            } else if (answer.status >= 500) {
                found.faults.push(`${answer.status}: ${one}: ${is}`);
            } else {
                found.refused[name] = (found.refused[name] ?? 0) + 1;
            }

            if (name?.endsWith('-replayed')) {
                work.push(one);
                found.refused[name]--;
            }

            // Before the digest is looked at, the proof has been used up.
            if (answer.status < 400 || name === undefined
                || /^digest|-replayed$/.test(name))
            {
                request = await make();
            }
        }

        wire.close();
    };

    await Promise.all(Array.from({ length: lanes }, lane));

    return found;
}


suite('a request with one byte changed', { clock: true }, () => {
    const target = '/v1/quotes';
    const sites = {};
    let server;
    let partners;

    staged(async (undo) => {
        sites.Ed25519 = await identity('Ed25519');
        sites.ES256 = await identity('ES256');
        partners = { Ed25519: await partner('erp-1', 'Ed25519'),
            ES256: await partner('erp-2', 'ES256') };
        server = await edge(undo, { clock: moment - sighted, files: {
            'jwks-issuer.json': { keys: Object.values(sites)
                .map((one) => one.public) },
            'jwks-partners.json': { keys: Object.values(partners)
                .map((one) => one.public) } } });
        server.clock(moment);
    });

    // Makers of fresh requests, and the fields that must hold.
    const kinds = {
        dpop: { fields: ['token', 'authorization', 'dpop', 'content'],
            async make(alg) {
                const key = await pair(alg);
                const good = await sites[alg].token(claims(key.thumbprint));

                return (token = good) => byBrowser(key, { target, token,
                    body: question });
            } },
        httpsig: { fields: ['token', 'authorization', 'signature-input',
            'signature', 'content-digest', 'content-type', 'content'],
        async make(alg) {
            const key = partners[alg];
            const good = await sites[alg].token(claims(key.thumbprint,
                { client_id: key.client }));

            return (token = good) => byServer(key, { target, token,
                body: question });
        } },
    };

    for (const [kind, { fields, make }] of Object.entries(kinds)) {
        for (const alg of ['ES256', 'Ed25519']) {
            describe(`${kind}, ${alg}`, () => {
                let fresh;

                const accepted = async () => {
                    const wire = new Wire(server.port);
                    const answer = await wire.ask(await fresh());

                    wire.close();
                    assert.equal(answer.status, 200, String(answer.body));
                };

                it('as it is, is accepted', async () => {
                    fresh = await make(alg);
                    await accepted();
                });

                for (const field of fields) {
                    it(`${field}: none is forged`, async (t) => {
                        const found = await attack(server.port, fresh, field);

                        assert.deepEqual(found.forged, []);
                        assert.deepEqual(found.faults, []);
                        t.diagnostic(`${field}: refused `
                            + `${JSON.stringify(found.refused)}, `
                            + `${found.same.length} mean the same`);
                    });
                }

                it('as it is, is still accepted', accepted);
            });
        }
    }
});
