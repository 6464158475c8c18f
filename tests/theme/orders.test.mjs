// What an order looks like, in each of its states.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { root } from '../site/server.mjs';
import { example, stage } from './stage.mjs';

const order = (changes) => example('get /v1/orders/{id}', changes);
const session = example('get /v1/session');

// Those that the server has.
const states = Array.from(readFileSync(path.join(root,
    'ngx_caplat_module/core/caplat_state.h'), 'utf8')
    .matchAll(/^ {4}S\([A-Z]*, *"([a-z]*)"/gm), ([, name]) => name);


describe('orders.js', () => {
    const scene = stage();

    async function open(t, at = '/order/') {
        const page = scene.page(t, at);

        return { ...page, ...await page.load('orders') };
    }

    for (const [hash, wanted] of [
        ['#order=CA20270115000001', 'CA20270115000001'],
        ['#x=1&order=CA20270115000001', 'CA20270115000001'],
        ['', undefined], ['#order=', undefined], ['#order=CA1', undefined],
        ['#reorder=CA20270115000001', undefined],
        ['#order=../session', undefined],
        ['#order=ca20270115000001', undefined],
    ]) {
        it(`is about ${wanted} at “${hash}”`, async (t) => {
            assert.equal((await open(t, `/order/${hash}`)).asked(), wanted);
        });
    }

    it('has words for each state of the server', async (t) => {
        const { state } = await open(t);
        const said = states.map((one) => state({ state: one }));

        assert.ok(states.length >= 6);
        said.forEach((one, at) => assert.notEqual(one, states[at]));
        assert.equal(new Set(said).size, said.length);
        assert.equal(state({ state: 'later' }), 'later');
    });

    it('has moments of Beijing', async (t) => {
        const { moment } = await open(t);
        const at = (text) => moment(Date.parse(text) / 1000);

        assert.equal(at('2027-01-15T15:59:59Z'), '2027-01-15 23:59');
        assert.equal(at('2027-01-15T16:00:00Z'), '2027-01-16 00:00');
    });

    it('names platforms, and not what is no platform', async (t) => {
        const { names } = await open(t);

        assert.equal(names({ lines: [{ platform: null, name: '套餐' },
            ...order().lines] }),
        '锦州市公共资源平台、朝阳市公共资源平台、华晨集团电子采购平台');
    });

    it('tells all of an order', async (t) => {
        const { texts } = await open(t);

        assert.deepEqual(texts(order(), session), {
            state: '待支付', order: 'CA20270115000001',
            holder: '刘某（JK20219332345678）',
            platforms:
                '锦州市公共资源平台、朝阳市公共资源平台、华晨集团电子采购平台',
            total: '25.00 元', channel: '支付宝', payment: '', refund: '',
            invoice: '电子普票 a***@e***.cn · 付款后开具', time: '2027-01-15 16:00',
            expires: '2027-01-15 16:30',
        });
    });

    it('tells how it was paid, and what went back', async (t) => {
        const { texts } = await open(t);
        const of = (changes) => texts(order({ state: 'refunded',
            payment: { channel: 'transfer', amount: 2500, paid: 1800000000 },
            refund: { amount: 1250, at: 1800003600, closed: [] },
            ...changes }), session);

        assert.equal(of().payment, '对公转账，25.00 元，2027-01-15 16:00');
        assert.equal(of().refund,
            '12.50 元，2027-01-15 17:00。平台没有关闭');
        assert.equal(of({ refund: { amount: 2500, at: 1800003600,
            closed: ['jinzhou', 'nowhere'] } }).refund, '25.00 元，'
            + '2027-01-15 17:00。已关闭：锦州市公共资源平台、nowhere');
    });

    // What was sent back of 25.00, and what is said of the invoice.
    for (const [state, issued, wanted, amount] of [
        ['created', {}, '付款后开具'], ['paid', {}, '开票中'],
        ['opened', { number: null, day: null }, '开票中'],
        ['lapsed', {}, '不再开具'],
        ['refunded', {}, '不再开具', 2500],
        ['refunded', {}, '开票中', 2499],
        ['opened', { number: '24212000000012345678', day: '2026-11-26' },
            '已开具 · 发票号码 24212000000012345678 · 2026-11-26'],
        ['refunded', { number: '24212000000012345678', day: '2026-11-26' },
            '已开具 · 发票号码 24212000000012345678 · 2026-11-26', 2500],
    ]) {
        it(`tells of an invoice that it is ${wanted}: ${state}, ${amount}`,
            async (t) => {
                const { texts } = await open(t);
                const { invoice } = texts(order({ state, refund: amount
                    ? { amount, at: 1800003600, closed: [] } : null, invoice: {
                    type: 'digital_normal', email: 'a***@e***.cn',
                    ...issued } }), session);

                assert.equal(invoice, `电子普票 a***@e***.cn · ${wanted}`);
            });
    }

    it('tells what is not there', async (t) => {
        const { texts } = await open(t);
        const { holder, total, channel, invoice, expires } = texts(order({
            certificate: 'DEMO0009', amount: 0, channel: null, invoice: null,
            expires: null }), session);

        assert.deepEqual([holder, total, channel, invoice, expires],
            ['DEMO0009', '0 元', '不用支付', '不开发票', '–']);
        assert.equal(texts(order({ invoice: { type: 'paper_special' } }),
            session).invoice, '纸质专票 · 付款后开具');
    });
});
