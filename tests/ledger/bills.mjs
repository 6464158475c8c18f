// Bills of a day as the channels' merchants download them, as far as they are
// read, of rows that are lists of cells; and what `caplat order reconcile` says
// of them.

import assert from 'node:assert/strict';

const chinese = (day) => day.replace(/(.*)-(.*)-(.*)/, '$1年$2月$3日 00:00:00');

// 交易 and 退款 of Alipay: number, order, type, time, yuan, the refund's number.
// From the one day until the other begins.
export const alipayBill = (rows, from = '2026-11-26', until = '2026-11-27') => [
    '#支付宝业务明细查询',
    `#起始日期：[${chinese(from)}]   终止日期：[${chinese(until)}]`,
    '支付宝交易号,商户订单号,业务类型,完成时间,订单金额（元）,退款批次号/请求号',
    ...rows.map((row) => row.join('\t,')),
    '#-----业务明细列表结束-----', ''].join('\r\n');

// SUCCESS and REFUND of WeChat: time, number, order, state, yuan, its and our
// number of the refund, yuan that went back.
export const wechatBill = (rows) => ['\ufeff交易时间,微信订单号,商户订单号,'
    + '交易状态,订单金额,微信退款单号,商户退款单号,申请退款金额',
    ...rows.map((row) => row.map((cell) => `\`${cell}`).join(',')),
    '总交易单数,应结订单总金额', `\`${rows.length},\`0.00`, ''].join('\n');


// What Alipay writes is GBK, and what reads it is there: read all that it has.
let table;

function gbkTable() {
    const reader = new TextDecoder('gbk');
    const made = new Map();

    for (let lead = 0x81; lead <= 0xfe; lead++) {
        for (let trail = 0x40; trail <= 0xfe; trail++) {
            const bytes = Buffer.from([lead, trail]);
            const text = reader.decode(bytes);

            if (text.length === 1 && text !== '\ufffd') {
                made.set(text, bytes);
            }
        }
    }

    return made;
}

export function gbk(text) {
    table ??= gbkTable();

    return Buffer.concat([...text].map((one) => table.get(one)
        ?? Buffer.from(one, 'latin1')));
}


// Its lines without their titles, and the last one as an object.
export function readReconciled(text) {
    const lines = text.split('\n').map((line) => line.split('\t'));
    const [titles, ...rest] = lines.slice(0, -2);
    const [word, ...sums] = lines.at(-2);

    assert.deepEqual(titles, ['difference', 'channel', 'kind', 'number',
        'bill_order', 'bill_fen', 'ledger_order', 'ledger_fen', 'time',
        'line', 'record']);
    assert.equal(word, 'total');
    assert.equal(lines.at(-1).join(), '');

    return { lines: rest, total: Object.fromEntries(sums.map((one) =>
        one.split('=')).map(([what, n]) => [what, Number(n)])) };
}
