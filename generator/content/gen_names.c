#include "gen_names.h"

#include "gen_fee.h"
#include "gen_text.h"

#include <stdlib.h>


/* What a platform costs a year whoever is registered nowhere near it. */
static int64_t
price_a_year(const gen_catalogue *catalogue, size_t platform_at,
    caplat_date day)
{
    gen_fee  fee;

    return gen_fee_of(catalogue, platform_at, GEN_FEE_OTHER, day, &fee)
           ? fee.fen : GEN_NO_PRICE;
}


static bool
is_covered(const caplat_tariff *tariff, size_t class_at)
{
    for (size_t i = 0; i < tariff->cover_count; i++) {
        if (tariff->covers[i].class_at == class_at) {
            return true;
        }
    }

    return false;
}


/* A class costs what its first platform costs. */
static gen_priced
price_class(const gen_names *names, const gen_tariff_name *name,
    const gen_priced *platforms)
{
    const caplat_tariff  *tariff = &names->catalogue->tariff;
    gen_priced            priced = { name->id, name->name, GEN_NO_PRICE, false,
                                     GEN_NO_PLATFORM };

    for (size_t i = 0; i < tariff->platform_count; i++) {
        size_t  class_at = tariff->platforms[i].class_at;

        if (caplat_slice_eq(tariff->classes[class_at].id, name->id)) {
            priced.price_fen = platforms[i].price_fen;
            priced.covered = platforms[i].covered;
            break;
        }
    }

    return priced;
}


static void
price_all(gen_names *names, caplat_date day)
{
    const gen_catalogue  *catalogue = names->catalogue;
    const caplat_tariff  *tariff = &catalogue->tariff;
    gen_priced           *platforms = names->priced + catalogue->name_count;

    for (size_t i = 0; i < tariff->platform_count; i++) {
        platforms[i] = (gen_priced) {
            catalogue->platforms[i].id, catalogue->platforms[i].name,
            price_a_year(catalogue, i, day),
            is_covered(tariff, tariff->platforms[i].class_at), (uint32_t) i
        };
    }

    for (size_t i = 0; i < catalogue->name_count; i++) {
        names->priced[i] = price_class(names, &catalogue->names[i], platforms);

        if (i == 0 && tariff->has_base) {
            names->priced[i].price_fen = tariff->base_fen;
        }
    }

    for (size_t i = 0; i < names->priced_count; i++) {
        names->ids[i] = names->priced[i].id;
    }
}


static void
add_start(gen_names *names, caplat_slice words)
{
    uint8_t  *stop = &names->stops[(uint8_t) words.ptr[0]];

    names->firsts[words.ptr[0] & 15] |= UINT64_C(1) << (words.ptr[1] & 63);
    names->seconds[words.ptr[1] & 15] |= UINT64_C(1) << (words.ptr[2] & 63);

    if (*stop == GEN_STOP_NONE) {
        *stop = GEN_STOP_NAME;
    }
}


static void
add_name(gen_names *names, caplat_slice words, size_t priced_at)
{
    if (words.len >= GEN_NAME_LEN_MIN) {
        names->names[names->name_count++] =
            (gen_name) { words, (uint32_t) priced_at };
        add_start(names, words);
    }
}


static void
add_all(gen_names *names)
{
    const gen_catalogue  *catalogue = names->catalogue;
    size_t                classes = catalogue->name_count;

    for (size_t i = 0; i < names->priced_count; i++) {
        const caplat_slice  *aliases;
        size_t               count;

        if (i < classes) {
            aliases = catalogue->names[i].aliases;
            count = catalogue->names[i].alias_count;

        } else {
            aliases = catalogue->platforms[i - classes].aliases;
            count = catalogue->platforms[i - classes].alias_count;
        }

        add_name(names, names->priced[i].name, i);

        for (size_t k = 0; k < count; k++) {
            add_name(names, aliases[k], i);
        }
    }
}


static size_t
names_room(const gen_catalogue *catalogue)
{
    size_t  room = catalogue->name_count + catalogue->tariff.platform_count;

    for (size_t i = 0; i < catalogue->name_count; i++) {
        room += catalogue->names[i].alias_count;
    }

    for (size_t i = 0; i < catalogue->tariff.platform_count; i++) {
        room += catalogue->platforms[i].alias_count;
    }

    return room;
}


static int
by_words_descending(const void *a, const void *b)
{
    const gen_name  *left = a;
    const gen_name  *right = b;
    int              order = caplat_slice_cmp(right->words, left->words);

    return order != 0 ? order : (left->priced_at > right->priced_at)
                                - (left->priced_at < right->priced_at);
}


const gen_names *
gen_names_make(gen_arena *keep, const gen_catalogue *catalogue,
    caplat_slice day)
{
    gen_names   *names = gen_arena_zero(keep, 1, sizeof(gen_names));
    caplat_date  date = { 0 };

    (void) caplat_date_parse(day, &date);

    names->catalogue = catalogue;
    names->priced_count = catalogue->name_count
                          + catalogue->tariff.platform_count;
    names->priced = gen_arena_zero(keep, names->priced_count,
                                   sizeof(gen_priced));
    names->ids = gen_arena_zero(keep, names->priced_count,
                                sizeof(caplat_slice));
    names->platform_ids = names->ids + catalogue->name_count;
    names->names = gen_arena_zero(keep, names_room(catalogue),
                                  sizeof(gen_name));

    names->stops['&'] = GEN_STOP_ESCAPE;
    names->stops['<'] = GEN_STOP_ESCAPE;
    names->stops['>'] = GEN_STOP_ESCAPE;
    names->stops['{'] = GEN_STOP_BRACE;
    names->stops[0xc2] = GEN_STOP_SIGN;         /* ¥ */
    names->stops[0xe3] = GEN_STOP_WIDE;         /* 【 】 。 */
    names->stops[0xef] = GEN_STOP_WIDE;         /* ， ； ： ！ ？ ￥ */

    price_all(names, date);
    add_all(names);
    add_start(names, CAPLAT_LIT("元"));
    add_start(names, CAPLAT_LIT("块"));
    add_start(names, CAPLAT_LIT("人民币"));

    qsort(names->names, names->name_count, sizeof(gen_name),
          by_words_descending);

    return names;
}


/* How the first three bytes of a name compare with those of text. */
static int
compare_start(const gen_name *name, caplat_slice text)
{
    return memcmp(name->words.ptr, text.ptr, GEN_NAME_LEN_MIN);
}


const gen_name *
gen_names_find(const gen_names *names, caplat_slice text)
{
    size_t  low = 0;
    size_t  high = names->name_count;

    if (text.len < GEN_NAME_LEN_MIN) {
        return NULL;
    }

    while (low < high) {
        size_t  middle = (low + high) / 2;

        if (compare_start(&names->names[middle], text) > 0) {
            low = middle + 1;

        } else {
            high = middle;
        }
    }

    for ( /* void */ ; low < names->name_count; low++) {
        const gen_name  *name = &names->names[low];

        if (compare_start(name, text) != 0) {
            return NULL;
        }

        if (gen_text_begins(text, name->words)) {
            return name;
        }
    }

    return NULL;
}


const gen_priced *
gen_names_priced(const gen_names *names, caplat_slice id)
{
    for (size_t i = 0; i < names->priced_count; i++) {
        if (caplat_slice_eq(names->priced[i].id, id)) {
            return &names->priced[i];
        }
    }

    return NULL;
}
