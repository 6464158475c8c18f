// A CA as it is run: a root, a CA below it, certificates of clients, a list of
// those that were revoked; all by the openssl command.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const settings = `
[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
serial = serial
crlnumber = crlnumber
policy = any
unique_subject = no
[any]
countryName = optional
organizationName = optional
commonName = supplied
[req]
distinguished_name = none
string_mask = utf8only
utf8 = yes
[none]
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[client]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`;

// What openssl is told of a kind of key, and of what signs with it.
const kinds = {
    RSA: { key: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
        sign: ['-sha256'] },
    ECDSA: { key: ['-algorithm', 'EC', '-pkeyopt',
        'ec_paramgen_curve:P-256'], sign: ['-sha256'] },
    // GB/T 35276 names the id that all CAs use; OpenSSL's own is empty.
    SM2: { key: ['-algorithm', 'SM2'],
        sign: ['-sm3', '-sigopt', 'distid:1234567812345678'],
        check: ['-vfyopt', 'distid:1234567812345678'] },
};

export function openssl(folder, ...args) {
    return execFileSync('openssl', args, { cwd: folder, encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'] });
}


// One who signs others, or who is signed: a folder with key.pem and crt.pem.
class Owner {
    constructor(folder, kind) {
        this.folder = folder;
        this.kind = kind;
        mkdirSync(folder);
        writeFileSync(this.file('openssl.cnf'), settings);
        this.openssl('genpkey', ...kinds[kind].key, '-out', 'key.pem');
    }

    file(name) {
        return path.join(this.folder, name);
    }

    openssl(...args) {
        return openssl(this.folder, ...args);
    }

    read(name) {
        return readFileSync(this.file(name));
    }

    get key() {
        return this.read('key.pem');
    }

    get certificate() {
        return this.read('crt.pem');
    }

    // As nginx's $ssl_client_i_dn and $ssl_client_serial tell of it.
    get card() {
        const [issuer, serial] = this.openssl('x509', '-in', 'crt.pem',
            '-noout', '-issuer', '-serial', '-nameopt', 'RFC2253').split('\n');

        return { issuer: issuer.replace(/^issuer=/, ''),
            serial: serial.replace(/^serial=/, '') };
    }
}


// Dates are as in `20270115080000Z`: certificates live through all moments at
// which tests are run, unless they are told otherwise.
const always = { from: '20200101000000Z', to: '20490101000000Z' };

export class Authority extends Owner {
    // below: the Authority that signs this one; undefined for a root
    constructor(parent, { name, subject, kind = 'ECDSA', below }) {
        super(path.join(parent, name), kind);
        this.chain = below === undefined ? [this] : [this, ...below.chain];
        this.serial = 0x1000;
        writeFileSync(this.file('index.txt'), '');
        writeFileSync(this.file('crlnumber'), '01\n');
        (below ?? this).sign(this, { subject, as: 'authority' });
    }

    sign(owner, { subject, serial = (this.serial++).toString(16), from, to,
        as = 'client' }) {
        const { sign } = kinds[this.kind];
        const { sign: own, check = [] } = kinds[owner.kind];

        writeFileSync(this.file('serial'), `${serial.toUpperCase()}\n`);
        owner.openssl('req', '-new', '-config', 'openssl.cnf', '-key',
            'key.pem', ...own, '-subj', subject, '-out', 'csr.pem');
        this.openssl('ca', '-batch', '-config', 'openssl.cnf',
            '-in', owner.file('csr.pem'), '-out', owner.file('crt.pem'),
            '-notext', '-keyfile', 'key.pem',
            ...(this === owner ? ['-selfsign'] : ['-cert', 'crt.pem']),
            '-startdate', from ?? always.from, '-enddate', to ?? always.to,
            '-extensions', as, '-md', sign[0].slice(1), ...sign.slice(1),
            ...check);

        return owner;
    }

    // A client's key and certificate; for node's tls too.
    client(name, { kind = 'ECDSA', ...rest }) {
        return this.sign(new Owner(this.file(name), kind), rest);
    }

    revoke(owner) {
        this.openssl('ca', '-batch', '-config', 'openssl.cnf', '-keyfile',
            'key.pem', '-cert', 'crt.pem', '-revoke', owner.file('crt.pem'),
            '-md', 'sha256');
    }

    // What has been revoked so far, PEM.
    revoked() {
        return this.openssl('ca', '-config', 'openssl.cnf', '-keyfile',
            'key.pem', '-cert', 'crt.pem', '-gencrl', '-md', 'sha256',
            '-crl_lastupdate', always.from, '-crl_nextupdate', always.to);
    }

    // This one and those above it, PEM.
    get bundle() {
        return Buffer.concat(this.chain.map((one) => one.certificate));
    }
}
