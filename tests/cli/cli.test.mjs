// The operator's commands as an operator runs them: keys, sets of keys,
// tokens; and jose, which we did not write, judges what they make.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync,
         writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { calculateJwkThumbprint, createLocalJWKSet, exportJWK, generateKeyPair,
         importJWK, jwtVerify, SignJWT } from 'jose';

import '../webcrypto.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const samples = join(root, 'site/nginx/holders.json');
const folder = mkdtempSync(join(tmpdir(), 'caplat-cli-'));
const issuer = 'https://id.example.cn';
const audience = 'https://ca.example.cn';
const now = 1795334400;

after(() => rmSync(folder, { recursive: true }));

function at(name) {
    return join(folder, name);
}

function caplat(args, input = '') {
    const { status, stdout, stderr } = spawnSync(
        join(root, 'build/caplat'), args, { input, encoding: 'utf8' });

    return { status, stdout, stderr };
}

// What is done without a word on standard error.
function done(args, input) {
    const run = caplat(args, input);

    assert.deepEqual([run.status, run.stderr], [0, ''], args.join(' '));
    return run.stdout;
}

// What ends with a status and says why.
function fails(status, words, args, input) {
    const run = caplat(args, input);

    assert.equal(run.status, status, `${args.join(' ')}: ${run.stderr}`);
    assert.equal(run.stdout, '');
    assert.match(run.stderr, words);
}

function makeKey(name, ...options) {
    return JSON.parse(done(['key', 'new', '--out', at(name), '--json',
                            ...options]));
}

const signer = makeKey('issuer.jwk');
const curve = makeKey('curve.jwk', '--alg', 'es256');
const jkt = makeKey('browser.jwk', '--alg=es256').kid;

writeFileSync(at('jwks.json'),
              done(['key', 'public', at('issuer.jwk'), at('curve.jwk')]));

const where = ['--issuer', issuer, '--audience', audience];
const checking = ['token', 'check', '--keys', at('jwks.json'), ...where,
                  '--now', String(now)];

function issue(options = {}) {
    const all = { key: at('issuer.jwk'), issuer, audience, registry: samples,
                  holder: 'project-leader', jkt, now, ...options };

    return ['token', 'issue',
            ...Object.entries(all).flatMap(([name, value]) =>
                ['--' + name, String(value)])];
}

test('a new key is private, and nobody writes over it', () => {
    const before = readFileSync(at('issuer.jwk'));

    assert.equal(statSync(at('issuer.jwk')).mode & 0o777, 0o600);
    fails(1, /issuer\.jwk: File exists/,
          ['key', 'new', '--out', at('issuer.jwk')]);
    assert.deepEqual(readFileSync(at('issuer.jwk')), before);

    symlinkSync(at('nowhere'), at('link'));
    fails(1, /link: File exists/, ['key', 'new', '--out', at('link')]);
    assert.throws(() => statSync(at('nowhere')));
    fails(1, /No such file/, ['key', 'new', '--out', at('no/such/key')]);
    assert.match(done(['key', 'new', '--out', at('third.jwk')]),
                 /^\S+third\.jwk: kid [\w-]{43}\n$/);
});

test('keys are what jose takes them for', async () => {
    for (const [name, kid, alg, made] of [
        ['issuer.jwk', signer.kid, 'Ed25519', signer],
        ['curve.jwk', curve.kid, 'ES256', curve],
    ]) {
        const jwk = JSON.parse(readFileSync(at(name), 'utf8'));

        assert.equal(made.alg, alg);
        assert.equal(await calculateJwkThumbprint(jwk), kid);
        await importJWK(jwk, alg);
    }
});

test('public halves hold no secret', () => {
    const set = JSON.parse(readFileSync(at('jwks.json'), 'utf8'));
    const partner = JSON.parse(done(['key', 'public', at('curve.jwk'),
                                     '--client-id', 'erp-1']));

    assert.deepEqual(set.keys.map((key) => [key.kid, key.alg, key.use, key.d]),
                     [[signer.kid, 'Ed25519', 'sig', undefined],
                      [curve.kid, 'ES256', 'sig', undefined]]);
    assert.equal(partner.keys[0].client_id, 'erp-1');
    assert.equal(partner.keys[0].platforms, undefined);
    assert.equal(partner.keys[0].d, undefined);
});

