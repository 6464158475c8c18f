#include "gen_page_catalogue.h"

#include "gen_page_text.h"


#define REGION_VALUES(V)                                                      \
    V(REGION_CODE, "region.code", TEXT, NULL)                                 \
    V(REGION_NAME, "region.name", TEXT, NULL)

enum { REGION_VALUES(GEN_CELL) REGION_CELLS };

GEN_SCHEMA(static, region_schema, REGION_VALUES);


#define TARIFF_VALUES(V)                                                      \
    V(TARIFF_NAME, "tariff.name", TEXT, NULL)                                 \
    V(TARIFF_PRICE, "tariff.price", TEXT, NULL)                               \
    V(TARIFF_WORDS, "tariff.words", TEXT, NULL)

enum { TARIFF_VALUES(GEN_CELL) TARIFF_CELLS };

GEN_SCHEMA(static, tariff_row_schema, TARIFF_VALUES);


#define PRICE_VALUES(V)                                                       \
    V(PRICE_BODY, "price.body", HTML, NULL)                                   \
    V(PRICE_REGIONS, "regions", LIST, &region_schema)                         \
    V(PRICE_CLASSES, "classes", LIST, &gen_class_schema)                      \
    V(PRICE_TARIFF, "tariff", LIST, &tariff_row_schema)                       \
    V(PRICE_RATES, "rates.text", TEXT, NULL)

enum { PRICE_VALUES(GEN_CELL) PRICE_CELLS };

GEN_SCHEMA(, gen_price_schema, PRICE_VALUES);


static gen_value
region_rows(const gen_book *book, gen_sink *sink)
{
    const caplat_tariff  *tariff = &book->catalogue->tariff;
    gen_value            *rows = gen_rows(sink, tariff->region_count,
                                          REGION_CELLS);

    for (size_t i = 0; i != tariff->region_count; i++) {
        gen_value  *row = rows + i * REGION_CELLS;

        row[REGION_CODE] = gen_value_text(
            gen_number(sink, tariff->regions[i].code));
        row[REGION_NAME] = gen_value_text(tariff->regions[i].name);
    }

    return gen_value_rows(rows, tariff->region_count);
}


/* How the base regards a class: not at all, in part, or whole. */
static const char *
cover_words(const caplat_tariff *tariff, size_t class_at)
{
    for (size_t i = 0; i != tariff->cover_count; i++) {
        if (tariff->covers[i].class_at == class_at) {
            return tariff->covers[i].relation == CAPLAT_REGION_ANY
                   ? "tariff.covered" : "tariff.registered";
        }
    }

    return "tariff.rule";
}


static size_t
first_platform(const caplat_tariff *tariff, size_t class_at)
{
    size_t  at = 0;

    while (at != tariff->platform_count
           && tariff->platforms[at].class_at != class_at)
    {
        at++;
    }

    return at;
}


/* The base, then each class by the price of its first platform. */
static gen_value
tariff_rows(const gen_book *book, gen_sink *sink)
{
    const caplat_tariff  *tariff = &book->catalogue->tariff;
    gen_value            *rows = gen_rows(sink, tariff->class_count + 1,
                                          TARIFF_CELLS);
    gen_value            *row = rows;
    gen_fee               fee;

    if (tariff->has_base) {
        row[TARIFF_NAME] = gen_value_text(tariff->base_name);
        row[TARIFF_PRICE] = gen_value_text(gen_money(book, sink,
                                                     tariff->base_fen));
        row[TARIFF_WORDS] = gen_value_text(gen_ui_words(book->ui,
                                                        "tariff.base"));
        row += TARIFF_CELLS;
    }

    for (size_t i = 0; i != tariff->class_count; i++) {
        size_t  at = first_platform(tariff, i);

        if (at == tariff->platform_count
            || !gen_fee_of(book->catalogue, at, GEN_FEE_OTHER,
                           gen_book_date(book), &fee))
        {
            continue;
        }

        row[TARIFF_NAME] = gen_value_text(tariff->classes[i].name);
        row[TARIFF_PRICE] = gen_value_text(gen_fee_words(book, sink, &fee));
        row[TARIFF_WORDS] = gen_value_text(
            gen_ui_words(book->ui, cover_words(tariff, i)));
        row += TARIFF_CELLS;
    }

    return gen_value_rows(rows, (size_t) (row - rows) / TARIFF_CELLS);
}


void
gen_page_price(const gen_book *book, gen_sink *sink)
{
    const gen_doc  *doc = gen_page_named(book, "price");
    gen_value       cells[PRICE_CELLS] = {
        [PRICE_REGIONS] = region_rows(book, sink),
        [PRICE_CLASSES] = gen_classes(book, sink),
        [PRICE_TARIFF] = tariff_rows(book, sink),
        [PRICE_RATES] = gen_value_text(book->catalogue->rates),
    };
    gen_head        head = {
        .template = GEN_TEMPLATE_price,
        .url = CAPLAT_LIT("/price/"),
        .heading = gen_ui_words(book->ui, "page.price"),
        .summary = gen_ui_words(book->ui, "page.price.summary"),
        .day = book->catalogue->updated,
        .nav = GEN_NAV_PRICE,
        .is_nav = true,
    };

    gen_crumb_add(&head, gen_ui_words(book->ui, "crumb.home"),
                  CAPLAT_LIT("/"));

    if (doc != NULL) {
        cells[PRICE_BODY] = gen_value_text(doc->steps[0].html);
        head.heading = doc->front.title;
        head.summary = doc->front.summary;
        head.day = gen_later(head.day, doc->front.updated);
    }

    gen_page_put(book, sink, &head, cells);
}
