#include "gen_near.h"

#include "gen_text.h"


#define NEAR_LEN_MAX  48                /* characters: longer is no typo */


typedef struct {
    uint32_t  chars[NEAR_LEN_MAX];
    size_t    len;
} spelling;


static bool
spell(caplat_slice text, spelling *out)
{
    size_t  at = 0;

    out->len = 0;

    while (at < text.len) {
        if (out->len == NEAR_LEN_MAX) {
            return false;
        }

        out->chars[out->len++] = gen_text_next(text, &at);
    }

    return true;
}


static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}


static size_t
gap(size_t a, size_t b)
{
    return a < b ? b - a : a - b;
}


/*
 * One row of the distance table (Damerau and Levenshtein, each character
 * swapped at most once) from the two rows above it. Returns its least number:
 * no later row gets below it.
 */
static size_t
next_row(const spelling *a, const spelling *b, size_t i, const size_t *older,
    const size_t *old, size_t *row)
{
    size_t  low = i;

    row[0] = i;

    for (size_t j = 1; j <= b->len; j++) {
        bool  same = a->chars[i - 1] == b->chars[j - 1];

        row[j] = least(old[j] + 1, row[j - 1] + 1);
        row[j] = least(row[j], old[j - 1] + (same ? 0 : 1));

        if (i > 1 && j > 1 && a->chars[i - 1] == b->chars[j - 2]
            && a->chars[i - 2] == b->chars[j - 1])
        {
            row[j] = least(row[j], older[j - 2] + 1);
        }

        low = least(low, row[j]);
    }

    return low;
}


/* Edits from a to b; anything above `limit` when there are more. */
static size_t
distance(const spelling *a, const spelling *b, size_t limit)
{
    size_t   rows[3][NEAR_LEN_MAX + 1];
    size_t  *older = rows[0];
    size_t  *old = rows[1];
    size_t  *row = rows[2];

    if (gap(a->len, b->len) > limit) {
        return limit + 1;
    }

    for (size_t j = 0; j <= b->len; j++) {
        old[j] = j;
    }

    for (size_t i = 1; i <= a->len; i++) {
        size_t  *spare = older;

        /* A swap reaches back over two rows: one more row may get lower. */
        if (next_row(a, b, i, older, old, row) > limit + 1) {
            return limit + 1;
        }

        older = old;
        old = row;
        row = spare;
    }

    return old[b->len];
}


caplat_slice
gen_near(caplat_slice word, const caplat_slice *names, size_t count)
{
    caplat_slice  nearest = CAPLAT_LIT("");
    spelling      wanted;
    spelling      name;
    size_t        limit;

    if (!spell(word, &wanted) || wanted.len == 0) {
        return nearest;
    }

    limit = wanted.len <= 3 ? 1 : wanted.len <= 8 ? 2 : wanted.len / 3;

    for (size_t i = 0; i < count; i++) {
        size_t  edits;

        if (!spell(names[i], &name)) {
            continue;
        }

        edits = distance(&wanted, &name, limit);

        /* What shares no character with the word is not what was meant. */
        if (edits <= limit && edits < wanted.len) {
            nearest = names[i];

            if (edits == 0) {
                break;
            }

            limit = edits - 1;
        }
    }

    return nearest;
}
