/*
 * The pages of the catalogue: all platforms, each platform, the calculator.
 */

#ifndef GEN_PAGE_CATALOGUE_H
#define GEN_PAGE_CATALOGUE_H

#include "gen_fee.h"
#include "gen_page.h"


void gen_page_platforms(const gen_book *book, gen_sink *sink);

/* One platform, with links back to what names it. */
void gen_page_platform(const gen_book *book, gen_sink *sink, size_t at);

/* The calculator, its text from content/pages/price.md. */
void gen_page_price(const gen_book *book, gen_sink *sink);


/* Rows of classes with their platforms, for other pages. */
#define GEN_PLATFORM_VALUES(V)                                                \
    V(PLATFORM_ID, "platform.id", TEXT, NULL)                                 \
    V(PLATFORM_NAME, "platform.name", TEXT, NULL)                             \
    V(PLATFORM_URL, "platform.url", TEXT, NULL)                               \
    V(PLATFORM_PURPOSE, "platform.purpose", TEXT, NULL)                       \
    V(PLATFORM_ENROL, "platform.enrol", TEXT, NULL)                           \
    V(PLATFORM_CLASS, "platform.class", TEXT, NULL)                           \
    V(PLATFORM_REGION, "platform.region", TEXT, NULL)                         \
    V(PLATFORM_PRICE, "platform.price", TEXT, NULL)                           \
    V(PLATFORM_PRICE_YUAN, "platform.price-yuan", TEXT, NULL)                 \
    V(PLATFORM_REASON, "platform.reason", TEXT, NULL)                         \
    V(PLATFORM_VALID_FROM, "platform.valid-from", TEXT, NULL)                 \
    V(PLATFORM_STATUS, "platform.status", TEXT, NULL)                         \
    V(PLATFORM_AVAILABILITY, "platform.availability", TEXT, NULL)             \
    V(PLATFORM_START, "platform.start", TEXT, NULL)

enum { GEN_PLATFORM_VALUES(GEN_CELL) PLATFORM_CELLS };

extern const gen_schema  gen_class_schema;

gen_value gen_classes(const gen_book *book, gen_sink *sink);

void gen_platform_cells(const gen_book *book, gen_sink *sink, size_t at,
    gen_value *cells);

/* 锦州市; empty when the card has no such region. */
caplat_slice gen_region_name(const caplat_tariff *tariff, uint32_t code);

/* "50 元/年" */
caplat_slice gen_fee_words(const gen_book *book, gen_sink *sink,
    const gen_fee *fee);


#endif /* GEN_PAGE_CATALOGUE_H */
