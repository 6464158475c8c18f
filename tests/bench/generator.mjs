// How the generator compares, in one run on one machine: with a plain loop
// over libcmark, and with Hugo, on the same 10,000 guides. What counts are the
// ratios; the machine's own numbers are for the curious.
//
//     BENCH_DISK=1    once more with the output on the disk below build/
//     BENCH_GUIDES=N  other than 10,000
//     BENCH_RUNS=N    medians of N runs, 3 unless told

import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync,
    readdirSync, rmSync, statSync, statfsSync, writeFileSync }
    from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import * as corpus from './corpus.mjs';
import * as report from './report.mjs';
import { median, number, say } from './report.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

const guides = Number(process.env.BENCH_GUIDES ?? 10000);
const runs = Number(process.env.BENCH_RUNS ?? 3);
const pagesPerGuide = 7;        // what it says of itself, five steps, to print
const roomNeeded = 4 * 2 ** 30; // bytes: text, three outputs, Hugo's

const seconds = (us) => `${(us / 1e6).toFixed(2)} s`;


// Run a command; what it took. A command that fails ends the bench.
function measure(...command) {
    const { stdout } = spawnSync('build/bench/measure', command,
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    const took = JSON.parse(stdout);

    if (took.status !== 0) {
        throw new Error(`status ${took.status}: ${command.join(' ')}`);
    }

    return { wall: took.wall_us, cpu: took.cpu_us, peak: took.peak_kb / 1024 };
}

// What the machine itself asks: the files of a folder written again from
// memory, and the text converted with nothing written.
function floorOf(out, content, work) {
    const { stdout, status } = spawnSync('build/bench/floor',
        ['2', out, fresh(path.join(work, 'floor'))],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

    if (status !== 0) {
        throw new Error(`status ${status}: floor`);
    }

    const took = JSON.parse(stdout);
    const convert = measure('build/bench/cmark_loop', '2',
        path.join(content, 'guides'));

    return {
        write: { wall: took.wall_us, cpu: took.cpu_us,
            peak: took.peak_kb / 1024 },
        convert,
    };
}

function medians(list) {
    return Object.fromEntries(['wall', 'cpu', 'peak'].map(
        (key) => [key, median(list.map((took) => took[key]))]));
}

function generate(content, out, threads) {
    return measure('build/caplat-site', 'build', '--content', content,
        '--site', 'site', '--out', out, '--wasm', 'build/caplat.wasm',
        '--threads', String(threads), '--compress', 'none');
}

function fresh(folder) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });

    return folder;
}

function files(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const name = path.join(folder, entry.name);

        return entry.isDirectory() ? files(name) : [name];
    });
}

// The generator's content, with the guides of the bench beside our own.
function makeContent(work) {
    const content = path.join(work, 'content');

    cpSync('content', content, { recursive: true });
    const bytes = corpus.write(path.join(content, 'guides'), guides);

    return { content, bytes };
}

// The same text for Hugo, below as little theme as it takes.
function makeHugo(work) {
    const site = path.join(work, 'hugo');

    corpus.write(path.join(site, 'content/guide'), guides);
    mkdirSync(path.join(site, 'layouts/_default'), { recursive: true });
    writeFileSync(path.join(site, 'config.toml'), [
        'baseURL = "http://127.0.0.1/"', 'languageCode = "zh-CN"',
        'disableKinds = ["taxonomy", "term", "RSS", "sitemap", "robotsTXT", "404"]',
        '[markup.highlight]', 'codeFences = false', ''].join('\n'));
    writeFileSync(path.join(site, 'layouts/_default/single.html'),
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        + '<title>{{ .Title }}</title></head><body><h1>{{ .Title }}</h1>'
        + '{{ .Content }}</body></html>\n');
    writeFileSync(path.join(site, 'layouts/_default/list.html'),
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        + '<title>{{ .Title }}</title></head><body></body></html>\n');

    return site;
}

function hugo(site, out) {
    return measure('hugo', '--quiet', '--source', site, '--destination', out);
}

// A sentence more in one step of one guide.
function edit(folder) {
    appendFileSync(path.join(folder, corpus.name(guides >> 1)),
        '\n提交以后，请在个人中心查看结果。\n');
}

// The number of files below a folder that were written since a moment.
function writtenSince(folder, moment) {
    return files(folder).filter((name) => statSync(name).ctimeMs >= moment)
        .length;
}


let judged = false;             // the disk's speed is not ours to promise

function promise(words, value, limit, unit) {
    report.promise(words, value, judged ? limit : {}, unit);
}

// Ratios of work that was not done would be worth nothing.
function expectPages(out, count) {
    const made = files(out).filter((name) => name.endsWith('.html')).length;

    if (made < count) {
        throw new Error(`${out} has ${made} pages, should have ${count}`);
    }
}

function note(words, took, pages) {
    say(`        ${seconds(took.wall)} wall, ${seconds(took.cpu)} CPU, `
        + `${took.peak.toFixed(0)} MB`
        + `${pages ? `, ${number(pages / took.wall * 1e6)} pages/s` : ''}`
        + `  ${words}`);
}


