#include "caplat_record_parts.h"

#include "caplat_money.h"
#include "caplat_record.h"
#include "caplat_text.h"


/* What caplat_put_string escapes, and how: \" \\ and \u00XX in lower case. */
static bool
take_escape(caplat_cursor *c)
{
    caplat_cursor  walk = *c;
    char           high, low;

    if (caplat_take_literal(&walk, CAPLAT_LIT("\\\""))
        || caplat_take_literal(&walk, CAPLAT_LIT("\\\\")))
    {
        *c = walk;
        return true;
    }

    if (!caplat_take_literal(&walk, CAPLAT_LIT("\\u00"))
        || caplat_cursor_left(&walk) < 2)
    {
        return false;
    }

    high = walk.at[0];
    low = walk.at[1];
    walk.at += 2;
    *c = walk;

    return (high == '0' || high == '1')
        && (caplat_is_digit(low) || (low >= 'a' && low <= 'f'));
}


#define EACH(byte)  (UINT64_C(0x0101010101010101) * (byte))

/* The high bit of a byte that is zero; and perhaps of one above such a byte. */
static uint64_t
zeros(uint64_t word)
{
    return (word - EACH(1)) & ~word & EACH(0x80);
}


/* Past eights of bytes of which none ends a string, is escaped or a control. */
static const char *
skip_plain(const char *at, const char *end)
{
    while (end - at >= 8) {
        uint64_t  word;

        memcpy(&word, at, sizeof(word));

        if ((zeros(word ^ EACH('"')) | zeros(word ^ EACH('\\'))
             | ((word - EACH(0x20)) & ~word & EACH(0x80)))
            != 0)
        {
            break;
        }

        at += 8;
    }

    return at;
}


bool
caplat_take_string(caplat_cursor *c, caplat_slice *text)
{
    caplat_cursor  walk = *c;
    const char    *from;

    if (!caplat_take_byte(&walk, '"')) {
        return false;
    }

    from = walk.at;
    walk.at = skip_plain(walk.at, walk.end);

    for ( ;; ) {
        if (walk.at == walk.end || (unsigned char) *walk.at < 0x20) {
            return false;
        }

        if (*walk.at == '"') {
            break;
        }

        if (*walk.at != '\\') {
            walk.at++;

        } else if (!take_escape(&walk)) {
            return false;

        } else {
            walk.at = skip_plain(walk.at, walk.end);
        }
    }

    *text = caplat_slice_of(from, (size_t) (walk.at - from));
    walk.at++;
    *c = walk;

    return true;
}


/* An id: a-z, 0-9 and `-`, 1 to 32 of them. */
static bool
take_id(caplat_cursor *c, caplat_slice *id)
{
    caplat_cursor  walk = *c;
    caplat_slice   text;

    if (!caplat_take_string(&walk, &text) || text.len == 0
        || text.len > CAPLAT_NAME_LEN_MAX)
    {
        return false;
    }

    for (size_t i = 0; i < text.len; i++) {
        char  byte = text.ptr[i];

        if (!caplat_is_digit(byte) && !(byte >= 'a' && byte <= 'z')
            && byte != '-')
        {
            return false;
        }
    }

    *id = text;
    *c = walk;

    return true;
}


bool
caplat_record_next_id(caplat_cursor *list, caplat_slice *id)
{
    caplat_cursor  walk = *list;

    if ((!caplat_take_byte(&walk, '[') && !caplat_take_byte(&walk, ','))
        || !take_id(&walk, id))
    {
        return false;
    }

    *list = walk;

    return true;
}


/* The JSON from one cursor to the other. */
static caplat_slice
between(const caplat_cursor *from, const caplat_cursor *to)
{
    return caplat_slice_of(from->at, (size_t) (to->at - from->at));
}


bool
caplat_take_ids(caplat_cursor *c, caplat_slice *ids)
{
    caplat_cursor  walk = *c;
    caplat_slice   id;

    if (!caplat_take_literal(&walk, CAPLAT_LIT("[]"))) {
        do {
            if (!caplat_take_byte(&walk, walk.at == c->at ? '[' : ',')
                || !take_id(&walk, &id))
            {
                return false;
            }
        } while (caplat_cursor_left(&walk) != 0 && *walk.at == ',');

        if (!caplat_take_byte(&walk, ']')) {
            return false;
        }
    }

    *ids = between(c, &walk);
    *c = walk;

    return true;
}


/* Another day than the record's. */
static bool
take_day(caplat_cursor *c)
{
    caplat_slice  text;
    caplat_date   day;

    return caplat_take_literal(c, CAPLAT_LIT(",\"day\":"))
        && caplat_take_string(c, &text) && caplat_date_parse(text, &day);
}


bool
caplat_take_terms(caplat_cursor *c, caplat_slice *terms)
{
    caplat_cursor  walk = *c;
    caplat_slice   text;

    if (!caplat_take_literal(&walk, CAPLAT_LIT("{\"city\":"))
        || (!caplat_take_literal(&walk, CAPLAT_LIT("null"))
            && !caplat_take_string(&walk, &text))
        || !caplat_take_literal(&walk, CAPLAT_LIT(",\"lock\":"))
        || !caplat_take_string(&walk, &text)
        || !caplat_take_literal(&walk, CAPLAT_LIT(",\"vendor\":"))
        || !caplat_take_string(&walk, &text)
        || !caplat_take_literal(&walk, CAPLAT_LIT(",\"until\":"))
        || !caplat_take_string(&walk, &text)
        || !caplat_take_literal(&walk, CAPLAT_LIT(",\"held\":"))
        || !caplat_take_ids(&walk, &text))
    {
        return false;
    }

    if (caplat_cursor_left(&walk) != 0 && *walk.at == ',' && !take_day(&walk))
    {
        return false;
    }

    if (!caplat_take_byte(&walk, '}')) {
        return false;
    }

    *terms = between(c, &walk);
    *c = walk;

    return true;
}


static bool
take_line(caplat_cursor *c)
{
    caplat_slice  text;
    uint64_t      fee;

    return caplat_take_literal(c, CAPLAT_LIT("{\"platform\":"))
        && (caplat_take_literal(c, CAPLAT_LIT("null")) || take_id(c, &text))
        && caplat_take_literal(c, CAPLAT_LIT(",\"name\":"))
        && caplat_take_string(c, &text)
        && caplat_take_literal(c, CAPLAT_LIT(",\"fee_fen\":"))
        && caplat_take_uint(c, CAPLAT_FEN_MAX, &fee)
        && caplat_take_literal(c, CAPLAT_LIT(",\"reason\":"))
        && caplat_take_string(c, &text)
        && caplat_take_byte(c, '}');
}


bool
caplat_take_lines(caplat_cursor *c, caplat_slice *lines)
{
    caplat_cursor  walk = *c;

    do {
        if (!caplat_take_byte(&walk, walk.at == c->at ? '[' : ',')
            || !take_line(&walk))
        {
            return false;
        }
    } while (caplat_cursor_left(&walk) != 0 && *walk.at == ',');

    if (!caplat_take_byte(&walk, ']')) {
        return false;
    }

    *lines = between(c, &walk);
    *c = walk;

    return true;
}
