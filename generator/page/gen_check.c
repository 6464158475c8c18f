#include "gen_check.h"

#include "gen_file.h"
#include "gen_hash.h"
#include "gen_near.h"
#include "gen_text.h"

#include <stdlib.h>


/* Addresses that the site has, as prints of their texts: no text is kept. */
typedef struct {
    uint64_t  *slots;                   /* 0 is free */
    size_t     mask;
} address_set;


/* The room must be twice what will be put in. */
static void
set_open(address_set *set, size_t count)
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


static uint64_t *
set_slot(const address_set *set, caplat_slice address)
{
    uint64_t  print = gen_hash_print(address).low | 1;
    size_t    at = (size_t) print & set->mask;

    while (set->slots[at] != 0 && set->slots[at] != print) {
        at = (at + 1) & set->mask;
    }

    return &set->slots[at];
}


static bool
set_has(const address_set *set, caplat_slice address)
{
    return *set_slot(set, address) != 0;
}


/* False when it was there. */
static bool
set_add(address_set *set, caplat_slice address)
{
    uint64_t  *slot = set_slot(set, address);
    bool       is_new = *slot == 0;

    *slot = gen_hash_print(address).low | 1;

    return is_new;
}


/* Text put together without a thought for memory. */
typedef struct {
    address_set         set;
    gen_buf             address;
    const gen_book     *book;
    gen_diags          *diags;
} checker;


static caplat_slice
join(checker *c, caplat_slice a, caplat_slice b, caplat_slice d)
{
    c->address.len = 0;
    gen_buf_add(&c->address, a);
    gen_buf_add(&c->address, b);
    gen_buf_add(&c->address, d);

    return gen_buf_slice(&c->address);
}


static void
add_anchors(checker *c, caplat_slice url, caplat_slice tail,
    const gen_step *step)
{
    gen_buf  page = { 0 };

    gen_buf_add(&page, url);
    gen_buf_add(&page, tail);
    gen_buf_byte(&page, '#');

    for (uint32_t i = 0; i != step->anchor_count; i++) {
        (void) set_add(&c->set, join(c, gen_buf_slice(&page),
                                     step->anchors[i], CAPLAT_LIT("")));
    }

    gen_buf_close(&page);
}


