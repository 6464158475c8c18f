#include "gen_page_catalogue.h"

#include "gen_day.h"


GEN_SCHEMA(static, platform_row_schema, GEN_PLATFORM_VALUES);


#define CLASS_VALUES(V)                                                       \
    V(CLASS_ID, "class.id", TEXT, NULL)                                       \
    V(CLASS_NAME, "class.name", TEXT, NULL)                                   \
    V(CLASS_PLATFORMS, "platforms", LIST, &platform_row_schema)

enum { CLASS_VALUES(GEN_CELL) CLASS_CELLS };

GEN_SCHEMA(, gen_class_schema, CLASS_VALUES);


#define CITY_VALUES(V)                                                        \
    V(CITY_NAME, "city.name", TEXT, NULL)                                     \
    V(CITY_URL, "city.url", TEXT, NULL)

enum { CITY_VALUES(GEN_CELL) CITY_CELLS };

GEN_SCHEMA(static, city_schema, CITY_VALUES);


#define PLATFORMS_VALUES(V)                                                   \
    V(PLATFORMS_CLASSES, "classes", LIST, &gen_class_schema)                  \
    V(PLATFORMS_CITIES, "cities", LIST, &city_schema)                         \
    V(PLATFORMS_UPDATED, "catalogue.updated-words", TEXT, NULL)

enum { PLATFORMS_VALUES(GEN_CELL) PLATFORMS_CELLS };

GEN_SCHEMA(, gen_platforms_schema, PLATFORMS_VALUES);


static const caplat_class *
class_of(const gen_book *book, size_t at)
{
    const caplat_tariff  *tariff = &book->catalogue->tariff;

    return &tariff->classes[tariff->platforms[at].class_at];
}


caplat_slice
gen_region_name(const caplat_tariff *tariff, uint32_t code)
{
    for (size_t i = 0; i != tariff->region_count; i++) {
        if (tariff->regions[i].code == code) {
            return tariff->regions[i].name;
        }
    }

    return CAPLAT_LIT("");
}


static caplat_slice
status_words(const gen_book *book, gen_sink *sink, size_t at)
{
    caplat_slice  until = book->catalogue->platforms[at].until;

    switch (book->catalogue->tariff.platforms[at].status) {

    case CAPLAT_OPEN:
        return CAPLAT_LIT("");

    case CAPLAT_CLOSED:
        return gen_ui_words(book->ui, "status.closed");

    case CAPLAT_PAUSED:
        break;
    }

    if (until.len == 0) {
        return gen_ui_words(book->ui, "status.paused");
    }

    return gen_join(sink, gen_ui_words(book->ui, "status.paused"),
                    CAPLAT_LIT("，"),
                    gen_ui_words(book->ui, "status.paused-until"),
                    gen_date_words(sink, until));
}


caplat_slice
gen_fee_words(const gen_book *book, gen_sink *sink, const gen_fee *fee)
{
    caplat_slice  money = gen_money(book, sink, fee->fen);

    return fee->per_year
           ? gen_join(sink, money, gen_ui_words(book->ui, "money.year"),
                      CAPLAT_LIT(""), CAPLAT_LIT(""))
           : money;
}


/* 50.00, as schema.org writes prices */
static caplat_slice
decimal(gen_sink *sink, int64_t fen)
{
    caplat_slice  cents = gen_number(sink, (uint64_t) (100 + fen % 100));

    return gen_join(sink, gen_number(sink, (uint64_t) fen / 100),
                    CAPLAT_LIT("."), caplat_slice_of(cents.ptr + 1, 2),
                    CAPLAT_LIT(""));
}


