/*
 * What a channel asks of who pays: a link to follow, a picture to scan, an account
 * to transfer to. `got` is what /v1/orders/{id}/payments has answered.
 */
import { yuan } from './core.js';
import { moment } from './orders.js';
import { all, fill, one, row, words } from './view.js';

const SVG = 'http://www.w3.org/2000/svg';

/* What a reader needs around the picture, in modules. */
const QUIET = 4;


function shape(name, attributes) {
    const node = document.createElementNS(SVG, name);

    Object.keys(attributes).forEach(each => node.setAttribute(each, attributes[each]));

    return node;
}


/* A QR code as the server has made it, a string of 0 and 1 for each row: dark on
   white, whatever the scheme is. label: what it is, for who does not see it. */
export function picture(rows, label) {
    const side = rows.length + 2 * QUIET;
    const svg = shape('svg', { role: 'img', 'aria-label': label, 'shape-rendering': 'crispEdges',
        viewBox: `${-QUIET} ${-QUIET} ${side} ${side}` });
    const d = rows.map((row, y) => Array.from(row, (dot, x) => dot === '1' ? `M${x} ${y}h1v1h-1z` : '').join('')).join('');

    svg.appendChild(shape('rect', { x: -QUIET, y: -QUIET, width: side, height: side, fill: '#fff' }));
    svg.appendChild(shape('path', { d, fill: '#000' }));

    return svg;
}


/* Where the browser cannot copy, what is to be copied is marked. */
function copies(part) {
    const buttons = all('[data-copy]', part);
    const texts = buttons.map(button => button.firstChild.data);

    buttons.forEach(button => button.addEventListener('click', async () => {
        const value = one(`[data-value="${button.dataset.copy}"]`, part);

        try {
            await navigator.clipboard.writeText(value.textContent);
        } catch (e) {
            getSelection().selectAllChildren(value);
            return;
        }

        buttons.forEach((each, i) => { each.firstChild.data = each === button ? words.copied : texts[i]; });
        one('[data-copied]', part).textContent = button.textContent;
    }));
}


const parts = {
    /* left() is told when somebody goes there. */
    alipay({ url, expires }, order, { left }) {
        const part = row('alipay', { until: fill(words['pay-until'], { time: moment(expires) }) });
        const link = one('[data-go]', part);

        link.href = url;
        link.addEventListener('click', left);

        return part;
    },

    /* paid() is told when somebody says so. */
    wechat({ code_url, qr, expires }, order, { paid }) {
        const part = row('wechat', { until: fill(words['pay-until'], { time: moment(expires) }) });
        const cashier = one('[data-cashier]', part);

        one('[data-qr]', part).appendChild(picture(qr, fill(words['pay-qr'], { amount: yuan(order.amount) })));
        one('[data-paid]', part).addEventListener('click', paid);

        /* The demo's gateway names the order there, which WeChat's never does. */
        if (cashier && code_url.endsWith(`pr=${order.id}`)) {
            cashier.hidden = false;
            cashier.search = `?order=${order.id}&channel=wechat&amount=${order.amount}`;
        }

        return part;
    },

    transfer({ name, bank, account, reference }, order) {
        const part = row('transfer', { name, bank, account, reference, sum: yuan(order.amount),
            kept: moment(order.expires) });

        copies(part);

        return part;
    },
};

/* The channel's part of the page; undefined of a channel that is not known. */
export const part = (got, order, acts) => parts[got.channel] && parts[got.channel](got, order, acts);
