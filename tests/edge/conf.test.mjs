// What `nginx -t` says of a configuration that is wrong: which directive, and
// in a file, which line and column. It makes nothing, and a server that runs
// does not notice.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync,
    symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { byBrowser, claims, holders, identity, pair, partner }
    from './people.mjs';
import { conf, edge, lay, moment, once, pause, sighted, staged, suite, usual }
    from './server.mjs';
import { ask, problem } from './wire.mjs';

suite('nginx -t', {}, () => {
    let site;
    let peer;
    let good;

    staged(async () => {
        site = await identity();
        peer = await partner('erp-1');
        good = { 'jwks-issuer.json': site.jwks,
            'jwks-partners.json': { keys: [peer.public] },
            'issuer.jwk': site.secret, 'holders.json': holders };
    });

    const signIn = 'caplat_sign_in demo registry=holders.json key=issuer.jwk';

    // The configuration of all tests with one thing changed in it: text in
    // place of other text, files in place of others.
    const check = async (t, { from, to, files = {}, prepare, user }) => {
        const { folder, put } = lay(t, { ...good, ...files });
        const plain = conf({ partners: true, listen: ['127.0.0.1:1'],
            locations: { '= /v1/token': `${signIn};` } });

        if (from !== undefined) {
            assert.ok(plain.includes(from), from);
        }

        put('nginx.conf', from === undefined ? plain
            : plain.replace(from, () => to));

        prepare?.(folder);

        const { status, words } = await once(folder, ['-t'],
            { ...usual, user });

        return { status, folder, words: words.replaceAll(`${folder}/`, '') };
    };

    it('finds nothing wrong with a good one, and warns of the demo',
        async (t) => {
            const { status, words } = await check(t, {});

            assert.equal(status, 0, words);
            assert.match(words,
                /\[warn\].*"caplat_sign_in demo" lets everybody/);
        });

    const key = (changes, more = '') => () => `{"keys":[\n ${JSON.stringify(
        { ...site.public, ...changes })}${more}]}\n`;
    const peerKey = (changes) => () => `{"keys":[\n ${JSON.stringify(
        { ...peer.public, ...changes })}]}\n`;
    const instead = (from, to) => ({ from, to });
    const file = (name, text) => ({ files: { [name]: text } });
    const without = (line) => instead(line, '');

    const refused = {
        'what all share': {
            'a zone that is too small': [
                instead('seen.zone 1m', 'seen.zone 65535'),
                'the size "65535" of "caplat_zone" must be at least 65536 '
                + 'bytes in nginx.conf:NN'],
            'a zone that is too large': [
                instead('seen.zone 1m', 'seen.zone 1025m'),
                'the size "1025m" of "caplat_zone" must be at most 1073741824 '
                + 'bytes in nginx.conf:NN'],
            ...Object.fromEntries(['big', '2g', '-1'].map((size) => [
                `a zone of no size: ${size}`,
                [instead('seen.zone 1m', `seen.zone ${size}`), `"${size}" of `
                    + '"caplat_zone" is not a size, as in "16m" in '
                    + 'nginx.conf:NN']])),
            'a zone that is a folder': [instead('seen.zone 1m', '. 1m'),
                '"." of "caplat_zone" is a folder in nginx.conf:NN'],
            'a zone that is a link': [{ ...instead('seen.zone 1m', 'link 1m'),
                prepare: (folder) => symlinkSync('elsewhere',
                    path.join(folder, 'link')) },
            '"link" of "caplat_zone" is not a regular file in nginx.conf:NN'],
            'a zone in a file': [instead('seen.zone 1m', 'rates.txt/seen 1m'),
                /"caplat_zone" cannot be made in "rates\.txt\/" \(20: Not a/],
            'no tokens': [instead('caplat_tokens 4096', 'caplat_tokens 0'),
                'value must be between 1 and 1048576 in nginx.conf:NN'],
            'tokens without a zone': [without('caplat_zone seen.zone 1m;'),
                '"caplat_tokens" does nothing without "caplat_zone"'],
            'a zone in no folder': [instead('seen.zone 1m',
                'none/seen.zone 1m'),
            /"none\/?\S*".*No such file or directory/],
        },
        'a file': {
            'that is not there': [instead('rates.txt', 'none.txt'),
                'cannot read "none.txt": No such file or directory in '
                + 'nginx.conf:NN'],
            'that is a folder': [instead('rates.txt', '.'),
                /cannot read "\S*": .* in nginx\.conf:NN/],
            'that is too large': [file('jwks-issuer.json',
                () => key({})() + ' '.repeat(70000)),
            'cannot read "jwks-issuer.json": larger than it may be in '
            + 'nginx.conf:NN'],
        },
        'a rate card': {
            'that is empty': [file('rates.txt', ''),
                /rates\.txt:1:1: .* in nginx\.conf:NN/],
            'that is cut': [file('rates.txt', 'caplat-rates 1\ncard ln'),
                /rates\.txt:2:\d+: .* in nginx\.conf:NN/],
        },
        'keys': {
            'that are no JSON': [file('jwks-issuer.json', '{"keys":[\n  }'),
                /jwks-issuer\.json:2:\d: .* in nginx\.conf:NN/],
            'none at all': [file('jwks-issuer.json', '{"keys":[]}'),
                /jwks-issuer\.json:1:9: key: missing-key in nginx\.conf:NN/],
            'of RSA': [file('jwks-issuer.json', key({}, ',\n {"kty":"RSA",'
                + '"kid":"r","n":"AQAB","e":"AQAB"}')),
            /jwks-issuer\.json:3:\d: .* in nginx\.conf:NN/],
            'that are private': [file('jwks-issuer.json', key({ d: 'AA' })),
                /jwks-issuer\.json:2:\d+: .* in nginx\.conf:NN/],
            'that are not on the curve': [file('jwks-issuer.json', key({
                kty: 'EC', crv: 'P-256', alg: 'ES256',
                y: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' })),
            /jwks-issuer\.json:2:\d+: .* in nginx\.conf:NN/],
            'twice of one name': [file('jwks-issuer.json', () =>
                key({}, `,\n ${JSON.stringify(site.public)}`)()),
            /jwks-issuer\.json:3:\d+: .*given-twice in nginx\.conf:NN/],
            'with another algorithm': [file('jwks-issuer.json',
                key({ alg: 'ES256' })),
            /jwks-issuer\.json:2:\d+: .* in nginx\.conf:NN/],
            'for encryption': [file('jwks-issuer.json', key({ use: 'enc' })),
                /jwks-issuer\.json:2:\d+: .* in nginx\.conf:NN/],
            'without a name': [file('jwks-issuer.json',
                key({ kid: undefined })),
            /jwks-issuer\.json:2:\d+: .*missing-key in nginx\.conf:NN/],
            'of a partner without a client': [file('jwks-partners.json',
                peerKey({ client_id: undefined })),
            /jwks-partners\.json:2:\d+: .*missing-key in nginx\.conf:NN/],
            'of a partner under another name': [file('jwks-partners.json',
                peerKey({ kid: 'erp-1' })),
            /jwks-partners\.json:2:\d+: .* in nginx\.conf:NN/],
            'of a platform whose id is none': [file('jwks-partners.json',
                peerKey({ platforms: ['jinzhou', 'Huachen'] })),
            /jwks-partners\.json:2:\d+: platform: not-a-name in nginx\.conf:NN/],
        },
        'an origin': Object.fromEntries(['https://CA.example.cn',
            'https://ca.example.cn/', 'https://ca.example.cn/v1',
            'ftp://ca.example.cn', 'ca.example.cn', 'https://',
            'https://ca.example.cn:443', 'http://ca.example.cn:80',
            'https://ca.example.cn:', 'https://ca.example.cn:99999',
            'https://a:b:c'].map((origin) => [origin,
            [instead('caplat_origin https://ca.example.cn',
                `caplat_origin ${origin}`), `"${origin}" is not an origin: `
                + 'scheme and host in lower case, as in '
                + '"https://ca.example.cn" in nginx.conf:NN']])),
        'a tag': {
            'without partners': [
                without('caplat_partner_keys jwks-partners.json;'),
                '"caplat_tag" does nothing without "caplat_partner_keys" for '
                + 'the location in nginx.conf:NN'],
            ...Object.fromEntries([['that is nothing', '""'],
                ['that is Chinese', '某'], ['with a blank', '"a b"'],
                ['with a quotation mark', `'a"b'`],
                ['too long', 'x'.repeat(257)]].map(([words, tag]) => [words,
                [instead('caplat_tag ca-order-v1', `caplat_tag ${tag}`),
                    '"caplat_tag" must be 1 to 256 printable characters '
                    + 'without blanks, quotation marks and backslashes in '
                    + 'nginx.conf:NN']])),
        },
        'a route': {
            'that is two': [instead('{ caplat_quotes; }',
                '{ caplat_quotes; caplat_session; }'),
            '"caplat_session" in a location that is a route already, in '
            + 'nginx.conf:NN in nginx.conf:NN'],
            'twice': [instead('{ caplat_quotes; }',
                '{ caplat_quotes; caplat_quotes; }'),
            '"caplat_quotes" in a location that is a route already, in '
            + 'nginx.conf:NN in nginx.conf:NN'],
            'beside another handler': [instead('{ caplat_quotes; }',
                '{ empty_gif; caplat_quotes; }'),
            '"caplat_quotes" in a location that has a handler already in '
            + 'nginx.conf:NN'],
            'before another handler': [instead('{ caplat_quotes; }',
                '{ caplat_quotes; proxy_pass http://127.0.0.1:1; }'),
            /"caplat_quotes" .* in nginx\.conf:NN/],
            'outside a location': [instead('caplat_tag',
                'caplat_quotes; caplat_tag'),
            '"caplat_quotes" directive is not allowed here in nginx.conf:NN'],
            'that is no problem': [instead('caplat_problem not-found',
                'caplat_problem no-such'),
            'there is no problem "no-such"; the names stand in the module\'s '
            + 'README in nginx.conf:NN'],
        },
        'a route that lacks': Object.fromEntries([
            ['caplat_rates rates.txt;', 'quotes', 'caplat_rates'],
            ['caplat_issuer_keys jwks-issuer.json;', 'quotes',
                'caplat_issuer_keys'],
            ['caplat_issuer https://id.example.cn;', 'quotes',
                'caplat_issuer'],
            ['caplat_audience https://ca.example.cn;', 'quotes',
                'caplat_audience'],
            ['caplat_origin https://ca.example.cn;', 'quotes',
                'caplat_origin']].map(([text, route, name]) => [name,
            [without(text), `"caplat_${route}" needs "${name}" in `
                + 'nginx.conf:NN']])),
        'once more': Object.fromEntries(['caplat_zone seen.zone 1m;',
            'caplat_rates rates.txt;',
            'caplat_issuer https://id.example.cn;',
            'caplat_issuer_keys jwks-issuer.json;',
            'caplat_partner_keys jwks-partners.json;',
            'caplat_audience https://ca.example.cn;',
            'caplat_origin https://ca.example.cn;',
            'caplat_tag ca-order-v1;'].map((text) => [text.split(' ')[0],
            [instead(text, `${text} ${text}`),
                `"${text.split(' ')[0]}" is duplicate: it stands in `
                + 'nginx.conf:NN already, in nginx.conf:NN']])),
        'pages of other origins': {
            'that are none': [instead('caplat_tag', 'caplat_cors '
                + 'https://a.example.cn/; caplat_tag'),
            '"https://a.example.cn/" is not an origin, as in '
            + '"https://ca.example.cn" in nginx.conf:NN'],
            'all of them': [instead('caplat_tag', 'caplat_cors *; caplat_tag'),
                '"*" is not an origin, as in "https://ca.example.cn" in '
                + 'nginx.conf:NN'],
        },
        'a sign-in': {
            'of another way': [instead('caplat_sign_in demo',
                'caplat_sign_in password'),
            '"caplat_sign_in password": the way must be "demo" or '
            + '"certificate" in nginx.conf:NN'],
            'without a registry': [instead(' registry=holders.json', ''),
                '"caplat_sign_in demo" needs "registry=FILE" and "key=FILE" '
                + 'in nginx.conf:NN'],
            'with something unknown': [instead('key=issuer.jwk',
                'key=issuer.jwk colour=red'),
            'parameter "colour=red" of "caplat_sign_in demo": unknown in '
            + 'nginx.conf:NN'],
            'with two keys': [instead('key=issuer.jwk',
                'key=issuer.jwk key=issuer.jwk'),
            'parameter "key=issuer.jwk" of "caplat_sign_in demo": duplicate '
            + 'in nginx.conf:NN'],
            'with two clients': [instead('key=issuer.jwk',
                'key=issuer.jwk client=a client=b'),
            'parameter "client=b" of "caplat_sign_in demo": duplicate in '
            + 'nginx.conf:NN'],
            'with two lives': [instead('key=issuer.jwk',
                'key=issuer.jwk life=5m life=6m'),
            'parameter "life=6m" of "caplat_sign_in demo": duplicate in '
            + 'nginx.conf:NN'],
            'for too long': [instead('key=issuer.jwk',
                'key=issuer.jwk life=61m'),
            'parameter "life=61m" of "caplat_sign_in demo": not a time of 1s '
            + 'to 1h in nginx.conf:NN'],
            'forced without need': [instead(`${signIn};`,
                `${signIn.replace('demo', 'certificate')} forced;`),
            'parameter "forced" of "caplat_sign_in certificate": "forced" '
            + 'goes with "demo" only in nginx.conf:NN'],
            'with a key that nobody believes': [file('issuer.jwk', () =>
                peer.secret), new RegExp('the key of "caplat_sign_in" in '
                + 'nginx\\.conf:NN, kid "[\\w-]{43}", is not one of '
                + '"caplat_issuer_keys": its tokens would be refused')],
            'with a public key': [file('issuer.jwk', () => site.jwk),
                /issuer\.jwk:1:\d+: .* in nginx\.conf:NN/],
            'with a registry that is broken': [file('holders.json',
                '{"holders":[\n {"id":"X"}]}'),
            /holders\.json:2:\d+: .* in nginx\.conf:NN/],
            'of anybody, for the world': [instead('listen 127.0.0.1:1;',
                'listen 127.0.0.1:1; listen 1;'),
            '"caplat_sign_in demo" lets everybody sign in as anybody, and the '
            + 'server listens on 0.0.0.0:1, which is not loopback; add '
            + '"forced" if you mean it, in nginx.conf:NN'],
        },
    };

    for (const [group, rows] of Object.entries(refused)) {
        describe(group, () => {
            for (const [name, [change, expected]] of Object.entries(rows)) {
                it(name, async (t) => {
                    const files = Object.fromEntries(Object.entries(
                        change.files ?? {}).map(([one, text]) => [one,
                        typeof text === 'function' ? text() : text]));
                    const { status, words, folder } = await check(t,
                        { ...change, files });
                    const said = words.split('\n').find((one) =>
                        one.includes('[emerg]'))
                        ?.replace(/^.*\[emerg\] \d+#\d+: /, '')
                        .replace(/nginx\.conf:\d+/g, 'nginx.conf:NN');

                    assert.equal(status, 1, words);

                    if (expected instanceof RegExp) {
                        assert.match(said, expected);
                    } else {
                        assert.equal(said, expected);
                    }

                    assert.ok(!existsSync(path.join(folder, 'seen.zone')));
                });
            }
        });
    }

    it('a zone in a folder that the master may not write', async (t) => {
        const root = process.getuid() === 0;

        if (root && spawnSync('test', ['-r', usual.module || usual.nginx],
            { uid: 65534 }).status !== 0) {
            t.skip('others may not enter this folder');
            return;
        }

        const { status, words } = await check(t, { from: 'seen.zone 1m',
            to: 'closed/seen.zone 1m', user: root ? 65534 : undefined,
            prepare: (folder) => {
                mkdirSync(path.join(folder, 'closed'), { mode: 0o555 });
                chmodSync(folder, 0o755);
            } });

        assert.equal(status, 1, words);
        assert.match(words, new RegExp('"caplat_zone" cannot be written in '
            + '"closed/" \\(13: Permission denied\\) in nginx\\.conf'));
    });

    it('lets "forced" pass', async (t) => {
        const { status, words } = await check(t, { from: 'key=issuer.jwk',
            to: 'key=issuer.jwk forced' });

        assert.equal(status, 0, words);
    });

    it('makes nothing of ours, and changes no file', async (t) => {
        const { folder } = await check(t, {});
        const files = readdirSync(folder);

        for (const name of files) {
            assert.match(name, new RegExp('^(rates\\.txt|jwks-.*|issuer\\.jwk|'
                + 'holders\\.json|nginx\\.(conf|pid)|(error|access)\\.log|'
                + 'lsan\\.txt|temp-.*|log\\.jwk|hash\\.keys|'
                + 'test\\.epoch)$'));
        }
    });
});


suite('nginx -t beside a server', { clock: true }, () => {
    it('does not disturb it', async (t) => {
        const issuer = await identity();
        const key = await pair();
        const token = await issuer.token(claims(key.thumbprint));

        // A ledger is looked through now and then, and that is counted.
        const server = await edge(t, { clock: moment - sighted, ledger: null,
            files: { 'jwks-issuer.json': issuer.jwks } });
        const zone = path.join(server.folder, 'seen.zone');
        const request = await byBrowser(key, { target: '/v1/session', token });

        server.clock(moment);
        assert.equal((await ask(server.port, request)).status, 200);

        // An answer is counted after it has gone out.
        await server.lines(1);
        await pause(50);

        const before = readFileSync(zone);
        const { status } = await once(server.folder, ['-t']);

        assert.equal(status, 0);
        assert.ok(before.equals(readFileSync(zone)));

        // Nor does one that would make another zone.
        server.put('nginx.conf', server.conf({ zone: 'seen.zone 2m' }));
        assert.equal((await once(server.folder, ['-t'])).status, 0);
        assert.ok(before.equals(readFileSync(zone)));
        assert.equal(problem(await ask(server.port, request)),
            'proof-replayed');
    });
});
