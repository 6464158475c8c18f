/*
 * What has been chosen so far, in this tab: by certificate, so that nothing is
 * lost by Back, a reload or a new sign-in. No personal data.
 *
 *   certificate  the serial number that is being dealt with
 *   wish         a platform that somebody came for
 *   of(serial)   { platforms, rates, total, key, order, left }: key is the
 *                Idempotency-Key of the check page, until its order is there;
 *                left the order that somebody has gone to pay elsewhere, or says
 *                to have paid
 */
const store = 'apply';


/* Of a page that cannot write it down: storage is closed, or full. */
let unwritten;


function all() {
    if (unwritten) {
        return unwritten;
    }

    try {
        const value = JSON.parse(sessionStorage[store]);

        if (value && value.by) {
            return value;
        }
    } catch (e) { /* nothing is there, or nothing of ours */ }

    return { by: {} };
}

function keep(change) {
    const value = all();

    change(value);

    try {
        sessionStorage[store] = JSON.stringify(value);
        unwritten = undefined;
    } catch (e) {
        unwritten = value;
    }
}

export const certificate = () => all().certificate;
export const choose = serial => keep(value => { value.certificate = serial; });
export const wish = () => all().wish;
export const wants = platform => keep(value => { value.wish = platform; });
export const of = serial => Object.assign({ platforms: [] }, all().by[serial]);
export const put = (serial, change) => keep(value => {
    value.by[serial] = Object.assign({ platforms: [] }, value.by[serial], change);
});
export const drop = serial => keep(value => { delete value.by[serial]; });
