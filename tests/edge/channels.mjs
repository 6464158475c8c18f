// Payment channels as a server meets them, with keys that are made here: what
// they are configured with, the notices that they send, and WeChat's gateway.

import { createCipheriv, createPrivateKey, createSign, generateKeyPairSync,
    randomBytes, randomUUID } from 'node:crypto';
import http from 'node:http';

import { moment } from './server.mjs';
import { render } from './wire.mjs';

const pem = (type) => ({ type, format: 'pem' });
const rsa = (bits = 2048) => generateKeyPairSync('rsa', { modulusLength: bits,
    publicKeyEncoding: pem('spki'), privateKeyEncoding: pem('pkcs8') });

export const keys = { app: rsa(), alipay: rsa(), merchant: rsa(),
    wechat: rsa(), small: rsa(1024), api: '0123456789abcdef0123456789abcdef' };
export const ids = { app: '2021000000000001', seller: '2088000000000001',
    mchid: '1900000001', appid: 'wx0000000000000001', serial: '0DCD4668C94C',
    platform: 'PUB_KEY_ID_0119999999992026010100000000000001' };
export const bank = { name: '辽宁某某电子认证有限公司', bank: '某某银行沈阳分行',
    account: '2100-0000-1234' };

export const files = { 'app.pem': keys.app.privateKey,
    'alipay.pem': keys.alipay.publicKey,
    'merchant.pem': keys.merchant.privateKey,
    'wechat.pem': keys.wechat.publicKey, 'api.key': keys.api };

export const directives = {
    alipay: `caplat_pay_alipay app_id=${ids.app} seller_id=${ids.seller}
        app_key=app.pem platform_key=alipay.pem;`,
    wechat: `caplat_pay_wechat appid=${ids.appid} mchid=${ids.mchid}
        serial=${ids.serial} merchant_key=merchant.pem platform_key=wechat.pem
        platform_serial=${ids.platform} api_key=api.key gateway=/internal/pay;`,
    transfer: `caplat_pay_transfer "name=${bank.name}" "bank=${bank.bank}"
        account=${bank.account};`,
};

// The location that the manual shows, with a gateway on this machine.
export const gatewayOf = (port) => ({ '= /internal/pay': `internal;
    proxy_pass http://127.0.0.1:${port}/v3/pay/transactions/native;
    proxy_http_version 1.1;
    proxy_connect_timeout 2s;
    proxy_read_timeout 2s;
    proxy_ignore_headers X-Accel-Redirect X-Accel-Limit-Rate
        X-Accel-Buffering X-Accel-Charset X-Accel-Expires;
    proxy_next_upstream off;` });

// Of all channels; nobody answers for WeChat.
export const locations = {
    '= /v1/notify/alipay': 'caplat_notify alipay;',
    '= /v1/notify/wechat': 'caplat_notify wechat;',
    ...gatewayOf(1),
};


// A key is read once: that costs more than it signs.
const read = new Map();

function sign(key, text) {
    if (!read.has(key)) {
        read.set(key, createPrivateKey(key));
    }

    return createSign('RSA-SHA256').update(text).sign(read.get(key), 'base64');
}

// Beijing's wall clock.
export const wall = (seconds) => new Date((seconds + 8 * 3600) * 1000)
    .toISOString().replace('T', ' ').slice(0, 19);
export const stamp = (seconds = moment) =>
    `${wall(seconds).replace(' ', 'T')}+08:00`;

// An Alipay notice, ready for the wire. What is undefined is left out.
export function alipayNotice(order, changes = {}, { now = moment,
    key = keys.alipay.privateKey } = {}) {
    const said = Object.entries({ gmt_create: wall(now), charset: 'utf-8',
        gmt_payment: wall(now), notify_time: wall(now), subject: '新增CA平台',
        buyer_id: '2088700000000007', version: '1.0', notify_id: randomUUID(),
        notify_type: 'trade_status_sync', out_trade_no: order,
        total_amount: '25.00', trade_status: 'TRADE_SUCCESS',
        trade_no: '2027011522001400000000000001', app_id: ids.app,
        seller_id: ids.seller, sign_type: 'RSA2', ...changes })
        .filter(([, value]) => value !== undefined);
    const text = said.filter(([name]) => name !== 'sign_type').sort()
        .map(([name, value]) => `${name}=${value}`).join('&');
    const body = new URLSearchParams([...said, ['sign', sign(key, text)]])
        .toString();

    return post('/v1/notify/alipay', body,
        [['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8']]);
}

