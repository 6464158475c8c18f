/*
 * The page's places, filled. Whatever is shown stands in the page already, as
 * text or as a template; nothing is made of strings.
 */
export const root = document.querySelector('[data-wizard]');
export const one = (selector, from = root) => from.querySelector(selector);
export const all = (selector, from = root) => Array.from(from.querySelectorAll(selector));
export const words = JSON.parse(document.getElementById('words').textContent);

export const fill = (text, values) => text.replace(/\{(\w+)\}/g,
    (mark, name) => (name in values ? values[name] : mark));


/* Texts for every data-value of a name. */
export function put(values, from = root) {
    Object.keys(values).forEach(name => all(`[data-value="${name}"]`, from).forEach(node => {
        node.textContent = values[name];
        node.classList.remove('dim');
    }));
}

export function clone(selector) {
    return document.importNode(one(selector).content, true);
}

export function row(name, values) {
    const made = clone(`template[data-row="${name}"]`).firstElementChild;

    put(values, made);

    return made;
}

export function replace(place, nodes) {
    place.textContent = '';
    nodes.forEach(node => place.appendChild(node));
}


function fillTexts(node, values) {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);

    while (walker.nextNode()) {
        walker.currentNode.data = fill(walker.currentNode.data, values);
    }
}


const templateOf = key => all('template[data-key]').find(each => each.dataset.key.split(' ').includes(key));

/* Whether this page has a state of that name. */
export const knows = key => templateOf(key) !== undefined;

function take(heading) {
    heading.tabIndex = -1;
    heading.focus();
}

/*
 * A state of ui.xml at its place: show('quote.changed', values, acts).
 *
 * acts   what its buttons do, in their order; each waits for that
 * focus  false: it stands there, and is not what has just happened: it is said
 *        when there is time
 */
export function show(key, values = {}, acts = [], focus = true) {
    const place = one('[data-place="state"]');
    const template = templateOf(key);
    const state = document.importNode(template.content, true);
    const head = one('.note-h', state);

    fillTexts(state, values);
    all('.row > *', state).filter(each => each.tagName === 'BUTTON').forEach((button, i) => {
        button.hidden = !acts[i];
        button.addEventListener('click', () => {
            if (!isBusy(button)) {
                const done = acts[i](button);

                busy(button, () => done);
            }
        });
    });
    /* What takes the focus is read for that, and not once more. */
    place.setAttribute('aria-live', focus ? 'off' : 'polite');
    one('[data-wait]').hidden = true;
    place.textContent = '';
    place.dataset.shown = template.dataset.state;
    place.appendChild(state);

    if (focus) {
        ready();        /* what cannot be seen takes no focus */
        take(head);
    }
}

/* A state goes; where its button had the focus, the page's heading has it. */
export function clear() {
    const place = one('[data-place="state"]');
    const held = place.contains(document.activeElement);

    place.textContent = '';
    delete place.dataset.shown;

    if (held) {
        take(one('h1'));
    }
}

const LATE_MS = 1000;
const isPending = () => root.dataset.pending !== undefined;

/* Nothing below the heading can be seen until the page knows what it is about,
   so that nothing moves; where that takes long, it says so. */
export function reading() {
    root.dataset.pending = 'script';
    setTimeout(() => isPending() && show('loading', {}, [], false), LATE_MS);
}

export function ready() {
    root.removeAttribute('data-pending');

    if (one('[data-place="state"]').dataset.shown === 'S01') {
        clear();
    }
}


const isBusy = button => button.hasAttribute('aria-disabled');

/* While something is being sent: pressed again, a button does nothing. */
export async function busy(button, task) {
    if (isBusy(button)) {
        return;
    }

    const text = button.textContent;
    const waiting = button.dataset.busy || words.submitting;

    button.setAttribute('aria-disabled', 'true');
    button.textContent = waiting;

    try {
        await task();
    } finally {
        button.removeAttribute('aria-disabled');

        /* Unless the task has given it other words. */
        if (button.textContent === waiting) {
            button.textContent = text;
        }
    }
}


/* Faults of a form: [{ field, words }]; the summary takes the focus. */
export function faults(list) {
    const box = one('[data-errors]');

    all('[data-field]').forEach(field => {
        const fault = list.find(each => each.field === field.dataset.field);
        const place = one('.err', field);

        place.textContent = fault ? fault.words : '';
        place.hidden = !fault;
        field.classList.toggle('bad-field', Boolean(fault));
        all('input', field).forEach(input => {
            if (fault) {
                input.setAttribute('aria-invalid', 'true');
            } else {
                input.removeAttribute('aria-invalid');
            }
        });
    });

    box.hidden = list.length === 0;
    document.title = document.title.replace(/^错误：/, '');

    if (list.length === 0) {
        return;
    }

    replace(one('ul', box), list.map(({ field, words: said }) => {
        const item = document.createElement('li');
        const link = document.createElement('a');
        const inputs = all(`[data-field="${field}"] input, [name="${field}"]`);

        /* What cannot be seen takes no focus: a platform that is held. */
        const input = inputs.find(each => each.closest('.held') === null);

        link.textContent = said;
        link.href = `#${input ? input.id : ''}`;
        link.addEventListener('click', event => {
            event.preventDefault();

            if (input) {
                input.focus();
            }
        });
        item.appendChild(link);

        return item;
    }));
    document.title = `错误：${document.title}`;
    box.focus();
}
