#include "caplat_scope.h"


typedef struct {
    caplat_slice  word;
    caplat_scope  scope;
} scope_row;


static const scope_row  rows[] = {
    { CAPLAT_INIT("ca:quote"), CAPLAT_SCOPE_QUOTE },
    { CAPLAT_INIT("ca:order"), CAPLAT_SCOPE_ORDER },
    { CAPLAT_INIT("ca:read"),  CAPLAT_SCOPE_READ },
    { CAPLAT_INIT("ca:admin"), CAPLAT_SCOPE_ADMIN },
};


/* 0 of a word that is not ours. */
static unsigned
scope_of(caplat_slice word)
{
    for (size_t i = 0; i < CAPLAT_COUNT(rows); i++) {
        if (caplat_slice_eq(rows[i].word, word)) {
            return rows[i].scope;
        }
    }

    return 0;
}


/* RFC 6749, 3.3: printable, without blanks, `"` and `\`. */
static bool
is_word(caplat_slice word)
{
    for (size_t i = 0; i < word.len; i++) {
        char  byte = word.ptr[i];

        if (byte <= ' ' || byte > '~' || byte == '"' || byte == '\\') {
            return false;
        }
    }

    return word.len != 0;
}


bool
caplat_scopes_read(caplat_slice text, unsigned *scopes, bool *foreign)
{
    caplat_cursor  c = caplat_cursor_of(text);
    unsigned       found = 0;
    bool           others = false;
    bool           last;

    do {
        caplat_slice  word;

        last = !caplat_take_until(&c, ' ', CAPLAT_SCOPE_LEN_MAX, &word);

        if (last && !caplat_take_rest(&c, CAPLAT_SCOPE_LEN_MAX, &word)) {
            return false;
        }

        if (!is_word(word)) {
            return false;
        }

        found |= scope_of(word);
        others |= scope_of(word) == 0;
    } while (!last);

    *scopes = found;
    *foreign = others;

    return true;
}
