#include "gen_address.h"

#include "gen_file.h"
#include "gen_hash.h"
#include "gen_near.h"
#include "gen_text.h"

#include <stdlib.h>


/* Addresses that need no file; the last two are the ledger's key, and the page
   that checks receipts, to which an order leads. */
static const char *const  made[] = {
    "/", "/guide/", "/platform/", "/price/", "/notice/", "/faq/",
    "/search/", "/changes/", "/sitemap/", "/problems/", "/apply/",
    "/apply/notice/", "/apply/platforms/", "/apply/check/",
    "/apply/pay/", "/order/", "/feed.xml", "/platform.json",
    "/log/vkey", "/receipt/",
};


/* The room must be twice what will be put in. */
static void
open_room(gen_addresses *set, size_t count)
{
    size_t  room = 64;

    while (room < count * 2) {
        room *= 2;
    }

    set->slots = calloc(room, sizeof(uint64_t));
    if (set->slots == NULL) {
        gen_out_of_memory();
    }

    set->mask = room - 1;
}


static uint64_t
print_of(caplat_slice address)
{
    return gen_hash_print(address).low | 1;
}


static uint64_t *
slot_of(const gen_addresses *set, uint64_t print)
{
    size_t  at = (size_t) print & set->mask;

    while (set->slots[at] != 0 && set->slots[at] != print) {
        at = (at + 1) & set->mask;
    }

    return &set->slots[at];
}


bool
gen_addresses_has(const gen_addresses *addresses, caplat_slice address)
{
    return *slot_of(addresses, print_of(address)) != 0;
}


/* False when it was there. */
static bool
add(gen_addresses *set, caplat_slice address)
{
    uint64_t   print = print_of(address);
    uint64_t  *slot = slot_of(set, print);
    bool       is_new = *slot == 0;

    *slot = print;

    return is_new;
}


/* Text put together without a thought for memory. */
static caplat_slice
join(gen_addresses *set, caplat_slice a, caplat_slice b, caplat_slice d)
{
    set->text.len = 0;
    gen_buf_add(&set->text, a);
    gen_buf_add(&set->text, b);
    gen_buf_add(&set->text, d);

    return gen_buf_slice(&set->text);
}


static void
add_anchors(gen_addresses *set, caplat_slice url, caplat_slice tail,
    const gen_step *step)
{
    gen_buf  page = { 0 };

    gen_buf_add(&page, url);
    gen_buf_add(&page, tail);
    gen_buf_byte(&page, '#');

    for (uint32_t i = 0; i != step->anchor_count; i++) {
        (void) add(set, join(set, gen_buf_slice(&page), step->anchors[i],
                             CAPLAT_LIT("")));
    }

    gen_buf_close(&page);
}


/* Where "{#id}" stands; the source's text is forgotten, so it is read again. */
static void
report_id(gen_addresses *set, gen_diags *diags, const gen_doc *doc,
    caplat_slice id, gen_code code)
{
    gen_arena     arena = { 0 };
    gen_span      span = gen_span_of(0, 0);
    gen_path      path = gen_path_of(CAPLAT_LIT(""), doc->source->path);
    caplat_slice  text;
    size_t        at;

    if (gen_file_read(path.name, GEN_FILE_LEN_MAX, &arena, &text)
        == GEN_READ_DONE
        && gen_text_find(text, join(set, CAPLAT_LIT("{#"), id,
                                    CAPLAT_LIT("}")), &at))
    {
        span = gen_span_of(at + 2, id.len);
    }

    gen_report(diags, doc->source, span, code, GEN_WORDS(id),
               CAPLAT_LIT(""));
    gen_arena_close(&arena);
}


/* What is twice in one file was reported when that was read. */
static bool
is_first(const gen_doc *doc, uint32_t step_at)
{
    for (uint32_t i = 0; i != step_at; i++) {
        if (caplat_slice_eq(doc->steps[i].id, doc->steps[step_at].id)) {
            return false;
        }
    }

    return true;
}


