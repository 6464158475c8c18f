#include "gen_page_guide.h"

#include "gen_text.h"


#define GUIDE_VALUES(V)                                                       \
    V(GUIDE_TITLE, "guide.title", TEXT, NULL)                                 \
    V(GUIDE_MENU, "guide.menu", TEXT, NULL)                                   \
    V(GUIDE_URL, "guide.url", TEXT, NULL)                                     \
    V(GUIDE_SUMMARY, "guide.summary", TEXT, NULL)                             \
    V(GUIDE_WHO, "guide.who", TEXT, NULL)                                     \
    V(GUIDE_TIME, "guide.time", TEXT, NULL)                                   \
    V(GUIDE_FEE, "guide.fee", TEXT, NULL)                                     \
    V(GUIDE_RESULT, "guide.result", TEXT, NULL)                               \
    V(GUIDE_PRINT, "guide.print", TEXT, NULL)                                 \
    V(GUIDE_FIRST, "guide.first", TEXT, NULL)                                 \
    V(GUIDE_COUNT, "guide.count", TEXT, NULL)                                 \
    V(GUIDE_FIGURES, "guide.figures", TEXT, NULL)                             \
    V(GUIDE_UPDATED, "guide.updated", TEXT, NULL)                             \
    V(GUIDE_UPDATED_WORDS, "guide.updated-words", TEXT, NULL)                 \
    V(GUIDE_INTRO, "guide.intro", HTML, NULL)

enum { GUIDE_VALUES(GEN_CELL) GUIDE_CELLS };

GEN_SCHEMA(static, guide_row_schema, GUIDE_VALUES);


#define GUIDES_VALUES(V)                                                      \
    V(GUIDES_GUIDES, "guides", LIST, &guide_row_schema)

enum { GUIDES_VALUES(GEN_CELL) GUIDES_CELLS };

GEN_SCHEMA(, gen_guides_schema, GUIDES_VALUES);


#define STEP_ROW_VALUES(V)                                                    \
    V(STEP_ROW_ID, "step.id", TEXT, NULL)                                     \
    V(STEP_ROW_TITLE, "step.title", TEXT, NULL)                               \
    V(STEP_ROW_URL, "step.url", TEXT, NULL)                                   \
    V(STEP_ROW_NUMBER, "step.number", TEXT, NULL)                             \
    V(STEP_ROW_CURRENT, "step.current", TEXT, NULL)                           \
    V(STEP_ROW_BODY, "step.body", HTML, NULL)

enum { STEP_ROW_VALUES(GEN_CELL) STEP_ROW_CELLS };

GEN_SCHEMA(static, step_row_schema, STEP_ROW_VALUES);


#define GROUP_VALUES(V)                                                       \
    V(GROUP_NUMBER, "group.number", TEXT, NULL)                               \
    V(GROUP_TITLE, "group.title", TEXT, NULL)                                 \
    V(GROUP_STEPS, "steps", LIST, &step_row_schema)

enum { GROUP_VALUES(GEN_CELL) GROUP_CELLS };

GEN_SCHEMA(static, group_schema, GROUP_VALUES);


#define NEED_VALUES(V)                                                        \
    V(NEED_WORDS, "need.words", TEXT, NULL)

enum { NEED_VALUES(GEN_CELL) NEED_CELLS };

GEN_SCHEMA(static, need_schema, NEED_VALUES);


/* A guide's own page and its print have the same values. */
#define GUIDE_PAGE_VALUES(V)                                                  \
    GUIDE_VALUES(V)                                                           \
    V(GUIDE_GROUPS, "groups", LIST, &group_schema)                            \
    V(GUIDE_NEEDS, "needs", LIST, &need_schema)                               \
    V(GUIDE_CHANGES, "changes", LIST, &gen_change_schema)

enum {
    GUIDE_GROUPS = GUIDE_CELLS, GUIDE_NEEDS, GUIDE_CHANGES, GUIDE_PAGE_CELLS
};

GEN_SCHEMA(, gen_guide_schema, GUIDE_PAGE_VALUES);
GEN_SCHEMA(, gen_print_schema, GUIDE_PAGE_VALUES);


