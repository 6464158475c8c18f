/* What a certificate is, in words, and that an order stands in its way. */
import { yuan } from './core.js';
import * as picks from './picks.js';
import { attempt, cancel } from './session.js';
import { clear, show, words } from './view.js';


/* A name that is not known stands as it is. */
export const lock = certificate => words[`lock-${certificate.lock}`] || certificate.lock;

export const vendor = certificate => (certificate.vendor
    ? words[`vendor-${certificate.vendor}`] || certificate.vendor : certificate.ca);


/* An order waits to be paid, or is let go: what to do then is go(). */
export function unpaid({ id, certificate, amount }, go = clear) {
    picks.put(certificate, { order: id });
    show('order.open', { order: id, amount: yuan(amount) }, [attempt(async () => {
        await cancel(id);
        picks.put(certificate, { order: undefined, key: undefined });
        go();
    })]);
}
