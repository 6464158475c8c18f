#include "gen_table.h"

#include "gen_clause.h"
#include "gen_html.h"
#include "gen_insert.h"
#include "gen_money.h"
#include "gen_prose.h"
#include "gen_quote.h"
#include "gen_text.h"


#define NUMBER_COLUMNS_MAX  64          /* those behind are like any other */


static const caplat_slice  nothing = CAPLAT_INIT("");


static bool
open_table(gen_writer *w, const gen_fence *fence)
{
    if (fence->title.len == 0) {
        gen_writer_report(w, fence->span, GEN_BLOCK_TITLE, GEN_NO_WORDS,
                          nothing);
        return false;
    }

    gen_buf_lit(w->html, "<div class=\"scroll\"><table><caption>");
    gen_prose_phrase(w, fence->title, fence->title_at);
    gen_buf_lit(w->text, "\n");
    gen_buf_lit(w->html, "</caption>\n<thead><tr>");

    return true;
}


static void
close_table(gen_writer *w)
{
    gen_buf_lit(w->html, "</tbody></table></div>\n");
}


/* The head row; returns how many columns there are. */
static size_t
write_head(gen_writer *w, gen_words line, uint64_t *numbers)
{
    size_t     count = 0;
    gen_words  cell;

    while (gen_fence_part(&line, '|', &cell)) {
        bool  is_number = gen_text_ends(cell.words, CAPLAT_LIT(">"));

        if (is_number) {
            cell.words = gen_text_trim(gen_text_part(cell.words, 0,
                                                     cell.words.len - 1));
            *numbers |= count < NUMBER_COLUMNS_MAX ? UINT64_C(1) << count : 0;
            gen_buf_lit(w->html, "<th scope=\"col\" class=\"r\">");

        } else {
            gen_buf_lit(w->html, "<th scope=\"col\">");
        }

        gen_prose_phrase(w, cell.words, cell.at);
        gen_buf_lit(w->html, "</th>");
        gen_buf_lit(w->text, "\n");
        count++;
    }

    gen_buf_lit(w->html, "</tr></thead>\n<tbody>\n");

    return count;
}


static void
write_row(gen_writer *w, gen_words line, uint64_t numbers, size_t columns)
{
    gen_span   span = gen_words_span(line);
    size_t     count = 0;
    gen_words  cell;

    gen_buf_lit(w->html, "<tr>");
    gen_clause_hold(w);

    while (gen_fence_part(&line, '|', &cell)) {
        if (count < NUMBER_COLUMNS_MAX && (numbers >> count & 1) != 0) {
            gen_buf_lit(w->html, "<td class=\"r num\">");

        } else {
            gen_buf_lit(w->html, "<td>");
        }

        gen_prose_phrase(w, cell.words, cell.at);
        gen_buf_lit(w->html, "</td>");
        gen_buf_lit(w->text, "\n");
        count++;
    }

    gen_clause_release(w);
    gen_buf_lit(w->html, "</tr>\n");

    if (count != columns) {
        gen_table_ragged(w, span, count, columns);
    }
}


void
gen_table_ragged(const gen_writer *w, gen_span span, size_t count,
    size_t columns)
{
    gen_buf  row = { 0 };
    gen_buf  head = { 0 };

    gen_buf_uint(&row, count);
    gen_buf_uint(&head, columns);
    gen_writer_report(w, span, GEN_TABLE_RAGGED,
                      GEN_WORDS(gen_buf_slice(&row), gen_buf_slice(&head)),
                      nothing);
    gen_buf_close(&row);
    gen_buf_close(&head);
}


/* Only | - : and blanks, and some of both | and -. */
static bool
is_rule(caplat_slice line)
{
    bool  bars = false;
    bool  dashes = false;

    for (size_t i = 0; i < line.len; i++) {
        bars |= line.ptr[i] == '|';
        dashes |= line.ptr[i] == '-';

        if (memchr("|-: \t", line.ptr[i], 5) == NULL) {
            return false;
        }
    }

    return bars && dashes;
}


