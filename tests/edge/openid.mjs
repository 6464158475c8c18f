// An identity site of somebody else: npm's oidc-provider, which knows of us
// nothing but a client's name and where it comes back to.

import http from 'node:http';

import { claims } from './people.mjs';

export const person = 'u-7f3a9c2e51d04b';
const scope = 'ca:quote ca:order ca:read';

// Why it cannot run here; undefined when it can.
export const unable = Number(process.versions.node.split('.')[0]) < 20
    ? 'it needs node 20' : undefined;


const listen = (server, port) => new Promise((resolve) =>
    server.listen(port, '127.0.0.1', resolve));


// The site, whose users are signed in as soon as they come.
//
// keys      the first signs
// back      where it sends people with a code; of a loopback any port will do
// audience  of its tokens, unless it is asked for another
// nonces    its proofs need one
//
// It has an address and jwks, the public half of its keys, and may be changed
// while it runs:
//
//   willing   false: users refuse
//   withheld  scopes that users do not allow
//   spoil     changes the claims of a token that is to be issued
//   close     it is gone; open() brings it back at the same address
export async function provider({ keys, back, audience, nonces = false }) {
    const { default: Provider } = await import('oidc-provider');
    const server = http.createServer();

    await listen(server, 0);

    const { port } = server.address();
    const self = { address: `http://127.0.0.1:${port}`, willing: true,
        withheld: '', spoil: (said) => said,
        jwks: { keys: keys.map((key) => key.public) } };
    const site = new Provider(self.address, {
        jwks: { keys: keys.map((key) => ({ ...key.secret,
            kid: key.thumbprint, alg: key.alg, use: 'sig' })) },
        clients: [{ client_id: 'wizard', redirect_uris: [back],
            post_logout_redirect_uris: [back],
            token_endpoint_auth_method: 'none', response_types: ['code'],
            grant_types: ['authorization_code'], application_type: 'native',
            id_token_signed_response_alg: keys[0].alg }],
        clientBasedCORS: () => true,
        cookies: { keys: ['not-a-secret'] },
        findAccount: (_, id) => ({ accountId: id,
            claims: () => ({ sub: id }) }),
        interactions: { url: (_, { uid }) => `/hello/${uid}` },
        // Our own claims; iss, aud, sub, client_id, iat, exp, jti, scope and
        // cnf are the library's.
        extraTokenClaims: () => {
            const { roles, org, certs } = claims('', { now:
                Math.floor(Date.now() / 1000) });

            return self.spoil({ roles, org, certs });
        },
        features: {
            devInteractions: { enabled: false },
            dPoP: { enabled: true, ...(nonces ? { requireNonce: () => true,
                nonceSecret: Buffer.alloc(32, 1) } : {}) },
            resourceIndicators: {
                enabled: true,
                defaultResource: () => audience,
                useGrantedResource: () => true,
                getResourceServerInfo: (_, asked) => ({ audience: asked,
                    scope, accessTokenTTL: 900,
                    accessTokenFormat: 'jwt',
                    jwt: { sign: { alg: keys[0].alg } } }),
            },
        },
    });
    const app = site.callback();

    server.on('request', async (request, response) => {
        if (!request.url.startsWith('/hello/')) {
            return app(request, response);
        }

        if (!self.willing) {
            return site.interactionFinished(request, response,
                { error: 'access_denied' });
        }

        const { params } = await site.interactionDetails(request, response);
        const grant = new site.Grant({ accountId: person,
            clientId: 'wizard' });
        const resource = params.resource ?? audience;

        grant.addOIDCScope('openid');
        grant.addResourceScope(resource, scope);

        if (self.withheld) {
            grant.rejectResourceScope(resource, self.withheld);
        }

        return site.interactionFinished(request, response, {
            login: { accountId: person },
            consent: { grantId: await grant.save() } });
    });

    self.close = () => new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
    });
    self.open = () => listen(server, port);

    return self;
}
