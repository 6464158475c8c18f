/*
 * /demo/cashier/: plays a channel. What has been paid is said to the demo, which
 * makes the notice that the channel would send; it is brought to where it belongs
 * as often, as late, or not at all, as somebody wishes to see.
 */
import { yuan } from './core.js';

const root = document.querySelector('[data-cashier]');
const one = selector => root.querySelector(selector);
const all = selector => Array.from(root.querySelectorAll(selector));


/* 25.00 in fen; undefined of what is no amount. */
function fen(text) {
    const found = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text);

    return found ? Number(found[1]) * 100 + Number((found[2] || '').padEnd(2, '0')) : undefined;
}


/* What is to be paid: as Alipay's gateway is told it, or by our own page. */
function read() {
    const query = new URLSearchParams(location.search);

    try {
        const content = JSON.parse(query.get('biz_content'));

        if (content) {
            return { order: content.out_trade_no, channel: 'alipay', amount: fen(content.total_amount) };
        }
    } catch (e) { /* no content of the gateway's */ }

    return { order: query.get('order'), channel: query.get('channel'), amount: Number(query.get('amount')) };
}


function say(what, values = {}) {
    const item = document.importNode(one(`template[data-said="${what}"]`).content, true);

    Object.keys(values).forEach(name => { item.querySelector(`[data-${name}]`).textContent = values[name]; });
    one('[data-none]').hidden = true;
    one('[data-place="said"]').appendChild(item);
}


const post = (at, headers, body) => fetch(at, { method: 'POST', headers, body, cache: 'no-store' });

/* A notice, signed; undefined where there is none, which is said. */
async function make(bill, event) {
    const answer = await post('/demo/cashier/notice', { 'Content-Type': 'application/json' },
        JSON.stringify(Object.assign({ event }, bill)));

    if (!answer.ok) {
        say('unmade', { status: answer.status });
        return undefined;
    }

    return answer.json();
}

async function bring(notice) {
    if (notice) {
        const answer = await post(notice.target, notice.headers, notice.body);

        say('answered', { status: answer.status, text: await answer.text() });
    }
}

const rest = seconds => new Promise(resolve => setTimeout(resolve, 1000 * seconds));


const acts = {
    paid: async bill => bring(await make(bill, 'paid')),
    refunded: async bill => bring(await make(bill, 'refunded')),

    /* Another number of the channel's each time: money has come twice. */
    async twice(bill) {
        await acts.paid(bill);
        await acts.paid(bill);
    },

    async again(bill) {
        const notice = await make(bill, 'paid');

        await bring(notice);
        await bring(notice);
    },

    async late(bill) {
        const seconds = Number(one('#late').value) || 1;
        const notice = await make(bill, 'paid');

        if (notice) {
            say('later', { status: seconds });
            await rest(seconds);
            await bring(notice);
        }
    },

    async lost() {
        say('lost');
    },
};


const bill = read();
const channel = one('[data-value="channel"]');

if (bill.order && bill.amount > 0 && channel.dataset[bill.channel]) {
    one('[data-value="order"]').textContent = bill.order;
    one('[data-value="amount"]').textContent = yuan(bill.amount);
    channel.textContent = channel.dataset[bill.channel];

    /* Alipay leads people back and says which order it was; WeChat leads nobody. */
    all('[data-back]').forEach(link => {
        link.href = bill.channel === 'alipay' ? `/apply/pay/?out_trade_no=${encodeURIComponent(bill.order)}`
            : `/apply/pay/#order=${encodeURIComponent(bill.order)}`;
    });
    all('[data-do]').forEach(button => button.addEventListener('click', async () => {
        if (button.getAttribute('aria-disabled')) {
            return;
        }

        button.setAttribute('aria-disabled', 'true');

        try {
            await acts[button.dataset.do](bill);
        } catch (e) {
            say('unsent');
        } finally {
            button.removeAttribute('aria-disabled');
        }
    }));
} else {
    one('[data-nothing]').hidden = false;
    one('[data-bill]').hidden = true;
}