/* A line without blanks, and without the > of quotes before it. */
static caplat_slice
unquoted(caplat_slice line)
{
    size_t  from = 0;

    while (from < line.len
           && (line.ptr[from] == ' ' || line.ptr[from] == '>'))
    {
        from++;
    }

    return gen_text_trim(gen_text_part(line, from, line.len));
}


void
gen_table_piped(const gen_writer *w, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        caplat_slice  head = unquoted(gen_place_words(&w->place, i));

        if (gen_text_begins(head, CAPLAT_LIT("|"))
            && is_rule(unquoted(gen_place_words(&w->place, i + 1))))
        {
            gen_writer_report(w,
                gen_span_of(gen_place_of(&w->place, head.ptr), head.len),
                GEN_LINT_PIPES, GEN_NO_WORDS, nothing);
            return;
        }
    }
}


void
gen_table_write(gen_writer *w, const gen_fence *fence)
{
    gen_fence_lines  lines = gen_fence_walk(w, fence);
    uint64_t         numbers = 0;
    size_t           columns;
    gen_words        line;

    if (!gen_fence_next(&lines, &line)) {
        gen_writer_report(w, fence->span, GEN_BLOCK_EMPTY, GEN_NO_WORDS,
                          nothing);
        return;
    }

    if (!open_table(w, fence)) {
        return;
    }

    columns = write_head(w, line, &numbers);

    while (gen_fence_next(&lines, &line)) {
        write_row(w, line, numbers, columns);
    }

    close_table(w);
}


/* The ids of a list; false when one was reported. */
static bool
check_ids(const gen_writer *w, gen_words list)
{
    bool       known = true;
    gen_words  id;
    size_t     at;

    while (gen_fence_part(&list, ',', &id)) {
        known &= id.words.len == 0
                 || gen_quote_platform(w, id.words, id.at, &at);
    }

    return known;
}


/* One pair of the question: key=value, without the blanks of lists. */
static void
add_pair(gen_buf *question, caplat_slice key, gen_words value)
{
    gen_words  item;
    bool       first = true;

    if (question->len != 0) {
        gen_buf_byte(question, '&');
    }

    gen_buf_add(question, key);
    gen_buf_byte(question, '=');

    while (gen_fence_part(&value, ',', &item)) {
        if (!first) {
            gen_buf_byte(question, ',');
        }

        gen_buf_add(question, item.words);
        first = false;
    }
}


/* Everything of the block but what is added. */
static bool
read_question(const gen_writer *w, const gen_fence *fence, gen_buf *question)
{
    static const caplat_slice  keys[] = {
        CAPLAT_INIT("city"), CAPLAT_INIT("held"), CAPLAT_INIT("months"),
        CAPLAT_INIT("until"), CAPLAT_INIT("day"), CAPLAT_INIT("base"),
        CAPLAT_INIT("vendor"), CAPLAT_INIT("lock"),
        CAPLAT_INIT("certificate"), CAPLAT_INIT("add")
    };
    gen_fence_lines            lines = gen_fence_walk(w, fence);
    bool                       good = true;
    gen_words                  line;

    while (gen_fence_next(&lines, &line)) {
        gen_words  key = line;
        gen_words  value;
        size_t     i = 0;

        if (!gen_fence_pair(line, CAPLAT_LIT(":"), &key, &value)) {
            value = (gen_words) { nothing, 0 };
            i = CAPLAT_COUNT(keys);
        }

        while (i < CAPLAT_COUNT(keys) && !caplat_slice_eq(keys[i], key.words))
        {
            i++;
        }

        if (i == CAPLAT_COUNT(keys)) {
            gen_writer_report(w, gen_words_span(key), GEN_BLOCK_LINE,
                GEN_WORDS(key.words),
                gen_near(key.words, keys, CAPLAT_COUNT(keys)));
            good = false;
            continue;
        }

        if (caplat_slice_eq(key.words, CAPLAT_LIT("held"))) {
            good &= check_ids(w, value);

        } else if (caplat_slice_eq(key.words, CAPLAT_LIT("city"))) {
            good &= gen_quote_city(w, value.words, value.at);
        }

        if (i != CAPLAT_COUNT(keys) - 1) {
            add_pair(question, key.words, value);
        }
    }

    return good;
}


