#include "caplat_pem.h"
#include "caplat_b64.h"

#include <sodium.h>


#define DASHES   CAPLAT_LIT("-----")
#define BEGIN    CAPLAT_LIT("-----BEGIN ")
#define END      CAPLAT_LIT("-----END ")


struct caplat_pem {
    caplat_slice   label;
    size_t         label_at;
    size_t         bytes_at;
    char           digits[CAPLAT_PEM_LEN_MAX];
    size_t         digit_count;
    uint8_t        bytes[CAPLAT_PEM_LEN_MAX / 4 * 3];
    size_t         len;
};


void
caplat_pem_close(caplat_pem *pem)
{
    sodium_free(pem);
}


caplat_slice
caplat_pem_label(const caplat_pem *pem, size_t *at)
{
    *at = pem->label_at;

    return pem->label;
}


caplat_slice
caplat_pem_bytes(const caplat_pem *pem, size_t *at)
{
    *at = pem->bytes_at;

    return caplat_slice_of((const char *) pem->bytes, pem->len);
}


/* A line without its end; false at the end of the text. */
static bool
take_line(caplat_cursor *c, caplat_slice *line)
{
    if (caplat_cursor_left(c) == 0) {
        return false;
    }

    if (!caplat_take_until(c, '\n', CAPLAT_PEM_LEN_MAX, line)) {
        (void) caplat_take_rest(c, CAPLAT_PEM_LEN_MAX, line);
    }

    if (line->len != 0 && line->ptr[line->len - 1] == '\r') {
        line->len--;
    }

    return true;
}


/* -----BEGIN LABEL-----, or END. */
static bool
read_boundary(caplat_slice line, caplat_slice begin, caplat_slice *label)
{
    caplat_cursor  c = caplat_cursor_of(line);

    if (!caplat_take_literal(&c, begin)
        || caplat_cursor_left(&c) <= DASHES.len
        || memcmp(line.ptr + line.len - DASHES.len, DASHES.ptr, DASHES.len)
           != 0)
    {
        return false;
    }

    *label = caplat_slice_of(c.at, caplat_cursor_left(&c) - DASHES.len);

    return true;
}


static bool
take_begin(caplat_cursor *c, caplat_pem *pem, caplat_err *err)
{
    caplat_slice  line;

    while (take_line(c, &line)) {
        if (read_boundary(line, BEGIN, &pem->label)) {
            pem->label_at = (size_t) (pem->label.ptr - c->start);
            pem->bytes_at = caplat_cursor_at(c);

            return true;
        }
    }

    return caplat_fail(err, CAPLAT_MISSING_KEY, 0, "-----BEGIN ...-----");
}


static bool
is_digit(char byte)
{
    return caplat_is_digit(byte) || caplat_is_letter(byte) || byte == '+'
        || byte == '/' || byte == '=';
}


/* There is room for all digits of a text that is not too large. */
static bool
take_digits(caplat_pem *pem, caplat_slice line, size_t line_at,
    caplat_err *err)
{
    for (size_t i = 0; i < line.len; i++) {
        if (!is_digit(line.ptr[i])) {
            return caplat_fail(err, CAPLAT_NOT_ONE_OF, line_at + i, "base64");
        }

        pem->digits[pem->digit_count++] = line.ptr[i];
    }

    return true;
}


static bool
take_body(caplat_cursor *c, caplat_pem *pem, caplat_err *err)
{
    caplat_slice  line, label;

    while (take_line(c, &line)) {
        size_t  at = (size_t) (line.ptr - c->start);

        if (read_boundary(line, END, &label)) {
            return caplat_slice_eq(label, pem->label)
                   || caplat_fail(err, CAPLAT_NOT_ONE_OF, at + END.len,
                                  "label of END");
        }

        if (!take_digits(pem, line, at, err)) {
            return false;
        }
    }

    return caplat_fail(err, CAPLAT_TRUNCATED, caplat_cursor_at(c),
                       "-----END ...-----");
}


static bool
take_end(caplat_cursor *c, caplat_err *err)
{
    for (; c->at != c->end; c->at++) {
        if (*c->at != ' ' && *c->at != '\n' && *c->at != '\r') {
            return caplat_fail(err, CAPLAT_TRAILING, caplat_cursor_at(c),
                               "what follows the block");
        }
    }

    return true;
}


static bool
read_text(caplat_slice text, caplat_pem *pem, caplat_err *err)
{
    caplat_cursor  c = caplat_cursor_of(text);

    if (!take_begin(&c, pem, err) || !take_body(&c, pem, err)
        || !take_end(&c, err))
    {
        return false;
    }

    caplat_slice  digits = caplat_slice_of(pem->digits, pem->digit_count);

    if (digits.len == 0
        || !caplat_b64_read(digits, pem->bytes, sizeof(pem->bytes), &pem->len))
    {
        return caplat_fail(err, CAPLAT_NOT_ONE_OF, pem->bytes_at, "base64");
    }

    return true;
}


bool
caplat_pem_open(caplat_slice text, caplat_pem **pem, caplat_err *err)
{
    if (text.len > CAPLAT_PEM_LEN_MAX) {
        return caplat_fail(err, CAPLAT_TOO_LARGE, 0, "PEM");
    }

    caplat_pem  *made = sodium_malloc(sizeof(caplat_pem));

    if (made == NULL) {
        return caplat_fail(err, CAPLAT_TOO_LARGE, 0, "memory");
    }

    made->digit_count = 0;

    if (!read_text(text, made, err)) {
        caplat_pem_close(made);
        return false;
    }

    *pem = made;

    return true;
}
