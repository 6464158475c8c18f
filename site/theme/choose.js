/* Choosing a certificate, on the page where one signs in before. */
import { ask, failed, open, signOut } from './session.js';
import { lock, unpaid, vendor } from './certificate.js';
import { day } from './core.js';
import * as picks from './picks.js';
import { all, busy, clear, faults, fill, one, reading, replace, root, row, show, words } from './view.js';

export const form = one('[data-form]');
export const list = one('[data-place="certificates"]');
export const button = one('[type=submit]', form);
const title = one('legend h2', form);

form.onsubmit = event => event.preventDefault();
reading();


/* A row to tick, its words, and what it stands for. */
export function option(name, value, texts) {
    const made = row('usable', texts);
    const box = one('input', made);

    box.name = name;
    box.value = value;
    box.id = `${name}-${value}`;
    one('label', made).htmlFor = box.id;

    return made;
}


const about = each => [each.holder ? each.certificate : '', lock(each), vendor(each), fill(words['held-count'], { n: each.held.length })]
    .filter(Boolean).join(' · ');


/* All that is known of a certificate, unfolded when asked for. */
function details(each, session) {
    const holder = each.holder || each.certificate;

    return row('more', {
        of: holder,
        holder,
        enterprise: session.enterprise.name,
        vendor: vendor(each),
        lock: lock(each),
        serial: each.certificate,
        until: day(each.expires),
        held: each.held.map(one => one.name || one.platform).join('、') || words['held-none'],
    });
}

const why = {
    'certificate-expired': 'cert.expired',
    'certificate-unsupported-hardware': 'cert.vendor',
    'all-held': 'platform.all',
};


function certificateRow(each, session) {
    const texts = { title: each.holder || each.certificate, words: about(each),
        until: fill(words['until-day'], { day: day(each.expires) }), tag: '' };
    let made;

    if (each.can_add) {
        if (each.note) {
            texts.tag = fill(words['soon-over'], { n: each.days_left });
        }

        made = option('certificate', each.certificate, texts);
    } else {
        made = row('unusable', Object.assign(texts, { tag: words[`why-${each.reason}`] || words['why-other'] }));
    }

    made.appendChild(details(each, session));

    return made;
}


export function toChoose(session) {
    const kept = picks.certificate();

    clear();
    root.dataset.live = '';
    title.textContent = words['choose-title'];
    button.textContent = words['choose-next'];
    replace(list, session.certificates.map(each => certificateRow(each, session)));

    const boxes = all('input', list);

    boxes.forEach(box => { box.checked = box.value === kept || boxes.length === 1; });

    if (boxes.length === 0) {
        const [first] = session.certificates;

        show(first ? why[first.reason] || 'cert.busy' : 'cert.none',
            { n: first ? first.held.length : 0 }, [signOut], false);
    }

    form.onsubmit = async event => {
        const box = one('input:checked', list);

        event.preventDefault();

        if (box === null) {
            faults([{ field: 'certificate', words: list.dataset.empty }]);
            return;
        }

        faults([]);
        picks.choose(box.value);
        busy(button, () => onward(box.value));
    };
}


/* One unfinished order of a certificate: it is paid or cancelled first. */
async function onward(serial) {
    try {
        const { orders } = await ask('GET', '/v1/orders?state=created');
        const open = orders.find(each => each.certificate === serial);

        if (open) {
            unpaid(open, () => location.assign('/apply/notice/'));
            return;
        }

        picks.put(serial, { order: undefined });
        location.assign('/apply/notice/');
    } catch (problem) {
        failed(problem, () => onward(serial));
    }
}


/* Who has signed in chooses; who has not is asked to, in the page's own way. */
export async function begin(signIn) {
    const wanted = /[#&]platform=([a-z0-9-]{1,32})/.exec(location.hash);

    if (wanted) {
        picks.wants(wanted[1]);
    }

    const session = await open();

    if (session === undefined) {
        await signIn();
    } else {
        toChoose(session);
    }
}


/* The card as the place to sign in, with rows and the button's words. */
export function card(heading, rows, act) {
    one('[data-wait]').hidden = true;
    root.dataset.live = '';
    title.textContent = heading;
    button.textContent = act;
    replace(list, rows);
}
