// What it costs to be paid, in one run on one machine: reading a whole notice
// of each channel beside a bare check of RSA-2048; then notices through nginx,
// each of which pays an order that waits for it, beside those orders.
//
//     BENCH_SECONDS=N  of each channel's notices, 1 unless told

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync,
    writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { alipayNotice, directives, files, ids, wechatNotice }
    from '../edge/channels.mjs';
import { ask, render } from '../edge/wire.mjs';
import { end, machine, number, promise, say } from './report.mjs';
import { connections, cpu, prepare, run, start, stockOrders, stop, wrk,
    writeStock } from './stand.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
process.env.PATH += ':/usr/sbin:/sbin';

const seconds = Number(process.env.BENCH_SECONDS ?? 1);
// A stock that ends is no measure: more orders in a second than any machine has
// taken, and for so long that there is one for each notice of both channels.
const most = 16000;
const ordering = 6 * seconds;

const now = () => Math.floor(Date.now() / 1000);
const channels = {
    alipay: (order, trade) => alipayNotice(order, { trade_no: trade },
        { now: now() }),
    wechat: (order, trade) => wechatNotice(order, { transaction_id: trade },
        { now: now() }),
};
const titles = { alipay: 'Alipay', wechat: 'WeChat' };


// Two notices, and what they are read with, each in a file of its own.
function lay(folder) {
    const alipay = channels.alipay('CA20261126000001', '2026112622001400');
    const wechat = channels.wechat('CA20261126000001', '4200000001202611');
    const all = { 'alipay.body': alipay.body, 'wechat.body': wechat.body,
        'alipay.pem': files['alipay.pem'], 'wechat.pem': files['wechat.pem'],
        'api.key': files['api.key'], app_id: ids.app, seller_id: ids.seller,
        appid: ids.appid, mchid: ids.mchid,
        ...Object.fromEntries(wechat.headers.map(([name, value]) =>
            [name.toLowerCase(), value])
            .filter(([name]) => name.startsWith('wechatpay-'))) };

    for (const [name, text] of Object.entries(all)) {
        writeFileSync(`${folder}/${name}`, text);
    }
}

function reading() {
    mkdirSync('build/bench', { recursive: true });

    const folder = mkdtempSync('build/bench/notice-');

    try {
        lay(folder);

        return JSON.parse(execFileSync('build/bench/notice', [folder],
            { encoding: 'utf8' }));
    } finally {
        rmSync(folder, { recursive: true });
    }
}

function reportReading(took) {
    const row = (ns, words) => say(`        ${(ns / 1000).toFixed(1)
        .padStart(7)} us  ${number(1e9 / ns).padStart(7)}/s  ${
        (took.bare_ns / ns).toFixed(2)}  ${words}`);

    say('\n        CPU time, so many for a second of it, ratio to the check');
    row(took.bare_ns, 'a check of RSA-2048 alone, OpenSSL');

    for (const [channel, title] of Object.entries(titles)) {
        row(took[`${channel}_ns`], `a notice of ${title}, read whole: ${
            number(took[`${channel}_len`])} bytes`);
    }

    say('');

    for (const [channel, title] of Object.entries(titles)) {
        promise(`${title}: notices for CPU time, to RSA-2048 checks`,
            took.bare_ns / took[`${channel}_ns`], { least: 0.6 });
    }
}


// The orders that are in the log.
function placed() {
    const log = `${run}/ledger/log`;

    return readdirSync(log).filter((name) => name.endsWith('.ndjson'))
        .flatMap((name) => [...readFileSync(`${log}/${name}`, 'utf8')
            .matchAll(/"type":"order\.created","order":"(\w+)"/g)])
        .map(([, id]) => id);
}

async function booked(port, channel) {
    const { body } = await ask(port, { method: 'GET', target: '/metrics',
        headers: [['Host', 'x']] });

    return Number(new RegExp(`^caplat_notices.*"${channel}".*"booked"} (\\d+)`,
        'm').exec(body)?.[1] ?? 0);
}

// What wrk sends in that time, and what it costs the worker: us.
async function measure({ port, worker }, stock, time) {
    const before = cpu(worker);
    const result = await wrk(port, stock, time);

    if (result.refused !== undefined) {
        throw new Error(`some were refused:\n${result.refused}`);
    }

    return { ...result, rate: result.count / time,
        us: (cpu(worker) - before) / result.count / 1000 };
}

// An answer of 200 may be `fail`: what counts is what is booked.
async function pay(server, channel, orders) {
    const stock = writeStock(channel, orders.map((id, i) => render(
        channels[channel](id, `${i + 1}`)).toString()));
    const result = await measure(server, stock, seconds);
    const count = await booked(server.port, channel);

    if (count < result.count) {
        throw new Error(`${count} of ${result.count} notices were booked`);
    }

    return result;
}

function reportPaying(orders, paid, bare) {
    const row = ({ rate, us, p50, p99 }, words) => say(`        ${
        number(rate).padStart(7)}/s  ${us.toFixed(0).padStart(4)} us  ${
        number(1e6 / us).padStart(6)}  ${p50.toFixed(1).padStart(5)} ms  ${
        p99.toFixed(1).padStart(5)} ms  ${words}`);

    say(`\n        one worker, ${connections} connections, durable: a second, `
        + 'CPU each, for a second of CPU, p50, p99');
    row(orders, 'signed orders, before');

    for (const [channel, title] of Object.entries(titles)) {
        row(paid[channel], `notices of ${title}, each pays an order`);
    }

    say('');

    for (const [channel, title] of Object.entries(titles)) {
        promise(`${title}: notices for CPU time, to RSA-2048 checks`,
            bare / paid[channel].us, {});
        promise(`${title}: notices for CPU time, to orders`,
            orders.us / paid[channel].us, {});
    }
}

async function wholeWay(bare) {
    prepare({ ...files,
        'channels.conf': directives.alipay + directives.wechat });

    const server = await start('payment');

    try {
        const stock = await stockOrders(server, ordering * most / 8);
        const orders = await measure(server, stock, ordering);
        const all = placed();
        const half = Math.floor(all.length / 2);

        reportPaying(orders, {
            alipay: await pay(server, 'alipay', all.slice(0, half)),
            wechat: await pay(server, 'wechat', all.slice(half)),
        }, bare);
    } finally {
        await stop(server);
    }
}


say(machine());

const took = reading();

reportReading(took);
await wholeWay(took.bare_ns / 1000);
end();