test('a partner\'s key is the key of platforms', () => {
    for (const [words, platforms] of [['jinzhou', ['jinzhou']],
        ['jinzhou,huachen', ['jinzhou', 'huachen']]]) {
        const { keys } = JSON.parse(done(['key', 'public', at('curve.jwk'),
            '--client-id', 'erp-1', '--platforms', words]));

        assert.deepEqual(keys[0].platforms, platforms);
    }

    for (const words of [',', 'jinzhou,', 'Jinzhou', 'jinzhou,jinzhou',
        Array.from({ length: 33 }, (_, i) => i).join()]) {
        fails(1, /--platforms are not 1 to 32 ids, each of them once/,
            ['key', 'public', at('curve.jwk'), '--client-id', 'erp-1',
                '--platforms', words]);
    }
});

for (const [name, alg] of [['issuer.jwk', 'Ed25519'], ['curve.jwk', 'ES256']]) {
    test(`a token of ${alg} is accepted, by us and by jose`, async () => {
        const token = done(issue({ key: at(name) }));
        const said = done(checking, token);
        const { payload, protectedHeader } = await jwtVerify(token.trim(),
            createLocalJWKSet(JSON.parse(readFileSync(at('jwks.json')))),
            { issuer, audience, typ: 'at+jwt',
              currentDate: new Date(now * 1000) });

        assert.equal(protectedHeader.alg, alg);
        assert.match(said, /^valid\n\{/);
        assert.deepEqual(JSON.parse(said.slice('valid\n'.length)), payload);
        assert.deepEqual(payload.cnf, { jkt });
        assert.deepEqual(payload.roles, ['individual']);
        assert.equal(payload.client_id, 'wizard');
        assert.equal(payload.exp, now + 900);
        assert.equal(payload.certs[0].exp, now + 80 * 86400);
        assert.equal(done([...checking, token.trim()]), said);
        assert.equal(done([...checking, '-'], token), said);
        assert.deepEqual(JSON.parse(done([...checking, '--json'], token)),
                         { valid: true, claims: payload });
    });
}

test('a token that jose signs is accepted', async () => {
    const jwk = JSON.parse(readFileSync(at('issuer.jwk'), 'utf8'));
    const claims = JSON.parse(done(checking, done(issue())).slice(6));
    const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: signer.kid })
        .sign(await importJWK(jwk, 'EdDSA'));

    assert.match(done(checking, token), /^valid\n/);
});

test('tokens have the life, the client and the form that they should', () => {
    const answer = JSON.parse(done([...issue({ life: 3600,
        'client-id': 'erp-1' }), '--json']));
    const { claims } = JSON.parse(done([...checking, '--json'],
                                       answer.access_token));

    assert.equal(answer.token_type, 'DPoP');
    assert.equal(answer.expires_in, 3600);
    assert.equal(claims.exp - claims.iat, 3600);
    assert.equal(claims.client_id, 'erp-1');
    assert.notEqual(done(issue()), done(issue()), 'no two have one jti');
});

test('a token is for every sample holder', () => {
    for (const { id } of JSON.parse(readFileSync(samples)).holders) {
        assert.match(done(checking, done(issue({ holder: id }))), /^valid\n/);
    }
});

// What is refused says which problem, and exits with 1.
async function stranger() {
    const { publicKey, privateKey } = await generateKeyPair('Ed25519');
    const kid = await calculateJwkThumbprint(await exportJWK(publicKey));

    return new SignJWT({}).setProtectedHeader({ alg: 'Ed25519', kid,
                                                typ: 'at+jwt' })
        .sign(privateKey);
}

