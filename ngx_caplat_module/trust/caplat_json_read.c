#include "caplat_json_reader.h"

#include <sodium.h>
#include <stdlib.h>


#define REAL_DIGITS_MAX  308            /* before the point: what a double
                                           surely holds */


static bool read_value(caplat_json_reader *r, caplat_json **value);


static void
skip_blanks(caplat_cursor *c)
{
    while (c->at != c->end
           && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n'
               || *c->at == '\r'))
    {
        c->at++;
    }
}


static size_t
skip_digits(caplat_cursor *c)
{
    const char  *start = c->at;

    while (c->at != c->end && *c->at >= '0' && *c->at <= '9') {
        c->at++;
    }

    return (size_t) (c->at - start);
}


/* The digits of an integer part: one, or more that do not begin with 0. */
static bool
take_digits(caplat_json_reader *r, caplat_slice *digits)
{
    const char  *start = r->c.at;
    size_t       len = skip_digits(&r->c);

    if (len > 1 && *start == '0') {
        r->c.at = start + 1;
        return caplat_json_fail_here(r);
    }

    *digits = caplat_slice_of(start, len);

    return len != 0 || caplat_json_fail_here(r);
}


/* What makes a number a real one; `large` when no double may hold it. */
static bool
take_rest(caplat_json_reader *r, size_t digits, bool *is_real, bool *large)
{
    size_t  power = 0;

    *is_real = false;

    if (caplat_take_byte(&r->c, '.')) {
        *is_real = true;

        if (skip_digits(&r->c) == 0) {
            return caplat_json_fail_here(r);
        }
    }

    if (caplat_take_byte(&r->c, 'e') || caplat_take_byte(&r->c, 'E')) {
        bool  down = caplat_take_byte(&r->c, '-');

        *is_real = true;

        if (!down) {
            (void) caplat_take_byte(&r->c, '+');
        }

        const char  *start = r->c.at;

        if (skip_digits(&r->c) == 0) {
            return caplat_json_fail_here(r);
        }

        for (; start != r->c.at && power <= REAL_DIGITS_MAX; start++) {
            power = power * 10 + (size_t) (*start - '0');
        }

        power = down ? 0 : power;
    }

    *large = digits > REAL_DIGITS_MAX || power > REAL_DIGITS_MAX
             || digits + power > REAL_DIGITS_MAX + 1;

    return true;
}


/* Decimal digits; the least number has no positive twin. */
static bool
number_of(caplat_slice digits, bool negative, int64_t *number)
{
    const uint64_t  max = (uint64_t) INT64_MAX + (negative ? 1 : 0);
    uint64_t        value = 0;

    for (size_t i = 0; i < digits.len; i++) {
        uint64_t  digit = (uint64_t) (digits.ptr[i] - '0');

        if (value > (max - digit) / 10) {
            return false;
        }

        value = value * 10 + digit;
    }

    *number = !negative ? (int64_t) value
              : value == 0 ? 0 : -(int64_t) (value - 1) - 1;

    return true;
}


static bool
read_number(caplat_json_reader *r, caplat_json *value)
{
    caplat_cursor  start = r->c;
    bool           negative = caplat_take_byte(&r->c, '-');
    caplat_slice   digits;
    bool           is_real;
    bool           large;

    if (!take_digits(r, &digits)
        || !take_rest(r, digits.len, &is_real, &large))
    {
        return false;
    }

    value->kind = is_real ? CAPLAT_JSON_REAL : CAPLAT_JSON_INTEGER;

    if (is_real) {
        return !large || caplat_json_fail(r, CAPLAT_NOT_A_NUMBER);
    }

    if (negative && digits.ptr[0] == '0') {
        r->c = start;
        return caplat_json_fail(r, CAPLAT_NOT_A_NUMBER);
    }

    return number_of(digits, negative, &value->number)
           || caplat_json_fail(r, CAPLAT_NOT_A_NUMBER);
}


/* Behind the bracket; false at a first item or name that is too deep. */
static bool
enter(caplat_json_reader *r, char close, bool *is_empty)
{
    skip_blanks(&r->c);
    *is_empty = caplat_take_byte(&r->c, close);

    if (*is_empty) {
        return true;
    }

    if (r->nested + 1 == r->depth_max && r->c.at != r->c.end) {
        return caplat_fail(r->err, CAPLAT_TOO_LARGE, caplat_cursor_at(&r->c),
                           "depth");
    }

    r->nested++;

    return true;
}


/* Behind an item or a member. */
static bool
take_end(caplat_json_reader *r, char close, bool *is_last)
{
    skip_blanks(&r->c);
    *is_last = caplat_take_byte(&r->c, close);

    if (*is_last) {
        r->nested--;
        return true;
    }

    if (!caplat_json_take(r, ',')) {
        return false;
    }

    skip_blanks(&r->c);

    return true;
}


static bool
read_array(caplat_json_reader *r, caplat_json *array)
{
    caplat_json  **link = &array->first;
    bool           is_last;

    array->kind = CAPLAT_JSON_ARRAY;

    if (!enter(r, ']', &is_last)) {
        return false;
    }

    while (!is_last) {
        if (!read_value(r, link) || !take_end(r, ']', &is_last)) {
            return false;
        }

        array->count++;
        link = &(*link)->next;
    }

    return true;
}


