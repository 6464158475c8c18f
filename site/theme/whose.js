/* Whose certificate it is, on every page of the way. */
import { fill, one, words } from './view.js';
import { day } from './core.js';

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
