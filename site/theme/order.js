/* /order/: one's own orders, or one of them with its receipt. */
import { ask, attempt, enter, failed } from './session.js';
import { asked, cancel, holder, invoiceName, invoiceState, isNumber, moment, names, state, texts } from './orders.js';
import * as picks from './picks.js';
import { rhythm } from './rhythm.js';
import { yuan } from './core.js';
import { all, busy, clear, clone, faults, fill, one, put, replace, row, show, words } from './view.js';

const form = one('[data-form]');
const place = one('[data-place="order"]');


/* A file that the browser saves. */
function save(name, text) {
    const link = document.createElement('a');

    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}


function drawOne(order, session, anew) {
    const view = clone('template[data-order]');
    const [save_, pay, undo] = ['[data-save]', '[data-pay]', '[data-cancel]'].map(each => one(each, view));
    const open = order.state === 'created';

    put(texts(order, session), view);
    all('[data-part]', view).forEach(part => { part.hidden = one('dd', part).textContent === ''; });
    one('[data-again]', view).hidden = !['cancelled', 'lapsed', 'refunded'].includes(order.state);
    one('[data-next]', view).hidden = order.state !== 'opened';
    one('[data-print]', view).addEventListener('click', () => print());
    save_.addEventListener('click', () => busy(save_, attempt(async () => {
        save(`${order.id}.tlog-proof`, await ask('GET', `/v1/orders/${order.id}/receipt`));
    })));
    pay.hidden = undo.hidden = !open;
    pay.href = `/apply/pay/#order=${order.id}`;
    undo.addEventListener('click', () => busy(undo, attempt(async () => {
        await cancel(order.id);
        picks.put(order.certificate, { order: undefined, key: undefined });
        await anew();
    })));

    const nodes = Array.from(view.childNodes);

    if (order.state === 'opened') {
        if (picks.of(order.certificate).order === order.id) {
            picks.drop(order.certificate);
        }

        show('done', { n: order.platforms.length, order: order.id });
    } else if (order.state === 'paid') {
        show('pay.opening', { order: order.id });
    } else {
        clear();
    }

    replace(place, nodes);
}


function orderRow(order, session, what) {
    const made = row('order', Object.assign({ time: moment(order.created), holder: holder(order, session),
        total: `${yuan(order.amount)} 元` }, what));
    const link = one('a', made);

    link.textContent = order.id;
    link.href = `/order/#order=${order.id}`;

    return made;
}

/* What is listed of an order: undefined where it has none of that. */
const lists = {
    orders: order => ({ what: names(order), state: state(order) }),
    invoices: order => order.invoice && { what: invoiceName(order), state: invoiceState(order) },
};


/* One's own orders or their invoices, the newest first: of a state, a page at a
   time. isLate() says that something else is wanted by now. */
async function drawList(name, session, isLate) {
    const view = clone('template[data-orders]');
    const [list, filter, none, more] = ['ul', '[data-filter]', '[data-none]', '[data-more]']
        .map(each => one(each, view));
    let next;
    let turn = 0;

    const page = async () => {
        const mine = ++turn;
        const asked = [filter.value && `state=${filter.value}`, next && `after=${next}`].filter(Boolean);
        const got = await ask('GET', `/v1/orders${asked.length ? '?' : ''}${asked.join('&')}`);

        if (mine !== turn) {
            return;
        }

        got.orders.forEach(order => {
            const what = lists[name](order);

            if (what) {
                list.appendChild(orderRow(order, session, what));
            }
        });
        next = got.next;
        more.hidden = next === null;
        none.hidden = list.children.length !== 0 || next !== null;
    };

    put({ title: words[`my-${name}`], none: words[`${name}-none`] }, view);
    filter.addEventListener('change', () => {
        list.textContent = '';
        next = undefined;
        attempt(page)();
    });
    more.addEventListener('click', () => busy(more, attempt(page)));
    await page();

    if (isLate()) {
        return;
    }

    clear();
    replace(place, Array.from(view.childNodes));
}


enter(async session => {
    /* An order that is paid is about to be open. */
    const pulse = rhythm(async () => {
        try {
            if ((await ask('GET', `/v1/orders/${asked()}`)).state === 'paid') {
                return true;
            }
        } catch (problem) {
            return Boolean(problem.passes);
        }

        await anew();

        return false;
    });

    let turn = 0;

    const load = async () => {
        const id = asked();
        const mine = ++turn;
        const isLate = () => mine !== turn;

        pulse.stop();

        try {
            if (id) {
                const order = await ask('GET', `/v1/orders/${id}`);

                if (isLate()) {
                    return;
                }

                one('#number').value = id;
                drawOne(order, session, anew);

                if (order.state === 'paid') {
                    pulse.wait();
                }
            } else {
                await drawList(location.hash === '#invoices' ? 'invoices' : 'orders', session, isLate);
            }
        } catch (problem) {
            if (isLate()) {
                return;
            }

            if (problem.status === 404) {
                clear();
                place.textContent = fill(words['order-not-yours'], { order: id });
            } else {
                failed(problem, load);
            }
        }
    };

    /* What had the focus may be gone; what has come takes it, unless a state
       has. */
    const anew = async () => {
        await load();

        if (!one('[data-place="state"]').contains(document.activeElement)) {
            place.focus();
        }
    };

    form.addEventListener('submit', event => {
        const number = one('#number').value.trim().toUpperCase();

        event.preventDefault();

        if (!isNumber(number)) {
            faults([{ field: 'number', words: one('[data-field="number"]').dataset.empty }]);
            return;
        }

        faults([]);
        location.hash = `order=${number}`;
    });
    addEventListener('hashchange', anew);
    await load();
});
