// How far OpenSSL goes with SM2, the keys of most CA locks: it makes keys and
// certificates, verifies them with care, and has no SM2 in TLS. A version that
// goes farther fails here: then README's paragraph has to be written anew.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate, createECDH, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import { it } from 'node:test';

import { freePort, scratch } from '../site/server.mjs';
import { Authority } from './ca.mjs';
import { identity } from './people.mjs';
import { conf, edge, lay, once, staged, suite, until } from './server.mjs';

// GB/T 35276: the id of all whose certificates name none.
const id = ['-vfyopt', 'distid:1234567812345678'];


// The parts of a handshake (RFC 5246), which TLS 1.2 begins in the clear.
const hello = { client: 1, certificate: 11, request: 13, done: 14, verify: 15,
    exchange: 16 };
const sm2sig = 0x0708;

const number = (value, bytes) => {
    const all = Buffer.alloc(bytes);

    all.writeUIntBE(value, 0, bytes);

    return all;
};
const list = (bytes, ...parts) => {
    const all = Buffer.concat(parts);

    return Buffer.concat([number(all.length, bytes), all]);
};
const message = (type, ...parts) => Buffer.concat([number(type, 1),
    list(3, ...parts)]);
const extension = (type, ...parts) => Buffer.concat([number(type, 2),
    list(2, ...parts)]);

const greeting = () => message(hello.client, number(0x0303, 2),
    randomBytes(32), list(1), list(2, number(0xc02b, 2)), list(1, number(0, 1)),
    list(2, extension(10, list(2, number(23, 2))),
        extension(11, list(1, number(0, 1))),
        extension(13, list(2, number(0x0403, 2), number(sm2sig, 2)))));


// A client of TLS 1.2 that shows an SM2 certificate, which no client of
// OpenSSL's does: the signatures that the server asks for, before it hangs up.
function show(port, owner, chain) {
    return new Promise((resolve) => {
        const socket = net.connect(port, '127.0.0.1');
        const said = [];
        let bytes = Buffer.alloc(0);
        let talk = Buffer.alloc(0);
        let asked;

        const record = (part) => Buffer.concat([Buffer.from([22, 3, 3]),
            list(2, part)]);

        // All at once: what OpenSSL says of a chain that does not verify makes
        // nginx end a handshake that has to wait.
        const answer = () => {
            const own = createECDH('prime256v1');
            const parts = [message(hello.certificate, list(3,
                ...chain.map((one) => list(3,
                    new X509Certificate(one.certificate).raw)))),
            message(hello.exchange, list(1, own.generateKeys()))];

            writeFileSync(owner.file('said'), Buffer.concat([...said,
                ...parts]));
            owner.openssl('pkeyutl', '-sign', '-inkey', 'key.pem', '-rawin',
                '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678',
                '-in', 'said', '-out', 'signature');
            parts.push(message(hello.verify, number(sm2sig, 2),
                list(2, owner.read('signature'))));
            socket.write(Buffer.concat(parts.map(record)));
        };

        // Whole messages of what has been said in handshake records.
        const listen = () => {
            while (talk.length >= 4
                && talk.length >= 4 + talk.readUIntBE(1, 3)) {
                const length = 4 + talk.readUIntBE(1, 3);
                const one = talk.subarray(0, length);

                talk = talk.subarray(length);
                said.push(one);

                if (one[0] === hello.request) {
                    const from = 4 + 1 + one[4];

                    asked = Array.from({ length: one.readUInt16BE(from) / 2 },
                        (_, i) => one.readUInt16BE(from + 2 + 2 * i));
                } else if (one[0] === hello.done) {
                    answer();
                }
            }
        };

        socket.on('data', (part) => {
            bytes = Buffer.concat([bytes, part]);

            while (bytes.length >= 5
                && bytes.length >= 5 + bytes.readUInt16BE(3)) {
                const kind = bytes[0];
                const one = bytes.subarray(5, 5 + bytes.readUInt16BE(3));

                bytes = bytes.subarray(5 + one.length);

                if (kind === 22) {
                    talk = Buffer.concat([talk, one]);
                    listen();
                }
            }
        });
        socket.on('error', () => {});
        socket.on('close', () => resolve(asked));
        socket.on('connect', () => {
            said.push(greeting());
            socket.write(record(said[0]));
        });
    });
}