// Of a refund: `number` is its own.
export const alipayRefund = (order, number, fee = '25.00', changes = {},
    signing = {}) => alipayNotice(order, { out_biz_no: number, refund_fee: fee,
    gmt_refund: `${wall(signing.now ?? moment)}.320`, ...changes }, signing);


const post = (target, body, headers) => ({ method: 'POST', target, body,
    headers: [['Host', 'ca.example.cn'], ...headers,
        ['Content-Length', String(Buffer.byteLength(body))]] });

// What WeChat signs with its fields: a notice, or an answer of its gateway.
export function wechatFields(body, { now = moment, nonce = randomUUID(),
    serial = ids.platform, key = keys.wechat.privateKey } = {}) {
    return [['Wechatpay-Timestamp', String(now)], ['Wechatpay-Nonce', nonce],
        ['Wechatpay-Serial', serial], ['Wechatpay-Signature',
            sign(key, `${now}\n${nonce}\n${body}\n`)]];
}

function envelope(type, plain) {
    const nonce = randomBytes(6).toString('hex');
    const cipher = createCipheriv('aes-256-gcm', keys.api, nonce);
    const associated = 'transaction';

    cipher.setAAD(Buffer.from(associated));

    const sealed = Buffer.concat([cipher.update(JSON.stringify(plain)),
        cipher.final(), cipher.getAuthTag()]).toString('base64');

    return JSON.stringify({ id: randomUUID(), create_time:
        '2027-01-15T16:00:00+08:00', resource_type: 'encrypt-resource',
    event_type: type, summary: '支付成功', resource: {
        original_type: 'transaction', algorithm: 'AEAD_AES_256_GCM',
        ciphertext: sealed, associated_data: associated, nonce } });
}

// A WeChat notice of a payment, ready for the wire.
export function wechatNotice(order, changes = {}, signing = {}) {
    const body = envelope('TRANSACTION.SUCCESS', { mchid: ids.mchid,
        appid: ids.appid, out_trade_no: order,
        transaction_id: '4200000001202701150000000001', trade_type: 'NATIVE',
        trade_state: 'SUCCESS', success_time: stamp(signing.now),
        payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
        amount: { total: 2500, payer_total: 2500, currency: 'CNY' },
        ...changes });

    return post('/v1/notify/wechat', body, [
        ['Content-Type', 'application/json'],
        ...wechatFields(body, signing)]);
}


// Of a refund: `number` is its own.
export function wechatRefund(order, number, amount = 2500, signing = {},
    status = 'SUCCESS') {
    const body = envelope(`REFUND.${status}`, { mchid: ids.mchid,
        out_trade_no: order, transaction_id: '4200000001202701150000000001',
        out_refund_no: `R${number}`, refund_id: number,
        refund_status: status,
        ...(status === 'SUCCESS' && { success_time: stamp(signing.now) }),
        amount: { total: 2500, refund: amount, payer_total: 2500,
            payer_refund: amount } });

    return post('/v1/notify/wechat', body, [
        ['Content-Type', 'application/json'],
        ...wechatFields(body, signing)]);
}


// WeChat's gateway on this machine: `answer` says what each request gets, and
// may take its time: { status, headers, body }, bytes, or nothing.
export async function gateway(t, answer) {
    const asked = [];
    const sockets = new Set();
    const server = http.createServer((request, response) => {
        const parts = [];

        request.on('data', (part) => parts.push(part));
        request.on('end', async () => {
            const body = Buffer.concat(parts).toString();

            asked.push({ method: request.method, url: request.url, body,
                headers: request.headers });

            const got = await answer({ body, count: asked.length });

            if (got === undefined) {
                return;
            }

            if (Buffer.isBuffer(got)) {
                response.socket.end(got);
                return;
            }

            response.writeHead(got.status ?? 200, [
                ['Content-Type', 'application/json'], ...got.headers ?? []]
                .flat());
            response.end(got.body);
        });
    });

    server.on('connection', (socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

    const close = () => {
        sockets.forEach((socket) => socket.destroy());
        server.close();
    };

    t.after(close);

    return { asked, close, sockets, port: server.address().port };
}

// What the gateway answers when all is well.
export function code(order = 'CA20270115000001', changes = {}) {
    const body = JSON.stringify({ code_url:
        `weixin://wxpay/bizpayurl?pr=${order}` });

    return { body, headers: wechatFields(body, changes) };
}

export const bytes = (request) => render(request);
