/* Whose certificate it is, on every page of the way, and whether an order waits. */
import { ask } from './session.js';
import { unpaid } from './certificate.js';
import { day } from './core.js';
import * as picks from './picks.js';
import { fill, one, words } from './view.js';

/* False where none is chosen: the way begins at its beginning. */
export function whose(certificate) {
    if (certificate === undefined || !certificate.can_add) {
        location.replace('/apply/');
        return false;
    }

    const place = one('[data-place="certificate"]');

    if (place !== null) {
        place.textContent = fill(words.whose, { holder: certificate.holder || certificate.certificate,
            serial: certificate.certificate, day: day(certificate.expires) });
        place.classList.remove('dim');
    }

    return true;
}


/* What has become of the order that was made of what is picked. Where nobody can
   tell, the next one finds it in its way. */
export async function recall(serial) {
    const { order: id } = picks.of(serial);
    const order = id && await ask('GET', `/v1/orders/${id}`).catch(() => undefined);

    if (!order) {
        return;
    }

    if (order.state === 'created') {
        unpaid(order);
    } else if (order.state === 'paid') {
        location.replace(`/order/#order=${id}`);
    } else {
        picks.put(serial, { order: undefined });
    }
}