static void
add_guide(gen_addresses *set, const gen_doc *doc, gen_diags *diags)
{
    (void) add(set, doc->url);
    (void) add(set, join(set, doc->url, CAPLAT_LIT("print/"),
                         CAPLAT_LIT("")));

    for (uint32_t i = 0; i != doc->step_count; i++) {
        const gen_step  *step = &doc->steps[i];
        gen_buf          tail = { 0 };

        if (!add(set, join(set, doc->url, step->id, CAPLAT_LIT("/")))
            && is_first(doc, i))
        {
            report_id(set, diags, doc, step->id, GEN_NAME_TAKEN);
        }

        if (step->anchor_count != 0) {
            gen_buf_add(&tail, step->id);
            gen_buf_byte(&tail, '/');
            add_anchors(set, doc->url, gen_buf_slice(&tail), step);
            gen_buf_close(&tail);
        }
    }
}


static void
add_faq(gen_addresses *set, const gen_doc *doc, gen_diags *diags)
{
    (void) add(set, doc->url);

    for (uint32_t i = 0; i != doc->step_count; i++) {
        const gen_step  *step = &doc->steps[i];

        if (!add(set, join(set, doc->url, CAPLAT_LIT("#"), step->id))
            && is_first(doc, i))
        {
            report_id(set, diags, doc, step->id, GEN_ID_TWICE);
        }

        add_anchors(set, doc->url, CAPLAT_LIT(""), step);
    }
}


static void
add_doc(gen_addresses *set, const gen_doc *doc, gen_diags *diags)
{
    switch (doc->kind) {

    case GEN_GUIDE:
        add_guide(set, doc, diags);
        break;

    case GEN_FAQ:
        add_faq(set, doc, diags);
        break;

    case GEN_NOTICE:
    case GEN_PAGE:
        (void) add(set, doc->url);
        add_anchors(set, doc->url, CAPLAT_LIT(""), &doc->steps[0]);
        break;
    }
}


static void
add_made(gen_addresses *set)
{
    const gen_catalogue  *catalogue = set->book->catalogue;

    for (size_t i = 0; i != CAPLAT_COUNT(made); i++) {
        (void) add(set, gen_slice_of(made[i]));
    }

    for (size_t i = 0; i != catalogue->tariff.platform_count; i++) {
        (void) add(set, catalogue->platforms[i].url);
        (void) add(set, join(set, CAPLAT_LIT("/platform/"), CAPLAT_LIT("#"),
                             catalogue->platforms[i].id));
    }

    for (size_t i = 0; i != set->book->ui->problem_count; i++) {
        (void) add(set, join(set, CAPLAT_LIT("/problems/"),
                             set->book->ui->problems[i].name,
                             CAPLAT_LIT("/")));
    }
}


static size_t
count_addresses(const gen_shelf *shelf)
{
    size_t  count = 0;

    for (size_t i = 0; i != shelf->count; i++) {
        const gen_doc  *doc = shelf->items[i];

        count += 2 + doc->step_count;

        for (uint32_t j = 0; j != doc->step_count; j++) {
            count += doc->steps[j].anchor_count;
        }
    }

    return count;
}


void
gen_addresses_open(gen_addresses *addresses, const gen_book *book,
    gen_diags *diags)
{
    const gen_shelf  *shelves[] = {
        &book->guides, &book->notices, &book->faq, &book->pages,
    };
    size_t            count = CAPLAT_COUNT(made)
                              + book->catalogue->tariff.platform_count * 2
                              + book->ui->problem_count;

    for (size_t i = 0; i != CAPLAT_COUNT(shelves); i++) {
        count += count_addresses(shelves[i]);
    }

    *addresses = (gen_addresses) { .book = book };
    open_room(addresses, count);
    add_made(addresses);

    for (size_t i = 0; i != CAPLAT_COUNT(shelves); i++) {
        for (size_t j = 0; j != shelves[i]->count; j++) {
            add_doc(addresses, shelves[i]->items[j], diags);
        }
    }
}


void
gen_addresses_close(gen_addresses *addresses)
{
    free(addresses->slots);
    gen_buf_close(&addresses->text);
}