function againstLoop(content, work) {
    const took = { two: [], one: [], loop: [], write: [], convert: [] };
    const out = path.join(work, 'www');

    for (let run = 0; run < runs; run++) {
        took.two.push(generate(content, fresh(out), 2));
        took.loop.push(measure('build/bench/cmark_loop', '2',
            path.join(content, 'guides'), fresh(path.join(work, 'loop'))));
        took.one.push(generate(content, fresh(path.join(work, 'one')), 1));

        const least = floorOf(out, content, work);

        took.write.push(least.write);
        took.convert.push(least.convert);
    }

    expectPages(out, guides * pagesPerGuide);
    rmSync(path.join(work, 'loop'), { recursive: true });
    rmSync(path.join(work, 'one'), { recursive: true });
    rmSync(path.join(work, 'floor'), { recursive: true });

    const full = medians(took.two);
    const loop = medians(took.loop);
    const one = medians(took.one);
    const write = medians(took.write);
    const convert = medians(took.convert);
    const least = { wall: write.wall + convert.wall,
        cpu: write.cpu + convert.cpu };

    note('full build, 2 threads', full, guides * pagesPerGuide);
    note('full build, 1 thread', one, guides * pagesPerGuide);
    note('plain loop over libcmark, 2 threads, one page a guide', loop,
        guides);
    note(`the floor: the same ${number(files(out).length)} files written `
        + 'from memory, 2 threads', write);
    note('the floor: libcmark alone, nothing written, 2 threads', convert);
    say(`        a generator that did nothing else would take `
        + `${(least.cpu / loop.cpu).toFixed(2)} of the loop's CPU; we take `
        + `${(full.cpu / least.cpu).toFixed(2)} of that`);
    promise('CPU of a full build to the plain loop', full.cpu / loop.cpu,
        { most: 3 });
    promise('peak memory of a full build', full.peak, { most: 150 }, ' MB');
    promise('wall time of 2 threads to 1', full.wall / one.wall,
        { most: 0.6 });

    return { full, least, out };
}

function againstHugo(site, content, work, { full, least, out }) {
    const took = { hugo: [], edited: [], again: [] };
    const theirs = path.join(work, 'hugo-out');
    let written = 0;

    for (let run = 0; run < runs; run++) {
        took.hugo.push(hugo(site, fresh(theirs)));
    }

    expectPages(theirs, guides);

    for (let run = 0; run < runs; run++) {
        edit(path.join(content, 'guides'));
        edit(path.join(site, 'content/guide'));

        const moment = Date.now();

        took.edited.push(generate(content, out, 2));
        written = writtenSince(out, moment);
        took.again.push(hugo(site, theirs));
    }

    const peer = medians(took.hugo);
    const edited = medians(took.edited);
    const again = medians(took.again);

    note('Hugo, one page a guide', peer, guides);
    note(`one guide edited: ${written} of ${number(files(out).length)} files `
        + 'written', edited);
    note('one guide edited, Hugo', again);
    say(`        the floor would have ${number(pagesPerGuide * peer.wall
        / least.wall)} times Hugo's pages a second`);
    promise('pages a second to Hugo\'s', pagesPerGuide * peer.wall / full.wall,
        { least: 40 });
    promise('memory to Hugo\'s', full.peak / peer.peak, { most: 0.1 });
    promise('wall time after an edit to Hugo\'s', edited.wall / again.wall,
        { most: 0.2 });
}

function realSite(work) {
    const out = path.join(work, 'real');
    const took = medians(Array.from({ length: 11 },
        () => generate('content', fresh(out), os.availableParallelism?.() ?? 2)));

    promise('the real site, full build', took.wall / 1000, { most: 50 },
        ' ms');
}

function all(work, place) {
    say(`\n${place}`);

    const { content, bytes } = makeContent(work);
    const site = makeHugo(work);

    say(`        ${number(guides)} guides of ${number(bytes / guides)} bytes, `
        + `medians of ${runs}`);
    realSite(work);
    againstHugo(site, content, work, againstLoop(content, work));
}

function inFolder(parent, place) {
    mkdirSync(parent, { recursive: true });

    const work = mkdtempSync(path.join(parent, 'caplat-bench-'));

    try {
        all(work, place);
    } finally {
        rmSync(work, { recursive: true, force: true });
    }
}

function hasRoom(folder) {
    const stat = existsSync(folder) && statfsSync(folder);

    return stat && stat.bavail * stat.bsize >= roomNeeded;
}


say(`${report.machine()}; `
    + `${execFileSync('hugo', ['version'], { encoding: 'utf8' }).split(' ')
        .slice(0, 2).join(' ')}`);

if (hasRoom('/dev/shm')) {
    judged = true;
    inFolder('/dev/shm', 'In memory (tmpfs)');
} else {
    say('/dev/shm has less than 4 GB left: only on the disk.');
}

if (process.env.BENCH_DISK === '1' || !judged) {
    judged = false;
    inFolder(path.resolve('build/bench'), 'On the disk');
}

report.end();
