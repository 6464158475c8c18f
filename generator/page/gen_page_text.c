#include "gen_page_text.h"


#define NOTICE_VALUES(V)                                                      \
    V(NOTICE_TITLE, "notice.title", TEXT, NULL)                               \
    V(NOTICE_URL, "notice.url", TEXT, NULL)                                   \
    V(NOTICE_SUMMARY, "notice.summary", TEXT, NULL)                           \
    V(NOTICE_WHO, "notice.who", TEXT, NULL)                                   \
    V(NOTICE_WARN, "notice.warn", TEXT, NULL)                                 \
    V(NOTICE_PAST, "notice.past", TEXT, NULL)                                 \
    V(NOTICE_FROM, "notice.from", TEXT, NULL)                                 \
    V(NOTICE_FROM_WORDS, "notice.from-words", TEXT, NULL)                     \
    V(NOTICE_UNTIL, "notice.until", TEXT, NULL)                               \
    V(NOTICE_UNTIL_WORDS, "notice.until-words", TEXT, NULL)                   \
    V(NOTICE_UPDATED_WORDS, "notice.updated-words", TEXT, NULL)               \
    V(NOTICE_BODY, "notice.body", HTML, NULL)

enum { NOTICE_VALUES(GEN_CELL) NOTICE_CELLS };

GEN_SCHEMA(static, notice_row_schema, NOTICE_VALUES);


#define NOTICE_PAGE_VALUES(V)                                                 \
    NOTICE_VALUES(V)                                                          \
    V(NOTICE_CHANGES, "changes", LIST, &gen_change_schema)

enum { NOTICE_CHANGES = NOTICE_CELLS, NOTICE_PAGE_CELLS };

GEN_SCHEMA(, gen_notice_schema, NOTICE_PAGE_VALUES);


#define NOTICES_VALUES(V)                                                     \
    V(NOTICES_CURRENT, "current", LIST, &notice_row_schema)                   \
    V(NOTICES_PAST, "past", LIST, &notice_row_schema)

enum { NOTICES_VALUES(GEN_CELL) NOTICES_CELLS };

GEN_SCHEMA(, gen_notices_schema, NOTICES_VALUES);


#define FACT_VALUES(V)                                                        \
    V(FACT_NAME, "fact.name", TEXT, NULL)                                     \
    V(FACT_VALUE, "fact.value", TEXT, NULL)

enum { FACT_VALUES(GEN_CELL) FACT_CELLS };

GEN_SCHEMA(static, fact_schema, FACT_VALUES);


#define WAY_VALUES(V)                                                         \
    V(WAY_NAME, "way.name", TEXT, NULL)                                       \
    V(WAY_URL, "way.url", TEXT, NULL)

enum { WAY_VALUES(GEN_CELL) WAY_CELLS };

GEN_SCHEMA(static, way_schema, WAY_VALUES);


#define LINK_VALUES(V)                                                        \
    V(LINK_NAME, "link.name", TEXT, NULL)                                     \
    V(LINK_URL, "link.url", TEXT, NULL)                                       \
    V(LINK_WORDS, "link.words", TEXT, NULL)

enum { LINK_VALUES(GEN_CELL) LINK_CELLS };

GEN_SCHEMA(static, link_schema, LINK_VALUES);


#define QUESTION_VALUES(V)                                                    \
    V(QUESTION_ID, "question.id", TEXT, NULL)                                 \
    V(QUESTION_TITLE, "question.title", TEXT, NULL)                           \
    V(QUESTION_URL, "question.url", TEXT, NULL)                               \
    V(QUESTION_BODY, "question.body", HTML, NULL)

enum { QUESTION_VALUES(GEN_CELL) QUESTION_CELLS };

GEN_SCHEMA(static, question_schema, QUESTION_VALUES);


#define HOME_VALUES(V)                                                        \
    V(HOME_LEAD, "home.lead", TEXT, NULL)                                     \
    V(HOME_BODY, "home.body", HTML, NULL)                                     \
    V(HOME_FACTS, "facts", LIST, &fact_schema)                                \
    V(HOME_WAYS, "ways", LIST, &way_schema)                                   \
    V(HOME_QUESTIONS, "questions", LIST, &question_schema)                    \
    V(HOME_LINKS, "links", LIST, &link_schema)                                \
    V(HOME_NOTICES, "notices", LIST, &notice_row_schema)

