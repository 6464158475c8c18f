/*
 * Signing in at an OpenID provider: code, PKCE (RFC 7636), and a token bound to
 * this browser's key from the beginning (RFC 9449, 10).
 */
import { send } from './api.js';
import { hash, proof, thumbprint, unique, write } from './key.js';
import { one } from './view.js';

const STORE = 'sign-in';
const SCOPE = 'openid ca:quote ca:order ca:read';
const LIFE_S = 900;             /* of a token that does not say */

const { issuer, client } = one('[data-wait]').dataset;
const here = `${location.origin}/apply/`;

export const { origin, host } = new URL(issuer);


/* key  of a state in ui.xml; code  what the provider or a check calls it */
export class Refusal extends Error {
    constructor(key, code) {
        super(key);
        Object.assign(this, { key, code });
    }
}

const failure = code => new Refusal('auth.failed', /^[a-z_-]{1,40}$/.test(code) ? code : 'unknown');

const ask = (...request) => send(...request).catch(() => {
    throw new Refusal('auth.away');
});


/* The JSON of an answer that grants; any other is thrown by its name. */
function granted({ answer, text }) {
    let value = {};

    if (answer.status >= 500 || answer.status === 429) {
        throw new Refusal('auth.away');
    }

    try {
        value = JSON.parse(text);
    } catch (e) { /* it has no name */ }

    if (!answer.ok || value.error) {
        throw failure(value.error);
    }

    return value;
}


const isTheirs = url => String(url).startsWith(`${origin}/`);

/* What the provider says about itself (OpenID Connect Discovery, 4). */
async function discover() {
    const about = granted(await ask('GET',
        `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {}));

    if (about.issuer !== issuer
        || ![about.authorization_endpoint, about.token_endpoint].every(isTheirs)) {
        throw failure('issuer');
    }

    return about;
}


function go(url, query) {
    const address = new URL(url);

    Object.keys(query).forEach(name => address.searchParams.set(name, query[name]));
    location.assign(address.href);
}


/* To the provider; to  the page to go on with after coming back. */
export async function depart(to) {
    const about = await discover();
    const state = unique();
    const verifier = unique() + unique();

    sessionStorage[STORE] = JSON.stringify({ state, verifier, to });
    go(about.authorization_endpoint, {
        client_id: client,
        redirect_uri: here,
        resource: location.origin,
        response_type: 'code',
        scope: SCOPE,
        state,
        code_challenge: await hash(verifier),
        code_challenge_method: 'S256',
        dpop_jkt: await thumbprint(),
    });
}


/* To where the provider's own session ends, if there is such a place. */
export async function leave() {
    const { end_session_endpoint: end } = await discover();

    if (isTheirs(end)) {
        go(end, { client_id: client, post_logout_redirect_uri: here });
    }
}


/*
 * What the provider has sent along in the address, which loses it at once:
 * { query, asked }, with what this tab has kept if it has asked for that.
 */
export function taken() {
    const query = new URLSearchParams(location.search);

    if (!['state', 'code', 'error'].some(name => query.has(name))) {
        return undefined;
    }

    const kept = JSON.parse(sessionStorage[STORE] || '{}');
    const asked = kept.state && kept.state === query.get('state') && kept;

    history.replaceState(null, '', asked && asked.to ? `${here}#to=${asked.to}` : here);
    delete sessionStorage[STORE];

    return { query, asked };
}


/* A proof of the key goes along, once more where a nonce is asked for. */
async function exchange(url, form) {
    for (let nonce; ;) {
        const got = await ask('POST', url, {
            'Content-Type': 'application/x-www-form-urlencoded',
            DPoP: await proof('POST', url, { nonce }),
        }, String(new URLSearchParams(form)));
        const fresh = got.answer.headers.get('DPoP-Nonce');

        try {
            return granted(got);
        } catch (refusal) {
            if (refusal.code !== 'use_dpop_nonce' || nonce || !fresh) {
                throw refusal;
            }

            nonce = fresh;
        }
    }
}


/* The token for what taken() has found; as often as the provider is away. */
export async function arrive({ query, asked }) {
    const iss = query.get('iss');

    if (!asked || (iss !== null && iss !== issuer)) {
        throw new Refusal('auth.foreign');
    }

    if (query.has('error')) {
        const error = query.get('error');

        throw error === 'access_denied' ? new Refusal('auth.refused') : failure(error);
    }

    const about = await discover();

    if (iss === null && about.authorization_response_iss_parameter_supported) {
        throw new Refusal('auth.foreign');
    }

    const got = await exchange(about.token_endpoint, {
        client_id: client,
        redirect_uri: here,
        resource: location.origin,
        grant_type: 'authorization_code',
        code: query.get('code'),
        code_verifier: asked.verifier,
    });

    if (!/^dpop$/i.test(got.token_type)) {
        throw failure('token_type');
    }

    await write('token', { text: got.access_token,
        until: Date.now() / 1000 + (Number(got.expires_in) || LIFE_S) });
}
