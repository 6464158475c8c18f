/* /apply/check/: the order as it will be, invoice and channel; sent once. */
import { ask, attempt, enter, failed } from './session.js';
import { refused } from './api.js';
import { lock, unpaid, vendor } from './certificate.js';
import { clock, day, yuan } from './core.js';
import { draft, keepDraft, unique } from './key.js';
import * as picks from './picks.js';
import { all, busy, faults, fill, one, put, replace, row, show, words } from './view.js';
import { recall, whose } from './whose.js';

const form = one('[data-form]');
const button = one('[data-submit]');
const confirmed = one('#tax_no_confirmed');

const value = name => {
    const box = one(`[name=${name}]:checked`) || one(`[name=${name}]:not([type=radio])`);

    return box ? box.value.trim() : '';
};


/* What has been typed on this page; what was typed on it before stands where the
   token does. */
const typed = {};
let enterprise;

/* One after the other, so that nothing comes back that has been ordered. */
let kept = Promise.resolve();

function keep(names) {
    /* A tick that is for one number is not kept: it has no name. */
    names.filter(Boolean).forEach(name => { typed[name] = value(name); });

    const serial = picks.certificate();

    if (!serial) {
        return;
    }

    kept = kept.then(async () => keepDraft(serial, Object.assign(await draft(serial), typed)))
        .catch(() => { /* storage is full: it is kept as long as the page is */ });
}

async function restore(serial) {
    const before = Object.assign(await draft(serial), typed);

    all('input', form).filter(({ name }) => name in before).forEach(box => {
        if (box.type === 'radio') {
            box.checked = box.value === before[box.name];
        } else {
            box.value = before[box.name];
        }
    });
}


/* What is shown depends on what is ticked: data-when="type=a,b". */
function unfold() {
    all('[data-when]').forEach(part => {
        const [name, values] = part.dataset.when.split('=');

        part.hidden = !values.split(',').includes(value(name));
    });
    all('.opts input').forEach(box => box.closest('.opt').classList.toggle('on', box.checked));
}


const asked = field => !field.hidden && field.closest('[hidden]') === null;

/* The fields that are shown, as the form has them; and which are empty. */
function read() {
    const said = {};
    const missing = [];

    all('[data-field]').filter(asked).forEach(field => {
        const name = field.dataset.field;

        said[name] = value(name);

        if (said[name] === '') {
            missing.push({ field: name, words: field.dataset.empty });
        }
    });

    return { said, missing };
}


function body(serial, quote, said) {
    const order = { certificate: serial, platforms: quote.platforms, amount: quote.total_fen, rates: quote.rates };

    if (quote.total_fen !== 0) {
        order.channel = said.channel;
        order.invoice = Object.assign({}, said, { issue: said.issue === 'true' });
        delete order.invoice.channel;

        if (confirmed.checked && asked(confirmed)) {
            order.invoice.tax_no_confirmed = true;
        }
    }

    return order;
}


/* Whether somebody may say that a number is right though its check character is
   not; said of one number, it is said of no other. */
function askToConfirm(isAsked) {
    confirmed.closest('[data-confirm]').hidden = !isAsked;
    confirmed.checked = confirmed.checked && isAsked;
    unfold();
}


/* An enterprise's invoice is made out to it, unless somebody writes another
   name; a person's is not. */
function fillTitle({ name, id }) {
    const isTheirs = value('title_type') === 'enterprise';

    [['title', name], ['tax_no', id]].forEach(([field, own]) => {
        const box = one(`#${field}`);

        if (box.value === (isTheirs ? '' : own)) {
            box.value = isTheirs ? own : '';
        }
    });
}


function draw(certificate, quote) {
    put({
        binds: fill(words['quote-until'], { time: clock(quote.expires) }),
        holder: certificate.holder || certificate.certificate,
        certificate: `${vendor(certificate)} · ${lock(certificate)}`,
        serial: certificate.certificate,
        until: day(certificate.expires),
    });
    all('[data-count]').forEach(node => { node.textContent = quote.platforms.length; });
    all('[data-total]').forEach(node => { node.textContent = yuan(quote.total_fen); });
    replace(one('[data-place="lines"]'), quote.lines.map(line => row('line', {
        name: line.name, reason: line.reason, fee: `${yuan(line.fee_fen)} 元` })));

    const held = one('details[data-held]');

    held.hidden = certificate.held.length === 0;
    one('summary', held).textContent = fill(words['held-count'], { n: certificate.held.length });
    replace(one('ul', held), certificate.held.map(each => {
        const item = document.createElement('li');

        item.textContent = each.name || each.platform;

        return item;
    }));

    const free = quote.total_fen === 0;

    one('[data-invoice]').hidden = free;
    one('[data-channel]').hidden = free;
    button.hidden = false;
    button.textContent = free ? words['submit-free'] : words['submit-pay'];
    unfold();
}


/* The channels that are open here, the first of them ticked unless another is.
   Where none is open, those that a browser pays by can be chosen for later. */
function offer(channels) {
    all('[name=channel]').forEach(box => {
        if (!(channels.length ? channels : ['alipay', 'wechat']).includes(box.value)) {
            box.closest('.opt').remove();
        }
    });

    const first = value('channel') || channels[0];

    all('[name=channel]').forEach(box => { box.checked = box.value === first; });
}


/* Of a field that is wrong by this code: its own words for the code, the form's, or
   its words for whatever else is wrong. */
const wordsOf = (field, code) => (value(field.dataset.field) === '' ? field.dataset.empty
    : field.dataset[code] || form.dataset[code] || field.dataset.bad || field.dataset.empty);


/* What the server found wrong, at its fields. What may not be there at all is sent
   because of another field, which is wrong as well. */
