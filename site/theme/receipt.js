/*
 * A receipt is checked here and nothing of it leaves the page: all that is
 * fetched is the log's public key. caplat_receipt.h tells the format (C2SP
 * tlog-proof, signed-note, tlog-checkpoint), caplat_note.h the keys. As
 * strict as `caplat receipt verify`, and what could not be checked is never
 * called good.
 */
const form = document.querySelector('[data-receipt]');
const one = name => document.querySelector(`[data-${name}]`);
const field = id => document.getElementById(id);
const words = JSON.parse(field('receipt-words').textContent);
const subtle = window.crypto && crypto.subtle;  /* none without https */
const RECEIPT_LEN_MAX = 196608;
const NOTE_LEN_MAX = 16384;
const SALT_LEN = 32;
const HASH_LEN = 32;
const KEY_ID_LEN = 4;
const ED25519 = 1;
const FIRST_LINE = 'c2sp.org/tlog-proof@v1\n';
const NUMBER = '(0|[1-9][0-9]{0,15})';
const HASH = '[A-Za-z0-9+/]{43}=';
const BODY = new RegExp(`^extra (\\S+)\nindex ${NUMBER}\n((?:${HASH}\n){0,63})\n([^]+)$`);
const NOTE = new RegExp(`^((\\S+)\n${NUMBER}\n(${HASH})\n)\n((?:\u2014 [^\\0-\\x20\\s+]+ \\S+\n){1,100})$`);
const VKEY = /^([!-*,-~]{1,100})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/;
const CHECKS = ['form', 'key', 'signature', 'held'];
let turn = 0;           /* an answer to an older question is not shown */


/* What ends a check: `open` when the receipt may be good for all we know. */
class Stop extends Error {
    constructor(why, data, open) {
        super(why);
        this.why = Object.keys(data || {}).reduce(
            (text, name) => text.replace(`{${name}}`, data[name]), words[why]);
        this.open = open === true;
    }
}


function demand(held, why, data) {
    if (!held) {
        throw new Stop(why, data);
    }
}


const utf8 = text => new TextEncoder().encode(text);
const base64 = bytes => btoa(String.fromCharCode(...bytes));


/* null for all but the one spelling that a writer has. */
function fromBase64(text) {
    let raw;

    try {
        raw = atob(text);
    } catch (e) {
        return null;
    }

    return btoa(raw) === text ? Uint8Array.from(raw, each => each.charCodeAt(0)) : null;
}


async function sha256(...parts) {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;

    parts.forEach(part => {
        all.set(part, at);
        at += part.length;
    });

    return new Uint8Array(await subtle.digest('SHA-256', all));
}


function signatureOf(line) {
    const [, name, text] = line.split(' ');
    const bytes = fromBase64(text);

    demand(bytes !== null && bytes.length > KEY_ID_LEN, 'note');

    return { name, id: base64(bytes.subarray(0, KEY_ID_LEN)), bytes: bytes.subarray(KEY_ID_LEN) };
}


/* Canonical base64 alone is a hash, and a number must be one that is exact. */
const isHash = text => fromBase64(text) !== null;
const isCount = number => Number.isSafeInteger(number);


function readNote(text) {
    const note = NOTE.exec(text);

    demand(note !== null && utf8(text).length <= NOTE_LEN_MAX, 'note');

    const [, signed, origin, digits, root, lines] = note;
    const size = Number(digits);

    demand(isCount(size) && isHash(root), 'note');

    return { signed: utf8(signed), origin, size, root, signatures: lines.split('\n').slice(0, -1).map(signatureOf) };
}