#define STEP_VALUES(V)                                                        \
    GUIDE_PAGE_VALUES(V)                                                      \
    V(STEP_NUMBER, "step.number", TEXT, NULL)                                 \
    V(STEP_TITLE, "step.title", TEXT, NULL)                                   \
    V(STEP_BODY, "step.body", HTML, NULL)                                     \
    V(PREVIOUS_TITLE, "previous.title", TEXT, NULL)                           \
    V(PREVIOUS_URL, "previous.url", TEXT, NULL)                               \
    V(NEXT_TITLE, "next.title", TEXT, NULL)                                   \
    V(NEXT_URL, "next.url", TEXT, NULL)

enum {
    STEP_NUMBER = GUIDE_PAGE_CELLS, STEP_TITLE, STEP_BODY, PREVIOUS_TITLE,
    PREVIOUS_URL, NEXT_TITLE, NEXT_URL, STEP_CELLS
};

GEN_SCHEMA(, gen_step_schema, STEP_VALUES);


static caplat_slice
menu_of(const gen_doc *doc)
{
    return doc->front.menu.len != 0 ? doc->front.menu : doc->front.title;
}


caplat_slice
gen_step_url(gen_sink *sink, const gen_doc *guide, const gen_step *step)
{
    return gen_join(sink, guide->url, step->id, CAPLAT_LIT("/"),
                    CAPLAT_LIT(""));
}


static void
guide_cells(gen_sink *sink, const gen_doc *guide, gen_value *cells)
{
    const gen_front  *front = &guide->front;

    cells[GUIDE_TITLE] = gen_value_text(front->title);
    cells[GUIDE_MENU] = gen_value_text(menu_of(guide));
    cells[GUIDE_URL] = gen_value_text(guide->url);
    cells[GUIDE_SUMMARY] = gen_value_text(front->summary);
    cells[GUIDE_WHO] = gen_value_text(front->who);
    cells[GUIDE_TIME] = gen_value_text(front->time);
    cells[GUIDE_FEE] = gen_value_text(front->fee);
    cells[GUIDE_RESULT] = gen_value_text(front->result);
    cells[GUIDE_PRINT] = gen_value_text(
        gen_join(sink, guide->url, CAPLAT_LIT("print/"), CAPLAT_LIT(""),
                 CAPLAT_LIT("")));
    cells[GUIDE_FIRST] = gen_value_text(
        guide->step_count != 0 ? gen_step_url(sink, guide, &guide->steps[0])
                               : guide->url);
    cells[GUIDE_COUNT] = gen_value_text(gen_number(sink, guide->step_count));
    cells[GUIDE_FIGURES] = gen_value_text(gen_number(sink,
                                                     guide->figure_count));
    cells[GUIDE_UPDATED] = gen_value_text(front->updated);
    cells[GUIDE_UPDATED_WORDS] = gen_value_text(
        gen_date_words(sink, front->updated));
    cells[GUIDE_INTRO] = gen_value_text(guide->intro);
}


/* All steps in one array of rows, so that a group's rows are a part of it. */
static gen_value *
step_rows(gen_sink *sink, const gen_doc *guide)
{
    gen_value  *rows = gen_rows(sink, guide->step_count, STEP_ROW_CELLS);

    for (uint32_t i = 0; i != guide->step_count; i++) {
        const gen_step  *step = &guide->steps[i];
        gen_value       *row = rows + i * STEP_ROW_CELLS;

        row[STEP_ROW_ID] = gen_value_text(step->id);
        row[STEP_ROW_TITLE] = gen_value_text(step->title);
        row[STEP_ROW_URL] = gen_value_text(gen_step_url(sink, guide, step));
        row[STEP_ROW_NUMBER] = gen_value_text(gen_number(sink, i + 1));
        row[STEP_ROW_BODY] = gen_value_text(step->html);
    }

    return rows;
}


static gen_value
group_rows(gen_sink *sink, const gen_doc *guide, const gen_value *steps)
{
    gen_value  *rows = gen_rows(sink, guide->group_count, GROUP_CELLS);

    for (uint32_t i = 0; i != guide->group_count; i++) {
        const gen_group  *group = &guide->groups[i];
        gen_value        *row = rows + i * GROUP_CELLS;

        row[GROUP_NUMBER] = gen_value_text(gen_han_number(i + 1));
        row[GROUP_TITLE] = gen_value_text(group->title);
        row[GROUP_STEPS] = gen_value_rows(
            steps + group->step_at * STEP_ROW_CELLS, group->step_count);
    }

    return gen_value_rows(rows, guide->group_count);
}


