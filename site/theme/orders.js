/* What an order looks like: its state in words, and its values. */
import { clock, day, yuan } from './core.js';
import { NUMBER, cancel } from './session.js';
import { fill, words } from './view.js';

export { NUMBER, cancel };

export const isNumber = text => RegExp(`^${NUMBER}$`).test(text);

/* The order that the address is about. */
export const asked = () => (RegExp(`[#&]order=(${NUMBER})`).exec(location.hash) || [])[1];

export const moment = seconds => `${day(seconds)} ${clock(seconds)}`;
export const state = order => words[`order-${order.state}`] || order.state;
export const names = order => order.lines.filter(line => line.platform).map(line => line.name).join('、');

/* Of an order that has one: what it is, and which, once it is issued. */
const invoice = ({ invoice: { type, email } }) => fill(words['invoice-of'], {
    type: words[`invoice-${type}`], to: email || '' }).trim();
const issued = ({ invoice: { number, day: on } }) => (number ? fill(words['invoice-number'], { number, day: on }) : '');

/* The parts that are there. */
const together = (...parts) => parts.filter(Boolean).join(' · ');

/* From payment on it is due, for what has not gone back. */
const isDue = ({ state: of, amount, refund }) => of === 'paid' || of === 'opened'
    || of === 'refunded' && refund.amount < amount;

export const invoiceState = order => words[order.invoice.number ? 'invoice-issued'
    : order.state === 'created' ? 'invoice-created' : isDue(order) ? 'invoice-due' : 'invoice-void'];

export const invoiceName = order => together(invoice(order), issued(order));

const payment = ({ payment: got }) => (got ? fill(words['paid-by'], {
    channel: words[`channel-${got.channel}`] || got.channel, amount: yuan(got.amount), time: moment(got.paid) }) : '');

const nameIn = (order, platform) => (order.lines.find(line => line.platform === platform) || { name: platform }).name;

/* What went back, and what went with it. */
function refund(order) {
    if (!order.refund) {
        return '';
    }

    const { amount, at, closed } = order.refund;
    const platforms = closed.map(each => nameIn(order, each)).join('、');

    return `${fill(words['refund-of'], { amount: yuan(amount), time: moment(at) })}。${
        platforms ? fill(words['refund-closed'], { platforms }) : words['refund-kept']}`;
}

export function holder(order, session) {
    const known = session.certificates.find(each => each.certificate === order.certificate);

    return known && known.holder ? `${known.holder}（${order.certificate}）` : order.certificate;
}


/* session: whose certificates are known by name */
export const texts = (order, session) => ({
    state: state(order),
    order: order.id,
    holder: holder(order, session),
    platforms: names(order),
    total: `${yuan(order.amount)} 元`,
    channel: order.channel ? words[`channel-${order.channel}`] : words.none,
    payment: payment(order),
    refund: refund(order),
    invoice: order.invoice ? together(invoice(order), invoiceState(order), issued(order)) : words['invoice-none'],
    time: moment(order.created),
    expires: order.expires ? moment(order.expires) : '–',
});