/* The names of what is added, joined by 、. */
static void
write_names(gen_writer *w, gen_words list)
{
    const gen_names  *names = w->reader->names;
    bool              first = true;
    gen_words         id;

    while (gen_fence_part(&list, ',', &id)) {
        const gen_priced  *platform = gen_names_priced(names, id.words);
        size_t             from;

        if (platform == NULL) {
            continue;
        }

        if (!first) {
            gen_writer_lit(w, "、");
        }

        from = w->text->len;
        gen_html_text(w->html, platform->name);
        gen_buf_add(w->text, platform->name);
        gen_clause_named(w, (uint32_t) (platform - names->priced), from,
                         w->text->len);
        first = false;
    }

    gen_clause_end(w);
    gen_buf_lit(w->text, "\n");
}


static void
check_amount(const gen_writer *w, gen_words amount, int64_t fen)
{
    int64_t       written = gen_money_read(amount.words);
    caplat_slice  right = gen_money_words(w->reader->scratch, fen);

    if (written == GEN_MONEY_NONE) {
        gen_writer_report(w, gen_words_span(amount), GEN_BLOCK_LINE,
                          GEN_WORDS(amount.words), right);

    } else if (written != fen) {
        gen_writer_report(w, gen_words_span(amount), GEN_EXAMPLE_WRONG,
            GEN_WORDS(gen_money_words(w->reader->scratch, written), right),
            right);
    }
}


/* add: ID, ID = YUAN; false when that, or an id, was reported. */
static bool
read_example(const gen_writer *w, gen_words line, gen_words value,
    gen_words *list, gen_words *amount)
{
    if (!gen_fence_pair(value, CAPLAT_LIT("="), list, amount)) {
        gen_writer_report(w, gen_words_span(line), GEN_BLOCK_LINE,
                          GEN_WORDS(line.words),
                          CAPLAT_LIT("add: jinzhou = 50"));
        (void) check_ids(w, value);
        return false;
    }

    return check_ids(w, *list);
}


/* Without a question that can be asked, what is wrong is all that is told. */
static void
write_example(gen_writer *w, gen_words line, gen_words value,
    const gen_buf *question)
{
    gen_buf    whole = { 0 };
    gen_words  list;
    gen_words  amount;
    int64_t    fen;

    if (!read_example(w, line, value, &list, &amount) || question == NULL) {
        return;
    }

    gen_buf_add(&whole, gen_buf_slice(question));
    add_pair(&whole, CAPLAT_LIT("add"), list);

    if (gen_quote_total(w, gen_buf_slice(&whole), gen_words_span(line), &fen))
    {
        check_amount(w, amount, fen);

        gen_buf_lit(w->html, "<tr><td>");
        write_names(w, list);
        gen_buf_lit(w->html, "</td><td class=\"r\">");
        gen_insert_money(w, fen);
        gen_buf_lit(w->html, "</td></tr>\n");
        gen_buf_lit(w->text, "\n");
    }

    gen_buf_close(&whole);
}


void
gen_table_prices(gen_writer *w, const gen_fence *fence)
{
    gen_fence_lines  lines = gen_fence_walk(w, fence);
    gen_buf          question = { 0 };
    bool             asks = read_question(w, fence, &question);
    size_t           count = 0;
    gen_words        line;
    gen_words        key;
    gen_words        value;

    if (open_table(w, fence)) {
        gen_buf_lit(w->html, "<th scope=\"col\">本次新增</th>"
                              "<th scope=\"col\" class=\"r\">费用</th>"
                              "</tr></thead>\n<tbody>\n");

        while (gen_fence_next(&lines, &line)) {
            if (gen_fence_pair(line, CAPLAT_LIT(":"), &key, &value)
                && caplat_slice_eq(key.words, CAPLAT_LIT("add")))
            {
                write_example(w, line, value, asks ? &question : NULL);
                count++;
            }
        }

        if (count == 0) {
            gen_writer_report(w, fence->span, GEN_BLOCK_EMPTY, GEN_NO_WORDS,
                              nothing);
        }

        close_table(w);
    }

    gen_buf_close(&question);
}
