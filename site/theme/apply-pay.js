/* /apply/pay/: what is to be paid. Channels are not open yet. */
import { ask, attempt, enter, failed } from './session.js';
import { yuan } from './core.js';
import { asked, cancel, texts } from './orders.js';
import * as picks from './picks.js';
import { all, busy, one, put, row, replace, show, words } from './view.js';


enter(async (session, certificate) => {
    const id = asked() || (certificate && picks.of(certificate.certificate).order);

    if (!id) {
        location.replace('/order/');
        return;
    }

    const load = async () => {
        try {
            const order = await ask('GET', `/v1/orders/${id}`);

            if (order.state !== 'created') {
                location.replace(`/order/#order=${id}`);
                return;
            }

            put(texts(order, session));
            all('[data-total]').forEach(node => { node.textContent = yuan(order.amount); });

            const made = row('unopened', {});
            const [undo] = all('button', made);

            one('a', made).href = `/order/#order=${id}`;
            undo.addEventListener('click', () => busy(undo, attempt(async () => {
                await cancel(id);
                location.replace(`/order/#order=${id}`);
            })));
            replace(one('[data-place="pay"]'), [made]);
        } catch (problem) {
            if (problem.status === 404) {
                show('net');
                one('[data-place="state"] .note-h').textContent = words['order-unknown'];
                one('[data-place="state"] p').textContent = words['order-unknown-body'];
            } else {
                failed(problem, load);
            }
        }
    };

    await load();
});
