// Lighthouse on every kind of page, as on a phone: `make lighthouse`. Its
// verdict depends on the machine, so that it is no test of tests/run.

import os from 'node:os';
import path from 'node:path';

import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

import { flags, kinds } from '../browser/stage.mjs';
import { build, scratch, serve } from '../site/server.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const least = { performance: 95, accessibility: 100, 'best-practices': 100 };
const undo = [];
const suite = { after: (task) => undo.unshift(task) };

// Others at work make a page slow that is not: as many as there are cores.
const isBusy = () => os.loadavg()[0] > os.cpus().length;


// The points of a page, and why there are not more. A trace that a busy machine
// has lost is taken again.
async function look(url, port, left = 2) {
    const { lhr } = await lighthouse(url, { port, logLevel: 'silent',
        onlyCategories: Object.keys(least) });

    if (lhr.runtimeError && left > 0) {
        return look(url, port, left - 1);
    }

    if (lhr.runtimeError) {
        throw new Error(`${url}: ${lhr.runtimeError.message}`);
    }

    const points = {};
    const faults = [];

    for (const [name, { score, auditRefs }] of Object.entries(lhr.categories)) {
        points[name] = Math.round(score * 100);

        if (points[name] < least[name]) {
            faults.push(...auditRefs.map(({ id, weight }) => weight > 0
                && lhr.audits[id]).filter((one) => one && one.score !== null
                && one.score < 0.9).map((one) =>
                `${one.id}: ${one.displayValue ?? one.title}`));
        }
    }

    return { points, faults };
}


async function run() {
    const folder = scratch(suite);
    const site = path.join(folder, 'www');

    build(site, ['--compress', 'quick']);

    const { port } = await serve(suite, site, path.join(folder, 'run'));
    const browser = await launch({ chromePath: executablePath,
        chromeFlags: ['--headless=new', ...flags], logLevel: 'silent' });
    let failed = 0;

    suite.after(() => browser.kill());
    console.log(`${'page'.padEnd(16)}${Object.keys(least).map((one) =>
        one.padStart(16)).join('')}`);

    for (const { name, at } of kinds.filter(({ error }) => !error)) {
        const { points, faults } = await look(`http://127.0.0.1:${port}${at}`,
            browser.port);
        const low = Object.keys(least).filter((one) =>
            !(points[one] >= least[one]));

        console.log(`${name.padEnd(16)}${Object.keys(least).map((one) =>
            String(points[one]).padStart(16)).join('')}`);
        faults.forEach((one) => console.log(`    ${one}`));
        failed += low.some((one) => one !== 'performance' || !isBusy());
    }

    const [load] = os.loadavg();

    console.log(`load average ${load.toFixed(2)}, ${os.cpus().length} cores`
        + `${isBusy() ? ': too busy to measure performance' : ''}`);

    return failed;
}


try {
    process.exitCode = await run() ? 1 : 0;
} finally {
    for (const task of undo) {
        await task();
    }
}
