// Who takes part in a request, with keys that are made here: an issuer of
// tokens, holders with the fixtures' certificate, partners.

import { createHash, createPrivateKey, randomUUID } from 'node:crypto';

import { createSigner, httpbis } from 'http-message-signatures';
import { SignJWT, calculateJwkThumbprint, importJWK } from 'jose';

import { freshJwk } from '../keys.mjs';
import { moment, names } from './server.mjs';

export const sha256 = (bytes, as = 'base64') => createHash('sha256')
    .update(bytes).digest(as);

// The field and the claim that bind content.
export const digest = (body) => `sha-256=:${sha256(body)}:`;

// The question of the fixtures, which costs 2500 fen.
export const serial = 'JK20219332345678';
export const choice = ['jinzhou', 'chaoyang', 'huachen'];
export const question = JSON.stringify({ certificate: serial,
    platforms: choice });


// A key pair: alg is `Ed25519` or `ES256`, as in JWS.
export async function pair(alg = 'ES256') {
    const { secret, jwk } = freshJwk(alg);

    return { alg, privateKey: await importJWK(secret, alg), jwk, secret,
        thumbprint: await calculateJwkThumbprint(jwk) };
}


// What a token says about the fixtures' holder.
export function claims(thumbprint, { now = moment, days = 80, ...changes } = {})
{
    return { iss: names.issuer, aud: names.audience, sub: 'u-7f3a9c2e51d04b',
        client_id: 'wizard', iat: now - 30, exp: now + 870,
        jti: `tok-${randomUUID()}`, scope: 'ca:quote ca:order ca:read',
        roles: ['individual'], auth_time: now - 60, amr: ['hwk', 'pin'],
        cnf: { jkt: thumbprint },
        org: { id: '91350100M000100Y43', name: '辽宁某某建设工程有限公司',
            city: '210100' },
        certs: [{ sn: serial, ca: 'CFCA', lock: 'project_leader',
            exp: now + days * 86400, hold: '刘某',
            plat: ['ln-construction', 'ln-tender', 'ln-procurement',
                'shenyang', 'dalian', 'anshan'] }],
        ...changes };
}


// An identity site: its key, the file with it, and its tokens.
export async function identity(alg = 'Ed25519') {
    const key = await pair(alg);

    const own = { ...key.jwk, kid: key.thumbprint, alg, use: 'sig' };

    return { ...key, public: own, jwks: { keys: [own] },
        token: (said, header = {}) => new SignJWT(said)
            .setProtectedHeader({ typ: 'at+jwt', alg, kid: key.thumbprint,
                ...header }).sign(key.privateKey) };
}


// A proof of RFC 9449. The body's claim is there when there is a body.
export function proof(key, { method = 'POST', target, token, body, nonce,
    now = moment, origin = names.origin, changes = {} }) {
    const said = { jti: randomUUID(), htm: method,
        htu: origin + target.replace(/[?#].*$/, ''), iat: now,
        ...(token === undefined ? {} : { ath: sha256(token, 'base64url') }),
        ...(body === undefined ? {} : { 'content-digest': digest(body) }),
        ...(nonce === undefined ? {} : { nonce }), ...changes };

    return new SignJWT(said).setProtectedHeader({ typ: 'dpop+jwt',
        alg: key.alg, jwk: key.jwk }).sign(key.privateKey);
}


const host = (origin) => new URL(origin).host;

// The fields that tell of content.
export function content(body) {
    return body === undefined ? [] : [['Content-Type', 'application/json'],
        ['Content-Length', String(Buffer.byteLength(body))]];
}


// A request as a browser makes it (RFC 9449), ready for the wire.
export async function byBrowser(key, { target, token, body, headers = [],
    method = body === undefined ? 'GET' : 'POST', ...rest }) {
    const made = await proof(key, { method, target, token, body, ...rest });

    return { method, target, body, headers: [
        ['Host', host(rest.origin ?? names.origin)],
        ['Authorization', `DPoP ${token}`], ['DPoP', made], ...content(body),
        ...headers] };
}


// A partner of the file of partners.
export async function partner(client, alg = 'Ed25519', more = {}) {
    const key = await pair(alg);

    return { ...key, client,
        public: { ...key.jwk, kid: key.thumbprint, alg, use: 'sig',
            client_id: client, ...more } };
}


const algorithms = { Ed25519: 'ed25519', ES256: 'ecdsa-p256-sha256' };

// A request as a partner's server makes it (RFC 9421), ready for the wire.
// cover: names of further components
export async function byServer(key, { target, token, body, headers = [],
    method = body === undefined ? 'GET' : 'POST', now = moment,
    nonce = randomUUID(), origin = names.origin, cover = [] }) {
    const plain = [['Host', host(origin)],
        ...(token === undefined ? [] : [['Authorization', `Bearer ${token}`]]),
        ...content(body),
        ...(body === undefined ? [] : [['Content-Digest', digest(body)]]),
        ...headers];
    const fields = ['@method', '@target-uri', ...cover];

    for (const name of ['content-type', 'content-digest', 'authorization',
        'idempotency-key']) {
        if (plain.some(([one]) => one.toLowerCase() === name)) {
            fields.push(name);
        }
    }

    const signed = await httpbis.signMessage({ fields, name: 'sig1',
        key: createSigner(createPrivateKey({ key: key.secret, format: 'jwk' }),
            algorithms[key.alg], key.thumbprint),
        params: ['created', 'nonce', 'keyid', 'tag'],
        paramValues: { created: new Date(now * 1000), nonce, tag: names.tag } },
    { method, url: origin + target, headers: Object.fromEntries(plain) });

    return { method, target, body, headers: [...plain,
        ...['Signature-Input', 'Signature'].map((name) =>
            [name, signed.headers[name]])] };
}


// A registry for the built-in sign-in: the holder of above, and a manager who
// has nothing yet.
export const holders = { holders: [
    { id: 'leader', label: '项目负责人 刘某', subject: 'u-7f3a9c2e51d04b',
        name: '刘某', role: 'individual', org: { id: '91350100M000100Y43',
            name: '辽宁某某建设工程有限公司', city: '210100' },
        certs: [{ sn: serial, ca: 'CFCA', lock: 'project_leader',
            exp_days: 80, hold: '刘某', plat: ['ln-construction',
                'ln-tender', 'ln-procurement', 'shenyang', 'dalian',
                'anshan'] }] },
    { id: 'manager', label: '管理员 王某', subject: 'u-0000000000000001',
        name: '王某', role: 'manager', org: { id: '91350100M000100Y43',
            name: '辽宁某某建设工程有限公司', city: '210100' },
        certs: [{ sn: 'JK20210000000001', ca: 'CFCA', lock: 'enterprise',
            exp_days: 400, plat: [] }] }] };
