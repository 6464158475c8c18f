#include "gen_check.h"

#include "gen_address.h"
#include "gen_near.h"
#include "gen_page_apply.h"
#include "gen_text.h"


typedef struct {
    gen_addresses       addresses;
    gen_diags          *diags;
} checker;


/* A link: what it leads to, and where it stands. */
typedef struct {
    caplat_slice        target;
    const gen_source   *source;
    gen_span            span;
} lead;


static void
report(checker *c, const lead *from, caplat_slice page, caplat_slice anchor)
{
    gen_arena  arena = { 0 };

    if (gen_addresses_has(&c->addresses, page)) {
        gen_report(c->diags, from->source, from->span, GEN_UNKNOWN_ANCHOR,
                   GEN_WORDS(page, anchor),
                   gen_addresses_near_anchor(&c->addresses, page, anchor,
                                             &arena));

    } else {
        gen_report(c->diags, from->source, from->span, GEN_UNKNOWN_PAGE,
                   GEN_WORDS(page),
                   gen_addresses_near(&c->addresses, page, &arena));
    }

    gen_arena_close(&arena);
}


static void
check_link(checker *c, lead from)
{
    const char    *hash = from.target.len != 0
                          ? memchr(from.target.ptr, '#', from.target.len)
                          : NULL;
    caplat_slice   page = from.target;
    caplat_slice   anchor = { "", 0 };

    if (from.target.len == 0 || from.target.ptr[0] != '/'
        || gen_addresses_has(&c->addresses, from.target))
    {
        return;
    }

    if (hash != NULL) {
        page.len = (size_t) (hash - from.target.ptr);
        anchor = caplat_slice_of(hash + 1, from.target.len - page.len - 1);
    }

    if (anchor.len != 0 || !gen_addresses_has(&c->addresses, page)) {
        report(c, &from, page, anchor);
    }
}


static void
check_entries(checker *c, const gen_doc *doc, const gen_entries *entries)
{
    for (size_t i = 0; i != entries->count; i++) {
        caplat_slice  url = entries->items[i].url;

        check_link(c, (lead) { url, doc->source,
                               gen_front_span(&doc->front, url) });
    }
}


static void
check_doc(checker *c, const gen_doc *doc)
{
    for (uint32_t i = 0; i != doc->ref_count; i++) {
        check_link(c, (lead) { doc->refs[i].target, doc->source,
                               doc->refs[i].span });
    }

    check_entries(c, doc, &doc->front.ways);
    check_entries(c, doc, &doc->front.links);
    check_entries(c, doc, &doc->front.questions);
}


/* Where one of a state's pages stands. */
static gen_span
page_span(const gen_ui_state *state, caplat_slice page)
{
    gen_span  all = state->pages_span;

    return all.len != state->pages.len ? all
           : gen_span_of(all.at + (size_t) (page.ptr - state->pages.ptr),
                         page.len);
}


/* A state that no page has is as wrong as one on a page that is not there. */
static void
check_pages(checker *c, const gen_ui *ui, const gen_ui_state *state)
{
    caplat_slice  names[GEN_APPLY_COUNT];
    caplat_slice  near;
    caplat_slice  page;
    size_t        at = 0;

    gen_apply_names(names);

    while (gen_text_item(state->pages, ' ', &at, &page)) {
        near = gen_near(page, names, GEN_APPLY_COUNT);

        if (!caplat_slice_eq(near, page)) {
            gen_report(c->diags, ui->source, page_span(state, page),
                       GEN_UI_PAGE, GEN_WORDS(page), near);
        }
    }

    if (state->pages.len == 0) {
        gen_report(c->diags, ui->source, state->pages_span, GEN_UI_PAGE,
                   GEN_WORDS(state->pages), CAPLAT_LIT(""));
    }
}


static void
check_ui(checker *c, const gen_ui *ui)
{
    for (size_t i = 0; i != ui->state_count; i++) {
        const gen_ui_state  *state = &ui->states[i];

        check_pages(c, ui, state);

        for (size_t j = 0; j != state->action_count; j++) {
            check_link(c, (lead) { state->actions[j].url, ui->source,
                                   state->actions[j].url_span });
        }
    }
}


void
gen_check_links(const gen_book *book, const gen_theme *theme,
    gen_diags *diags)
{
    const gen_shelf  *shelves[] = {
        &book->guides, &book->notices, &book->faq, &book->pages,
    };
    checker           c = { .diags = diags };

    gen_addresses_open(&c.addresses, book, diags);

    for (size_t i = 0; i != CAPLAT_COUNT(shelves); i++) {
        for (size_t j = 0; j != shelves[i]->count; j++) {
            check_doc(&c, shelves[i]->items[j]);
        }
    }

    for (const gen_theme_link *l = theme->links; l != NULL; l = l->next) {
        check_link(&c, (lead) { l->url, l->source, l->span });
    }

    check_ui(&c, book->ui);
    gen_addresses_close(&c.addresses);
}
