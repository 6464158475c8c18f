/* /apply/pay/: what is to be paid, how, and whether it has been. */
import { Problem } from './api.js';
import { ask, attempt, enter, failed } from './session.js';
import { part } from './channels.js';
import { yuan } from './core.js';
import { NUMBER, asked, cancel, state, texts } from './orders.js';
import * as picks from './picks.js';
import { rhythm } from './rhythm.js';
import { all, busy, clear, one, put, replace, row, show, words } from './view.js';

/* At the end of the page's address once somebody has gone to pay elsewhere, or says
   to have paid: whoever comes back to it waits for the result first. What has been
   chosen in this tab tells it too. */
const LEFT = '&left';

const card = one('[data-place="pay"]');
const place = one('[data-place="part"]');
const now = () => Date.now() / 1000;


/* What a channel adds to the address on the way back proves nothing; the number
   says which order it was about. */
function comeBack() {
    const found = RegExp(`[?&](?:order|out_trade_no)=(${NUMBER})(?:&|$)`).exec(location.search);

    if (found) {
        history.replaceState(null, '', `/apply/pay/#order=${found[1]}${LEFT}`);
    }
}


comeBack();

const addressed = asked();

/* Another order is another page. */
addEventListener('hashchange', () => asked() !== addressed && location.reload());
enter(async (session, certificate) => {
    const mine = certificate ? picks.of(certificate.certificate) : {};
    const id = asked() || mine.order;
    const path = `/v1/orders/${id}`;
    const page = `/order/#order=${id}`;
    const channels = session.channels || [];

    if (!id) {
        location.replace('/order/');
        return;
    }

    /* What the page is about: nothing yet, paying, pending (has it been paid?),
       closed (it cannot be any more), opening. */
    let mode;
    let order;
    let channel;
    let ends;

    const hasLeft = () => location.hash.endsWith(LEFT);

    const mark = left => {
        history.replaceState(null, '', `#order=${id}${left}`);

        if (order) {
            picks.put(order.certificate, { left: left && id });
        }
    };

    const withdraw = attempt(async () => {
        await cancel(id);
        location.replace(page);
    });

    /* A transfer takes days, for which only an order that is for it is kept. */
    const usable = () => channels.filter(each => each !== 'transfer' || each === order.channel);
    const others = () => usable().filter(each => each !== channel);

    const change = () => {
        resume();

        if (!place.dataset.drawn) {
            draw();
        }

        one('[data-channel]', place).focus();
    };

    const to = next => {
        if (mode === next) {
            return;
        }

        mode = next;
        card.hidden = next !== 'paying';

        if (next === 'paying') {
            clear();
        } else if (next === 'pending') {
            show('pay.pending', { order: id }, [pay]);
        } else if (next === 'closed') {
            show('pay.closed', { order: id, state: state(order) });
        } else {
            show('pay.opening', { order: id });
        }
    };

    /* Somebody says that it has been paid; asked for again, the page waits too. */
    const pending = () => {
        mark(LEFT);
        to('pending');
        pulse.begin();
    };

    const resume = () => {
        mark('');
        to('paying');
    };

    const pay = () => {
        resume();
        card.focus();

        /* Too soon: the first answer goes on. */
        if (order === undefined) {
            mode = undefined;
            return;
        }

        if (!place.dataset.drawn) {
            prepare(channel);
        }
    };

    const changeRow = () => {
        const made = row('change', {});
        const how = one('[data-how]', made);

        one('a', how).href = page;
        how.hidden = usable().length === channels.length;
        made.hidden = how.hidden && others().length === 0;
        all('[data-channel]', made).forEach(button => {
            const of = button.dataset.channel;

            if (others().includes(of)) {
                button.addEventListener('click', () => busy(button, async () => {
                    await prepare(of);
                    card.focus();
                }));
            } else {
                button.remove();
            }
        });

        return made;
    };

    const draw = made => replace(place, [made, changeRow()].filter(Boolean));

    const refused = async (problem, of) => {
        const again = button => busy(button, () => prepare(of));

        if (problem.name === 'order-state-conflict') {
            await pulse.begin();
        } else if (problem.name === 'platform-already-held') {
            show(problem.name, {}, [withdraw]);
        } else if (problem.name === 'payment-unavailable' && problem.body.reason === 'order-paid') {
            pending();          /* the channel knows before we do */
        } else if (problem.name === 'payment-unavailable') {
            /* Where there is nothing to change to, no button says so. */
            show(problem.name, { channel: words[`channel-${of}`] }, [again, others().length && change, pending]);
        } else {
            failed(problem, () => prepare(of));
        }
    };

    const unopened = () => {
        const made = row('unopened', {});
        const undo = one('button', made);

        one('a', made).href = page;
        undo.addEventListener('click', () => busy(undo, withdraw));
        replace(place, [made]);
    };

    /* The part of a channel, which is the order's from then on. */
    const prepare = async of => {
        if (!of) {
            unopened();
            return;
        }

        channel = of;
        put({ channel: words[`channel-${of}`] });

        try {
            const got = await ask('POST', `${path}/payments`, { body: { channel: of } });

            /* A clock that is wrong says nothing about an end. */
            ends = got.expires > now() ? got.expires : Infinity;
            place.dataset.drawn = of;
            draw(part(got, order, { paid: pending, left: () => mark(LEFT) }));

            if (one('[data-place="state"]').dataset.shown === 'S22') {
                clear();
            }
        } catch (problem) {
            delete place.dataset.drawn;
            draw();
            await refused(problem, of);
        }
    };

    const stale = () => {
        const made = row('stale', {});
        const button = one('button', made);

        ends = Infinity;
        button.addEventListener('click', () => busy(button, () => prepare(channel)));
        draw(made);
    };

    /* Of an order that waits to be paid. That nothing has come yet says nothing:
       who waits for a result waits on. */
    const waits = async () => {
        if (mode === 'paying' && ends <= now()) {
            stale();
        } else if (mode === undefined) {
            to('paying');
            await prepare(channel);
        }
    };

    /* Whether there is more to wait for. */
    const heard = async () => {
        channel = channel || (usable().includes(order.channel) ? order.channel : usable()[0]);
        put(Object.assign(texts(order, session), channel && { channel: words[`channel-${channel}`] }));
        all('[data-total]').forEach(node => { node.textContent = yuan(order.amount); });

        if (order.state === 'created' && !channel && mode !== 'pending') {
            unopened();
            return false;
        }

        if (order.state === 'created') {
            await waits();
        } else if (order.state === 'paid') {
            to('opening');
        } else if (order.state === 'cancelled' || order.state === 'lapsed') {
            to('closed');
        } else {
            location.replace(page);
            return false;
        }

        return true;
    };

    const unknown = () => {
        show('net');
        one('[data-place="state"] .note-h').textContent = words['order-unknown'];
        one('[data-place="state"] p').textContent = words['order-unknown-body'];
    };

    /* What is not heard is asked again, and told only where nothing is there. */
    const pulse = rhythm(async () => {
        try {
            order = await ask('GET', path);
        } catch (problem) {
            if (problem.status === 404) {
                unknown();
            } else if (order === undefined || !problem.passes) {
                failed(problem, pulse.begin);
            } else {
                return true;
            }

            return false;
        }

        return heard();
    });

    addEventListener('pageshow', event => event.persisted && hasLeft() && pending());

    if ((hasLeft() || mine.left === id) && channels.length) {
        to('pending');
    }

    await pulse.begin();
});