static gen_value
need_rows(gen_sink *sink, const gen_doc *guide)
{
    const gen_entries  *needs = &guide->front.needs;
    gen_value          *rows = gen_rows(sink, needs->count, NEED_CELLS);

    for (size_t i = 0; i != needs->count; i++) {
        rows[i * NEED_CELLS + NEED_WORDS] =
            gen_value_text(needs->items[i].label);
    }

    return gen_value_rows(rows, needs->count);
}


/* Where "STEP/" or "STEP/#PLACE" leads on the guide's print. Empty when it
   leads elsewhere: to the guide's own page, or to the print itself. */
static caplat_slice
print_target(caplat_slice link)
{
    caplat_cursor  c = caplat_cursor_of(link);
    caplat_slice   step;

    if (!caplat_take_until(&c, '/', link.len, &step)
        || caplat_slice_eq(step, CAPLAT_LIT("print")))
    {
        return CAPLAT_LIT("");
    }

    return caplat_take_literal(&c, CAPLAT_LIT("#"))
           ? caplat_slice_of(c.at, caplat_cursor_left(&c)) : step;
}


/* A print is one page, on paper or saved: a link from one step to another
   leads to a place in it. */
static caplat_slice
print_html(gen_sink *sink, const gen_doc *guide, caplat_slice html)
{
    caplat_slice  own = gen_join(sink, CAPLAT_LIT("href=\""), guide->url,
                                 CAPLAT_LIT(""), CAPLAT_LIT(""));
    gen_buf       out = { 0 };
    size_t        at;

    while (gen_text_find(html, own, &at)) {
        caplat_slice   before = gen_text_part(html, 0, at);
        caplat_cursor  c = caplat_cursor_of(gen_text_part(html,
                                                          at + own.len,
                                                          html.len));
        caplat_slice   link = { "", 0 };
        caplat_slice   target;

        if (!caplat_take_until(&c, '"', html.len, &link)) {
            break;
        }

        target = print_target(link);

        gen_buf_add(&out, before);
        gen_buf_add(&out, target.len != 0 ? CAPLAT_LIT("href=\"#") : own);
        gen_buf_add(&out, target.len != 0 ? target : link);
        gen_buf_byte(&out, '"');
        html = caplat_slice_of(c.at, caplat_cursor_left(&c));
    }

    if (out.len != 0) {
        gen_buf_add(&out, html);
        html = gen_arena_copy(&sink->scratch, gen_buf_slice(&out));
        gen_buf_close(&out);
    }

    return html;
}


static gen_head
head_of(const gen_book *book, const gen_doc *guide)
{
    gen_head  head = {
        .heading = guide->front.title,
        .summary = guide->front.summary,
        .day = guide->front.updated,
        .nav = GEN_NAV_GUIDE,
        .is_article = true,
    };

    gen_crumb_add(&head, gen_ui_words(book->ui, "crumb.home"),
                  CAPLAT_LIT("/"));
    gen_crumb_add(&head, gen_ui_words(book->ui, "section.guide"),
                  CAPLAT_LIT("/guide/"));

    return head;
}


