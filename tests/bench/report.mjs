// What the benches share: how a number is said, and how it is held against its
// limit.

import { readFileSync } from 'node:fs';
import os from 'node:os';

let missed = 0;

export function say(words) {
    console.log(words);
}

export function median(list) {
    return [...list].sort((a, b) => a - b)[list.length >> 1];
}

export function number(n) {
    return Math.round(n).toLocaleString('en-US');
}

export function machine() {
    const cpu = /model name\s*: (.*)/.exec(
        readFileSync('/proc/cpuinfo', 'utf8'));

    return `${cpu?.[1] ?? os.arch()}, ${os.cpus().length} cores`;
}

// A number and its limit: `most` or `least` of it is what we promise; without
// one it is for the curious.
export function promise(words, value, { most, least }, unit = '') {
    const kept = most !== undefined ? value <= most
        : least === undefined || value >= least;
    const limit = most !== undefined ? `<= ${most}${unit}`
        : least !== undefined ? `>= ${least}${unit}` : '';
    const digits = value < 100 ? value.toFixed(2) : number(value);

    missed += kept ? 0 : 1;
    say(`${kept ? '      ' : 'MISSED'}  ${`${digits}${unit}`.padStart(10)}  `
        + `${limit.padEnd(11)} ${words}`);
}

export function end() {
    say(missed === 0 ? '\nNothing missed.' : `\n${missed} missed.`);
    process.exitCode = missed === 0 ? 0 : 1;
}
