/* /apply/platforms/: choose platforms, and see at once what they cost. */
import { ask, enter, failed, passed } from './session.js';
import { refused } from './api.js';
import { day, lineOf, openCore, today, yuan } from './core.js';
import * as picks from './picks.js';
import { all, faults, fill, one, ready, replace, root, show, words } from './view.js';
import { recall, whose } from './whose.js';

const form = one('[data-form]');
const SAY_AFTER_MS = 600;
const QUOTE_AFTER_MS = 250;

const boxes = all('[name=p]');
const chosen = () => boxes.filter(box => box.checked).map(box => box.value);


/* What is ticked before anybody is known is a wish. */
const early = () => root.dataset.live === undefined && picks.wants(chosen());

form.addEventListener('change', early);

if (chosen().length) {
    early();
}


/* A part of the core's question: names as the card spells them. */
const named = (key, name) => (name ? `&${key}=${name.replace(/_/g, '-')}` : '');


function mark(held) {
    all('[data-platform]').forEach(each => {
        const id = each.dataset.platform;
        const box = one('input', each);

        each.classList.toggle('held', held.includes(id));

        if (box !== null && held.includes(id)) {
            box.checked = false;
        }
    });
}


const namesOf = ids => boxes.filter(box => ids.includes(box.value))
    .map(box => one('b', box.parentNode).textContent).join('、');


/* Each row tells what its platform alone would cost. */
function drawRows(core, known) {
    all('[data-platform]').forEach(each => {
        const fee = one('[data-fee]', each);
        const answer = core(`${known}&add=${each.dataset.platform}`);
        const line = (answer.lines || []).find(one => one.platform === each.dataset.platform);

        if (fee !== null && line) {
            fee.textContent = `${yuan(line.fee_fen)} 元`;
            one('[data-reason]', each).textContent = line.reason;
        }
    });
}


function drawTotal(count, answer) {
    all('[data-count]').forEach(node => { node.textContent = count; });
    all('[data-total]').forEach(node => { node.textContent = answer ? yuan(answer.total_fen) : count ? '–' : '0'; });
    replace(one('[data-lines]'), (answer ? answer.lines : []).map(lineOf));
    boxes.forEach(box => box.closest('.opt').classList.toggle('on', box.checked));
}


enter(async (session, certificate) => {
    if (!whose(certificate)) {
        return;
    }

    const serial = certificate.certificate;
    let held = certificate.held.map(each => each.platform);
    const known = `city=${session.enterprise.city}&held=${held}&until=${day(certificate.expires)}&day=${today()}`
        + named('lock', certificate.lock) + named('vendor', certificate.vendor);
    const wish = [].concat(picks.wish() || []);
    let core;
    let quote;
    let turn = 0;
    let saying;
    let asking;

    mark(held);

    const kept = picks.of(serial).platforms;
    const opened = namesOf(kept.filter(each => held.includes(each)));

    boxes.forEach(box => {
        box.checked = !held.includes(box.value) && (kept.includes(box.value) || wish.includes(box.value));
    });

    picks.wants(undefined);

    /* What can be seen; where it is said already, not once more. */
    const tell = () => {
        const place = one('[data-say]');
        const text = fill(words['price-say'], { n: chosen().length, amount: one('[data-total]').textContent });

        saying = undefined;

        if (place.textContent !== text) {
            place.textContent = text;
        }
    };

    const say = () => {
        clearTimeout(saying);
        saying = setTimeout(tell, SAY_AFTER_MS);
    };

    /* The server's word, when it comes; until then the core's. */
    const askQuote = async platforms => {
        const mine = ++turn;

        quote = undefined;

        if (platforms.length === 0) {
            return;
        }

        try {
            const got = await ask('POST', '/v1/quotes', { body: { certificate: serial, platforms } });

            if (mine === turn) {
                quote = got;
                drawTotal(platforms.length, got);

                /* After a tick, later than what was said of it. */
                if (saying === undefined && one('[data-say]').textContent !== '') {
                    tell();
                }

                passed();
            }
        } catch (problem) {
            if (mine !== turn) {
                return;
            }

            const gone = refused(problem).map(at => platforms[at]);

            if (gone.length) {
                const isHeld = problem.name === 'platform-already-held';

                if (isHeld) {
                    mark(held = held.concat(gone));
                }

                boxes.forEach(box => { box.checked = box.checked && !gone.includes(box.value); });
                changed();
                say();
                show(isHeld ? 'platform.held' : 'platform.paused', { platform: namesOf(gone) });
            } else {
                failed(problem, () => askQuote(chosen()));
            }
        }
    };

    const changed = () => {
        const platforms = chosen();
        const answer = core && platforms.length ? core(`${known}&add=${platforms}`) : undefined;

        picks.put(serial, { platforms });
        drawTotal(platforms.length, answer && answer.lines ? answer : undefined);
        clearTimeout(asking);
        asking = setTimeout(() => askQuote(platforms), QUOTE_AFTER_MS);
    };

    if (boxes.every(box => held.includes(box.value))) {
        show('platform.all', { n: held.length });
    } else if (opened) {
        show('platform.held', { platform: opened }, [], false);
    }

    form.addEventListener('change', () => {
        changed();
        say();
    });
    form.addEventListener('submit', event => {
        event.preventDefault();

        if (chosen().length === 0) {
            faults([{ field: 'p', words: form.dataset.empty }]);
            return;
        }

        faults([]);
        location.assign('/apply/check/');
    });
    addEventListener('pageshow', event => {
        if (event.persisted) {
            changed();
            recall(serial);
        }
    });
    changed();
    ready();
    recall(serial);

    try {
        core = await openCore(root.dataset, JSON.parse(document.getElementById('rates').textContent));
        drawRows(core, known);

        if (quote === undefined) {
            changed();
        }
    } catch (e) { /* the server's quote alone, then */ }
});