enum { HOME_VALUES(GEN_CELL) HOME_CELLS };

GEN_SCHEMA(, gen_home_schema, HOME_VALUES);


#define FAQ_GROUP_VALUES(V)                                                   \
    V(FAQ_GROUP_ID, "group.id", TEXT, NULL)                                   \
    V(FAQ_GROUP_TITLE, "group.title", TEXT, NULL)                             \
    V(FAQ_GROUP_QUESTIONS, "questions", LIST, &question_schema)

enum { FAQ_GROUP_VALUES(GEN_CELL) FAQ_GROUP_CELLS };

GEN_SCHEMA(static, faq_group_schema, FAQ_GROUP_VALUES);


#define FAQ_VALUES(V)                                                         \
    V(FAQ_GROUPS, "groups", LIST, &faq_group_schema)

enum { FAQ_VALUES(GEN_CELL) FAQ_CELLS };

GEN_SCHEMA(, gen_faq_schema, FAQ_VALUES);


#define PLAIN_VALUES(V)                                                       \
    V(PLAIN_BODY, "page.body", HTML, NULL)                                    \
    V(PLAIN_UPDATED, "page.updated", TEXT, NULL)                              \
    V(PLAIN_UPDATED_WORDS, "page.updated-words", TEXT, NULL)                  \
    V(PLAIN_CHANGES, "changes", LIST, &gen_change_schema)

enum { PLAIN_VALUES(GEN_CELL) PLAIN_CELLS };

GEN_SCHEMA(, gen_page_schema, PLAIN_VALUES);
GEN_SCHEMA(, gen_receipt_schema, PLAIN_VALUES);


bool
gen_notice_past(const gen_book *book, const gen_doc *notice)
{
    return notice->front.until.len != 0
           && caplat_slice_cmp(notice->front.until, book->day) < 0;
}


bool
gen_page_is_plain(const gen_doc *doc)
{
    return !caplat_slice_eq(doc->name, CAPLAT_LIT("home"))
           && !caplat_slice_eq(doc->name, CAPLAT_LIT("price"))
           && !caplat_slice_eq(doc->name, CAPLAT_LIT("apply-notice"));
}


const gen_doc *
gen_page_named(const gen_book *book, const char *name)
{
    for (size_t i = 0; i != book->pages.count; i++) {
        if (caplat_slice_eq(book->pages.items[i]->name, gen_slice_of(name))) {
            return book->pages.items[i];
        }
    }

    return NULL;
}


static void
notice_cells(const gen_book *book, gen_sink *sink, const gen_doc *doc,
    gen_value *cells)
{
    const gen_front  *front = &doc->front;

    cells[NOTICE_TITLE] = gen_value_text(front->title);
    cells[NOTICE_URL] = gen_value_text(doc->url);
    cells[NOTICE_SUMMARY] = gen_value_text(front->summary);
    cells[NOTICE_WHO] = gen_value_text(front->who);
    cells[NOTICE_WARN] = gen_value_flag(front->warn);
    cells[NOTICE_PAST] = gen_value_flag(gen_notice_past(book, doc));
    cells[NOTICE_FROM] = gen_value_text(front->from);
    cells[NOTICE_FROM_WORDS] = gen_value_text(gen_date_words(sink,
                                                             front->from));
    cells[NOTICE_UNTIL] = gen_value_text(front->until);
    cells[NOTICE_UNTIL_WORDS] = gen_value_text(gen_date_words(sink,
                                                              front->until));
    cells[NOTICE_UPDATED_WORDS] = gen_value_text(
        gen_date_words(sink, front->updated));
    cells[NOTICE_BODY] = gen_value_text(doc->steps[0].html);
}


static gen_value
notice_rows(const gen_book *book, gen_sink *sink, bool past)
{
    gen_value  *rows = gen_rows(sink, book->notices.count, NOTICE_CELLS);
    size_t      count = 0;

    for (size_t i = 0; i != book->notices.count; i++) {
        const gen_doc  *doc = book->notices.items[i];

        if (gen_notice_past(book, doc) == past) {
            notice_cells(book, sink, doc, rows + count++ * NOTICE_CELLS);
        }
    }

    return gen_value_rows(rows, count);
}


