#include "caplat_json.h"


static bool
is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}


static void
skip_blanks(caplat_cursor *c)
{
    while (c->at != c->end && is_blank(*c->at)) {
        c->at++;
    }
}


/* A string with its quotation marks; to the end when the second is missing. */
static void
skip_string(caplat_cursor *c)
{
    c->at++;

    while (c->at != c->end && *c->at != '"') {
        c->at += *c->at == '\\' && caplat_cursor_left(c) > 1 ? 2 : 1;
    }

    if (c->at != c->end) {
        c->at++;
    }
}


static void
skip_scalar(caplat_cursor *c)
{
    if (*c->at == '"') {
        skip_string(c);
        return;
    }

    do {
        c->at++;
    } while (c->at != c->end && !is_blank(*c->at)
             && memchr(",:[]{}\"", *c->at, 7) == NULL);
}


/* Behind a value of a text that has been read, so that brackets match. */
static void
skip_value(caplat_cursor *c)
{
    size_t  nested = 0;

    do {
        if (*c->at == '[' || *c->at == '{') {
            nested++;
            c->at++;

        } else if (*c->at == ']' || *c->at == '}') {
            nested -= nested != 0;
            c->at++;

        } else if (*c->at == ',' || *c->at == ':') {
            c->at++;

        } else {
            skip_scalar(c);
        }

        skip_blanks(c);
    } while (nested != 0 && c->at != c->end);
}


/* Into an object or array at `at`. */
static bool
enter(caplat_slice text, size_t at, char bracket, caplat_cursor *c)
{
    *c = caplat_cursor_of(text);

    if (at > text.len) {
        return false;
    }

    c->at += at;
    skip_blanks(c);

    if (!caplat_take_byte(c, bracket)) {
        return false;
    }

    skip_blanks(c);

    return true;
}


static bool
is_named(caplat_slice key, const char *name)
{
    for (size_t i = 0; i < key.len; i++) {
        if (name[i] == '\0' || name[i] != key.ptr[i]) {
            return false;
        }
    }

    return name[key.len] == '\0';
}


bool
caplat_json_member_at(caplat_slice text, size_t object_at, const char *name,
    size_t *at)
{
    caplat_cursor  c;

    if (!enter(text, object_at, '{', &c)) {
        return false;
    }

    while (c.at != c.end && *c.at == '"') {
        const char  *start = c.at + 1;

        skip_string(&c);

        if (c.at == start) {
            return false;
        }

        caplat_slice  key = caplat_slice_of(start,
                                            (size_t) (c.at - start) - 1);

        skip_blanks(&c);

        if (!caplat_take_byte(&c, ':')) {
            return false;
        }

        skip_blanks(&c);

        if (c.at == c.end) {
            return false;
        }

        if (is_named(key, name)) {
            *at = caplat_cursor_at(&c);
            return true;
        }

        skip_value(&c);

        if (!caplat_take_byte(&c, ',')) {
            return false;
        }

        skip_blanks(&c);
    }

    return false;
}


bool
caplat_json_item_at(caplat_slice text, size_t array_at, size_t n, size_t *at)
{
    caplat_cursor  c;

    if (!enter(text, array_at, '[', &c)) {
        return false;
    }

    while (c.at != c.end && *c.at != ']') {
        if (n == 0) {
            *at = caplat_cursor_at(&c);
            return true;
        }

        skip_value(&c);
        n--;

        if (!caplat_take_byte(&c, ',')) {
            return false;
        }

        skip_blanks(&c);
    }

    return false;
}
