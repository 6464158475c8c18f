// Keys that are made for a test.

import { createPrivateKey, createPublicKey, generateKeyPairSync }
    from 'node:crypto';

const kinds = { ES256: 'ec', Ed25519: 'ed25519', X25519: 'x25519' };

// A new key's private and public JWK. Node 20 may wait for itself for ever when
// a key is exported as a JWK while the job that made it is thrown away, so the
// exported key is another one, read from the first one's bytes.
export function freshJwk(alg) {
    const der = (type) => ({ type, format: 'der' });
    const { privateKey, publicKey } = generateKeyPairSync(kinds[alg], {
        namedCurve: 'P-256', privateKeyEncoding: der('pkcs8'),
        publicKeyEncoding: der('spki') });
    const jwk = { format: 'jwk' };

    return { secret: createPrivateKey({ key: privateKey, ...der('pkcs8') })
        .export(jwk), jwk: createPublicKey({ key: publicKey, ...der('spki') })
        .export(jwk) };
}
