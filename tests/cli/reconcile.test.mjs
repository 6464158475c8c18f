// Bills of the channels beside a ledger, as an operator compares them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { alipayBill, gbk, readReconciled, wechatBill }
    from '../ledger/bills.mjs';
import { confirmed, created, id, ledger, missing, received, refunded,
         unmatched } from '../ledger/scribe.mjs';

const alipay = (...rows) => alipayBill(rows);
const wechat = (...rows) => wechatBill(rows);

const paid = (n, trade, yuan = '25.00', clock = '10:00:00') => [trade, id(n),
    '交易', `2026-11-26 ${clock}`, yuan, ''];
const back = (n, trade, number, yuan) => [trade, id(n), '退款',
    '2026-11-26 12:00:00', `-${yuan}`, number];

const told = ({ stdout }) => readReconciled(stdout);


describe('reconcile', { skip: missing() ?? false }, () => {
    it('is silent when both sides say the same', (t) => {
        const { put, run, log, write } = ledger(t);
        const bill = put('bill.csv', gbk(alipay(paid(1, 'T1'),
            back(1, 'T1', 'R1', '10.00'))));

        write(created(1), received(1, 'T1'), refunded(1, 'R1', 1000),
            confirmed(1, 'R1', 1000));

        const same = run('order', 'reconcile', '--bill', bill, ...log);

        assert.deepEqual([same.status, same.stderr], [0, '']);
        assert.deepEqual(told(same), { lines: [], total: { differences: 0,
            bill_payments: 1, bill_paid_fen: 2500, ledger_payments: 1,
            ledger_paid_fen: 2500, bill_refunds: 1, bill_refunded_fen: 1000,
            ledger_refunds: 1, ledger_refunded_fen: 1000, other_rows: 0 } });
    });

    it('tells each difference, and exits with 1', (t) => {
        const { put, run, log, write } = ledger(t);
        const bill = put('bill.csv', alipay(paid(1, 'T1'), paid(1, 'T2'),
            paid(9, 'T9'), paid(2, 'T3', '24.00'), paid(1, 'T4')));

        write(created(1), received(1, 'T1'), unmatched(1, 'T2', 'twice'),
            created(2), received(2, 'T3'), created(3), received(3, 'T4'),
            created(4), received(4, 'T5'));

        const differs = run('order', 'reconcile', bill, ...log);
        const { lines, total } = told(differs);

        assert.deepEqual([differs.status, differs.stderr], [1, '']);
        assert.deepEqual(lines.map((line) => [line[0], ...line.slice(3, 8)]), [
            ['paid-twice', 'T2', id(1), '2500', id(1), '2500'],
            ['only-in-bill', 'T9', id(9), '2500', '-', '-'],
            ['other-amount', 'T3', id(2), '2400', id(2), '2500'],
            ['other-order', 'T4', id(1), '2500', id(3), '2500'],
            ['only-in-ledger', 'T5', '-', '-', id(4), '2500'],
        ]);
        assert.deepEqual(lines[1].slice(1, 3), ['alipay', 'payment']);
        assert.deepEqual(lines[1].slice(8),
            ['2026-11-26T10:00:00+08:00', `${bill}:6`, '-']);
        assert.deepEqual(lines[4].slice(8),
            ['2026-11-26T10:00:00+08:00', '-', '8']);
        assert.deepEqual([total.differences, total.bill_payments,
            total.bill_paid_fen, total.ledger_payments,
            total.ledger_paid_fen], [5, 5, 12400, 5, 12500]);
    });

    it('takes bills of both channels, and of more days', (t) => {
        const { put, run, log, write } = ledger(t);
        const first = put('a.csv', alipay(paid(1, 'T1', '25.00',
            '23:59:59')));
        const second = put('w.csv', wechat(['2026-11-27 09:00:00', '4200',
            id(2), 'SUCCESS', '25.00', '0', '0', '0.00']));
        const compare = (...more) => told(run('order', 'reconcile', ...log,
            '--bill', first, `--bill=${second}`, ...more));

        write(created(1), created(2, { channel: 'wechat' }),
            received(1, 'T1', { paid: 1795622400 + 86399, t: 86401 }),
            received(2, '4200', { client: 'wechat', channel: 'wechat',
                paid: 1795622400 + 86400 + 9 * 3600, t: 86400 + 32400 }));

        assert.equal(compare().total.differences, 0);
        assert.equal(compare().total.ledger_payments, 2);
        assert.equal(compare('--day', '2026-11-26').total.ledger_payments,
            1);
        assert.equal(compare('--day', '2026-11-28').total.ledger_payments,
            0);
    });

    it('names the place of what it cannot read', (t) => {
        const { put, run, log, write } = ledger(t);

        write(created(1));

        const fails = (status, words, ...args) => {
            const { status: is, stdout, stderr } = run('order', 'reconcile',
                ...log, ...args);

            assert.deepEqual([is, stdout], [status, '']);
            assert.match(stderr, words);
        };

        fails(1, /bad\.csv:4:48: error: the amount: .*not-a-number/, put(
            'bad.csv', alipay(paid(1, 'T1', '25.001'))));
        fails(1, /half\.csv:4:1: error: the bill: .*\n.*download it again/,
            put('half.csv', alipay().split('#-----')[0]));
        fails(1, /none\.csv:1:1: .*\n.*a bill is a CSV, unpacked/,
            put('none.csv', 'a,b\n'));
        fails(2, /--day: a channel's bills have no rows/,
            put('empty.csv', wechat()));
        fails(2, /--day 26\.11\.: a day, as 2026-11-26/,
            put('empty.csv', wechat()), '--day', '26.11.');
        fails(2, /which one\?/);
        assert.equal(run('order', 'reconcile', ...log, '--day', '2026-11-26',
            put('empty.csv', wechat())).status, 0);
    });
});