function readReceipt(bytes) {
    let text;

    demand(bytes.length <= RECEIPT_LEN_MAX, 'long');

    try {
        text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (e) {
        throw new Stop('not-text');
    }

    demand(text.startsWith(FIRST_LINE), 'first');

    const body = BODY.exec(text.slice(FIRST_LINE.length));

    demand(body !== null, 'cut');

    const extra = fromBase64(body[1]);
    const index = Number(body[2]);
    const path = body[3].split('\n').slice(0, -1);

    demand(extra !== null && extra.length > SALT_LEN, 'extra');
    demand(isCount(index) && path.every(isHash), 'cut');

    return Object.assign({ extra, index, path: path.map(fromBase64) }, readNote(body[4]));
}


async function readKey(line) {
    const vkey = VKEY.exec(line);
    const bytes = vkey && fromBase64(vkey[3]);

    demand(bytes && bytes[0] === ED25519, 'key');

    const hash = await sha256(utf8(`${vkey[1]}\n`), bytes);
    const id = hash.subarray(0, KEY_ID_LEN);

    demand(Array.from(id, byte => byte.toString(16).padStart(2, '0')).join('') === vkey[2], 'key-id');

    return { name: vkey[1], id: base64(id), bytes: bytes.subarray(1) };
}


/* Others may have signed too; each line of the log's own key must hold. */
async function checkSignature(receipt, key) {
    const ours = receipt.signatures.filter(each => each.name === key.name && each.id === key.id);
    let imported;

    demand(receipt.origin === key.name, 'origin', { origin: receipt.origin, name: key.name });
    demand(ours.length !== 0, 'signer');

    try {
        imported = await subtle.importKey('raw', key.bytes, { name: 'Ed25519' }, false, ['verify']);
    } catch (e) {
        throw new Stop('no-ed25519', {}, true);
    }

    for (const { bytes } of ours) {
        demand(await subtle.verify({ name: 'Ed25519' }, imported, bytes, receipt.signed) === true, 'signature');
    }
}


/* RFC 9162, 2.1.3.2. Halves of numbers, for shifts have only 32 bits. */
async function checkHeld({ extra, index, size, path, root }) {
    const node = (left, right) => sha256([1], left, right);
    const entry = await sha256(utf8('order-commitment/v1\n'), extra);
    let hash = await sha256([0], entry);
    let at = index;
    let last = size - 1;

    demand(index < size, 'index');

    const up = () => {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
    };

    for (const sibling of path) {
        demand(last !== 0, 'path');

        if (at % 2 === 1 || at === last) {
            hash = await node(sibling, hash);

            while (at % 2 === 0 && at !== 0) {
                up();
            }

        } else {
            hash = await node(hash, sibling);
        }

        up();
    }

    demand(last === 0, 'path');
    demand(base64(hash) === root, 'root');
}


/* All checks in turn, until one fails; what is open lets the next ones run. */
async function judge(bytes, line) {
    const marks = {};
    let receipt;
    let key;
    let open = '';

    const tasks = {
        form: () => { receipt = readReceipt(bytes); },
        key: async () => { key = await readKey(line); },
        signature: () => checkSignature(receipt, key),
        held: () => checkHeld(receipt),
    };

    for (const name of CHECKS) {
        try {
            await tasks[name]();
            marks[name] = 'yes';

        } catch (e) {
            if (!(e instanceof Stop)) {
                throw e;
            }

            marks[name] = e.open ? 'unsure' : 'no';

            /* A key that cannot be read says nothing about the receipt. */
            if (!e.open) {
                return { result: name === 'key' ? 'open' : 'bad', why: e.why, marks };
            }

            open = e.why;
        }
    }

    return CHECKS.every(name => marks[name] === 'yes')
        ? { result: 'good', why: words['good-body'], marks, receipt }
        : { result: 'open', why: open, marks };
}


/* What the record of an order says; null for any other record. */
function orderOf(text) {
    try {
        const { v, type, order, t, amount, lines } = JSON.parse(text);
        const time = new Date(t + 8 * 36e5).toISOString().slice(0, 19).replace('T', ' ');
        const platforms = lines.filter(line => line.platform !== null).map(line => line.name);

        return v === 1 && type === 'order.created' && isCount(amount)
            ? { order, time: `${time}（北京时间）`, platforms: platforms.join('、'),
                amount: `${amount === 0 ? '0' : (amount / 100).toFixed(2)} 元` } : null;

    } catch (e) {
        return null;
    }
}


function showFacts({ extra, origin, index, size }) {
    const record = new TextDecoder().decode(extra.subarray(SALT_LEN));
    const order = orderOf(record);
    const values = Object.assign({ origin, index, size, record }, order);

    Object.keys(values).forEach(name => { one(`value=${name}`).textContent = values[name]; });
    one('order').hidden = order === null;
    one('raw').open = order === null;
}


const tones = { good: 'note note-good', bad: 'note note-bad', open: 'note note-warn' };


function say(title, text, tone) {
    const note = document.createElement('div');

    [['p', title, 'note-h'], ['p', text, '']].filter(each => each[1]).forEach(([tag, content, name]) => {
        const node = document.createElement(tag);

        node.textContent = content;
        node.className = name;
        note.appendChild(node);
    });

    note.className = tone;
    one('status').textContent = '';
    one('status').appendChild(note);
}


function show({ result, why, marks, receipt }) {
    say(words[result], why, tones[result]);

    CHECKS.forEach(name => {
        const mark = marks[name] || 'skipped';

        one(`check=${name}`).textContent = words[mark];
        one(`check=${name}`).className = mark;
    });

    one('checks').hidden = Object.keys(marks).length === 0;
    one('facts').hidden = result !== 'good';

    if (result === 'good') {
        showFacts(receipt);
    }
}


function fault(text) {
    const error = field('file-err');

    error.textContent = text;
    error.hidden = text === '';
    one('field').classList.toggle('bad-field', text !== '');
    field('file').setAttribute('aria-invalid', text !== '');
}


/* The bytes of the file as they are. A text field has no CR, and who copies
   from a page often loses the last line end. */
async function readInput() {
    const [file] = field('file').files;
    const text = field('paste').value;

    if (file === undefined) {
        return utf8(text.endsWith('\n') ? text : `${text}\n`);
    }

    /* One byte past the limit is enough to refuse it. */
    return new Uint8Array(await new Response(file.slice(0, RECEIPT_LEN_MAX + 1)).arrayBuffer());
}


async function check() {
    const mine = ++turn;
    const isEmpty = field('file').files.length === 0 && field('paste').value.trim() === '';
    const line = field('key').value.trim();
    let verdict;

    fault(isEmpty ? words.empty : '');
    one('facts').hidden = true;
    one('checks').hidden = true;
    one('status').textContent = '';

    if (isEmpty) {
        field('file').focus();
        return;
    }

    say(words.busy, '', '');

    if (!subtle || line === '') {
        verdict = { result: 'open', why: subtle ? words['no-key'] : words.insecure, marks: {} };

    } else {
        try {
            verdict = await judge(await readInput(), line);
        } catch (e) {
            verdict = { result: 'open', why: words.unread, marks: {} };
        }
    }

    /* What was asked for may stand below a small screen's end. */
    if (mine === turn) {
        show(verdict);
        one('status').scrollIntoView({ block: 'nearest' });
    }
}


async function fetchKey() {
    const answer = await fetch('/log/vkey');

    if (!answer.ok) {
        throw new Error(answer.status);
    }

    return (await answer.text()).trim();
}


form.addEventListener('submit', event => {
    event.preventDefault();
    check();
});

field('file').addEventListener('change', () => {
    field('paste').value = '';

    if (field('file').files.length !== 0) {
        check();
    }
});

field('paste').addEventListener('input', () => { field('file').value = ''; });

if (!subtle) {
    say(words.open, words.insecure, tones.open);
}

fetchKey().then(line => {
    if (field('key').value === '') {
        field('key').value = line;
    }
}, () => {
    field('key-hint').textContent = words['no-key'];
});
