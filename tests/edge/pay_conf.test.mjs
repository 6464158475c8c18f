// What `nginx -t` says of payment channels: each key, each name, and what they
// cannot do without.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { it } from 'node:test';

import { directives, files, keys, locations } from './channels.mjs';
import { identity } from './people.mjs';
import { conf, lay, once, suite, usual } from './server.mjs';

const ed25519 = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });


suite('nginx -t of payment', {}, () => {
    const check = async (t, { from, to, more = {}, options = {} }) => {
        const { folder, put } = lay(t, { 'jwks-issuer.json': (await identity())
            .jwks, ...files, ...more });
        const plain = conf({ listen: ['127.0.0.1:1'], locations,
            http: Object.values(directives).join('\n'), ...options });

        assert.ok(from === undefined || plain.includes(from), from);
        put('nginx.conf', from === undefined ? plain
            : plain.replace(from, () => to));

        const { status, words } = await once(folder, ['-t'], usual);

        return { status, words: words.replaceAll(`${folder}/`, '') };
    };
    const instead = (from, to) => ({ from, to });
    const file = (name, text) => ({ more: { [name]: text } });

    it('finds nothing wrong with all channels, nor with none', async (t) => {
        for (const options of [{}, { http: '', locations: {} }]) {
            const { status, words } = await check(t, { options });

            assert.equal(status, 0, words);
            assert.doesNotMatch(words, /warn|emerg/);
        }
    });

    it('takes a key of PKCS #1, and one of 3072 bits', async (t) => {
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength:
            3072, publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs1', format: 'pem' } });
        const { status, words } = await check(t, file('app.pem', privateKey));

        assert.equal(status, 0, words);
    });

    for (const [words, place, inside] of [
        ['by its name', '= /pay', ''],
        ['by a prefix', '/pa', ''],
        ['by the longest prefix', '/pay/', '} location /pay {'],
        ['by an expression', '~ ^/p[ab]', '} location /pay { root html;'],
        ['within another one', '/p', 'location /pay { PASS }'],
    ]) {
        it(`finds the gateway ${words}`, async (t) => {
            const pass = 'proxy_pass http://127.0.0.1:1;';
            const { status, words: said } = await check(t, { options: {
                locations: { ...locations, [place]: inside.includes('PASS')
                    ? inside.replace('PASS', pass)
                    : words === 'by the longest prefix'
                        ? `root html; ${inside} ${pass}`
                        : `${pass} ${inside}` } },
            ...instead('gateway=/internal/pay', 'gateway=/pay') });

            assert.equal(status, 0, said);
        });
    }

    const nowhere = (where) => new RegExp('"caplat_pay_wechat" in nginx.conf:'
        + `\\d+: "gateway=${where}" is no location of the server in `
        + '\\S*nginx.conf:\\d+ that passes on what it is asked');

    for (const [words, change, said] of [
        ['no ledger', { options: { ledger: null } },
            /"caplat_pay_alipay" needs "caplat_ledger" in nginx.conf:\d+/],
        ['a channel twice', instead(directives.alipay,
            directives.alipay.repeat(2)),
        /"caplat_pay_alipay" is duplicate: it stands in nginx.conf:\d+/],
        ['a channel that lacks a name', instead('app_id=2021000000000001', ''),
            /"caplat_pay_alipay" needs "app_id=" in nginx.conf:\d+/],
        ['a channel that lacks a key', instead('merchant_key=merchant.pem',
            ''), /"caplat_pay_wechat" needs "merchant_key=" in nginx.conf/],
        ['a name that is unknown', instead('app_id=', 'appid='),
            /parameter "appid=2021\d+" of "caplat_pay_alipay": unknown in/],
        ['a name twice', instead('app_key=app.pem',
            'app_key=app.pem app_key=app.pem'),
        /parameter "app_key=app.pem" of "caplat_pay_alipay": duplicate/],
        ['an id that is none', instead('app_id=2021000000000001',
            'app_id=20/21'), /"app_id=20\/21" .*: not 1 to 64 of letters/],
        ['an empty id', instead('app_id=2021000000000001', 'app_id='),
            /"app_id=" .*: not 1 to 64 of letters/],
        ['a key that is not there', instead('app_key=app.pem', 'app_key=x'),
            /cannot read "x": No such file/],
        ['a key that is none', file('app.pem', 'x\n'),
            /app.pem:1:1: .*: missing-key/],
        ['a key that is too small', file('app.pem', keys.small.privateKey),
            /app.pem:\d+:\d+: .*: /],
        ['a key of another kind', file('app.pem', ed25519.privateKey),
            /app.pem:\d+:\d+: .*: /],
        ['a public key in place of a private one', file('app.pem',
            keys.app.publicKey), /app.pem:\d+:\d+: .*: not-one-of/],
        ['a private key in place of a public one', file('alipay.pem',
            keys.alipay.privateKey), /alipay.pem:\d+:\d+: .*: not-one-of/],
        ['an APIv3 key that is too short', file('api.key', '0123'),
            /api.key:1:\d+: .*: truncated/],
        ['an APIv3 key that is too long', file('api.key',
            `${keys.api}0\n`), /api.key:1:\d+: .*: trailing/],
        ['a gateway that is no location', instead('gateway=/internal/pay',
            'gateway=https://api.mch.weixin.qq.com'),
        /"gateway=https:\S+" .*: not the path of a location/],
        ['an address in the clear', instead('app_key=app.pem',
            'app_key=app.pem gateway=http://openapi.alipay.com/gateway.do'),
        /"gateway=http:\S+" .*: not an address of "https", or a path/],
        ['an address with a query', instead('app_key=app.pem',
            'app_key=app.pem "return=https://ca.example.cn/?a=1"'),
        /"return=\S+" .*: not an address of "https", or a path/],
        ['an account that is none', instead('account=2100-0000-1234',
            'account=X1'), /"account=X1" .*: not 1 to 50 of digits/],
        ['a bank without a name', instead(/"bank=.*?"/.exec(
            directives.transfer)[0], '"bank= "'),
        /"bank= " .*: not 1 to 200 bytes/],
        ['notices of a channel that is not configured', instead(
            directives.wechat, ''),
        /"caplat_notify" needs "caplat_pay_wechat" in nginx.conf:\d+/],
        ['notices of no channel', instead('caplat_notify wechat',
            'caplat_notify transfer'),
        /"caplat_notify transfer": the channel must be "alipay" or "wechat"/],
        ['a gateway that is nowhere', instead('gateway=/internal/pay',
            'gateway=/internal/pax'), nowhere('/internal/pax')],
        ['a gateway that passes nothing on', { options: { locations: {
            ...locations, '^~ /files/': 'root html;' } },
        ...instead('gateway=/internal/pay', 'gateway=/files/pay') },
        nowhere('/files/pay')],
        ['a gateway behind files that are searched first', { options: {
            locations: { ...locations, '~ ^/int': 'root html;',
                '/internal/': 'proxy_pass http://127.0.0.1:1;' } },
        ...instead('gateway=/internal/pay', 'gateway=/internal/x') },
        nowhere('/internal/x')],
        ['orders of two origins', instead('location = /v1/orders {',
            'location = /v1/orders { caplat_origin https://a.example.cn;'),
        /"caplat_orders" in nginx.conf:\d+ has another "caplat_origin" than/],
    ]) {
        it(`refuses ${words}`, async (t) => {
            const got = await check(t, change);

            assert.equal(got.status, 1, got.words);
            assert.match(got.words, said);
            assert.doesNotMatch(got.words, /PRIVATE KEY-|0123456789abcdef/);
        });
    }
});
