// The third host: GET /v1/prices gives the bytes that the native program gives,
// and refuses with the same code. One thing is of the transport, which the two
// others do not have: forms write the comma as %2C, and the server reads it so.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { edge, staged, suite } from '../edge/server.mjs';
import { identity } from '../edge/people.mjs';
import { Wire } from '../edge/wire.mjs';
import { cards, cases, native } from './list.mjs';

// Today in Beijing: of a question that leaves the day to the server.
const today = new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10);

const dated = (question) => (/(^|&)day=/.test(question) ? question
    : `${question}${question === '' ? '' : '&'}day=${today}`);

// What the server asks the core.
const read = (question) => question.replace(/%2C/gi, ',');

// No target of a request has a blank in it.
const sendable = (question) => !/[\0- \x7f]/.test(question);


suite('the server', {}, () => {
    for (const [card, file] of cards) {
        const questions = cases.filter(([name]) => name === card)
            .map(([, question]) => question).filter(sendable);
        const answers = native(card,
            questions.map(read).map(dated));

        describe(`${card}: ${questions.length} questions`, () => {
            let wire;

            staged(async (undo) => {
                const server = await edge(undo, { files: {
                    'rates.txt': readFileSync(file),
                    'jwks-issuer.json': (await identity()).jwks } });

                wire = new Wire(server.port);
                undo.after(() => wire.close());
            });

            questions.forEach((question, i) => {
                it(question, async () => {
                    const answer = await wire.send(Buffer.from(
                        `GET /v1/prices?${question} HTTP/1.1\r\n`
                        + 'Host: ca.example.cn\r\n\r\n'));
                    const said = JSON.parse(answers[i]);

                    if (said.error === undefined) {
                        assert.equal(answer.status, 200, String(answer.body));
                        assert.equal(String(answer.body), answers[i]);
                        return;
                    }

                    const problem = JSON.parse(answer.body);

                    assert.match(answer.headers['content-type'],
                        /^application\/problem\+json/);
                    assert.ok(answer.status === 400 || answer.status === 422);
                    assert.equal(problem.status, answer.status);
                    assert.deepEqual(problem.errors.map(({ code }) => code),
                        [said.error]);
                });
            });
        });
    }

    it('differs by nothing but the comma of forms', () => {
        const others = cases.filter(([, question]) =>
            read(question) !== question);
        const question = 'city=210700&add=anshan%2Cdalian&months=12'
            + '&day=2021-06-18';
        const [raw, asRead] = native('ln-2021', [question, read(question)])
            .map(JSON.parse);

        assert.deepEqual(others, [['ln-2021', question]]);
        assert.equal(raw.error, 'unknown-platform');
        assert.equal(asRead.error, undefined);
    });

    it('is asked nearly all of the list', () => {
        assert.ok(cases.filter(([, question]) => !sendable(question)).length
            < 10);
    });
});
