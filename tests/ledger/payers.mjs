// Clients who order, and pay at a cashier's (cashier.mjs) as people do: once,
// or twice, or too little, too late, although they have cancelled, or never.

import { randomUUID } from 'node:crypto';

import { form, json, orders, short } from '../edge/buyers.mjs';
import { pause } from '../edge/server.mjs';
import { Client } from './crowd.mjs';

// How often each way; what it is to bring is in pay.test.mjs.
const ways = { once: 36, twice: 12, other: 8, wrong: 5, late: 10,
    cancelled: 10, again: 5, back: 8, gone: 6, never: 5, free: 5 };

function pick(roll) {
    const list = Object.entries(ways);
    let at = roll() * list.reduce((sum, [, often]) => sum + often, 0);

    return list.find(([, often]) => (at -= often) < 0)[0];
}


// plans: of each order, which way it goes. work: { left }, of all of them
export class Payer extends Client {
    constructor({ cashier, plans, work, ...rest }) {
        super(rest);
        Object.assign(this, { cashier, plans, work, mine: [], tells: [] });
    }

    async run() {
        await pause(1000 * this.roll());

        while (this.running && this.work.left-- > 0) {
            await this[pick(this.roll)](this.n++);
        }

        await Promise.all(this.tells);
    }

    tell(entry) {
        this.tells.push(this.cashier.tell(entry));
    }

    some(list) {
        return list[Math.floor(this.roll() * list.length)];
    }

    async order(n, way, changes = {}) {
        const { id } = await this.place(n, form({ certificate: this.serial(n),
            ...changes }), randomUUID());

        if (id === undefined) {
            throw new Error(`${this.serial(n)} was not ordered, ${way}`);
        }

        this.plans.set(id, way);
        this.mine.push({ n, id });

        return id;
    }

    // What is to be paid, at a cashier's. Undefined: it is too late for that,
    // so that nobody pays.
    async charge(n, id, channel = this.some(['alipay', 'wechat'])) {
        const body = JSON.stringify({ channel });
        let answer;

        do {
            answer = await this.ask(n, { target: `${orders}/${id}/payments`,
                body });
        } while (answer.status === 502);

        if (answer.status === 200) {
            await pause(500 * this.roll());
            return { ...this.cashier.show(json(answer)),
                expires: json(answer).expires };
        }

        if (short(answer) !== '409 order-state-conflict') {
            throw new Error(`${id}: ${short(answer)}: ${answer.body}`);
        }

        return undefined;
    }

    // Order, and be about to pay.
    async begin(n, way) {
        const id = await this.order(n, way);
        const charge = await this.charge(n, id);

        if (charge === undefined) {
            this.plans.set(id, 'never');
        }

        return charge;
    }

    async once(n, way = 'once') {
        const charge = await this.begin(n, way);

        if (charge !== undefined) {
            this.tell(this.cashier.take(charge));
        }

        return charge;
    }

    // By whichever channel, with a number of its own.
    async twice(n) {
        const charge = await this.once(n, 'twice');

        if (charge !== undefined) {
            this.tell(this.cashier.take({ ...charge,
                channel: this.some(['alipay', 'wechat']) }));
        }
    }

    async wrong(n, way = 'wrong') {
        const charge = await this.begin(n, way);

        if (charge !== undefined) {
            this.tell(this.cashier.take(charge, charge.fen
                + this.some([-1, 1, 100])));
        }

        return charge;
    }

    async other(n) {
        const charge = await this.wrong(n, 'other');

        if (charge !== undefined) {
            this.tell(this.cashier.take(charge));
        }
    }

    // When the order has lapsed; others are placed meanwhile.
    async late(n) {
        const charge = await this.begin(n, 'once');

        if (charge !== undefined) {
            this.tells.push(this.lapsed(charge).then(() =>
                this.cashier.tell(this.cashier.take(charge))));
        }
    }

    async lapsed({ expires }) {
        while (this.running && this.now() <= expires) {
            await pause(100);
        }
    }

    async cancelled(n) {
        const charge = await this.begin(n, 'once');

        if (charge !== undefined) {
            this.tell(this.cashier.take(charge));
            await this.cancel(n, charge.order);
        }
    }

    // Two orders for the same platforms, the first of them cancelled; both paid.
    async again(n) {
        const first = await this.begin(n, 'rival');

        if (first !== undefined) {
            await this.cancel(n, first.order);
            await this.once(n, 'rival');
            this.tell(this.cashier.take(first));
        }
    }

    // All of it, or a part.
    async back(n) {
        const charge = await this.begin(n, 'part');

        if (charge !== undefined) {
            const fen = this.some([charge.fen, 1250]);
            const paid = this.cashier.take(charge);

            this.plans.set(charge.order, fen === charge.fen ? 'back' : 'part');
            this.tell(paid);
            this.tell(this.cashier.giveBack(paid, fen));
        }
    }

    // It has gone back before anybody says that it came.
    async gone(n) {
        const charge = await this.begin(n, 'gone');

        if (charge !== undefined) {
            const paid = this.cashier.take(charge);

            await this.cashier.tell(this.cashier.giveBack(paid));
            this.tell(paid);
        }
    }

    async never(n) {
        await this.begin(n, 'never');
    }

    async free(n) {
        await this.order(n, 'free', { platforms: ['huachen'], amount: 0,
            channel: undefined, invoice: undefined });
    }

    // What the server says of its orders: [id, state].
    async states() {
        const all = [];

        for (const { n, id } of this.mine) {
            const answer = await this.ask(n, { method: 'GET',
                target: `${orders}/${id}` });

            all.push([id, json(answer).state]);
        }

        return all;
    }
}