function wrong(problem) {
    const errors = problem.body.errors || [];
    const list = errors.filter(each => each.code !== 'not_allowed').map(each => {
        const name = (each.pointer || '').split('/').pop();
        const field = one(`[data-field="${name}"]`);

        return field && { field: name, words: wordsOf(field, each.code) };
    }).filter(Boolean);

    if (errors.some(each => each.code === 'check_character')) {
        askToConfirm(true);
    }

    if (list.length) {
        faults(list);
    } else {
        failed(problem, () => location.reload());
    }
}


form.addEventListener('input', event => keep([event.target.name]));
form.addEventListener('change', ({ target: { name } }) => {
    unfold();

    if (name === 'title_type' && enterprise) {
        fillTitle(enterprise);
        keep(['title', 'tax_no']);
    }

    keep([name]);
});


enter(async (session, certificate) => {
    if (!whose(certificate)) {
        return;
    }

    const serial = certificate.certificate;
    const mine = picks.of(serial);
    const held = certificate.held.map(each => each.platform);
    const opened = certificate.held.filter(each => mine.platforms.includes(each.platform));
    let platforms = mine.platforms.filter(each => !held.includes(each));
    let quote;

    if (platforms.length === 0) {
        location.replace('/apply/platforms/');
        return;
    }

    /* Of what is refused: the platforms that it is about. */
    const paused = problem => refused(problem).map(at => platforms[at]);

    /* Whether there is a quote; what has failed is told. */
    const load = async () => {
        try {
            const got = await ask('POST', '/v1/quotes', { body: { certificate: serial, platforms } });

            quote = Object.assign({ platforms }, got);
            draw(certificate, quote);

            if (quote.total_fen === 0) {
                show('quote.zero', {}, [], false);
            }

            return true;
        } catch (problem) {
            if (paused(problem).length) {
                location.replace('/apply/platforms/');
            } else {
                failed(problem, load);
            }

            return false;
        }
    };

    /* Another card with the same fees is nothing that anybody need read. */
    const changedPrice = (problem, isAgain) => {
        const { total_fen: after, lines, rates } = problem.body.quote;
        const before = quote.total_fen;
        const was = line => (quote.lines.find(each => each.platform === line.platform) || {}).fee_fen;
        const reason = lines.filter(line => line.fee_fen !== was(line))
            .map(line => `${line.name} ${line.reason}`).join('，');

        Object.assign(quote, { total_fen: after, lines, rates });
        picks.put(serial, { key: undefined });

        if (after === before && !reason && !isAgain) {
            return submit(true);
        }

        show('quote.changed', { before: yuan(before), after: yuan(after), reason: reason || words['reason-card'] }, [send]);
        draw(certificate, quote);

        return undefined;
    };

    /* What cannot be added any more goes from the order. */
    const without = async (gone, state) => {
        const nameOf = each => (quote.lines.find(line => line.platform === each) || { name: each }).name;
        const platform = gone.map(nameOf).join('、');

        platforms = platforms.filter(each => !gone.includes(each));
        picks.put(serial, { platforms, key: undefined });

        if (platforms.length === 0) {
            location.replace('/apply/platforms/');
            return;
        }

        if (await load()) {
            show(state, { platform }, [send]);
        }
    };

    /* Opened by somebody else. */
    const heldMeanwhile = attempt(async () => {
        const now = (await ask('GET', '/v1/session')).certificates.find(each => each.certificate === serial);

        certificate.held = now.held;
        await without(now.held.map(each => each.platform).filter(each => platforms.includes(each)), 'platform.held');
    });

    const conflict = order => attempt(async () => unpaid(await ask('GET', `/v1/orders/${order}`)))();

    /* Back from paying leads here. */
    const done = async ({ id, state }) => {
        await kept;
        await keepDraft(serial).catch(() => {});
        picks.drop(serial);

        if (state === 'created') {
            picks.put(serial, { platforms, order: id });
            location.assign(`/apply/pay/#order=${id}`);
        } else {
            location.replace(`/order/#order=${id}`);
        }
    };

    const submit = async isAgain => {
        const { said, missing } = read();

        if (quote.total_fen !== 0 && missing.length) {
            faults(missing);
            return;
        }

        /* The key of the first time: however often it is sent, and whatever is
           lost on the way, there is one order. */
        const { key = unique() } = picks.of(serial);

        picks.put(serial, { key });
        faults([]);

        try {
            await done(await ask('POST', '/v1/orders', { body: body(serial, quote, said), key }));
        } catch (problem) {
            if (problem.name === 'price-changed') {
                await changedPrice(problem, isAgain);
            } else if (problem.name === 'order-state-conflict') {
                await conflict(problem.body.order);
            } else if (problem.name === 'platform-already-held') {
                await heldMeanwhile();
            } else if (problem.name === 'idempotency-key-reused') {
                picks.put(serial, { key: undefined });
                failed(problem, send);
            } else if (paused(problem).length) {
                await without(paused(problem), 'platform.paused');
            } else if (problem.status === 422) {
                wrong(problem);
            } else {
                failed(problem, send);
            }
        }
    };

    const send = () => busy(button, submit);

    ({ enterprise } = session);
    await restore(serial);
    offer(session.channels || []);
    one('#tax_no').addEventListener('input', () => askToConfirm(false));
    form.addEventListener('submit', event => {
        event.preventDefault();

        if (quote) {
            send();
        }
    });

    addEventListener('pageshow', event => event.persisted && recall(serial));

    if (await load()) {
        /* Opened by somebody else since it was chosen. */
        if (opened.length) {
            picks.put(serial, { platforms });
            show('platform.held', { platform: opened.map(each => each.name || each.platform).join('、') }, [send], false);
        }

        await recall(serial);
    }
});