static bool
read_name(caplat_json_reader *r, const caplat_json *object, caplat_slice *name)
{
    if (object->count == CAPLAT_JSON_MEMBERS_MAX) {
        return caplat_fail(r->err, CAPLAT_TOO_LARGE, caplat_cursor_at(&r->c),
                           "members");
    }

    if (!caplat_json_read_string(r, name)) {
        return false;
    }

    if (memchr(name->ptr, '\0', name->len) != NULL) {
        return caplat_json_fail(r, CAPLAT_NOT_WORDS);
    }

    if (caplat_json_find(object, *name) != NULL) {
        return caplat_json_fail(r, CAPLAT_TWICE);
    }

    skip_blanks(&r->c);

    if (!caplat_json_take(r, ':')) {
        return false;
    }

    skip_blanks(&r->c);

    return true;
}


static bool
read_object(caplat_json_reader *r, caplat_json *object)
{
    caplat_json  **link = &object->first;
    caplat_slice   name;
    bool           is_last;

    object->kind = CAPLAT_JSON_OBJECT;

    if (!enter(r, '}', &is_last)) {
        return false;
    }

    while (!is_last) {
        caplat_json  *member;

        if (!read_name(r, object, &name) || !read_value(r, &member)) {
            return false;
        }

        member->name = name;
        *link = member;
        link = &member->next;
        object->count++;

        if (!take_end(r, '}', &is_last)) {
            return false;
        }
    }

    return true;
}


static bool
read_word(caplat_json_reader *r, caplat_json *value)
{
    if (caplat_take_literal(&r->c, CAPLAT_LIT("true"))) {
        value->kind = CAPLAT_JSON_TRUE;

    } else if (caplat_take_literal(&r->c, CAPLAT_LIT("false"))) {
        value->kind = CAPLAT_JSON_FALSE;

    } else if (caplat_take_literal(&r->c, CAPLAT_LIT("null"))) {
        value->kind = CAPLAT_JSON_NULL;

    } else {
        return caplat_json_fail_here(r);
    }

    return true;
}


/* It calls itself no deeper than depth_max. */
static bool
read_value(caplat_json_reader *r, caplat_json **value)
{
    if (r->c.at == r->c.end) {
        return caplat_json_fail_here(r);
    }

    caplat_assert(r->count < r->room);

    caplat_json  *v = &r->values[r->count++];
    char          byte = *r->c.at;

    *v = (caplat_json) { .kind = CAPLAT_JSON_STRING };

    bool  read = byte == '"' ? caplat_json_read_string(r, &v->text)
                 : caplat_take_byte(&r->c, '{') ? read_object(r, v)
                 : caplat_take_byte(&r->c, '[') ? read_array(r, v)
                 : byte == '-' || (byte >= '0' && byte <= '9')
                 ? read_number(r, v)
                 : read_word(r, v);

    if (read) {
        *value = v;
    }

    return read;
}


/* No more values than the first, and one behind each of these. */
static size_t
count_values(caplat_slice text)
{
    size_t  count = 1;

    for (size_t i = 0; i < text.len; i++) {
        char  byte = text.ptr[i];

        count += byte == ',' || byte == '[' || byte == '{';
    }

    return count;
}


static bool
read_document(caplat_json_reader *r, caplat_json **object)
{
    skip_blanks(&r->c);

    if (r->c.at == r->c.end || *r->c.at != '{') {
        return caplat_json_fail(r, r->c.at == r->c.end ? CAPLAT_TRUNCATED
                                           : CAPLAT_NOT_ONE_OF);
    }

    if (!read_value(r, object)) {
        return false;
    }

    skip_blanks(&r->c);

    return r->c.at == r->c.end || caplat_json_fail(r, CAPLAT_TRAILING);
}


bool
caplat_json_open(caplat_slice text, size_t depth_max, caplat_json **object,
    caplat_err *err)
{
    size_t        room = count_values(text);
    caplat_json  *read;

    caplat_assert(depth_max != 0
                  && room <= (SIZE_MAX - text.len) / sizeof(caplat_json));

    caplat_json  *values = malloc(room * sizeof(caplat_json) + text.len);

    if (values == NULL) {
        return caplat_fail(err, CAPLAT_TOO_LARGE, 0, "memory");
    }

    char                *copy = (char *) (values + room);
    caplat_json_reader   r = {
        .values = values, .room = room, .depth_max = depth_max, .err = err,
    };

    if (text.len != 0) {
        memcpy(copy, text.ptr, text.len);
    }

    r.c = caplat_cursor_of(caplat_slice_of(copy, text.len));

    if (!read_document(&r, &read)) {
        free(values);
        return false;
    }

    caplat_assert(read == values);
    read->name = caplat_slice_of(copy, text.len);
    *object = read;

    return true;
}


void
caplat_json_close(caplat_json *object)
{
    free(object);
}


void
caplat_json_wipe(caplat_json *object)
{
    if (object != NULL) {
                sodium_memzero((char *) (uintptr_t) object->name.ptr,
                       object->name.len);
        free(object);
    }
}