suite('SM2, as far as OpenSSL goes', {}, () => {
    let folder;
    let root;
    let ca;
    let lock;
    let direct;
    let plain;

    staged((undo) => {
        folder = scratch(undo);
        root = new Authority(folder, { name: 'root', kind: 'SM2',
            subject: '/C=CN/CN=SM2 Root' });
        ca = new Authority(folder, { name: 'ca', kind: 'SM2', below: root,
            subject: '/C=CN/CN=SM2 Locks' });
        lock = ca.client('lock', { kind: 'SM2', subject: '/CN=lock' });
        direct = root.client('direct', { kind: 'SM2',
            subject: '/CN=direct' });
        plain = new Authority(folder, { name: 'plain',
            subject: '/CN=plain' }).client('server', { subject: '/CN=server' });
    });

    const verify = (owner, options = [], trusted = root) => {
        const { status, stdout, stderr } = spawnSync('openssl', ['verify',
            '-trusted', trusted.file('crt.pem'), '-untrusted',
            ca.file('crt.pem'), ...options, owner.file('crt.pem')],
        { encoding: 'utf8' });

        return status === 0 ? 'OK'
            : `${stdout}${stderr}`.match(/error \d+ at \d+ depth[^\n]*/)[0];
    };

    it('certificates are SM2 with SM3', () => {
        assert.match(lock.openssl('x509', '-in', 'crt.pem', '-noout', '-text'),
            /Signature Algorithm: SM2-with-SM3[^]*ASN1 OID: SM2/);
    });

    it('verifies what the root has signed, when told the id', () => {
        assert.equal(verify(direct, id), 'OK');
        assert.equal(verify(ca, id), 'OK');
        assert.equal(verify(direct), 'error 7 at 0 depth lookup: '
            + 'certificate signature failure');
    });

    it('verifies no longer chain: what is between gets no id', () => {
        for (const options of [[], id]) {
            assert.equal(verify(lock, options), 'error 7 at 1 depth '
                + 'lookup: certificate signature failure');
        }

        // It is not the chain's fault.
        assert.equal(verify(lock, [...id, '-partial_chain'], ca), 'OK');
    });

    for (const version of ['-tls1_2', '-tls1_3']) {
        it(`a client cannot load one: ${version}`, () => {
            const { status, stderr } = spawnSync('openssl', ['s_client',
                '-connect', '127.0.0.1:1', version, '-cert',
                lock.file('crt.pem'), '-key', lock.file('key.pem')],
            { encoding: 'utf8' });

            assert.notEqual(status, 0);
            assert.match(stderr, /ssl_set_cert:unknown certificate type/);
        });
    }

    it('TLS has no name for its signatures', () => {
        const { status, stderr } = spawnSync('openssl', ['s_client', '-connect',
            '127.0.0.1:1', '-sigalgs', 'sm2sig_sm3'], { encoding: 'utf8' });

        assert.notEqual(status, 0);
        assert.match(stderr, /SSL_CONF_cmd\(-sigalgs, sm2sig_sm3\) failed/);
    });

    it('nginx cannot load one as its own, but its CA', async (t) => {
        const issuer = await identity();
        const test = async (own) => {
            const { folder: place, put } = lay(t, {
                'jwks-issuer.json': issuer.jwks, 'ca.pem': ca.bundle,
                'tls.crt': own.certificate, 'tls.key': own.key });

            put('nginx.conf', conf({ listen: ['127.0.0.1:1 ssl'],
                server: `ssl_certificate tls.crt; ssl_certificate_key tls.key;
                    ssl_client_certificate ca.pem; ssl_verify_client on;` }));

            return once(place, ['-t']);
        };

        assert.equal((await test(plain)).status, 0);

        const { status, words } = await test(lock);

        assert.notEqual(status, 0);
        assert.match(words, /unknown certificate type/);
    });

    it('nginx asks for no SM2, and ends when it is shown one', async (t) => {
        const issuer = await identity();
        const port = await freePort();
        const server = await edge(t, { listen: [`127.0.0.1:${port} ssl`],
            server: `ssl_certificate tls.crt; ssl_certificate_key tls.key;
                ssl_client_certificate ca.pem; ssl_verify_client optional;
                ssl_verify_depth 2;`,
            files: { 'jwks-issuer.json': issuer.jwks, 'ca.pem': ca.bundle,
                'tls.crt': plain.certificate, 'tls.key': plain.key } });

        const asked = await show(port, lock, [lock, ca]);

        assert.ok(asked.includes(0x0403), 'ECDSA with P-256 is asked for');
        assert.ok(!asked.includes(sm2sig), 'SM2 is not');

        assert.match(await until('words in the log', () => server.log()
            .match(/SSL_do_handshake\(\) failed.*/)?.[0]),
        /signature for non signing certificate/);
    });
});
