/*
 * The pricing core in the browser: site/wasm; what is asked and answered is
 * told in caplat_price.h.
 */
export const yuan = fen => (fen === 0 ? '0' : (fen / 100).toFixed(2));

/* The day in Beijing, and the time of day there. */
export const day = seconds => new Date((seconds + 8 * 3600) * 1000).toISOString().slice(0, 10);
export const clock = seconds => new Date((seconds + 8 * 3600) * 1000).toISOString().slice(11, 16);
export const today = () => day(Date.now() / 1000);


/* Where an element tells of the wasm: question -> answer. */
export async function openCore({ wasm, integrity }, rates) {
    const answer = await fetch(wasm, { integrity });
    const { instance } = await WebAssembly.instantiate(await answer.arrayBuffer());
    const core = instance.exports;
    const put = text => {
        const bytes = new TextEncoder().encode(text);

        new Uint8Array(core.memory.buffer, core.in(), bytes.length).set(bytes);

        return bytes.length;
    };

    if (!core.load(put(rates))) {
        throw new Error('rate card');
    }

    return question => {
        const len = core.quote(put(question));

        return JSON.parse(new TextDecoder().decode(
            new Uint8Array(core.memory.buffer, core.out(), len)));
    };
}


/* A line of a price: its platform, why, and how much. */
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
