/*
 * The API as the pages ask it: each request is signed, once more where the
 * server names a nonce or has had the proof, and has a name for whatever comes
 * back in its stead.
 */
import { proof } from './key.js';

const PATIENCE_MS = { GET: 8000, POST: 15000 };
const NONCE = 'nonce';

/* The server's, for all pages of this tab: one request less on each. */
let nonce;

try {
    nonce = sessionStorage[NONCE];
} catch (e) { /* storage is closed: it is asked for again */ }

function keep(fresh) {
    nonce = fresh;

    try {
        sessionStorage[NONCE] = fresh;
    } catch (e) { /* storage is closed: it is kept as long as the page is */ }
}


/* name  of the problem: `price-changed`; `net` where there was no answer */
export class Problem extends Error {
    constructor(name, status, body) {
        super(name);
        Object.assign(this, { name, status, body });
    }

    /* The same request may be sent again, and get another answer. */
    get passes() {
        return this.status === 0 || this.status === 429 || this.status >= 500
            || this.name === 'idempotency-in-progress';
    }
}


/* Which of the platforms that were asked for a problem is about: their places. */
export const refused = ({ body }) => (body && body.errors || [])
    .map(each => /\/platforms\/(\d+)$/.exec(each.pointer)).filter(Boolean).map(found => Number(found[1]));


/* One request as it is; its answer, whatever its status. */
export async function send(method, path, headers, body) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), PATIENCE_MS[method]);

    try {
        const answer = await fetch(path, { method, headers, body,
            cache: 'no-store', credentials: 'same-origin', signal: control.signal });
        const text = await answer.text();

        return { answer, text };
    } catch (error) {
        throw new Problem('net', 0, {});
    } finally {
        clearTimeout(timer);
    }
}


/* An object or text; undefined where it is neither, or half of it. */
function read(type, text) {
    if (/^text\/plain\b/.test(type)) {
        return text;
    }

    try {
        return /\bjson\b/.test(type) && JSON.parse(text) || undefined;
    } catch (e) {
        return undefined;
    }
}


function told({ answer, text }) {
    const value = read(answer.headers.get('Content-Type') || '', text);

    if (answer.ok && value) {
        return value;
    }

    const body = value && value.type ? value : {};
    const name = /([^/#]+)$/.exec(body.type || '');

    /* What was done and cannot be read has the status of no answer. */
    throw new Problem(name ? name[1] : 'busy', answer.ok ? 0 : answer.status, body);
}


/* Without a proof: what anybody may ask. */
export async function look(path) {
    return told(await send('GET', path, {}));
}


/* token, body (an object), key (Idempotency-Key) */
export async function ask(method, path, { token, body, key } = {}) {
    const text = body && JSON.stringify(body);

    /* What a new proof mends, each once. A browser sends again by itself what a
       reset connection has lost, proof and all. */
    const again = new Set(['dpop-nonce-required', 'proof-replayed']);

    for (;;) {
        const headers = { DPoP: await proof(method, path, { token, body: text, nonce }) };

        if (token) {
            headers.Authorization = `DPoP ${token}`;
        }

        if (text) {
            headers['Content-Type'] = 'application/json';
        }

        if (key) {
            headers['Idempotency-Key'] = key;
        }

        const got = await send(method, path, headers, text);

        const fresh = got.answer.headers.get('DPoP-Nonce');

        if (fresh) {
            keep(fresh);
        }

        try {
            return told(got);
        } catch (problem) {
            if (!again.delete(problem.name)) {
                throw problem;
            }
        }
    }
}
