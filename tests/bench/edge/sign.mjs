// Tokens, proofs and signatures of the bench, with keys that live as long as
// the run. They are made as a client makes them, none is like another.

import { createHash, createHmac, generateKeyPairSync, randomBytes, randomUUID,
    sign } from 'node:crypto';

export const origin = 'https://ca.example.cn';
const issuer = 'https://id.example.cn';
const tag = 'ca-order-v1';

const base64url = (text) => Buffer.from(text).toString('base64url');
const json64 = (value) => base64url(JSON.stringify(value));
const sha256 = (text, as) => createHash('sha256').update(text).digest(as);

function makeKey(alg) {
    const { privateKey, publicKey } = alg === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519');
    const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
    const jwk = y === undefined ? { kty, crv, x } : { kty, crv, x, y };
    const members = y === undefined ? { crv, kty, x } : { crv, kty, x, y };
    const thumbprint = sha256(JSON.stringify(members), 'base64url');

    return { alg, privateKey, publicKey, jwk, thumbprint };
}

function signBy(key, text) {
    return key.alg === 'ES256'
        ? sign('sha256', Buffer.from(text),
            { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
        : sign(null, Buffer.from(text), key.privateKey);
}

const issuers = { Ed25519: makeKey('Ed25519'), ES256: makeKey('ES256') };
const browser = makeKey('ES256');
const partner = { ...makeKey('Ed25519'), client: 'erp-1' };
const secret = randomBytes(32);

// Files for the servers' folder of configuration.
export function files() {
    const set = (...keys) => JSON.stringify({ keys: keys.map((key) => ({
        ...key.jwk, alg: key.alg, use: 'sig', kid: key.thumbprint,
        ...key.client && { client_id: key.client } })) }, null, 1);
    const p256 = issuers.ES256.publicKey;

    return {
        'issuer.jwks': set(issuers.Ed25519, issuers.ES256),
        'partners.jwks': set(partner),
        'ed25519.key': issuers.Ed25519.jwk.x,
        'p256.pem': p256.export({ format: 'pem', type: 'spki' }),
        'p256.der': p256.export({ format: 'der', type: 'spki' }),
        secret,
    };
}

function compact(head, claims, signer) {
    const text = `${json64(head)}.${json64(claims)}`;

    return `${text}.${signer(text).toString('base64url')}`;
}

function claims(client, thumbprint, changes = {}) {
    const now = Math.floor(Date.now() / 1000);

    return {
        iss: issuer, aud: origin, sub: 'u-7f3a9c2e51d04b', client_id: client,
        iat: now, exp: now + 900, jti: `tok-${randomUUID()}`,
        scope: 'ca:quote ca:order ca:read', roles: ['individual'],
        auth_time: now, amr: ['hwk', 'pin'], cnf: { jkt: thumbprint },
        org: { id: '91350100M000100Y43', name: '辽宁某某建设工程有限公司',
            city: '210100' },
        certs: [{ sn: 'JK20219332345678', ca: 'CFCA', lock: 'project_leader',
            exp: now + 80 * 86400, hold: '刘某', plat: ['ln-construction',
                'ln-tender', 'ln-procurement', 'shenyang', 'dalian',
                'anshan'] }],
        ...changes,
    };
}

// A token of the browser; `alg` as the peers call it.
export function browserToken(alg, changes) {
    const say = claims('wizard', browser.thumbprint, changes);

    if (alg === 'HS256') {
        return compact({ alg, typ: 'at+jwt' }, say, 
            (text) => createHmac('sha256', secret).update(text).digest());
    }

    const key = issuers[alg === 'EdDSA' ? 'Ed25519' : alg];

    return compact({ alg, typ: 'at+jwt', kid: key.thumbprint }, say,
        (text) => signBy(key, text));
}

export function partnerToken() {
    const key = issuers.Ed25519;

    return compact({ alg: 'Ed25519', typ: 'at+jwt', kid: key.thumbprint },
        claims(partner.client, partner.thumbprint),
        (text) => signBy(key, text));
}

function contentDigest(body) {
    return `sha-256=:${sha256(body, 'base64')}:`;
}

function write(method, path, fields, body) {
    const all = { Host: 'ca.example.cn', ...fields };

    if (body !== undefined) {
        all['Content-Length'] = Buffer.byteLength(body);
    }

    return `${method} ${path} HTTP/1.1\r\n${Object.entries(all)
        .map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
        + `${body ?? ''}`;
}

// A request with a DPoP proof (RFC 9449), ES256; `iat` in seconds.
export function browserRequest(iat, token, method, path, body, fields = {}) {
    const proof = compact(
        { alg: 'ES256', typ: 'dpop+jwt', jwk: browser.jwk },
        { ...body !== undefined && { 'content-digest': contentDigest(body) },
            iat, jti: randomUUID(), htm: method, htu: `${origin}${path}`,
            ath: sha256(token, 'base64url') },
        (text) => signBy(browser, text));

    return write(method, path, { Authorization: `DPoP ${token}`, DPoP: proof,
        ...body !== undefined && { 'Content-Type': 'application/json' },
        ...fields },
    body);
}

// Certificates of an enterprise, as many as a token has, and that token.
export function buyer(at) {
    const org = { id: `9135${String(at).padStart(14, '0')}`,
        name: '辽宁某某建设工程有限公司', city: '210100' };
    const certs = Array.from({ length: 8 }, (_, i) => ({
        sn: `JK${at}-${i}`, ca: 'CFCA', lock: 'project_leader',
        exp: Math.floor(Date.now() / 1000) + 80 * 86400, hold: '刘某',
        plat: ['ln-construction', 'ln-tender', 'ln-procurement', 'shenyang',
            'dalian', 'anshan'] }));

    return { token: browserToken('Ed25519', { sub: `u-${at}`, org, certs }),
        serials: certs.map(({ sn }) => sn) };
}

// A request with an HTTP message signature (RFC 9421), Ed25519.
export function partnerRequest(created, token, method, path, body) {
    const fields = { 'Content-Type': 'application/json',
        'Content-Digest': contentDigest(body),
        Authorization: `Bearer ${token}` };
    const covered = { '@method': method, '@target-uri': `${origin}${path}`,
        ...Object.fromEntries(Object.entries(fields).map(
            ([name, value]) => [name.toLowerCase(), value])) };
    const params = `(${Object.keys(covered).map((name) => `"${name}"`)
        .join(' ')});created=${created};`
        + `nonce="${randomBytes(16).toString('base64url')}";`
        + `keyid="${partner.thumbprint}";tag="${tag}"`;
    const base = Object.entries(covered)
        .map(([name, value]) => `"${name}": ${value}\n`).join('')
        + `"@signature-params": ${params}`;

    return write(method, path, { ...fields, 'Signature-Input': `sig1=${params}`,
        Signature: `sig1=:${signBy(partner, base).toString('base64')}:` },
    body);
}
