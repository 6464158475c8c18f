/*
 * What a browser has of its own, in IndexedDB: a key that cannot be taken out
 * of it, the token that is bound to that key (RFC 9449), and what has been typed
 * and not been sent. None stands in an address, a cookie or a store of text.
 */
const DB = 'caplat';
const ROWS = 'own';
const ES256 = { name: 'ECDSA', namedCurve: 'P-256' };


const wait = request => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
});


/* One transaction; the row is there when it is complete. */
async function rows(mode, act) {
    const opening = indexedDB.open(DB, 1);

    opening.onupgradeneeded = () => opening.result.createObjectStore(ROWS);

    const db = await wait(opening);

    try {
        return await wait(act(db.transaction(ROWS, mode).objectStore(ROWS)));
    } finally {
        db.close();
    }
}

export const read = name => rows('readonly', own => own.get(name));
export const write = (name, value) => rows('readwrite', own => (value === undefined
    ? own.delete(name) : own.put(value, name)));
/* The row as it stands; where goes(row) says so it is gone in the same breath. */
export const take = (name, goes) => rows('readwrite', own => {
    const asked = own.get(name);

    asked.addEventListener('success', () => goes(asked.result) && own.delete(name));

    return asked;
});
export const forget = () => rows('readwrite', own => own.clear());


/*
 * What has been typed for a certificate and not been ordered: `typed SERIAL`, with
 * the time when it was typed last. It is personal, and the computer may be an
 * office's: after a day it is gone from whatever page is opened.
 */
const DRAFT = 'typed ';
const DRAFT_MS = 24 * 60 * 60 * 1000;

/* Nor is it kept where the clock has been set back, or says nothing. */
const isOver = row => row && !(Math.abs(Date.now() - row.at) < DRAFT_MS);

export async function tidy() {
    const names = await rows('readonly', own => own.getAllKeys());

    await Promise.all(names.filter(name => name.startsWith(DRAFT)).map(name => take(name, isOver)));
}

export async function draft(serial) {
    await tidy();

    const kept = await read(DRAFT + serial);

    return kept ? kept.said : {};
}

export const keepDraft = (serial, said) => write(DRAFT + serial, said && { said, at: Date.now() });


const base64url = bytes => btoa(String.fromCharCode.apply(null, new Uint8Array(bytes)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const utf8 = text => new TextEncoder().encode(text);
const part = value => base64url(utf8(JSON.stringify(value)));
const sha256 = text => crypto.subtle.digest('SHA-256', utf8(text));
export const hash = async text => base64url(await sha256(text));


async function ownKey() {
    const kept = await read('key');

    if (kept) {
        return kept;
    }

    const pair = await crypto.subtle.generateKey(ES256, false, ['sign']);
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    const made = { secret: pair.privateKey, jwk: { kty, crv, x, y } };

    try {
        await rows('readwrite', own => own.add(made, 'key'));
    } catch (error) {
        if (error.name !== 'ConstraintError') {
            throw error;
        }
    }

    /* Of two tabs that make one at once, the first is kept: by both. */
    return read('key');
}


/* The name that a token has for the key (RFC 7638). */
export async function thumbprint() {
    const { jwk: { crv, kty, x, y } } = await ownKey();

    return hash(JSON.stringify({ crv, kty, x, y }));
}


/*
 * A proof for one request; see the server's profile of browsers. The address
 * is a path of this site, or a whole one.
 */
export async function proof(method, address, { token, body, nonce }) {
    const { secret, jwk } = await ownKey();
    const said = {
        jti: base64url(crypto.getRandomValues(new Uint8Array(16))),
        htm: method,
        htu: new URL(address, location.origin).href.replace(/[?#].*$/, ''),
        iat: Math.floor(Date.now() / 1000),
    };

    if (token) {
        said.ath = await hash(token);
    }

    if (body) {
        const digest = new Uint8Array(await sha256(body));

        said['content-digest'] = `sha-256=:${btoa(String.fromCharCode.apply(null, digest))}:`;
    }

    if (nonce) {
        said.nonce = nonce;
    }

    const text = `${part({ typ: 'dpop+jwt', alg: 'ES256', jwk })}.${part(said)}`;
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, secret, utf8(text));

    return `${text}.${base64url(signature)}`;
}


/* A number that nobody else has: of a request that may be sent again. */
export const unique = () => base64url(crypto.getRandomValues(new Uint8Array(16)));
