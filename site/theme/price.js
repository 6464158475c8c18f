/* The calculator of /price/: the form asks, the pricing core answers. */
import { lineOf, openCore, today, yuan } from './core.js';

const form = document.querySelector('[data-price]');
const one = (selector, root = form) => root.querySelector(selector);
const all = (selector, root = form) => Array.from(root.querySelectorAll(selector));
const json = id => JSON.parse(document.getElementById(id).textContent);
const words = json('words');
const store = 'price';
const MONTHS_MAX = 60;
const SAY_AFTER_MS = 600;
let ask;        /* question -> answer, once the core is there */
let timer;


const ticked = name => all(`input[name=${name}]:checked`).map(box => box.value);
const by = () => one('input[name=by]:checked').value;


/* What the form says of the certificate; or, as `fault`, what it does not. */
function certificate(held) {
    const city = one('#city').value;
    const months = Number(one('#months').value);
    const until = one('#until').value;
    let time = `until=${until}`;

    if (city === '') {
        return { fault: 'city' };
    }

    if (by() === 'months') {
        if (!Number.isInteger(months) || months < 1 || months > MONTHS_MAX) {
            return { fault: 'months' };
        }

        time = `months=${months}`;

    } else if (until === '') {
        return { fault: 'until' };
    }

    return { question: `city=${city}&held=${held}&${time}&day=${today()}` };
}


/* Each row tells what its platform alone would cost. */
function drawRow(row, held, known) {
    const id = row.dataset.platform;
    const fee = one('[data-fee]', row);
    const reason = one('[data-reason]', row);
    const answer = known && !held.includes(id) ? ask(`${known}&add=${id}`) : {};
    const line = (answer.lines || []).find(each => each.platform === id);

    row.classList.toggle('held', held.includes(id));

    if (fee !== null) {
        fee.textContent = line ? `${yuan(line.fee_fen)} 元` : '';
        reason.textContent = line ? line.reason : reason.dataset.reason;
    }
}


function drawTotal(answer, count, hint) {
    const lines = one('[data-lines]');

    all('[data-count]').forEach(node => { node.textContent = count; });
    all('[data-total]').forEach(node => { node.textContent = answer.lines ? yuan(answer.total_fen) : '–'; });
    one('[data-hint]').textContent = hint;
    lines.textContent = '';
    (answer.lines || []).forEach(line => lines.appendChild(lineOf(line)));
}


function draw() {
    const held = ticked('held');
    const add = ticked('add').filter(id => !held.includes(id));
    const said = certificate(held);
    const known = ask && said.question;
    const answer = known ? ask(`${known}&add=${add}`) : { error: said.fault || 'wait' };
    const hint = answer.error ? words[answer.error] || words.refused : words.chosen;
    const total = answer.lines ? yuan(answer.total_fen) : '';

    all('[data-by]').forEach(part => { part.hidden = part.dataset.by !== by(); });
    all('.opt input').forEach(box => box.closest('.opt').classList.toggle('on', box.checked && !(box.name === 'add' && held.includes(box.value))));
    one('#months').setAttribute('aria-invalid', said.fault === 'months');
    all('[data-platform]').forEach(row => drawRow(row, held, known));
    drawTotal(answer, add.length, hint);

    return answer.lines ? words.say.replace('{n}', add.length).replace('{amount}', total) : hint;
}


/* One announcement for a burst of changes. */
function changed() {
    const said = draw();

    clearTimeout(timer);
    timer = setTimeout(() => { one('[data-say]').textContent = said; }, SAY_AFTER_MS);

    try {
        sessionStorage[store] = JSON.stringify({
            city: one('#city').value, by: by(), months: one('#months').value,
            until: one('#until').value, held: ticked('held'), add: ticked('add'),
        });
    } catch (e) { /* storage is closed: nothing is kept */ }
}


function restore() {
    let kept;

    try {
        kept = JSON.parse(sessionStorage[store]);
    } catch (e) {
        return;
    }

    ['city', 'months', 'until'].forEach(id => { one(`#${id}`).value = kept[id]; });
    all('input[name=by]').forEach(box => { box.checked = box.value === kept.by; });
    all('.opt [type=checkbox]').forEach(box => { box.checked = kept[box.name].includes(box.value); });
}


form.addEventListener('input', changed);
form.addEventListener('submit', event => event.preventDefault());
form.addEventListener('reset', () => setTimeout(changed));
addEventListener('pageshow', draw);
restore();
draw();

openCore(form.dataset, json('rates')).then(core => {
    ask = core;
    draw();
}, () => {
    one('[data-hint]').textContent = words.refused;
});
