#include "caplat_registry.h"

#include "caplat_holder.h"
#include "caplat_json.h"

#include <stdlib.h>


#define REGISTRY_DEPTH  7               /* {"holders":[{"certs":[{"plat":[W] */


/* A client certificate, and whose it is. */
typedef struct {
    const caplat_holder_tls   *tls;
    const caplat_holder       *holder;
} card;


struct caplat_registry {
    caplat_json           *document;    /* all borrow from it */
    caplat_holder         *holders;     /* in the file's order */
    size_t                 count;
    const caplat_holder  **by_id;       /* sorted */
    card                  *cards;       /* sorted; of one, in file's order */
    size_t                 card_count;
};


void
caplat_registry_close(caplat_registry *registry)
{
    if (registry == NULL) {
        return;
    }

    for (size_t i = 0; i < registry->count; i++) {
        caplat_holder_free(&registry->holders[i]);
    }

    free(registry->holders);
    free(registry->by_id);
    free(registry->cards);
    caplat_json_close(registry->document);
    free(registry);
}


static int
by_id(const void *a, const void *b)
{
    const caplat_holder *const  *left = a;
    const caplat_holder *const  *right = b;
    int                          order;

    order = caplat_slice_cmp((*left)->id, (*right)->id);

    return order != 0 ? order : (*left > *right) - (*left < *right);
}


static int
compare_cards(const caplat_holder_tls *a, const caplat_holder_tls *b)
{
    int  order = caplat_slice_cmp(a->serial, b->serial);

    return order != 0 ? order : caplat_slice_cmp(a->issuer, b->issuer);
}


static int
by_card(const void *a, const void *b)
{
    const card  *left = a;
    const card  *right = b;
    int          order = compare_cards(left->tls, right->tls);

    return order != 0 ? order : (left->holder > right->holder)
                                - (left->holder < right->holder);
}


/* What can be looked up, sorted. An id that two have: the second's place. */
static bool
sort(caplat_registry *registry, caplat_place *place)
{
    size_t  cards = 0;

    for (size_t i = 0; i < registry->count; i++) {
        cards += registry->holders[i].tls_count;
    }

    registry->by_id = calloc(registry->count, sizeof(*registry->by_id));
    registry->cards = calloc(cards != 0 ? cards : 1, sizeof(card));

    if (registry->by_id == NULL || registry->cards == NULL) {
        return caplat_fail(place->err, CAPLAT_TOO_LARGE, 0, "memory");
    }

    for (size_t i = 0; i < registry->count; i++) {
        const caplat_holder  *holder = &registry->holders[i];

        registry->by_id[i] = holder;

        for (size_t j = 0; j < holder->tls_count; j++) {
            registry->cards[registry->card_count++] =
                (card) { &holder->tls[j], holder };
        }
    }

    qsort(registry->by_id, registry->count, sizeof(*registry->by_id), by_id);
    qsort(registry->cards, cards, sizeof(card), by_card);

    for (size_t i = 1; i < registry->count; i++) {
        const caplat_holder  *holder = registry->by_id[i];

        if (caplat_slice_eq(registry->by_id[i - 1]->id, holder->id)) {
            place->holder = (size_t) (holder - registry->holders);
            return caplat_place_fail(place, CAPLAT_TWICE, "id");
        }
    }

    return true;
}


static bool
read_holders(caplat_registry *registry, caplat_place *place)
{
    const caplat_json  *list = caplat_json_get(registry->document, "holders");
    size_t              count = caplat_json_items(list);

    if (list == NULL || caplat_json_members(registry->document) != 1) {
        return caplat_fail(place->err, list == NULL ? CAPLAT_MISSING_KEY
                                                    : CAPLAT_UNKNOWN_KEY,
                           0, "holders");
    }

    if (count == 0) {
        return caplat_place_fail(place, CAPLAT_NOT_ONE_OF, NULL);
    }

    registry->holders = calloc(count, sizeof(*registry->holders));

    if (registry->holders == NULL) {
        return caplat_fail(place->err, CAPLAT_TOO_LARGE, 0, "memory");
    }

    const caplat_json  *item = caplat_json_first(list);

    for (size_t i = 0; i < count; i++) {
        place->holder = i;
        registry->count++;

        if (!caplat_holder_read(item, place, &registry->holders[i])) {
            return false;
        }

        item = caplat_json_next(item);
    }

    return sort(registry, place);
}


bool
caplat_registry_read(caplat_slice text, caplat_registry **registry,
    caplat_err *err)
{
    caplat_place  place = { .text = text, .err = err };
    caplat_json  *document;

    if (text.len > CAPLAT_REGISTRY_LEN_MAX) {
        return caplat_fail(err, CAPLAT_TOO_LARGE, CAPLAT_REGISTRY_LEN_MAX,
                           "a registry");
    }

    if (!caplat_json_open(text, REGISTRY_DEPTH, &document, err)) {
        return false;
    }

    caplat_registry  *made = calloc(1, sizeof(*made));

    if (made == NULL) {
        caplat_json_close(document);
        return caplat_fail(err, CAPLAT_TOO_LARGE, 0, "memory");
    }

    made->document = document;

    if (!read_holders(made, &place)) {
        caplat_registry_close(made);
        return false;
    }

    *registry = made;

    return true;
}


size_t
caplat_registry_count(const caplat_registry *registry)
{
    return registry->count;
}


const caplat_holder *
caplat_registry_at(const caplat_registry *registry, size_t n)
{
    caplat_assert(n < registry->count);

    return &registry->holders[n];
}


const caplat_holder *
caplat_registry_holder(const caplat_registry *registry, caplat_slice id)
{
    size_t  from = 0;
    size_t  to = registry->count;

    while (from != to) {
        size_t  middle = from + (to - from) / 2;
        int     order = caplat_slice_cmp(registry->by_id[middle]->id, id);

        if (order == 0) {
            return registry->by_id[middle];
        }

        if (order < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }

    return NULL;
}


const caplat_holder *
caplat_registry_tls(const caplat_registry *registry, caplat_slice issuer,
    caplat_slice serial, size_t n)
{
    caplat_holder_tls   tls = { issuer, serial };
    size_t              from = 0;
    size_t              to = registry->card_count;

    /* The first that is not less. */
    while (from != to) {
        size_t  middle = from + (to - from) / 2;

        if (compare_cards(registry->cards[middle].tls, &tls) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }

    if (n >= registry->card_count - from
        || compare_cards(registry->cards[from + n].tls, &tls) != 0)
    {
        return NULL;
    }

    return registry->cards[from + n].holder;
}