void
gen_platform_cells(const gen_book *book, gen_sink *sink, size_t at,
    gen_value *cells)
{
    const gen_platform   *platform = &book->catalogue->platforms[at];
    const caplat_tariff  *tariff = &book->catalogue->tariff;
    gen_fee               fee;

    cells[PLATFORM_ID] = gen_value_text(platform->id);
    cells[PLATFORM_NAME] = gen_value_text(platform->name);
    cells[PLATFORM_URL] = gen_value_text(platform->url);
    cells[PLATFORM_PURPOSE] = gen_value_text(platform->purpose);
    cells[PLATFORM_ENROL] = gen_value_text(platform->enrol);
    cells[PLATFORM_CLASS] = gen_value_text(class_of(book, at)->name);
    cells[PLATFORM_REGION] = gen_value_text(
        gen_region_name(tariff, tariff->platforms[at].region));
    cells[PLATFORM_STATUS] = gen_value_text(status_words(book, sink, at));
    cells[PLATFORM_AVAILABILITY] = gen_value_text(
        tariff->platforms[at].status == CAPLAT_OPEN
        ? CAPLAT_LIT("https://schema.org/InStock")
        : CAPLAT_LIT("https://schema.org/OutOfStock"));
    cells[PLATFORM_VALID_FROM] = gen_value_text(gen_day_of(&sink->scratch,
                                                           tariff->from));
    cells[PLATFORM_START] = gen_value_text(
        gen_join(sink, CAPLAT_LIT("/apply/#platform="), platform->id,
                 CAPLAT_LIT(""), CAPLAT_LIT("")));

    if (gen_fee_of(book->catalogue, at, GEN_FEE_OTHER, gen_book_date(book),
                   &fee))
    {
        cells[PLATFORM_PRICE] = gen_value_text(gen_fee_words(book, sink, &fee));
        cells[PLATFORM_PRICE_YUAN] = gen_value_text(decimal(sink, fee.fen));
        cells[PLATFORM_REASON] = gen_value_text(fee.reason);
    }
}


/* Platforms of a class, in the order of the card. */
static gen_value
platform_rows(const gen_book *book, gen_sink *sink, size_t class_at)
{
    const caplat_tariff  *tariff = &book->catalogue->tariff;
    gen_value            *rows = gen_rows(sink, tariff->platform_count,
                                          PLATFORM_CELLS);
    size_t                count = 0;

    for (size_t i = 0; i != tariff->platform_count; i++) {
        if (tariff->platforms[i].class_at == class_at) {
            gen_platform_cells(book, sink, i, rows + count++ * PLATFORM_CELLS);
        }
    }

    return gen_value_rows(rows, count);
}


gen_value
gen_classes(const gen_book *book, gen_sink *sink)
{
    const caplat_tariff  *tariff = &book->catalogue->tariff;
    gen_value            *rows = gen_rows(sink, tariff->class_count,
                                          CLASS_CELLS);

    for (size_t i = 0; i != tariff->class_count; i++) {
        gen_value  *row = rows + i * CLASS_CELLS;

        row[CLASS_ID] = gen_value_text(tariff->classes[i].id);
        row[CLASS_NAME] = gen_value_text(tariff->classes[i].name);
        row[CLASS_PLATFORMS] = platform_rows(book, sink, i);
    }

    return gen_value_rows(rows, tariff->class_count);
}


static gen_value
city_rows(const gen_book *book, gen_sink *sink)
{
    const caplat_tariff  *tariff = &book->catalogue->tariff;
    gen_value            *rows = gen_rows(sink, tariff->platform_count,
                                          CITY_CELLS);
    size_t                count = 0;

    for (size_t i = 0; i != tariff->platform_count; i++) {
        if (tariff->platforms[i].region != 0) {
            gen_value  *row = rows + count++ * CITY_CELLS;

            row[CITY_NAME] = gen_value_text(
                gen_region_name(tariff, tariff->platforms[i].region));
            row[CITY_URL] = gen_value_text(book->catalogue->platforms[i].url);
        }
    }

    return gen_value_rows(rows, count);
}


static gen_head
head_of(const gen_book *book, const char *heading, const char *summary,
    caplat_slice url)
{
    gen_head  head = {
        .url = url,
        .heading = gen_ui_words(book->ui, heading),
        .summary = gen_ui_words(book->ui, summary),
        .day = book->catalogue->updated,
        .is_nav = true,
    };

    gen_crumb_add(&head, gen_ui_words(book->ui, "crumb.home"),
                  CAPLAT_LIT("/"));

    return head;
}


void
gen_page_platforms(const gen_book *book, gen_sink *sink)
{
    gen_value  cells[PLATFORMS_CELLS] = {
        [PLATFORMS_CLASSES] = gen_classes(book, sink),
        [PLATFORMS_CITIES] = city_rows(book, sink),
        [PLATFORMS_UPDATED] = gen_value_text(
            gen_date_words(sink, book->catalogue->updated)),
    };
    gen_head   head = head_of(book, "page.platforms", "page.platforms.summary",
                              CAPLAT_LIT("/platform/"));

    head.template = GEN_TEMPLATE_platforms;
    head.nav = GEN_NAV_PLATFORM;
    gen_page_put(book, sink, &head, cells);
}