#define NAMES_MAX  1000                 /* among which a near one is sought */

typedef struct {
    gen_arena     *arena;
    caplat_slice  *items;
    size_t         count;
} name_list;


static name_list
open_list(gen_arena *arena)
{
    return (name_list) {
        .arena = arena,
        .items = gen_arena_zero(arena, NAMES_MAX, sizeof(caplat_slice)),
    };
}


static void
list_name(name_list *list, caplat_slice name)
{
    if (list->count != NAMES_MAX) {
        list->items[list->count++] = name;
    }
}


static caplat_slice
step_url(const gen_doc *guide, const gen_step *step, gen_arena *arena)
{
    gen_buf       url = { 0 };
    caplat_slice  copy;

    gen_buf_add(&url, guide->url);
    gen_buf_add(&url, step->id);
    gen_buf_byte(&url, '/');
    copy = gen_arena_copy(arena, gen_buf_slice(&url));
    gen_buf_close(&url);

    return copy;
}


static void
list_guide(name_list *list, const gen_doc *guide)
{
    list_name(list, guide->url);

    for (uint32_t i = 0; i != guide->step_count && list->count != NAMES_MAX;
         i++)
    {
        list_name(list, step_url(guide, &guide->steps[i], list->arena));
    }
}


static void
list_shelf(name_list *list, const gen_shelf *shelf)
{
    for (size_t i = 0; i != shelf->count; i++) {
        list_name(list, shelf->items[i]->url);
    }
}


caplat_slice
gen_addresses_near(const gen_addresses *addresses, caplat_slice page,
    gen_arena *arena)
{
    const gen_book  *book = addresses->book;
    name_list        list = open_list(arena);

    for (size_t i = 0; i != CAPLAT_COUNT(made); i++) {
        list_name(&list, gen_slice_of(made[i]));
    }

    for (size_t i = 0; i != book->catalogue->tariff.platform_count; i++) {
        list_name(&list, book->catalogue->platforms[i].url);
    }

    list_shelf(&list, &book->pages);
    list_shelf(&list, &book->notices);

    for (size_t i = 0; i != book->guides.count; i++) {
        list_guide(&list, book->guides.items[i]);
    }

    return gen_near(page, list.items, list.count);
}


static void
list_anchors(name_list *list, const gen_step *step)
{
    for (uint32_t i = 0; i != step->anchor_count; i++) {
        list_name(list, step->anchors[i]);
    }
}


/* A guide's steps have a page each, all questions have one together. */
static void
list_doc_anchors(name_list *list, const gen_doc *doc, caplat_slice page)
{
    for (uint32_t i = 0; i != doc->step_count; i++) {
        const gen_step  *step = &doc->steps[i];

        if (doc->kind == GEN_FAQ) {
            list_name(list, step->id);
        }

        if (doc->kind != GEN_GUIDE
            || caplat_slice_eq(step_url(doc, step, list->arena), page))
        {
            list_anchors(list, step);
        }
    }
}


caplat_slice
gen_addresses_near_anchor(const gen_addresses *addresses, caplat_slice page,
    caplat_slice anchor, gen_arena *arena)
{
    const gen_book   *book = addresses->book;
    const gen_shelf  *shelves[] = {
        &book->guides, &book->notices, &book->faq, &book->pages,
    };
    name_list         list = open_list(arena);

    for (size_t i = 0; i != CAPLAT_COUNT(shelves); i++) {
        for (size_t j = 0; j != shelves[i]->count; j++) {
            const gen_doc  *doc = shelves[i]->items[j];

            if (doc->kind == GEN_GUIDE ? gen_text_begins(page, doc->url)
                                       : caplat_slice_eq(page, doc->url))
            {
                list_doc_anchors(&list, doc, page);
            }
        }
    }

    if (caplat_slice_eq(page, CAPLAT_LIT("/platform/"))) {
        for (size_t i = 0; i != book->catalogue->tariff.platform_count; i++) {
            list_name(&list, book->catalogue->platforms[i].id);
        }
    }

    return gen_near(anchor, list.items, list.count);
}
