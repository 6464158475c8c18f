// A check of access tokens as one writes it with njs: its requests share no
// objects, so each imports the key.

import fs from 'fs';

const folder = 'conf/';
const algorithms = {
    ES256: {
        key: () => crypto.subtle.importKey('spki',
            fs.readFileSync(folder + 'p256.der'),
            { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']),
        verify: { name: 'ECDSA', hash: 'SHA-256' },
    },
    HS256: {
        key: () => crypto.subtle.importKey('raw',
            fs.readFileSync(folder + 'secret'),
            { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']),
        verify: { name: 'HMAC' },
    },
};

async function check(r, algorithm) {
    const parts = (r.headersIn.Authorization || '').slice('DPoP '.length)
        .split('.');

    if (parts.length !== 3) {
        return false;
    }

    const head = JSON.parse(Buffer.from(parts[0], 'base64url').toString());
    const claims = JSON.parse(Buffer.from(parts[1], 'base64url').toString());
    const by = algorithms[algorithm];
    const key = await by.key();

    return head.alg === algorithm
        && claims.iss === 'https://id.example.cn'
        && claims.aud === 'https://ca.example.cn'
        && claims.exp > Date.now() / 1000
        && crypto.subtle.verify(by.verify, key,
            Buffer.from(parts[2], 'base64url'), `${parts[0]}.${parts[1]}`);
}

async function answer(r, algorithm) {
    if (await check(r, algorithm)) {
        r.return(200, 'ok');
    } else {
        r.return(401);
    }
}

function es256(r) {
    return answer(r, 'ES256');
}

function hs256(r) {
    return answer(r, 'HS256');
}

export default { es256, hs256 };
