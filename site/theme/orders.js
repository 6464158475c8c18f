/* What an order looks like: its state in words, and its values. */
import { day, yuan } from './core.js';
import { ask } from './session.js';
import { fill, words } from './view.js';

const NUMBER = '[A-Z]{1,4}\\d{14,27}';

export const isNumber = text => RegExp(`^${NUMBER}$`).test(text);

/* The order that the address is about. */
export const asked = () => {
    const found = RegExp(`[#&]order=(${NUMBER})`).exec(location.hash);

    return found ? found[1] : undefined;
};

export const clock = seconds => new Date((seconds + 8 * 3600) * 1000).toISOString().slice(11, 16);

export const moment = seconds => `${day(seconds)} ${clock(seconds)}`;
export const state = order => words[`order-${order.state}`] || order.state;
export const names = order => order.lines.filter(line => line.platform).map(line => line.name).join('、');

/* An order that is no more to be paid, or has become something else already:
   whoever asks next sees what. */
export async function cancel(id) {
    try {
        await ask('POST', `/v1/orders/${id}/cancel`);
    } catch (problem) {
        if (problem.name !== 'order-state-conflict') {
            throw problem;
        }
    }
}


/* Of an order that has one. */
export const invoice = order => fill(words['invoice-of'], {
    type: words[`invoice-${order.invoice.type}`], to: order.invoice.email || '' }).trim();

/* From payment on it is due. */
export const invoiceState = ({ state: of }) => words[of === 'created' ? 'invoice-created'
    : of === 'paid' || of === 'opened' ? 'invoice-due' : 'invoice-void'];

function holder(order, session) {
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
    invoice: order.invoice ? `${invoice(order)} · ${invoiceState(order)}` : words['invoice-none'],
    time: moment(order.created),
    expires: order.expires ? moment(order.expires) : '–',
});
