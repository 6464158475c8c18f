// The channels' own libraries on what we sign, and on the notices that other
// tests make: alipay-sdk, wechatpay-node-v3.

import assert from 'node:assert/strict';
import { createVerify } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { it } from 'node:test';

import { AlipaySdk } from 'alipay-sdk';
import WechatPay from 'wechatpay-node-v3';

import { certificate, form, json, stage } from './buyers.mjs';
import { alipayNotice, code, directives, files, gateway, gatewayOf, ids, keys,
    locations, wechatNotice } from './channels.mjs';
import { moment, suite } from './server.mjs';
import { ask } from './wire.mjs';

// Who verifies by a public key; the private one is never used.
const alipay = (publicKey) => new AlipaySdk({ appId: ids.app, keyType: 'PKCS8',
    privateKey: keys.app.privateKey, alipayPublicKey: publicKey });

const wechat = () => new WechatPay({ appid: ids.appid, mchid: ids.mchid,
    serial_no: ids.serial, publicKey: Buffer.from(keys.merchant.publicKey),
    privateKey: Buffer.from(keys.merchant.privateKey), key: keys.api });


// What alipay-sdk signs with; it has no name of its own for who only signs.
const { signatureV3 } = createRequire(import.meta.url)(path.join(path.dirname(
    createRequire(import.meta.url).resolve('alipay-sdk/package.json')),
'dist/commonjs/util.js'));

const withBody = (request, body) => ({ ...request, body,
    headers: request.headers.map(([name, value]) => [name,
        name === 'Content-Length' ? String(Buffer.byteLength(body)) : value]) });


// The parameters of a pay address, which our app has signed.
function signedOf(url) {
    const { origin, pathname, searchParams } = new URL(url);
    const { sign, ...signed } = Object.fromEntries(searchParams);

    assert.equal(origin + pathname, 'https://openapi.alipay.com/gateway.do');
    assert.ok(createVerify('RSA-SHA256').update(Object.keys(signed).sort()
        .map((name) => `${name}=${signed[name]}`).join('&'))
        .verify(keys.app.publicKey, sign, 'base64'));

    return signed;
}


suite("the channels' libraries", { clock: true }, () => {
    const charge = async (t, channel, port = 1) => {
        const { server, person } = await stage(t, { more: files,
            http: directives.alipay + directives.wechat,
            locations: { ...locations, ...gatewayOf(port) } });
        const buyer = await person();
        const { id } = json(await buyer.order());

        return ask(server.port, await buyer.request(
            `/v1/orders/${id}/payments`, { body: JSON.stringify(
                { channel }) }));
    };

    it('take the address of a payment for what our app has signed',
        async (t) => {
            const { url } = json(await charge(t, 'alipay'));
            const ours = signedOf(url);
            const { biz_content: content, ...rest } = ours;

            // What the library makes of the same parameters: the same, but for
            // its own name, and its signature verifies as ours does.
            const { alipay_sdk: own, ...theirs } = signedOf(
                alipay(keys.alipay.publicKey).pageExecute(
                    'alipay.trade.page.pay', 'GET', { ...rest,
                        bizContent: JSON.parse(content) }));

            assert.match(own, /^alipay-sdk-/);
            assert.deepEqual(theirs, ours);
        });

    it('sign the question to the gateway as we do', async (t) => {
        const front = await gateway(t, () => code());

        assert.equal((await charge(t, 'wechat', front.port)).status, 200);

        const [{ headers, url, body }] = front.asked;
        const said = Object.fromEntries([...headers.authorization
            .matchAll(/(\w+)="(.*?)"/g)].map((one) => one.slice(1)));

        assert.equal(said.signature, wechat().getSignature('POST',
            said.nonce_str, said.timestamp, url, body));
        assert.equal(said.mchid, ids.mchid);
        assert.equal(said.serial_no, ids.serial);
        assert.equal(said.timestamp, String(moment));
    });

    it('make notices that we book', async (t) => {
        const { server, person } = await stage(t, { more: files,
            http: directives.alipay + directives.wechat,
            locations: { ...locations, ...gatewayOf(1) } });
        const signatures = { alipay: (order) => {
            const notice = alipayNotice(order);
            const { sign, ...said } = Object.fromEntries(
                new URLSearchParams(notice.body));
            const text = Object.keys(said).filter((name) =>
                name !== 'sign_type').sort()
                .map((name) => `${name}=${said[name]}`).join('&');

            return withBody(notice, new URLSearchParams({ ...said,
                sign: signatureV3(text, keys.alipay.privateKey) }).toString());
        }, wechat: (order) => {
            const notice = wechatNotice(order);
            const field = (name) => notice.headers.find(([one]) =>
                one === `Wechatpay-${name}`);

            field('Signature')[1] = new WechatPay({ appid: ids.appid,
                mchid: ids.mchid, serial_no: ids.platform,
                publicKey: Buffer.from(keys.wechat.publicKey),
                privateKey: Buffer.from(keys.wechat.privateKey) })
                .sha256WithRsa(`${field('Timestamp')[1]}\n${field('Nonce')[1]
                }\n${notice.body}\n`);

            return notice;
        } };

        for (const [channel, make] of Object.entries(signatures)) {
            const serial = `S${channel}`;
            const buyer = await person({ certs: [certificate(serial)] });
            const { id } = json(await buyer.order(
                form({ certificate: serial })));
            const { status } = await ask(server.port, make(id));

            assert.ok(status === 200 || status === 204, channel);
            assert.equal(json(await buyer.get(`/${id}`)).state, 'opened');
            assert.equal(json(await buyer.get(`/${id}`)).payment.channel,
                channel);
        }
    });

    it('take our notices for the channels\'', async () => {
        const params = Object.fromEntries(new URLSearchParams(
            alipayNotice('CA1').body));

        assert.ok(alipay(keys.alipay.publicKey).checkNotifySignV2(params));
        assert.ok(!alipay(keys.app.publicKey).checkNotifySignV2(params));

        const notice = wechatNotice('CA1');
        const field = (name) => notice.headers.find(([one]) =>
            one === `Wechatpay-${name}`)[1];
        const pay = wechat();

        WechatPay.certificates[ids.platform] = keys.wechat.publicKey;
        assert.ok(await pay.verifySign({ timestamp: field('Timestamp'),
            nonce: field('Nonce'), body: notice.body, serial: field('Serial'),
            signature: field('Signature') }));

        const { ciphertext, associated_data: associated, nonce }
            = JSON.parse(notice.body).resource;

        assert.equal(pay.decipher_gcm(ciphertext, associated, nonce, keys.api)
            .out_trade_no, 'CA1');
    });
});
