#include "gen_page_catalogue.h"

#include "gen_page_guide.h"


#define CASE_VALUES(V)                                                        \
    V(CASE_WORDS, "case.words", TEXT, NULL)                                   \
    V(CASE_PRICE, "case.price", TEXT, NULL)                                   \
    V(CASE_REASON, "case.reason", TEXT, NULL)

enum { CASE_VALUES(GEN_CELL) CASE_CELLS };

GEN_SCHEMA(static, case_schema, CASE_VALUES);


#define MENTION_VALUES(V)                                                     \
    V(MENTION_TITLE, "mention.title", TEXT, NULL)                             \
    V(MENTION_URL, "mention.url", TEXT, NULL)                                 \
    V(MENTION_SECTION, "mention.section", TEXT, NULL)

enum { MENTION_VALUES(GEN_CELL) MENTION_CELLS };

GEN_SCHEMA(static, mention_schema, MENTION_VALUES);


#define PLATFORM_PAGE_VALUES(V)                                               \
    GEN_PLATFORM_VALUES(V)                                                    \
    V(PLATFORM_CASES, "cases", LIST, &case_schema)                            \
    V(PLATFORM_MENTIONS, "mentions", LIST, &mention_schema)

enum {
    PLATFORM_CASES = PLATFORM_CELLS, PLATFORM_MENTIONS, PLATFORM_PAGE_CELLS
};

GEN_SCHEMA(, gen_platform_schema, PLATFORM_PAGE_VALUES);


static void
put_case(const gen_book *book, gen_sink *sink, const char *words,
    caplat_slice region, const gen_fee *fee, gen_value *row)
{
    row[CASE_WORDS] = gen_value_text(
        gen_join(sink, gen_ui_words(book->ui, words), region, CAPLAT_LIT(""),
                 CAPLAT_LIT("")));
    row[CASE_PRICE] = gen_value_text(gen_money(book, sink, fee->fen));
    row[CASE_REASON] = gen_value_text(fee->reason);
}


/* What the platform costs whom: covered, registered here, elsewhere, and
   the base that comes with the first platform of all. */
static gen_value
case_rows(const gen_book *book, gen_sink *sink, size_t at)
{
    const caplat_tariff  *tariff = &book->catalogue->tariff;
    caplat_slice          region = gen_region_name(tariff,
                                               tariff->platforms[at].region);
    gen_value            *rows = gen_rows(sink, 3, CASE_CELLS);
    caplat_date           day = gen_book_date(book);
    gen_fee               other;
    gen_fee               here;
    size_t                count = 0;

    if (!gen_fee_of(book->catalogue, at, GEN_FEE_OTHER, day, &other)
        || !gen_fee_of(book->catalogue, at, GEN_FEE_REGISTERED, day, &here))
    {
        return gen_value_rows(rows, 0);
    }

    if (here.fen != other.fen) {
        put_case(book, sink, "case.registered", region, &here, rows);
        put_case(book, sink, "case.other", CAPLAT_LIT(""), &other,
                 rows + CASE_CELLS);
        count = 2;

    } else {
        put_case(book, sink, other.per_year ? "case.year" : "case.covered",
                 CAPLAT_LIT(""), &other, rows);
        count = 1;
    }

    if (tariff->has_base) {
        gen_fee  base = { tariff->base_fen, false, tariff->base_reason };

        put_case(book, sink, "case.first", CAPLAT_LIT(""), &base,
                 rows + count++ * CASE_CELLS);
    }

    return gen_value_rows(rows, count);
}


static size_t
count_mentions(const gen_shelf *shelf)
{
    size_t  count = 0;

    for (size_t i = 0; i != shelf->count; i++) {
        count += shelf->items[i]->mention_count;
    }

    return count;
}


/* Where a step can be read: guides have a page for each, the FAQ an anchor. */
static caplat_slice
mention_url(gen_sink *sink, const gen_doc *doc, const gen_step *step)
{
    switch (doc->kind) {

    case GEN_GUIDE:
        return gen_step_url(sink, doc, step);

    case GEN_FAQ:
        return gen_join(sink, doc->url, CAPLAT_LIT("#"), step->id,
                        CAPLAT_LIT(""));

    case GEN_NOTICE:
    case GEN_PAGE:
        break;
    }

    return doc->url;
}


static size_t
add_mentions(gen_sink *sink, const gen_shelf *shelf, caplat_slice section,
    size_t at, gen_value *rows, size_t count)
{
    for (size_t i = 0; i != shelf->count; i++) {
        const gen_doc  *doc = shelf->items[i];

        for (uint32_t j = 0; j != doc->mention_count; j++) {
            const gen_mention  *mention = &doc->mentions[j];
            const gen_step     *step;
            gen_value          *row = rows + count * MENTION_CELLS;

            if (mention->platform_at != at
                || mention->step_at >= doc->step_count)
            {
                continue;
            }

            step = &doc->steps[mention->step_at];
            row[MENTION_TITLE] = gen_value_text(
                step->title.len != 0 ? step->title : doc->front.title);
            row[MENTION_URL] = gen_value_text(mention_url(sink, doc, step));
            row[MENTION_SECTION] = gen_value_text(section);
            count++;
        }
    }

    return count;
}


static gen_value
mention_rows(const gen_book *book, gen_sink *sink, size_t at)
{
    size_t      most = count_mentions(&book->guides)
                       + count_mentions(&book->notices)
                       + count_mentions(&book->faq);
    gen_value  *rows = gen_rows(sink, most, MENTION_CELLS);
    size_t      count;

    count = add_mentions(sink, &book->guides,
                         gen_ui_words(book->ui, "section.guide"), at, rows,
                         0);
    count = add_mentions(sink, &book->notices,
                         gen_ui_words(book->ui, "section.notice"), at, rows,
                         count);
    count = add_mentions(sink, &book->faq,
                         gen_ui_words(book->ui, "section.faq"), at, rows,
                         count);

    return gen_value_rows(rows, count);
}


void
gen_page_platform(const gen_book *book, gen_sink *sink, size_t at)
{
    const gen_platform  *platform = &book->catalogue->platforms[at];
    gen_value            cells[PLATFORM_PAGE_CELLS] = { { 0 } };
    gen_head             head = {
        .template = GEN_TEMPLATE_platform,
        .url = platform->url,
        .heading = platform->name,
        .summary = platform->purpose,
        .day = book->catalogue->updated,
        .nav = GEN_NAV_PLATFORM,
    };

    gen_platform_cells(book, sink, at, cells);
    cells[PLATFORM_CASES] = case_rows(book, sink, at);
    cells[PLATFORM_MENTIONS] = mention_rows(book, sink, at);

    gen_crumb_add(&head, gen_ui_words(book->ui, "crumb.home"),
                  CAPLAT_LIT("/"));
    gen_crumb_add(&head, gen_ui_words(book->ui, "section.platform"),
                  CAPLAT_LIT("/platform/"));
    gen_page_put(book, sink, &head, cells);
}
