/* A line of a price: its platform, why, and how much. */
import { yuan } from './core.js';

export function lineOf(line) {
    const item = document.createElement('li');
    const name = document.createElement('span');
    const fee = document.createElement('span');

    name.textContent = line.name;

    if (line.reason !== '') {
        const small = document.createElement('small');

        small.textContent = line.reason;
        name.appendChild(small);
    }

    fee.className = 'num';
    fee.textContent = `${yuan(line.fee_fen)} 元`;
    item.appendChild(name);
    item.appendChild(fee);

    return item;
}