static gen_head
head_of(const gen_book *book, const gen_doc *doc)
{
    gen_head  head = {
        .url = doc->url,
        .heading = doc->front.title,
        .summary = doc->front.summary,
        .day = doc->front.updated,
        .is_article = true,
    };

    gen_crumb_add(&head, gen_ui_words(book->ui, "crumb.home"),
                  CAPLAT_LIT("/"));

    return head;
}


void
gen_page_notice(const gen_book *book, gen_sink *sink, const gen_doc *doc)
{
    gen_value  cells[NOTICE_PAGE_CELLS];
    gen_head   head = head_of(book, doc);

    notice_cells(book, sink, doc, cells);
    cells[NOTICE_CHANGES] = gen_changes(sink, doc);

    head.template = GEN_TEMPLATE_notice;
    gen_crumb_add(&head, gen_ui_words(book->ui, "section.notice"),
                  CAPLAT_LIT("/notice/"));
    gen_page_put(book, sink, &head, cells);
}


void
gen_page_notices(const gen_book *book, gen_sink *sink)
{
    gen_value  cells[NOTICES_CELLS] = {
        [NOTICES_CURRENT] = notice_rows(book, sink, false),
        [NOTICES_PAST] = notice_rows(book, sink, true),
    };
    gen_head   head = {
        .template = GEN_TEMPLATE_notices,
        .url = CAPLAT_LIT("/notice/"),
        .heading = gen_ui_words(book->ui, "page.notices"),
        .summary = gen_ui_words(book->ui, "page.notices.summary"),
        .day = book->newest,
    };

    gen_crumb_add(&head, gen_ui_words(book->ui, "crumb.home"),
                  CAPLAT_LIT("/"));
    gen_page_put(book, sink, &head, cells);
}


/* label | url | words, as three of the cells of a row */
static gen_value
entry_rows(gen_sink *sink, const gen_entries *entries, size_t cells,
    size_t label, size_t url, size_t words)
{
    gen_value  *rows = gen_rows(sink, entries->count, cells);

    for (size_t i = 0; i != entries->count; i++) {
        const gen_entry  *entry = &entries->items[i];
        gen_value        *row = rows + i * cells;

        row[label] = gen_value_text(entry->label);

        if (url < cells) {
            row[url] = gen_value_text(entry->url);
        }

        if (words < cells) {
            row[words] = gen_value_text(entry->words);
        }
    }

    return gen_value_rows(rows, entries->count);
}


static void
question_cells(gen_sink *sink, const gen_doc *doc, const gen_step *step,
    gen_value *row)
{
    row[QUESTION_ID] = gen_value_text(step->id);
    row[QUESTION_TITLE] = gen_value_text(step->title);
    row[QUESTION_URL] = gen_value_text(
        gen_join(sink, doc->url, CAPLAT_LIT("#"), step->id, CAPLAT_LIT("")));
    row[QUESTION_BODY] = gen_value_text(step->html);
}


/* The question at "/faq/#id"; false when there is none. */
static bool
find_question(const gen_book *book, gen_sink *sink, caplat_slice url,
    gen_value *row)
{
    for (size_t i = 0; i != book->faq.count; i++) {
        const gen_doc  *doc = book->faq.items[i];

        for (uint32_t j = 0; j != doc->step_count; j++) {
            question_cells(sink, doc, &doc->steps[j], row);

            if (caplat_slice_eq(caplat_slice_of(row[QUESTION_URL].data,
                                                row[QUESTION_URL].count),
                                url))
            {
                return true;
            }
        }
    }

    return false;
}


static gen_value
home_questions(const gen_book *book, gen_sink *sink,
    const gen_entries *wanted)
{
    gen_value  *rows = gen_rows(sink, wanted->count + 1, QUESTION_CELLS);
    size_t      count = 0;

    for (size_t i = 0; i != wanted->count; i++) {
        count += find_question(book, sink, wanted->items[i].url,
                               rows + count * QUESTION_CELLS);
    }

    return gen_value_rows(rows, count);
}


