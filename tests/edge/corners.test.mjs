// Where nginx's own directives meet a route: blocks in its location, requests
// that nginx makes itself, its error pages, conditions.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { it } from 'node:test';

import { root } from '../site/server.mjs';
import { byBrowser, byServer, claims, identity, pair, partner, proof, question }
    from './people.mjs';
import { during, edge, moment, once, pause, sighted, suite } from './server.mjs';
import { ask, render } from './wire.mjs';

const host = ['Host', 'ca.example.cn'];
const aside = ['X-Debug', '1'];
const inIf = '; if ($http_x_debug) { set $a 1; }';
const demo = 'caplat_sign_in demo registry=holders.json key=issuer.json';

// A server, and who talks to it.
async function world(undo, { key: more = {}, ...options } = {}) {
    const issuer = await identity();
    const key = await pair('Ed25519');
    const peer = await partner('erp-1');
    const token = await issuer.token(claims(key.thumbprint));
    const peerToken = await issuer.token(claims(peer.thumbprint,
        { client_id: 'erp-1' }));
    const server = await edge(undo, { clock: moment - sighted, ...options,
        files: { 'jwks-issuer.json': issuer.jwks,
            'jwks-partners.json': { keys: [{ ...peer.public, ...more }] },
            'issuer.json': { ...issuer.secret, kid: issuer.thumbprint },
            'holders.json': readFileSync(`${root}/site/nginx/holders.json`,
                'utf8') } });

    server.clock(moment);

    return { server, issuer, key, peer, token, peerToken,
        say: async (request) => ask(server.port, await request) };
}

suite('corners', { clock: true }, () => {
    const lives = (name, locations, request) => it(name, () =>
        during(async (undo) => {
            const w = await world(undo, { locations });
            const [pid] = w.server.workers();

            await Promise.race([w.say(request(w)), pause(2000, { ref: false })])
                .catch(() => undefined);
            await pause(500);
            assert.deepEqual(w.server.workers(), [pid], w.server.log()
                .match(/^.*exited on signal.*$/m)?.[0]);
        }));

    lives('a stranger does not kill a worker by an if beside caplat_sign_in',
        { '= /v1/x': demo + inIf },
        () => ({ method: 'GET', target: '/v1/x', headers: [host, aside] }));
    lives('a stranger does not kill a worker by an if beside caplat_problem',
        { '= /v1/x': `caplat_problem not-found${inIf}` },
        () => ({ method: 'GET', target: '/v1/x', headers: [host, aside] }));
    lives('a mirrored request without its body kills no worker',
        { '= /v1/x': 'mirror /v1/m; mirror_request_body off; '
            + 'proxy_pass http://127.0.0.1:1;', '= /v1/m': 'caplat_quotes;' },
        ({ key, token }) => byBrowser(key, { target: '/v1/x', token,
            body: question }));

    it('a body that an error_page has thrown away kills no worker', () =>
        during(async (undo) => {
            const { server, key, token } = await world(undo, { locations: {
                '= /v1/y': 'error_page 404 = @quotes; return 404;',
                '@quotes': 'caplat_quotes;' } });
            const [pid] = server.workers();
            const request = await byBrowser(key, { target: '/v1/y', token,
                body: question });
            const socket = net.connect(server.port, '127.0.0.1');

            socket.on('error', () => undefined);
            socket.write(render({ ...request, body: '' }));
            await pause(300);
            assert.deepEqual(server.workers(), [pid]);
            socket.destroy();
        }));

    it('an if needs no partners where its location needs none', () =>
        during(async (undo) => {
            const { server } = await world(undo);

            server.put('nginx.conf', server.conf({ partners: false, locations:
                { '= /v1/session': `caplat_session${inIf}` } }));

            const { status, words } = await once(server.folder, ['-t']);

            assert.equal(status, 0, words);
        }));

    it('a location with an if has the keys of its location', () =>
        during(async (undo) => {
            const { key, token, say } = await world(undo, { locations:
                { '= /v1/x': `caplat_session${inIf}` } });
            const answer = await say(byBrowser(key, { target: '/v1/x', token,
                headers: [aside] }));

            assert.equal(answer.status, 200);
        }));

    it('a proof for GET lets no POST through auth_request', () =>
        during(async (undo) => {
            const { key, token, say } = await world(undo, { locations:
                { '= /v1/who': 'caplat_session;', '= /v1/x':
                    'auth_request /v1/who; proxy_pass http://127.0.0.1:1;' } });
            const answer = await say({ method: 'POST', target: '/v1/x',
                headers: [host, ['Content-Length', '0'],
                    ['Authorization', `DPoP ${token}`], ['DPoP',
                        await proof(key, { method: 'GET', target: '/v1/x',
                            token })]] });

            assert.equal(answer.status, 403);       // 502: it went through
        }));

    it('a limit_except leaves a route what it is', () =>
        during(async (undo) => {
            const { key, token, say } = await world(undo, { locations:
                { '= /v1/quotes': 'caplat_quotes; '
                    + 'limit_except GET { allow all; }' } });

            assert.equal((await say(byBrowser(key, { target: '/v1/quotes',
                token, body: question }))).status, 200);
        }));

    it('a problem of an error_page has the status that it says', () =>
        during(async (undo) => {
            const { say } = await world(undo, { locations: {
                '= /v1/metrics': 'error_page 403 @forbidden; deny all; '
                    + 'caplat_status;',       // as in site/nginx/api.conf
                '@forbidden': 'caplat_problem not-found;' } });
            const answer = await say({ method: 'GET', target: '/v1/metrics',
                headers: [host] });

            assert.equal(answer.status, JSON.parse(answer.body).status);
        }));

    for (const field of [['If-None-Match', '*'], ['If-Match', '"x"'],
        ['If-Unmodified-Since', 'Thu, 01 Jan 1970 00:00:00 GMT']]) {
        it(`a quote is not conditional: ${field[0]}`, () =>
            during(async (undo) => {
                const { key, token, say } = await world(undo);
                const answer = await say(byBrowser(key, { target: '/v1/quotes',
                    token, body: question, headers: [field] }));

                assert.equal(answer.status, 200);
            }));
    }

    it('a session tells what the caller may, not what the token says', () =>
        during(async (undo) => {
            const { peer, peerToken, say } = await world(undo,
                { key: { scope: 'ca:read' } });
            const answer = await say(byServer(peer, { target: '/v1/session',
                token: peerToken }));

            assert.deepEqual(JSON.parse(answer.body).scopes, ['ca:read']);
        }));

    it('a forced demo warns too', () => during(async (undo) => {
        const { server } = await world(undo);

        server.put('nginx.conf', server.conf({ locations:
            { '= /v1/token': `${demo} forced;` } }));

        const { words } = await once(server.folder, ['-t']);

        assert.match(words, /lets everybody sign in/);
    }));
});
