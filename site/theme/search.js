/*
 * Search without a server: bigrams of Han characters and Latin words, in one
 * small file for each first character. gen_search.h tells the files. The
 * query stands in the fragment, which no server gets to see.
 */
const form = document.querySelector('[data-search]');
const input = document.getElementById('words');
const one = name => document.querySelector(`[data-${name}]`);
const words = JSON.parse(document.getElementById('search-words').textContent);
const PAGE = 20;
const TITLE_WEIGHT = 3;
const TERM = /([\u3400-\u9fff]|[\ud840-\ud8bf][\udc00-\udfff])+|[a-z0-9]+/gi;
const PREFIX = 'q=';
let library;            /* documents.json, when it is there */
let turn = 0;           /* an answer to an older query is not shown */


/* 发票 -> 发票; 电子发票 -> 电子 子发 发票; a lone 票 and words -> prefixes.
   Each term knows the words it comes from, as they were typed. */
function termsOf(query) {
    const terms = new Map();

    const add = (word, prefix, typed) => {
        if (!terms.has(word)) {
            terms.set(word, { word, prefix, typed: [] });
        }

        terms.get(word).typed.push(typed);
    };

    for (const typed of query.normalize('NFKC').match(TERM) || []) {
        const letters = Array.from(typed.toLowerCase());

        if (typed.charCodeAt(0) < 128 || letters.length === 1) {
            add(letters.join(''), true, typed);
            continue;
        }

        for (let i = 0; i + 1 < letters.length; i++) {
            add(letters[i] + letters[i + 1], false, typed);
        }
    }

    return Array.from(terms.values());
}


async function getFile(path, cache) {
    const answer = await fetch(`/search/${path}`, { cache });

    if (answer.status === 404) {
        return null;
    }

    if (!answer.ok) {
        throw new Error(answer.status);
    }

    return answer;
}


async function getLibrary(cache) {
    const answer = await getFile('documents.json', cache);

    library = await answer.json();
}


async function getShard(word, cache) {
    if (!library.firsts.includes(Array.from(word)[0])) {
        return null;
    }

    const code = word.codePointAt(0).toString(16).padStart(4, '0');
    const answer = await getFile(`${code}.bin`, cache);

    return answer === null ? null : new Uint8Array(await answer.arrayBuffer());
}


function isStale(shard) {
    return shard !== null
        && new DataView(shard.buffer).getUint32(0, true) !== library.id;
}


/* Documents of a term: place in the list -> weight. */
function lookUp(shard, term) {
    const rest = Array.from(term.word).slice(1).join('');
    const found = new Map();
    const utf8 = new TextDecoder();
    let at = 4;

    const number = () => {
        let value = 0;
        let scale = 1;
        let byte;

        do {
            byte = shard[at++];
            value += (byte & 127) * scale;
            scale *= 128;
        } while (byte > 127);

        return value;
    };

    while (shard !== null && at < shard.length) {
        const len = shard[at++];
        const key = utf8.decode(shard.subarray(at, at + len));
        const fits = term.prefix ? key.startsWith(rest) : key === rest;
        let document = 0;

        at += len;

        for (let left = number(); left > 0; left--) {
            const step = number();
            const weight = step % 2 === 1 ? TITLE_WEIGHT : 1;

            document += Math.floor(step / 2);

            if (fits) {
                found.set(document, Math.max(weight, found.get(document) || 0));
            }
        }
    }

    return found;
}


/* What all known terms have in common, the best first. */
function rank(lists) {
    const total = library.documents.length;
    const rarity = list => Math.log(1 + total / list.size);
    const scores = [];

    lists.sort((a, b) => a.size - b.size);

    for (const place of lists.length === 0 ? [] : lists[0].keys()) {
        if (lists.every(list => list.has(place))) {
            const score = lists.reduce((sum, list) => sum + rarity(list) * list.get(place), 0);

            scores.push({ place, score });
        }
    }

    return scores.sort((a, b) => b.score - a.score || a.place - b.place)
        .map(each => library.documents[each.place]);
}


async function getShards(terms, cache) {
    const files = new Map();

    for (const term of terms) {
        const first = Array.from(term.word)[0];

        if (!files.has(first)) {
            files.set(first, getShard(term.word, cache));
        }

        term.shard = files.get(first);
    }

    return Promise.all(files.values());
}


/* Shards and documents of two different builds must not be mixed. */
async function load(terms) {
    if (library === undefined) {
        await getLibrary('default');
    }

    if ((await getShards(terms, 'default')).some(isStale)) {
        await getLibrary('reload');

        if ((await getShards(terms, 'reload')).some(isStale)) {
            throw new Error('stale');
        }
    }
}


function resultOf([url, title, section]) {
    const item = document.createElement('li');
    const link = document.createElement('a');
    const small = document.createElement('small');

    link.href = url;
    link.textContent = title;
    small.textContent = section;
    item.appendChild(link);
    item.appendChild(small);

    return item;
}


function show(results) {
    const list = one('results');
    const more = one('more');
    let shown = 0;

    const add = () => {
        results.slice(shown, shown + PAGE).forEach(each => list.appendChild(resultOf(each)));
        shown += PAGE;
        more.hidden = shown >= results.length;
    };

    list.textContent = '';
    more.onclick = () => {
        const next = shown;

        add();
        list.children[next].firstChild.focus();
    };
    add();
}


function say(text, none) {
    one('status').textContent = text;
    one('none').hidden = !none;
}


/* Look the terms up; those that no page has do not count. */
async function find(terms) {
    const known = [];
    const unknown = [];

    await load(terms);

    for (const term of terms) {
        const list = lookUp(await term.shard, term);

        if (list.size === 0) {
            unknown.push(...term.typed);

        } else {
            known.push(list);
        }
    }

    return { results: rank(known), dropped: known.length === 0 ? [] : Array.from(new Set(unknown)) };
}


function report({ results, dropped }) {
    const found = words.found.replace('{n}', results.length);

    show(results);
    say(dropped.length === 0 ? found
        : found + words.dropped.replace('{words}', dropped.join('、')), results.length === 0);
}


async function search(query) {
    const mine = ++turn;
    const terms = termsOf(query);

    show([]);
    one('pages').hidden = query.trim() !== '';

    if (terms.length === 0) {
        say(query.trim() === '' ? '' : words.empty, false);
        return;
    }

    say(words.busy, false);

    try {
        const found = await find(terms);

        if (mine === turn) {
            report(found);
        }

    } catch (e) {
        if (mine === turn) {
            say(words.failed, true);
        }
    }
}


function queryOf(hash) {
    const text = hash.slice(1);

    try {
        return text.startsWith(PREFIX) ? decodeURIComponent(text.slice(PREFIX.length)) : '';
    } catch (e) {
        return '';
    }
}


function follow() {
    input.value = queryOf(location.hash);
    search(input.value);
}


form.addEventListener('submit', event => {
    const hash = `#${PREFIX}${encodeURIComponent(input.value.trim())}`;

    event.preventDefault();

    if (hash === location.hash) {
        follow();

    } else {
        location.hash = hash;
    }
});

addEventListener('hashchange', follow);
follow();
