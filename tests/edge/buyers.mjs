// People who order, on a server of their own: with real keys and proofs.

import { randomUUID } from 'node:crypto';

import { byBrowser, byServer, choice, claims, identity, pair, partner, serial }
    from './people.mjs';
import { edge, moment, sighted } from './server.mjs';
import { ask, problem } from './wire.mjs';

export const orders = '/v1/orders';

// What the fixtures' certificate may order, for 2500 fen.
export const form = (changes = {}) => JSON.stringify({ certificate: serial,
    platforms: choice, amount: 2500, channel: 'alipay', invoice: {
        issue: true, type: 'digital_normal', title_type: 'enterprise',
        title: '辽宁某某建设工程有限公司', tax_no: '91350100M000100Y43',
        email: 'someone@example.cn' }, ...changes });
export const free = form({ platforms: ['huachen'], amount: 0,
    channel: undefined, invoice: undefined });

export const json = (answer) => JSON.parse(answer.body);

// `201`, or `404 order-not-found`.
export const short = (answer) => [answer.status, problem(answer)]
    .filter((one) => one !== undefined).join(' ');

// One of a token.
export const certificate = (sn, more = {}) => ({ sn, ca: 'CFCA',
    lock: 'project_leader', exp: moment + 80 * 86400, hold: '刘某',
    plat: ['ln-construction', 'ln-tender', 'ln-procurement', 'shenyang',
        'dalian', 'anshan'], ...more });


// A server whose clock stands at a moment, and people: each has a token for
// certificates of its own. `peers` are further partners, `more` further files.
export async function stage(t, { at = moment, peers = [], more = {},
    ...options } = {}) {
    const issuer = await identity();
    const peer = await partner('erp-1');
    const server = await edge(t, { clock: at - sighted, files: {
        'jwks-issuer.json': issuer.jwks,
        'jwks-partners.json': { keys: [peer, ...peers]
            .map((one) => one.public) }, ...more }, ...options });
    let now = at;

    // Proofs are made by the clock that the server has.
    const clock = (seconds) => { now = seconds; server.clock(seconds); };

    clock(at);

    const person = async (changes = {}) => {
        const key = await pair();
        const token = () => issuer.token(claims(key.thumbprint,
            { now, ...changes }));
        const request = async (to, more = {}) => byBrowser(key,
            { target: to, token: await token(), now, ...more });

        return {
            request,
            place: (body = form(), idempotency = randomUUID(), more = {}) =>
                request(orders, { body, headers: [['Idempotency-Key',
                    idempotency]], ...more }),
            get: async (to, more) => ask(server.port,
                await request(`${orders}${to}`, more)),
            cancel: async (id, more) => ask(server.port,
                await request(`${orders}/${id}/cancel`,
                    { method: 'POST', ...more })),
            async order(...args) {
                return ask(server.port, await this.place(...args));
            },
        };
    };

    // A partner's server; with a token of its own, or without.
    const asPeer = (to, more = {}, by = peer) => byServer(by,
        { target: to, now, ...more });
    const byPeer = async (...all) => ask(server.port, await asPeer(...all));
    const peerToken = () => issuer.token(claims(peer.thumbprint,
        { now, client_id: peer.client }));

    return { server, person, clock, asPeer, byPeer, peerToken };
}
