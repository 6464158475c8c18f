#include "caplat_overlay_inner.h"


#define FEW     8                       /* rows that are sorted where they
                                           lie */


static bool
is_before(const caplat_half *h, const caplat_row_at *a,
    const caplat_row_at *b)
{
    for (size_t i = 0; i < CAPLAT_ROW_WORDS; i++) {
        if (a->words[i] != b->words[i]) {
            return a->words[i] < b->words[i];
        }
    }

    return caplat_slice_cmp(caplat_half_key(h, a->at),
                            caplat_half_key(h, b->at)) < 0;
}


static void
sort_few(const caplat_half *h, caplat_row_at *rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        caplat_row_at  row = rows[i];
        size_t         at = i;

        for (; at != 0 && is_before(h, &row, &rows[at - 1]); at--) {
            rows[at] = rows[at - 1];
        }

        rows[at] = row;
    }
}


/* Two lists that lie side by side become one; of equal ones the left first. */
static void
merge(const caplat_half *h, const caplat_row_at *from, size_t left,
    size_t count, caplat_row_at *to)
{
    size_t  i = 0, j = left;

    for (size_t at = 0; at < count; at++) {
        bool  is_right = i == left
                         || (j != count && is_before(h, &from[j], &from[i]));

        to[at] = from[is_right ? j++ : i++];
    }
}


static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}


void
caplat_half_sort(caplat_half *h, size_t count, caplat_row_at *spare)
{
    caplat_row_at  *rows = h->rows + h->count - count;
    caplat_row_at  *from = rows, *to = spare;

    for (size_t at = 0; at < count; at += FEW) {
        sort_few(h, from + at, least(FEW, count - at));
    }

    for (size_t part = FEW; part < count; part *= 2) {
        caplat_row_at  *sorted = to;

        for (size_t at = 0; at < count; at += 2 * part) {
            merge(h, from + at, least(part, count - at),
                least(2 * part, count - at), to + at);
        }

        to = from;
        from = sorted;
    }

    if (from != rows) {
        memcpy(rows, from, count * sizeof(*from));
    }
}


static bool
is_over(const caplat_overlay *overlay, uint32_t run)
{
    size_t  end = (run + (size_t) 1) * CAPLAT_RUN_LEN;

    return overlay->next[run] >= least(end, overlay->leaving->count);
}


/* Which of a node's runs has the row that comes first; of equal ones the
   left. */
static void
play(caplat_overlay *overlay, size_t node)
{
    const caplat_half  *h = overlay->leaving;
    uint32_t            left = overlay->best[2 * node];
    uint32_t            right = overlay->best[2 * node + 1];

    overlay->best[node] = !is_over(overlay, right)
        && (is_over(overlay, left)
            || is_before(h, &h->rows[overlay->next[right]],
                         &h->rows[overlay->next[left]])) ? right : left;
}


void
caplat_overlay_turn(caplat_overlay *overlay)
{
    caplat_half  *h = overlay->fresh;

    caplat_assert(overlay->left == 0);
    caplat_half_sort(h, h->count % CAPLAT_RUN_LEN, overlay->spare);
    overlay->fresh = overlay->leaving;
    overlay->leaving = h;
    overlay->left = h->count;

    if (overlay->fresh->count != 0) {
        memset(overlay->fresh->slots, 0, sizeof(h->slots));
    }

    overlay->fresh->count = 0;
    overlay->fresh->len = 0;

    for (uint32_t run = 0; run < CAPLAT_RUNS; run++) {
        overlay->next[run] = (size_t) run * CAPLAT_RUN_LEN;
        overlay->best[CAPLAT_RUNS + run] = run;
    }

    for (size_t node = CAPLAT_RUNS - 1; node != 0; node--) {
        play(overlay, node);
    }
}


/* The next row of all runs. */
static const caplat_row_at *
take_first(caplat_overlay *overlay)
{
    uint32_t              run = overlay->best[1];
    const caplat_row_at  *first = &overlay->leaving->rows[overlay->next[run]];

    overlay->next[run]++;

    for (size_t node = (CAPLAT_RUNS + run) / 2; node != 0; node /= 2) {
        play(overlay, node);
    }

    overlay->left--;

    return first;
}


bool
caplat_overlay_take(caplat_overlay *overlay, caplat_slice *key,
    caplat_slice *value)
{
    const caplat_half    *h = overlay->leaving;
    const caplat_row_at  *row;

    if (overlay->left == 0) {
        return false;
    }

    row = take_first(overlay);

    /* Of rows of a key the last. */
    while (overlay->left != 0
           && !is_before(h, row, &h->rows[overlay->next[overlay->best[1]]]))
    {
        row = take_first(overlay);
    }

    *key = caplat_half_key(h, row->at);
    *value = caplat_half_value(h, row->at);

    return true;
}