void
gen_page_home(const gen_book *book, gen_sink *sink, const gen_doc *doc)
{
    const gen_front  *front = &doc->front;
    gen_value         cells[HOME_CELLS] = {
        [HOME_LEAD] = gen_value_text(front->lead),
        [HOME_BODY] = gen_value_text(doc->steps[0].html),
        [HOME_FACTS] = entry_rows(sink, &front->facts, FACT_CELLS, FACT_NAME,
                                  FACT_CELLS, FACT_VALUE),
        [HOME_WAYS] = entry_rows(sink, &front->ways, WAY_CELLS, WAY_NAME,
                                 WAY_URL, WAY_CELLS),
        [HOME_QUESTIONS] = home_questions(book, sink, &front->questions),
        [HOME_LINKS] = entry_rows(sink, &front->links, LINK_CELLS, LINK_NAME,
                                  LINK_URL, LINK_WORDS),
        [HOME_NOTICES] = notice_rows(book, sink, false),
    };
    gen_head          head = {
        .template = GEN_TEMPLATE_home,
        .url = CAPLAT_LIT("/"),
        .heading = front->title,
        .summary = front->summary,
        .day = book->newest,
    };

    gen_page_put(book, sink, &head, cells);
}


static size_t
count_groups(const gen_shelf *faq)
{
    size_t  count = 0;

    for (size_t i = 0; i != faq->count; i++) {
        count += faq->items[i]->group_count;
    }

    return count;
}


static void
faq_group_cells(gen_sink *sink, const gen_doc *doc, const gen_group *group,
    size_t number, gen_value *row)
{
    gen_value  *questions = gen_rows(sink, group->step_count, QUESTION_CELLS);

    for (uint32_t i = 0; i != group->step_count; i++) {
        question_cells(sink, doc, &doc->steps[group->step_at + i],
                       questions + i * QUESTION_CELLS);
    }

    row[FAQ_GROUP_ID] = gen_value_text(
        gen_join(sink, CAPLAT_LIT("section-"), gen_number(sink, number),
                 CAPLAT_LIT(""), CAPLAT_LIT("")));
    row[FAQ_GROUP_TITLE] = gen_value_text(
        group->title.len != 0 ? group->title : doc->front.title);
    row[FAQ_GROUP_QUESTIONS] = gen_value_rows(questions, group->step_count);
}


void
gen_page_faq(const gen_book *book, gen_sink *sink)
{
    size_t      groups = count_groups(&book->faq);
    gen_value  *rows = gen_rows(sink, groups, FAQ_GROUP_CELLS);
    gen_value   cells[FAQ_CELLS] = {
        [FAQ_GROUPS] = gen_value_rows(rows, groups),
    };
    gen_head    head = {
        .template = GEN_TEMPLATE_faq,
        .url = CAPLAT_LIT("/faq/"),
        .heading = gen_ui_words(book->ui, "page.faq"),
        .summary = gen_ui_words(book->ui, "page.faq.summary"),
        .day = book->newest,
        .nav = GEN_NAV_HELP,
        .is_nav = true,
    };
    size_t      number = 0;

    for (size_t i = 0; i != book->faq.count; i++) {
        const gen_doc  *doc = book->faq.items[i];

        for (uint32_t j = 0; j != doc->group_count; j++) {
            faq_group_cells(sink, doc, &doc->groups[j], number + 1,
                            rows + number * FAQ_GROUP_CELLS);
            number++;
        }
    }

    gen_crumb_add(&head, gen_ui_words(book->ui, "crumb.home"),
                  CAPLAT_LIT("/"));
    gen_page_put(book, sink, &head, cells);
}


void
gen_page_plain(const gen_book *book, gen_sink *sink, const gen_doc *doc)
{
    gen_value  cells[PLAIN_CELLS] = {
        [PLAIN_BODY] = gen_value_text(doc->steps[0].html),
        [PLAIN_UPDATED] = gen_value_text(doc->front.updated),
        [PLAIN_UPDATED_WORDS] = gen_value_text(
            gen_date_words(sink, doc->front.updated)),
        [PLAIN_CHANGES] = gen_changes(sink, doc),
    };
    gen_head   head = head_of(book, doc);

    /* A plain page, but for the form that stands above its text. */
    head.template = caplat_slice_eq(doc->name, CAPLAT_LIT("receipt"))
                    ? GEN_TEMPLATE_receipt : GEN_TEMPLATE_page;
    gen_page_put(book, sink, &head, cells);
}