static void
put_step(const gen_book *book, gen_sink *sink, const gen_doc *guide,
    uint32_t at, gen_value *cells, gen_value *rows)
{
    const gen_step  *step = &guide->steps[at];
    gen_value       *row = rows + at * STEP_ROW_CELLS;
    gen_head         head = head_of(book, guide);

    head.template = GEN_TEMPLATE_step;
    head.url = gen_step_url(sink, guide, step);
    head.heading = step->title;
    head.title = gen_join(sink, step->title, CAPLAT_LIT(" - "),
                          menu_of(guide), CAPLAT_LIT(""));
    head.summary = step->summary.len != 0 ? step->summary
                                          : guide->front.summary;
    gen_crumb_add(&head, menu_of(guide), guide->url);

    cells[STEP_NUMBER] = row[STEP_ROW_NUMBER];
    cells[STEP_TITLE] = row[STEP_ROW_TITLE];
    cells[STEP_BODY] = row[STEP_ROW_BODY];
    cells[PREVIOUS_TITLE] = cells[PREVIOUS_URL] = gen_value_flag(false);
    cells[NEXT_TITLE] = cells[NEXT_URL] = gen_value_flag(false);

    if (at != 0) {
        cells[PREVIOUS_TITLE] = (row - STEP_ROW_CELLS)[STEP_ROW_TITLE];
        cells[PREVIOUS_URL] = (row - STEP_ROW_CELLS)[STEP_ROW_URL];
    }

    if (at + 1 != guide->step_count) {
        cells[NEXT_TITLE] = (row + STEP_ROW_CELLS)[STEP_ROW_TITLE];
        cells[NEXT_URL] = (row + STEP_ROW_CELLS)[STEP_ROW_URL];
    }

    row[STEP_ROW_CURRENT] = gen_value_text(CAPLAT_LIT("page"));
    gen_page_put(book, sink, &head, cells);
    row[STEP_ROW_CURRENT] = gen_value_flag(false);
}


static void
put_print(const gen_book *book, gen_sink *sink, const gen_doc *guide,
    gen_value *cells, gen_value *rows)
{
    gen_head  head = head_of(book, guide);

    for (uint32_t i = 0; i != guide->step_count; i++) {
        rows[i * STEP_ROW_CELLS + STEP_ROW_BODY] = gen_value_text(
            print_html(sink, guide, guide->steps[i].html));
    }

    cells[GUIDE_INTRO] = gen_value_text(print_html(sink, guide,
                                                   guide->intro));

    head.template = GEN_TEMPLATE_print;
    head.url = gen_join(sink, guide->url, CAPLAT_LIT("print/"),
                        CAPLAT_LIT(""), CAPLAT_LIT(""));
    head.title = gen_join(sink, guide->front.title, CAPLAT_LIT(" - "),
                          gen_ui_words(book->ui, "page.print"),
                          CAPLAT_LIT(""));
    head.hidden = true;
    gen_crumb_add(&head, menu_of(guide), guide->url);
    gen_page_put(book, sink, &head, cells);
}


void
gen_page_guide(const gen_book *book, gen_sink *sink, const gen_doc *guide)
{
    gen_value   cells[STEP_CELLS] = { { 0 } };
    gen_value  *rows = step_rows(sink, guide);
    gen_head    head = head_of(book, guide);

    guide_cells(sink, guide, cells);
    cells[GUIDE_GROUPS] = group_rows(sink, guide, rows);
    cells[GUIDE_NEEDS] = need_rows(sink, guide);
    cells[GUIDE_CHANGES] = gen_changes(sink, guide);

    head.template = GEN_TEMPLATE_guide;
    head.url = guide->url;
    gen_page_put(book, sink, &head, cells);

    for (uint32_t i = 0; i != guide->step_count; i++) {
        put_step(book, sink, guide, i, cells, rows);
    }

    put_print(book, sink, guide, cells, rows);
}


void
gen_page_guides(const gen_book *book, gen_sink *sink)
{
    gen_value  *rows = gen_rows(sink, book->guides.count, GUIDE_CELLS);
    gen_value   cells[GUIDES_CELLS] = {
        [GUIDES_GUIDES] = gen_value_rows(rows, book->guides.count),
    };
    gen_head    head = {
        .template = GEN_TEMPLATE_guides,
        .url = CAPLAT_LIT("/guide/"),
        .heading = gen_ui_words(book->ui, "page.guides"),
        .summary = gen_ui_words(book->ui, "page.guides.summary"),
        .nav = GEN_NAV_GUIDE,
        .is_nav = true,
    };

    for (size_t i = 0; i != book->guides.count; i++) {
        guide_cells(sink, book->guides.items[i], rows + i * GUIDE_CELLS);
        head.day = gen_later(head.day, book->guides.items[i]->front.updated);
    }

    if (head.day.len == 0) {
        head.day = book->newest;
    }

    gen_crumb_add(&head, gen_ui_words(book->ui, "crumb.home"),
                  CAPLAT_LIT("/"));
    gen_page_put(book, sink, &head, cells);
}
