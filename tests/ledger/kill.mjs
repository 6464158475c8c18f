// What can be killed of an nginx, and that it stands again.

import { alive, pause, until } from '../edge/server.mjs';

export const workers = 2;

// Each by its name, how often, and the pids in their order.
const ways = [
    ['worker', 4, (server, roll) => [server.workers()[
        Math.floor(roll() * workers)]]],
    ['workers', 2, (server) => server.workers()],
    ['master', 2, (server) => [server.pid()]],
    ['everything', 3, (server) => [server.pid(), ...server.workers()]],
];

function pick(roll) {
    let at = roll() * ways.reduce((sum, [, often]) => sum + often, 0);

    return ways.find(([, often]) => (at -= often) < 0);
}

const kill = (pids) => pids.filter(alive).forEach((pid) =>
    process.kill(pid, 'SIGKILL'));

const gone = (pids) => until(`end of ${pids}`, () => !pids.some(alive));


// Kill in one of the ways, and see that the server stands again: the way's
// name. meanwhile() is called when nobody can write, if that is so for a
// moment.
export async function strike(server, roll, meanwhile) {
    const [name, , choose] = pick(roll);
    const master = server.pid();
    const before = server.workers();
    const victims = choose(server, roll);

    kill(victims);
    await gone(victims);

    if (alive(master)) {
        await until('all workers', () => server.workers().length === workers
            && !server.workers().some((pid) => victims.includes(pid)));
        return name;
    }

    // Workers without a master go on, until somebody ends them.
    if (name === 'master') {
        await pause(100 * roll());
        kill(before);
        await gone(before);
    }

    await server.closed;
    meanwhile();
    await server.start();

    return name;
}
