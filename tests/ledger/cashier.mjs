// Both channels in bad weather: what a buyer pays is told more than once, late
// and in any order, and told again at once until the shop has said yes. The
// book has what was really paid.

import { pause } from '../edge/server.mjs';
import { alipayNotice, alipayRefund, code, stamp, wall, wechatNotice,
    wechatRefund } from '../edge/channels.mjs';
import { ask } from '../edge/wire.mjs';
import { alipayBill, wechatBill } from './bills.mjs';

const patience = 60000;         // ms until a notice counts as never taken
const latest = 1500;            // ms until a notice is sent

export const yuan = (fen) => (fen / 100).toFixed(2);
const day = (seconds) => wall(seconds).slice(0, 10);

const channels = {
    alipay: {
        payment: ({ order, trade, fen, time }, signing) => alipayNotice(order,
            { trade_no: trade, total_amount: yuan(fen),
                gmt_payment: wall(time) }, signing),
        refund: ({ order, trade, number, fen }, signing) => alipayRefund(order,
            number, yuan(fen), { trade_no: trade }, signing),
        isYes: ({ status, body }) => status === 200
            && body.toString() === 'success',
        trade: (n, at) => `${day(at).replaceAll('-', '')}220014${
            String(n).padStart(14, '0')}`,
        bill: (rows, from, until) => alipayBill(rows.map((row) => [row.trade,
            row.order, row.kind === 'refund' ? '退款' : '交易', wall(row.time),
            row.kind === 'refund' ? `-${yuan(row.fen)}` : yuan(row.fen),
            row.number ?? '']), from, until),
    },
    wechat: {
        payment: ({ order, trade, fen, time }, signing) => wechatNotice(order,
            { transaction_id: trade, success_time: stamp(time),
                amount: { total: fen, payer_total: fen, currency: 'CNY' } },
            signing),
        refund: ({ order, number, fen }, signing) => wechatRefund(order,
            number, fen, signing),
        isYes: ({ status }) => status === 204,
        trade: (n, at) => `42000${day(at).replaceAll('-', '')}${
            String(n).padStart(15, '0')}`,
        bill: (rows) => wechatBill(rows.map((row) => [wall(row.time),
            row.trade, row.order, ...row.kind === 'refund'
                ? ['REFUND', '0.00', row.number, `R${row.number}`,
                    yuan(row.fen)]
                : ['SUCCESS', yuan(row.fen), '0', '0', '0.00']])),
    },
};


// isKnown(entry) tells whether the shop has heard of a payment that it never
// says yes to, for its amount is wrong: nobody goes on for 25 hours here.
export class Cashier {
    constructor({ port, roll, now, isKnown }) {
        Object.assign(this, { port, roll, now, isKnown, book: [],
            codes: new Map(), counts: { notices: 0, tries: 0, unanswered: 0,
                refused: 0 } });
    }

    // WeChat's gateway is asked for a code.
    native({ body }) {
        const { out_trade_no: order, amount: { total: fen } }
            = JSON.parse(body);
        const answer = code(order, { now: this.now() });

        this.codes.set(JSON.parse(answer.body).code_url,
            { channel: 'wechat', order, fen });

        return answer;
    }

    // What a buyer sees who follows what the shop has answered.
    show({ channel, url, code_url: shown }) {
        if (channel === 'wechat') {
            return this.codes.get(shown);
        }

        const said = JSON.parse(new URL(url).searchParams.get('biz_content'));

        return { channel, order: said.out_trade_no,
            fen: Math.round(100 * said.total_amount) };
    }

    write(entry) {
        const n = this.book.length + 1;
        const time = this.now();
        const trade = entry.trade ?? channels[entry.channel].trade(n, time);

        this.book.push({ ...entry, trade, time, ...entry.kind === 'refund'
            && { number: `50${trade.slice(2, 20)}${n}` } });

        return this.book.at(-1);
    }

    // Money comes; of what was shown, or another amount.
    take({ channel, order, fen: price }, fen = price) {
        return this.write({ kind: 'payment', channel, order, fen,
            isWrong: fen !== price });
    }

    // And goes back.
    giveBack({ channel, order, trade, fen: paid }, fen = paid) {
        return this.write({ kind: 'refund', channel, order, trade, fen });
    }

    // Tell the shop, until it has heard each of several copies.
    async tell(entry) {
        const copies = this.roll() < 0.3 ? 3 : 2;

        await Promise.all(Array.from({ length: copies }, () =>
            this.send(entry)));
    }

    async send(entry) {
        const { payment, refund, isYes } = channels[entry.channel];

        await pause(latest * this.roll() ** 2);
        this.counts.notices++;

        const first = performance.now();
        const notice = (entry.kind === 'refund' ? refund : payment)(entry,
            { now: this.now() });

        while (performance.now() < first + patience) {
            const answer = await ask(this.port, notice)
                .catch(() => undefined);

            this.counts.tries++;

            if (answer === undefined) {
                this.counts.unanswered++;
            } else if (!isYes(answer)) {
                this.counts.refused++;
            } else if (entry.isWrong) {
                break;
            } else {
                return;
            }

            if (entry.isWrong && this.isKnown(entry)) {
                return;
            }

            await pause(5 + 40 * this.roll());
        }

        throw new Error(`${entry.channel} ${entry.trade} of ${entry.order}: ${
            entry.isWrong ? 'yes to a wrong amount, or' : ''} no answer`);
    }

    of(channel, kind) {
        return this.book.filter((entry) => entry.channel === channel
            && entry.kind === kind);
    }

    // The channel's bill of all that the rows have.
    static bill(channel, rows) {
        const times = rows.map(({ time }) => time);

        return channels[channel].bill(rows, day(Math.min(...times)),
            day(Math.max(...times) + 86400));
    }
}
