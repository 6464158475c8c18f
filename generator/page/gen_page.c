#include "gen_page.h"

#include <stdlib.h>


#define CRUMB_VALUES(V)                                                       \
    V(CRUMB_NAME, "crumb.name", TEXT, NULL)                                   \
    V(CRUMB_URL, "crumb.url", TEXT, NULL)                                     \
    V(CRUMB_NUMBER, "crumb.number", TEXT, NULL)

enum { CRUMB_VALUES(GEN_CELL) CRUMB_CELLS };

GEN_SCHEMA(static, crumb_schema, CRUMB_VALUES);


#define COMMON_VALUES(V)                                                      \
    V(PAGE_TITLE, "page.title", TEXT, NULL)                                   \
    V(PAGE_HEADING, "page.heading", TEXT, NULL)                               \
    V(PAGE_DESCRIPTION, "page.description", TEXT, NULL)                       \
    V(PAGE_CANONICAL, "page.canonical", TEXT, NULL)                           \
    V(PAGE_PATH, "page.path", TEXT, NULL)                                     \
    V(PAGE_OG, "page.og", TEXT, NULL)                                         \
    V(PAGE_NOINDEX, "page.noindex", TEXT, NULL)                               \
    V(NAV_GUIDE, "nav.guide", TEXT, NULL)                                     \
    V(NAV_PLATFORM, "nav.platform", TEXT, NULL)                               \
    V(NAV_PRICE, "nav.price", TEXT, NULL)                                     \
    V(NAV_HELP, "nav.help", TEXT, NULL)                                       \
    V(CRUMBS, "crumbs", LIST, &crumb_schema)                                  \
    V(RATES_ID, "rates.id", TEXT, NULL)                                       \
    V(RATES_URL, "rates.url", TEXT, NULL)

enum { COMMON_VALUES(GEN_CELL) COMMON_CELLS };

GEN_SCHEMA(, gen_common_schema, COMMON_VALUES);

GEN_SCHEMA(, gen_change_schema, GEN_CHANGE_VALUES);


gen_value *
gen_rows(gen_sink *sink, size_t count, size_t cells)
{
    return gen_arena_zero(&sink->scratch, count * cells, sizeof(gen_value));
}


caplat_slice
gen_join(gen_sink *sink, caplat_slice a, caplat_slice b, caplat_slice c,
    caplat_slice d)
{
    const caplat_slice  parts[] = { a, b, c, d };
    size_t              len = a.len + b.len + c.len + d.len;
    char               *text = gen_arena_take(&sink->scratch, len + 1);
    size_t              at = 0;

    for (size_t i = 0; i != 4; i++) {
        if (parts[i].len != 0) {
            memcpy(text + at, parts[i].ptr, parts[i].len);
            at += parts[i].len;
        }
    }

    return caplat_slice_of(text, len);
}


static caplat_slice
take_buf(gen_sink *sink, gen_buf *buf)
{
    caplat_slice  text = gen_arena_copy(&sink->scratch, gen_buf_slice(buf));

    gen_buf_close(buf);

    return text;
}


caplat_slice
gen_number(gen_sink *sink, uint64_t number)
{
    gen_buf  buf = { 0 };

    gen_buf_uint(&buf, number);

    return take_buf(sink, &buf);
}


caplat_slice
gen_date_words(gen_sink *sink, caplat_slice day)
{
    caplat_date  date;
    gen_buf      buf = { 0 };

    if (!caplat_date_parse(day, &date)) {
        return CAPLAT_LIT("");
    }

    gen_buf_uint(&buf, date.year);
    gen_buf_lit(&buf, " 年 ");
    gen_buf_uint(&buf, date.month);
    gen_buf_lit(&buf, " 月 ");
    gen_buf_uint(&buf, date.day);
    gen_buf_lit(&buf, " 日");

    return take_buf(sink, &buf);
}


caplat_slice
gen_han_number(size_t number)
{
    const caplat_slice  digits[] = {
        CAPLAT_LIT("〇"), CAPLAT_LIT("一"), CAPLAT_LIT("二"),
        CAPLAT_LIT("三"), CAPLAT_LIT("四"), CAPLAT_LIT("五"),
        CAPLAT_LIT("六"), CAPLAT_LIT("七"), CAPLAT_LIT("八"),
        CAPLAT_LIT("九"), CAPLAT_LIT("十"),
    };

    return number < sizeof(digits) / sizeof(digits[0])
           ? digits[number] : CAPLAT_LIT("");
}


caplat_slice
gen_money(const gen_book *book, gen_sink *sink, int64_t fen)
{
    gen_buf  buf = { 0 };

    gen_buf_yuan(&buf, fen);
    gen_buf_byte(&buf, ' ');
    gen_buf_add(&buf, gen_ui_words(book->ui, "money.unit"));

    return take_buf(sink, &buf);
}


caplat_date
gen_book_date(const gen_book *book)
{
    caplat_date  date;

    caplat_assert(caplat_date_parse(book->day, &date));

    return date;
}


caplat_slice
gen_later(caplat_slice a, caplat_slice b)
{
    return caplat_slice_cmp(a, b) < 0 ? b : a;
}


void
gen_crumb_add(gen_head *head, caplat_slice name, caplat_slice url)
{
    caplat_assert(head->crumb_count != GEN_CRUMBS_MAX);
    head->crumbs[head->crumb_count++] = (gen_crumb) { name, url };
}