test('tokens that are refused', async () => {
    const token = done(issue()).trim();
    const swap = token.at(-1) === 'A' ? 'Q' : 'A';
    const rows = [
        ['', 'token-malformed', []],
        ['x.y.z', 'token-malformed', []],
        [`${token}\n\n`, 'token-malformed', []],
        [`${token}=`, 'token-malformed', []],
        ['a'.repeat(20000), 'token-malformed', []],
        [token.slice(0, -1) + swap, 'token-invalid', []],
        [await stranger(), 'token-invalid', []],
        [token, 'token-expired', ['--now', String(now + 960)]],
        [token, 'token-invalid', ['--now', String(now - 61)]],
        [token, 'token-invalid', ['--issuer', `${issuer}/`]],
        [token, 'token-invalid', ['--audience', `${audience}/`]],
    ];

    for (const [text, problem, [name = '', value]] of rows) {
        const args = checking.map((word, i) =>
            checking[i - 1] === name ? value : word);
        const run = caplat(args, text);
        const json = caplat([...args, '--json'], text);

        assert.equal(run.status, 1);
        assert.match(run.stdout, new RegExp(`^refused: ${problem} \\(`));
        assert.equal(json.status, 1);
        assert.deepEqual([JSON.parse(json.stdout).valid,
                          JSON.parse(json.stdout).problem], [false, problem]);
    }
});

test('a fault in a file has its place', () => {
    const rows = [
        ['', /:1:1: error: json: it ends too early/],
        ['{"holders":\n [{"id":"A"}]}', /:2:3: error: label: it is missing/],
        ['{"holders":[]}', /:1:12: error: holders: /],
        ['{"holders":[{\n"id":"a","id":"a"}]}', /:2:\d+: error: .*twice/],
    ];

    for (const [text, words] of rows) {
        writeFileSync(at('bad.json'), text);
        fails(1, words, issue({ registry: at('bad.json') }));
        fails(1, /bad\.json:\d+:\d+: error: /,
              ['token', 'check', '--keys', at('bad.json'), ...where]);
        fails(1, /bad\.json:\d+:\d+: error: .*\n.*caplat key new/,
              ['key', 'public', at('bad.json')]);
    }

    fails(1, /there is no holder nobody/, issue({ holder: 'nobody' }));
    fails(1, /nowhere\.json: No such file/,
          issue({ registry: at('nowhere.json') }));
    fails(1, /the same key/,
          ['key', 'public', at('issuer.jwk'), at('issuer.jwk')]);
    fails(1, /not a regular file/, ['key', 'public', folder]);
});

test('a key that others may read is used, with a warning', () => {
    chmodSync(at('curve.jwk'), 0o640);

    const run = caplat(['key', 'public', at('curve.jwk')]);

    chmodSync(at('curve.jwk'), 0o600);
    assert.equal(run.status, 0);
    assert.match(run.stderr, /warning: it is open to others\nTry: chmod 600/);
});

test('wrong uses say what to try, and exit with 2', () => {
    const rows = [
        [/which command\?/, []],
        [/key \?: there is no such command/, ['key']],
        [/key old: there is no such command/, ['key', 'old']],
        [/--out: it is needed/, ['key', 'new']],
        [/--out: its value is missing/, ['key', 'new', '--out']],
        [/--ouch=1: there is no such option/, ['key', 'new', '--ouch=1']],
        [/--json=1: it has no value/, ['key', 'new', '--json=1']],
        [/--alg rsa: it is neither/,
         ['key', 'new', '--out', at('x'), '--alg', 'rsa']],
        [/--alg : it is neither/,
         ['key', 'new', '--out', at('x'), '--alg', '']],
        [/given twice/, ['key', 'new', '--out', at('x'), '--out', at('x')]],
        [/one word too many/, ['key', 'new', '--out', at('x'), 'more']],
        [/which one\?/, ['key', 'public']],
        [/--client-id : it is empty/,
         ['key', 'public', at('curve.jwk'), '--client-id', '']],
        [/--platforms: it goes with --client-id/,
         ['key', 'public', at('curve.jwk'), '--platforms', 'jinzhou']],
        [/--platforms : it is empty/, ['key', 'public', at('curve.jwk'),
            '--client-id', 'erp-1', '--platforms', '']],
        [/--jkt .*43 characters/, issue({ jkt: jkt.slice(1) })],
        [/--jkt .*43 characters/, issue({ jkt: `${jkt.slice(1)}_` })],
        [/--life 0: it is not a number/, issue({ life: 0 })],
        [/--life 3601: it is not a number/, issue({ life: 3601 })],
        [/--now -1: it is not a number/, issue({ now: -1 })],
        [/--issuer a\nb: it is empty/, issue({ issuer: 'a\nb' })],
        [/one word too many/, [...checking, 'a', 'b']],
        [/--out: it is needed/, ['vault', 'new-epoch', '2027Q1']],
        [/which one\?/, ['vault', 'new-epoch', '--out', at('x')]],
        [/one word too many/,
         ['vault', 'new-epoch', '2027Q1', '2027Q2', '--out', at('x')]],
        [/--epoch-key: it is needed/,
         ['vault', 'open', 'CA1', '--ledger', folder, '--vkey', 'v']],
    ];

    for (const [words, args] of rows) {
        fails(2, words, args);
        assert.match(caplat(args).stderr, /\nTry: caplat .*--help\n$/);
    }

    assert.throws(() => statSync(at('x')), 'nothing was made');
});

