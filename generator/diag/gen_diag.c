#include "gen_diag.h"

#include "gen_file.h"
#include "gen_problem.h"
#include "gen_text.h"

#include <stdlib.h>


#define WORD_LEN_MAX  240              /* bytes: a message is one line */


bool
gen_code_warns(gen_code code)
{
    return code >= GEN_LINT_TERM && code != GEN_LINT_PRIVATE;
}


/* The first line of a word, cut at a character's border. */
static caplat_slice
keep_word(gen_arena *arena, caplat_slice word)
{
    size_t        at = 0;
    size_t        len;
    caplat_slice  line = CAPLAT_LIT("");

    (void) gen_text_line(word, &at, &line);

    for (at = 0, len = 0; at < line.len; len = at) {
        (void) gen_text_next(line, &at);

        if (at > WORD_LEN_MAX) {
            break;
        }
    }

    return gen_arena_copy(arena, gen_text_part(line, 0, len));
}


/* Find the line of problem->span in text, and keep it. */
static void
locate(gen_problem *problem, caplat_slice text, gen_arena *arena)
{
    size_t        at = problem->span.at < text.len ? problem->span.at
                                                   : text.len;
    size_t        next = 0;
    size_t        from = 0;
    caplat_slice  line = CAPLAT_LIT("");

    problem->row = 1;

    while (gen_text_line(text, &next, &line) && next <= at
           && next < text.len)
    {
        problem->row++;
        from = next;
    }

    at = at - from < line.len ? at - from : line.len;
    problem->mark.at = at;
    problem->mark.len = problem->span.len < line.len - at
                        ? problem->span.len : line.len - at;
    problem->line = gen_arena_copy(arena, line);
}


static void
locate_in_file(gen_problem *problem, gen_arena *arena)
{
    gen_arena     once = { 0 };
    gen_path      path = gen_path_of(CAPLAT_LIT(""), problem->source->path);
    caplat_slice  text = CAPLAT_LIT("");

    /* A file that cannot be read again has its place and no line to show. */
    (void) gen_file_read(path.name, GEN_FILE_LEN_MAX, &once, &text);
    locate(problem, text, arena);
    gen_arena_close(&once);
}


void
gen_report(gen_diags *diags, const gen_source *source, gen_span span,
    gen_code code, const caplat_slice words[GEN_WORDS_MAX], caplat_slice near)
{
    gen_problem  *problem = gen_arena_zero(&diags->arena, 1,
                                           sizeof(gen_problem));

    problem->source = source;
    problem->span = span;
    problem->code = code;
    problem->near = keep_word(&diags->arena, near);

    for (size_t i = 0; i < GEN_WORDS_MAX; i++) {
        problem->words[i] = keep_word(&diags->arena, words[i]);
    }

    if (source->text.len != 0) {
        locate(problem, source->text, &diags->arena);

    } else {
        locate_in_file(problem, &diags->arena);
    }

    if (diags->last == NULL) {
        diags->first = problem;

    } else {
        diags->last->next = problem;
    }

    diags->last = problem;

    if (gen_code_warns(code)) {
        diags->warnings++;

    } else {
        diags->errors++;
    }
}


bool
gen_source_check(gen_diags *diags, const gen_source *source)
{
    size_t  bad_at;

    if (!gen_text_valid(source->text, &bad_at)) {
        gen_report(diags, source, gen_span_of(bad_at, 1), GEN_NOT_UTF8,
                   GEN_NO_WORDS, CAPLAT_LIT(""));
        return false;
    }

    if (gen_text_begins(source->text, CAPLAT_LIT("\xEF\xBB\xBF"))) {
        gen_report(diags, source, gen_span_of(0, 3), GEN_BYTE_ORDER_MARK,
                   GEN_NO_WORDS, CAPLAT_LIT(""));
        return false;
    }

    return true;
}


bool
gen_diags_failed(const gen_diags *lists, size_t count, bool strict)
{
    for (size_t i = 0; i < count; i++) {
        if (lists[i].errors != 0 || (strict && lists[i].warnings != 0)) {
            return true;
        }
    }

    return false;
}


void
gen_diags_close(gen_diags *diags)
{
    gen_arena_close(&diags->arena);
    *diags = (gen_diags) { 0 };
}


static int
order_numbers(size_t a, size_t b)
{
    return (a > b) - (a < b);
}


/* By file and place; what is equal in all is one problem found twice. */
static int
order_problems(const void *left, const void *right)
{
    const gen_problem  *a = *(gen_problem *const *) left;
    const gen_problem  *b = *(gen_problem *const *) right;
    int                 order;

    order = order_numbers(a->source->order, b->source->order);
    order = order != 0 ? order : caplat_slice_cmp(a->source->path,
                                                  b->source->path);
    order = order != 0 ? order : order_numbers(a->span.at, b->span.at);
    order = order != 0 ? order : order_numbers(a->code, b->code);
    order = order != 0 ? order : order_numbers(a->span.len, b->span.len);

    for (size_t i = 0; order == 0 && i < GEN_WORDS_MAX; i++) {
        order = caplat_slice_cmp(a->words[i], b->words[i]);
    }

    return order;
}


/* All problems of the lists in the order in which they are printed. */
static gen_problem **
sort_problems(const gen_diags *lists, size_t count, gen_arena *arena,
    size_t *found)
{
    gen_problem  **problems;
    size_t         total = 0;

    for (size_t i = 0; i < count; i++) {
        total += lists[i].errors + lists[i].warnings;
    }

    problems = gen_arena_take(arena, total * sizeof(gen_problem *));
    *found = 0;

    for (size_t i = 0; i < count; i++) {
        for (gen_problem *p = lists[i].first; p != NULL; p = p->next) {
            problems[(*found)++] = p;
        }
    }

    caplat_assert(*found == total);

    if (total != 0) {
        qsort(problems, total, sizeof(gen_problem *), order_problems);
    }

    return problems;
}


void
gen_diags_print(const gen_diags *lists, size_t count, gen_format format,
    gen_lang lang, bool strict, FILE *out)
{
    gen_style      style = { format, lang, strict };
    bool           json = format == GEN_FORMAT_JSON;
    gen_arena      arena = { 0 };
    gen_buf        buf = { 0 };
    size_t         found;
    gen_problem  **problems = sort_problems(lists, count, &arena, &found);

    for (size_t i = 0; i < found; i++) {
        if (i != 0 && order_problems(&problems[i - 1], &problems[i]) == 0) {
            continue;
        }

        if (json) {
            gen_buf_add(&buf, i == 0 ? CAPLAT_LIT("[\n") : CAPLAT_LIT(",\n"));
        }

        gen_problem_write(&buf, problems[i], &style);
    }

    if (json) {
        gen_buf_add(&buf, found == 0 ? CAPLAT_LIT("[]\n")
                                     : CAPLAT_LIT("\n]\n"));
    }

    if (buf.len != 0) {
        (void) fwrite(buf.data, 1, buf.len, out);
    }

    gen_buf_close(&buf);
    gen_arena_close(&arena);
}
