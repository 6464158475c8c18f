// What the finance desk gets: who asked for an invoice, paid, and has none; in
// cells that a spreadsheet neither runs nor changes.

import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { describe, it } from 'node:test';

import { created, id, issued, ledger, missing, personal, received, refunded }
    from '../ledger/scribe.mjs';

const titles = 'order,paid,amount_yuan,type,title_type,title,tax_no,address,'
    + 'phone,bank,account,email,enterprise';
const opened = (n) => ({ type: 'platforms.opened', order: id(n),
    org: '91350100M000100Y43', ca: 'CFCA', cert: `JK${n}`,
    add: ['jinzhou'] });

// RFC 4180, with nothing that it does not have.
function read(text) {
    assert.equal(text.codePointAt(0), 0xfeff);
    assert.ok(text.endsWith('\r\n'));

    return text.slice(1, -2).split('\r\n').map((line) => {
        const cells = line.match(/("([^"]|"")*"|[^",]*)(,|$)/g).slice(0, -1);

        return (line.endsWith(',') ? [...cells, ''] : cells).map((cell) =>
            cell.replace(/,$/, '').replace(/^"(.*)"$/, '$1')
                .replaceAll('""', '"'));
    });
}


describe('order invoices', { skip: missing() ?? false }, () => {
    const desk = (t) => {
        const all = ledger(t);

        return { ...all, invoices: (...args) => all.run('order', 'invoices',
            ...all.log, '--epoch-key', all.at('secret'), ...args) };
    };

    it('prints a line for each that waits', (t) => {
        const { invoices, write } = desk(t);

        write(created(1), created(2), created(3), created(4),
            created(5, { inv: null }), created(6, { amount: 0, expires: null,
                channel: null, inv: null }), opened(6),
            created(7), created(8), received(1, 'T1'), opened(1),
            received(2, 'T2'), received(3, 'T3'),
            issued(3, '26112000000000000001'), received(4, 'T4'),
            refunded(4, 'R4', 2500), received(5, 'T5'), received(8, 'T8'),
            refunded(8, 'R8', 1000));

        const { status, stdout, stderr } = invoices('--format', 'csv');
        const lines = read(stdout);

        assert.deepEqual([status, stderr], [0, '']);
        assert.equal(lines[0].join(), titles);
        assert.deepEqual(lines.slice(1).map(([order]) => order),
            [id(1), id(2), id(8)]);
        assert.equal(lines[3][2], '15');
        assert.deepEqual(lines[1], [id(1), '2026-11-26T10:00:00+08:00', '25',
            'digital_normal', 'enterprise', '甲公司', '91350100M000100Y43', '',
            '', '', '', 'someone@example.cn', '辽宁某某建设工程有限公司']);

        const all = read(invoices('--issued').stdout);

        assert.equal(all[0].join(), `${titles},number,day`);
        assert.deepEqual(all.slice(1).map(([order]) => order),
            [id(1), id(2), id(3), id(8)]);
        assert.deepEqual(all[1].slice(-2), ['', '']);
        assert.deepEqual(all[3].slice(-2),
            ['26112000000000000001\t', '2026-11-26']);
    });

    it('gives spreadsheets nothing to run, and leaves digits alone', (t) => {
        const { invoices, write } = desk(t);
        const cells = { title: '=1+1', tax_no: '210100000000001234',
            address: '"一"路,1号', phone: '+86 (024) 2222', bank: '＝银行',
            account: '6222-0012-3456', email: '@x.cn' };

        write(created(1, {}, personal(cells)), received(1, 'T1'),
            created(2, {}, personal({ title: '中国 100%', phone: '024-1234567',
                account: '00001234567890123456', tax_no: '' })),
            received(2, 'T2'));

        const { status, stdout } = invoices();
        const [, first, second] = read(stdout);

        assert.equal(status, 0);
        assert.deepEqual(first.slice(5, 12), ["'=1+1",
            '210100000000001234\t', '"一"路,1号', "'+86 (024) 2222",
            "'＝银行", '6222-0012-3456\t', "'@x.cn"]);
        assert.deepEqual(second.slice(5, 11), ['中国 100%', '', '',
            '024-1234567\t', '', '00001234567890123456\t']);
        assert.match(stdout, /,"""一""路,1号",/);
    });

    it('tells what it cannot open', (t) => {
        const { at, done, invoices, key, log, run, write } = desk(t);

        write(created(1), received(1, 'T1'), created(2), received(2, 'T2'));
        done('vault', 'shred', id(1), '--ledger', at('ledger'), ...key);

        const shredded = invoices();

        assert.equal(shredded.status, 0);
        assert.equal(shredded.stderr,
            `caplat: ${id(1)}: its personal data has been shredded\n`);
        assert.deepEqual(read(shredded.stdout).slice(1).map(([one]) => one),
            [id(2)]);

        done('vault', 'new-epoch', '2027Q1', '--out', at('next'));

        const other = run('order', 'invoices', ...log, at('next'));

        assert.equal(other.status, 1);
        assert.equal(read(other.stdout).length, 1);
        assert.match(other.stderr, new RegExp(`${id(2)}: no secret key .*is `
            + 'of the order\'s epoch'));

        // With both keys each order has its own.
        const both = run('order', 'invoices', ...log, at('next'),
            at('secret'));

        assert.equal(both.status, 0);
        assert.equal(read(both.stdout).length, 2);

        chmodSync(at('secret'), 0o640);
        assert.match(invoices().stderr, /warning: it is open to others/);
    });

    it('says what it is used for wrongly', (t) => {
        const { at, log, run } = desk(t);

        for (const [words, ...args] of [
            [/which one\?/],
            [/--format xlsx: csv/, at('secret'), '--format', 'xlsx'],
        ]) {
            const { status, stdout, stderr } = run('order', 'invoices',
                ...log, ...args);

            assert.deepEqual([status, stdout], [2, '']);
            assert.match(stderr, words);
        }

        assert.equal(run('order', 'invoices', ...log, at('nothing')).status,
            1);
    });
});