test('each command has its help', () => {
    for (const args of [['--help'], ['key', '--help'],
                        ['key', 'new', '--help'], ['key', 'public', '--help'],
                        ['token', 'issue', '--help'],
                        ['token', 'check', '--help'],
                        ['vault', 'new-epoch', '--help'],
                        ['vault', 'open', '--help'],
                        ['vault', 'shred', '--help'],
                        ['order', 'invoices', '--help'],
                        ['order', 'reconcile', '--help']])
    {
        assert.match(done(args), /^caplat/);
    }
});

test('what cannot be printed is no success', () => {
    const run = spawnSync('/bin/sh', ['-c', '"$0" key public "$1" >/dev/full',
                          join(root, 'build/caplat'), at('issuer.jwk')],
                          { encoding: 'utf8' });

    assert.equal(run.status, 1);
    assert.match(run.stderr, /standard output: cannot be written/);
});

test('vault new-epoch makes both halves of one key, once', () => {
    const make = (name, to) => ['vault', 'new-epoch', name, '--out',
                                at(`${to}.secret`)];
    const line = done(make('2027Q1', 'q1'));

    assert.match(line, /^2027Q1 [\w-]{43}\n$/);

    const [name, x] = line.trim().split(' ');
    const secret = JSON.parse(readFileSync(at('q1.secret'), 'utf8'));
    const key = createPrivateKey({ format: 'jwk', key: { kty: 'OKP',
        crv: 'X25519', x, d: secret.sk } });

    assert.deepEqual([name, secret.epoch, secret.pk], ['2027Q1', '2027Q1', x]);
    assert.equal(createPublicKey(key).export({ format: 'jwk' }).x, x);
    assert.equal(statSync(at('q1.secret')).mode & 0o777, 0o600);
    assert.deepEqual(Object.keys(secret), ['epoch', 'pk', 'sk']);

    const before = readFileSync(at('q1.secret'));

    fails(1, /q1\.secret: File exists/, make('2027Q1', 'q1'));
    assert.deepEqual(readFileSync(at('q1.secret')), before);
    assert.notEqual(done(make('2027Q1', 'other')), line, 'no two are equal');

    const { epoch, pk, ...rest } = JSON.parse(
        done([...make('2027Q2', 'q2'), '--json']));

    assert.deepEqual([epoch, rest], ['2027Q2', {}], 'nothing secret');
    assert.equal(pk, JSON.parse(readFileSync(at('q2.secret'))).pk);
});

test('vault new-epoch prints no half without the other', () => {
    const made = (name, to) => ['vault', 'new-epoch', name, '--out', to];

    for (const name of ['2027/Q1', '2027 Q1', '..', '', 'Q'.repeat(33), '季']) {
        fails(1, /1 to 32 of letters, digits and `-`/, made(name, at('none')));
    }

    assert.throws(() => statSync(at('none')), 'nothing was made');
    fails(1, /No such file/, made('2027Q1', at('no/such/secret')));
    symlinkSync(at('nowhere'), at('secret-link'));
    fails(1, /secret-link: File exists/, made('2027Q1', at('secret-link')));
    assert.throws(() => statSync(at('nowhere')));
    assert.match(done(made('Q'.repeat(32), at('longest'))), /^Q{32} /);
});
