/*
 * Who has signed in, and what a page does when nobody has. A token is kept
 * beside its key, for all tabs; both are destroyed by signing out.
 */
import { Problem, ask as askApi, look } from './api.js';
import { forget, read, take, tidy, write } from './key.js';
import * as picks from './picks.js';
import { all, busy, clear, knows, one, put, reading, ready, root, show, words } from './view.js';

const SOON_S = 300;

const home = '/apply/';

/* Where people sign in, if not here: /apply/ alone knows the way there. */
const { issuer } = one('[data-wait]').dataset;
const now = () => Date.now() / 1000;
let token;
let timer;
let failure;


/* Of an order. */
export const NUMBER = '[A-Z]{1,4}\\d{14,27}';

/* A page of the way and what it is about: nothing else is gone back to. */
const WAY = `/(?:apply|order)/[a-z/]*(?:#(?:order=${NUMBER}(?:&left)?|invoices))?`;

/* Where to go on after signing in. */
export const back = () => (RegExp(`[#&]to=(${WAY})(?:&|$)`).exec(location.hash) || [])[1];


function expired() {
    const { order, platforms: { length: n } } = picks.of(picks.certificate());

    if (n && !order) {
        show('auth.expired', { n }, [signInAgain]);
    } else {
        show('auth.ended', {}, [signInAgain]);
    }
}

/* The first page, anew; its address says what it is to do. */
function toHome(mark) {
    location.assign(home + mark);

    if (location.pathname === home) {
        location.reload();
    }
}

const wayBack = () => (location.pathname === home ? '#sign-in'
    : `#sign-in&to=${RegExp(WAY).exec(location.pathname + location.hash)[0]}`);
const signInAgain = () => toHome(wayBack());


/* Whether another tab has renewed the token: its is ours, then. One that is over
   is destroyed, unless another is there already. */
async function renewed(old, isOver) {
    const kept = await take('token', row => isOver && row && row.text === old.text);
    const isNew = kept && kept.text !== old.text && kept.holder === old.holder && kept.until > now();

    token = isNew ? kept : token;

    return isNew;
}


/* A signed request. What is wrong with the token or its key has one answer
   everywhere: sign in again. Of a proof, a new one is another matter. */
export async function ask(method, path, what) {
    const used = token;

    try {
        return await askApi(method, path, Object.assign({ token: used.text }, what));
    } catch (problem) {
        if (/^(?:token|key)-/.test(problem.name)) {
            if (await renewed(used, true)) {
                return ask(method, path, what);
            }

            expired();
            problem.told = true;
        }

        throw problem;
    }
}


/* An order that is no more to be paid, or has become something else already:
   whoever asks next sees what. */
export async function cancel(id) {
    try {
        await ask('POST', `/v1/orders/${id}/cancel`);
    } catch (problem) {
        if (problem.name !== 'order-state-conflict') {
            throw problem;
        }
    }
}


/* What was said of a failure goes, unless something else is said by now. */
export function passed(note = failure) {
    if (note && one('[data-place="state"]').firstChild === note) {
        clear();
    }
}


/* Of a request that failed; again() is what to try. Our own faults are said too,
   and thrown on for the browser's log. */
export function failed(problem, again) {
    if (problem.told) {
        return;
    }

    const place = one('[data-place="state"]');
    const isKnown = knows(problem.name);

    show(isKnown ? problem.name : 'net', {}, [async () => {
        const note = failure;

        await again();
        passed(note);
    }]);
    failure = place.firstChild;

    if (!isKnown && !problem.passes) {
        one('p', place).textContent = words['no-answer'].replace('{code}', problem.name);
    }

    if (!(problem instanceof Problem)) {
        throw problem;
    }
}


/* A task for a button: where it fails, that is said, and it can be tried again. */
export const attempt = task => async () => {
    try {
        await task();
    } catch (problem) {
        failed(problem, attempt(task));
    }
};


export async function signIn(holder) {
    const got = await askApi('POST', '/v1/token', { body: { holder } });

    await write('token', { text: got.access_token, until: now() + got.expires_in, holder });

    return back();
}

export const signOut = attempt(async () => {
    await forget();

    try {
        sessionStorage.clear();
    } catch (e) { /* storage is closed: nothing was kept */ }

    toHome('#sign-out');
});


/* The line of who it is, where the note of before was. */
function introduce(session) {
    const wait = one('[data-wait]');
    const who = one('[data-who]');

    if (who === null) {
        return;
    }

    wait.hidden = true;
    who.hidden = false;
    put({ who: session.name || (session.certificates[0] || {}).holder || session.enterprise.name,
        role: words[`role-${session.role}`], enterprise: session.enterprise.name }, who);
    one('[data-invoices]', who).hash = 'invoices';

    const out = one('[data-sign-out]', who);

    out.addEventListener('click', () => busy(out, signOut));
}


/* A new token for the same holder, where the old one is about to end. */
const renew = issuer ? signInAgain : attempt(async () => {
    await signIn(token.holder);
    token = await read('token');
    await watch();
});


/* Five minutes before the token's end, and at it. */
async function watch() {
    let left = token.until - now();

    clearTimeout(timer);

    if (left <= SOON_S) {
        await renewed(token, left <= 0);
        left = token.until - now();
    }

    const { shown } = one('[data-place="state"]').dataset;

    if (left <= 0) {
        expired();
        return;
    }

    if (left > SOON_S && shown === 'S03') {
        clear();
    } else if (left <= SOON_S && shown === undefined) {
        show('auth.soon', { n: Math.ceil(left / 60) }, [renew], false);
    }

    timer = setTimeout(watch, 1000 * (left > SOON_S ? left - SOON_S : left));
}


/*
 * The session, or undefined where there is none: then the page says so. Where
 * this site has no sign-in of its own the note of before stays.
 */
export async function open() {
    await tidy();
    token = await read('token');

    if (!token || token.until <= now()) {
        return undefined;
    }

    const session = await ask('GET', '/v1/session');

    introduce(session);
    /* What the page itself has to say comes first. */
    timer = setTimeout(watch);

    return session;
}


/* The certificate that is being dealt with, of a session. */
export const chosen = session => session.certificates.find(each =>
    each.certificate === picks.certificate());


/*
 * Every page of the way but the first: sign in first, choose first, then go.
 * Before, its form leads to what is to be done first.
 */
export async function enter(act) {
    const form = one('[data-form]');

    reading();

    if (form) {
        form.addEventListener('submit', event => {
            const first = one('[data-place="state"] .row > :not([hidden])');

            event.preventDefault();

            if (first && root.dataset.live === undefined) {
                first.focus();
            }
        });
    }

    try {
        const session = await open();

        if (session === undefined) {
            if (issuer || await holdersHere() !== undefined) {
                show('auth.none', {}, [], false);
                all('[data-place="state"] a[href="/apply/"]').forEach(link => {
                    link.href = home + wayBack();
                });
            } else {
                one('[data-wait]').hidden = false;
            }

            return;
        }

        root.dataset.live = '';
        await act(session, chosen(session));
    } catch (problem) {
        failed(problem, () => location.reload());
    } finally {
        ready();
    }
}


/* Who may sign in here; undefined where this site does not do that. */
export async function holdersHere() {
    try {
        return (await look('/v1/token')).holders;
    } catch (problem) {
        if (problem.status !== 404) {
            throw problem;
        }

        return undefined;
    }
}
