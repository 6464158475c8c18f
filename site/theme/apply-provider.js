/* /apply/ where people sign in at an OpenID provider. */
import { Refusal, arrive, depart, host, leave, taken } from './provider.js';
import { begin, button, card, form, toChoose } from './choose.js';
import { back, failed, open } from './session.js';
import { busy, clear, ready, row, show, words } from './view.js';

/* Before all else: the address has what nobody is to keep. */
const answer = taken();


/* A task whose refusals are told; its button tries the same again. */
const tell = task => async function again() {
    try {
        await task();
    } catch (refusal) {
        if (refusal instanceof Refusal) {
            show(refusal.key, { code: refusal.code }, [again]);
        } else {
            failed(refusal, again);
        }
    }
};

const signIn = tell(() => depart(back()));

const signOut = tell(async () => {
    await leave();
    clear();
});


/* With the new token. One that our own server refuses was not made for it. */
const enter = tell(async () => {
    const session = await open().catch(problem => {
        throw problem.status === 401 ? new Refusal('auth.failed', problem.name) : problem;
    });
    const to = back();

    if (to) {
        location.replace(to);
    } else {
        toChoose(session);
    }
});

const land = tell(async () => {
    await arrive(answer);
    await enter();
});


function ask() {
    const there = row('provider', { host });

    card(words['sign-in'], [there], there.dataset.go);
    form.onsubmit = event => {
        event.preventDefault();
        busy(button, signIn);
    };
}


async function start() {
    const tasks = { '#sign-in': signIn, '#sign-out': signOut };
    const task = answer ? land : tasks[location.hash.split('&')[0]];
    const to = back();

    if (task) {
        history.replaceState(null, '', to ? `#to=${to}` : location.pathname);
        ask();
        await task();
    } else {
        await begin(ask);
    }
}


start().catch(problem => failed(problem, () => location.reload())).then(ready);