/* Where "{#id}" stands; the source's text is forgotten, so it is read again. */
static void
report_id(checker *c, const gen_doc *doc, caplat_slice id, gen_code code)
{
    gen_arena     arena = { 0 };
    gen_span      span = gen_span_of(0, 0);
    gen_path      path = gen_path_of(CAPLAT_LIT(""), doc->source->path);
    caplat_slice  text;
    size_t        at;

    if (gen_file_read(path.name, GEN_FILE_LEN_MAX, &arena, &text)
        == GEN_READ_DONE
        && gen_text_find(text, join(c, CAPLAT_LIT("{#"), id,
                                    CAPLAT_LIT("}")), &at))
    {
        span = gen_span_of(at + 2, id.len);
    }

    gen_report(c->diags, doc->source, span, code, GEN_WORDS(id),
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
add_guide(checker *c, const gen_doc *doc)
{
    (void) set_add(&c->set, doc->url);
    (void) set_add(&c->set, join(c, doc->url, CAPLAT_LIT("print/"),
                                 CAPLAT_LIT("")));

    for (uint32_t i = 0; i != doc->step_count; i++) {
        const gen_step  *step = &doc->steps[i];
        gen_buf          tail = { 0 };

        if (!set_add(&c->set, join(c, doc->url, step->id, CAPLAT_LIT("/")))
            && is_first(doc, i))
        {
            report_id(c, doc, step->id, GEN_NAME_TAKEN);
        }

        if (step->anchor_count != 0) {
            gen_buf_add(&tail, step->id);
            gen_buf_byte(&tail, '/');
            add_anchors(c, doc->url, gen_buf_slice(&tail), step);
            gen_buf_close(&tail);
        }
    }
}


static void
add_faq(checker *c, const gen_doc *doc)
{
    (void) set_add(&c->set, doc->url);

    for (uint32_t i = 0; i != doc->step_count; i++) {
        const gen_step  *step = &doc->steps[i];

        if (!set_add(&c->set, join(c, doc->url, CAPLAT_LIT("#"), step->id))
            && is_first(doc, i))
        {
            report_id(c, doc, step->id, GEN_ID_TWICE);
        }

        add_anchors(c, doc->url, CAPLAT_LIT(""), step);
    }
}


static void
add_doc(checker *c, const gen_doc *doc)
{
    switch (doc->kind) {

    case GEN_GUIDE:
        add_guide(c, doc);
        break;

    case GEN_FAQ:
        add_faq(c, doc);
        break;

    case GEN_NOTICE:
    case GEN_PAGE:
        (void) set_add(&c->set, doc->url);
        add_anchors(c, doc->url, CAPLAT_LIT(""), &doc->steps[0]);
        break;
    }
}


/* Addresses that need no file. */
static const char *const  made[] = {
    "/", "/guide/", "/platform/", "/price/", "/notice/", "/faq/",
    "/search/", "/changes/", "/sitemap/", "/problems/", "/apply/",
    "/apply/notice/", "/apply/platforms/", "/apply/check/",
    "/apply/pay/", "/order/", "/feed.xml", "/platform.json",
};


static void
add_made(checker *c)
{
    const gen_catalogue  *catalogue = c->book->catalogue;

    for (size_t i = 0; i != CAPLAT_COUNT(made); i++) {
        (void) set_add(&c->set, gen_slice_of(made[i]));
    }

    for (size_t i = 0; i != catalogue->tariff.platform_count; i++) {
        (void) set_add(&c->set, catalogue->platforms[i].url);
        (void) set_add(&c->set, join(c, CAPLAT_LIT("/platform/"),
                                     CAPLAT_LIT("#"),
                                     catalogue->platforms[i].id));
    }

    for (size_t i = 0; i != c->book->ui->problem_count; i++) {
        (void) set_add(&c->set, join(c, CAPLAT_LIT("/problems/"),
                                     c->book->ui->problems[i].name,
                                     CAPLAT_LIT("/")));
    }
}


#define NAMES_MAX  1000                 /* among which a near one is sought */

static caplat_slice
near_page(const checker *c, caplat_slice page, gen_arena *arena)
{
    caplat_slice  *names = gen_arena_zero(arena, NAMES_MAX,
                                          sizeof(caplat_slice));
    size_t         count = 0;

    for (size_t i = 0; i != CAPLAT_COUNT(made); i++) {
        names[count++] = gen_slice_of(made[i]);
    }

    for (size_t i = 0; i != c->book->catalogue->tariff.platform_count; i++) {
        names[count++] = c->book->catalogue->platforms[i].url;
    }

    for (size_t i = 0; i != c->book->pages.count && count != NAMES_MAX; i++) {
        names[count++] = c->book->pages.items[i]->url;
    }

    for (size_t i = 0; i != c->book->notices.count && count != NAMES_MAX;
         i++)
    {
        names[count++] = c->book->notices.items[i]->url;
    }

    for (size_t i = 0; i != c->book->guides.count; i++) {
        const gen_doc  *guide = c->book->guides.items[i];

        for (uint32_t j = 0; j != guide->step_count && count != NAMES_MAX;
             j++)
        {
            gen_buf  url = { 0 };

            gen_buf_add(&url, guide->url);
            gen_buf_add(&url, guide->steps[j].id);
            gen_buf_byte(&url, '/');
            names[count++] = gen_arena_copy(arena, gen_buf_slice(&url));
            gen_buf_close(&url);
        }
    }

    return gen_near(page, names, count);
}


static void
report_ref(checker *c, const gen_doc *doc, caplat_slice page,
    caplat_slice anchor, gen_span span)
{
    gen_arena  arena = { 0 };

    if (set_has(&c->set, page)) {
        gen_report(c->diags, doc->source, span, GEN_UNKNOWN_ANCHOR,
                   GEN_WORDS(page, anchor), CAPLAT_LIT(""));

    } else {
        gen_report(c->diags, doc->source, span, GEN_UNKNOWN_PAGE,
                   GEN_WORDS(page), near_page(c, page, &arena));
    }

    gen_arena_close(&arena);
}


static void
check_target(checker *c, const gen_doc *doc, caplat_slice target,
    gen_span span)
{
    const char    *hash = target.len != 0
                          ? memchr(target.ptr, '#', target.len) : NULL;
    caplat_slice   page = target;
    caplat_slice   anchor = { "", 0 };

    if (target.len == 0 || target.ptr[0] != '/' || set_has(&c->set, target)) {
        return;
    }

    if (hash != NULL) {
        page.len = (size_t) (hash - target.ptr);
        anchor = caplat_slice_of(hash + 1, target.len - page.len - 1);
    }

    if (anchor.len == 0 && set_has(&c->set, page)) {
        return;
    }

    report_ref(c, doc, page, anchor, span);
}


static void
check_entries(checker *c, const gen_doc *doc, const gen_entries *entries)
{
    for (size_t i = 0; i != entries->count; i++) {
        check_target(c, doc, entries->items[i].url,
                     gen_front_span(&doc->front, entries->items[i].url));
    }
}


static void
check_doc(checker *c, const gen_doc *doc)
{
    for (uint32_t i = 0; i != doc->ref_count; i++) {
        check_target(c, doc, doc->refs[i].target, doc->refs[i].span);
    }

    check_entries(c, doc, &doc->front.ways);
    check_entries(c, doc, &doc->front.links);
    check_entries(c, doc, &doc->front.questions);
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
gen_check_links(const gen_book *book, gen_diags *diags)
{
    const gen_shelf  *shelves[] = {
        &book->guides, &book->notices, &book->faq, &book->pages,
    };
    checker           c = { .book = book, .diags = diags };
    size_t            count = 64 + book->catalogue->tariff.platform_count * 2
                              + book->ui->problem_count;

    for (size_t i = 0; i != 4; i++) {
        count += count_addresses(shelves[i]);
    }

    set_open(&c.set, count);
    add_made(&c);

    for (size_t i = 0; i != 4; i++) {
        for (size_t j = 0; j != shelves[i]->count; j++) {
            add_doc(&c, shelves[i]->items[j]);
        }
    }

    for (size_t i = 0; i != 4; i++) {
        for (size_t j = 0; j != shelves[i]->count; j++) {
            check_doc(&c, shelves[i]->items[j]);
        }
    }

    free(c.set.slots);
    gen_buf_close(&c.address);
}