gen_value
gen_changes(gen_sink *sink, const gen_doc *doc)
{
    const gen_front  *front = &doc->front;
    gen_value        *rows = gen_rows(sink, front->change_count,
                                      CHANGE_CELLS);

    for (size_t i = 0; i != front->change_count; i++) {
        const gen_change  *change = &front->changes[i];
        gen_value         *row = rows + i * CHANGE_CELLS;

        row[CHANGE_DATE] = gen_value_text(change->date);
        row[CHANGE_DATE_WORDS] = gen_value_text(gen_date_words(sink,
                                                               change->date));
        row[CHANGE_WORDS] = gen_value_text(change->words);
        row[CHANGE_TITLE] = gen_value_text(front->title);
        row[CHANGE_URL] = gen_value_text(doc->url);
    }

    return gen_value_rows(rows, front->change_count);
}


static gen_value
crumb_rows(gen_sink *sink, const gen_head *head)
{
    gen_value  *rows = gen_rows(sink, head->crumb_count, CRUMB_CELLS);

    for (size_t i = 0; i != head->crumb_count; i++) {
        gen_value  *row = rows + i * CRUMB_CELLS;

        row[CRUMB_NAME] = gen_value_text(head->crumbs[i].name);
        row[CRUMB_URL] = gen_value_text(head->crumbs[i].url);
        row[CRUMB_NUMBER] = gen_value_text(gen_number(sink, i + 1));
    }

    return gen_value_rows(rows, head->crumb_count);
}


static void
common_cells(const gen_book *book, gen_sink *sink, const gen_head *head,
    gen_value cells[COMMON_CELLS])
{
    caplat_slice  title = head->title.len != 0 ? head->title : head->heading;
    caplat_slice  rates = {
        book->catalogue->rates_id, sizeof(book->catalogue->rates_id) - 1
    };

    memset(cells, 0, COMMON_CELLS * sizeof(gen_value));

    cells[PAGE_TITLE] = gen_value_text(gen_join(sink, title,
                                                CAPLAT_LIT(" - "),
                                                book->site->name,
                                                CAPLAT_LIT("")));
    cells[PAGE_HEADING] = gen_value_text(head->heading);
    cells[PAGE_DESCRIPTION] = gen_value_text(head->summary);
    cells[PAGE_PATH] = gen_value_text(head->url);
    cells[PAGE_OG] = gen_value_text(head->is_article ? CAPLAT_LIT("article")
                                                     : CAPLAT_LIT("website"));
    cells[PAGE_NOINDEX] = gen_value_flag(head->hidden);
    cells[CRUMBS] = crumb_rows(sink, head);
    cells[RATES_ID] = gen_value_text(rates);
    cells[RATES_URL] = gen_value_text(gen_join(sink, CAPLAT_LIT("/rates/"),
                                               rates, CAPLAT_LIT(".txt"),
                                               CAPLAT_LIT("")));

    if (head->url.len != 0) {
        cells[PAGE_CANONICAL] = gen_value_text(
            gen_join(sink, book->site->origin, head->url, CAPLAT_LIT(""),
                     CAPLAT_LIT("")));
    }

    if (head->nav != GEN_NAV_NONE) {
        cells[NAV_GUIDE + (head->nav - GEN_NAV_GUIDE)] = gen_value_text(
            head->is_nav ? CAPLAT_LIT("page") : CAPLAT_LIT("true"));
    }
}


/* "/guide/x/" is the file guide/x.html; "/" is index.html. */
static caplat_slice
file_of(gen_sink *sink, const gen_head *head)
{
    caplat_slice  url = head->url;

    if (head->file.len != 0) {
        return head->file;
    }

    if (url.len == 1) {
        return CAPLAT_LIT("index.html");
    }

    return gen_join(sink, caplat_slice_of(url.ptr + 1, url.len - 2),
                    CAPLAT_LIT(".html"), CAPLAT_LIT(""), CAPLAT_LIT(""));
}


static void
list(gen_sink *sink, caplat_slice url, caplat_slice day)
{
    if (sink->listed_count == sink->listed_room) {
        sink->listed_room = sink->listed_room != 0
                            ? sink->listed_room * 2 : 256;
        sink->listed = realloc(sink->listed,
                               sink->listed_room * sizeof(gen_listed));
        if (sink->listed == NULL) {
            gen_out_of_memory();
        }
    }

    sink->listed[sink->listed_count++] = (gen_listed) {
        gen_arena_copy(&sink->keep, url), day
    };
}


void
gen_page_file(gen_sink *sink, caplat_slice path, caplat_slice text,
    caplat_slice day)
{
    sink->failed |= !gen_out_put(sink->out, sink->worker, path, text, day);
}


void
gen_page_put(const gen_book *book, gen_sink *sink, const gen_head *head,
    const gen_value *cells)
{
    gen_value  common[COMMON_CELLS];

    common_cells(book, sink, head, common);
    sink->html.len = 0;
    gen_ops_render(&book->templates[head->template], common, cells,
                   &sink->html);
    gen_page_file(sink, file_of(sink, head), gen_buf_slice(&sink->html),
                  head->day);

    if (!head->hidden && head->url.len != 0) {
        list(sink, head->url, head->day);
    }
}
