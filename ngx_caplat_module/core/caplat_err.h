/*
 * What can go wrong, and where.
 *
 * An error is a code, a byte offset in the text that was read (or an index,
 * where the function says so) and a static word that names the field. The
 * core knows no file names: who read the file turns `at` into line and
 * column.
 */

#ifndef CAPLAT_ERR_H
#define CAPLAT_ERR_H

#include "caplat_slice.h"


/*
 * E(NAME, HTTP status, "name"): the one list of faults. First those of a
 * text that cannot be read, then the refusals of a question that can.
 */
#define CAPLAT_ERRORS(E)                                                      \
    E(TRUNCATED,           400, "truncated")                                  \
    E(TRAILING,            400, "trailing-bytes")                             \
    E(TOO_LARGE,           413, "too-large")                                  \
    E(UNKNOWN_KEY,         400, "unknown-key")                                \
    E(MISSING_KEY,         400, "missing-key")                                \
    E(TWICE,               400, "given-twice")                                \
    E(OUT_OF_ORDER,        400, "out-of-order")                               \
    E(NOT_A_NUMBER,        400, "not-a-number")                               \
    E(NOT_A_DATE,          400, "not-a-date")                                 \
    E(NOT_A_NAME,          400, "not-a-name")                                 \
    E(NOT_A_REGION,        400, "not-a-region")                               \
    E(NOT_ONE_OF,          400, "not-one-of")                                 \
    E(NOT_WORDS,           400, "not-words")                                  \
    E(UNKNOWN_NAME,        400, "unknown-name")                               \
    E(NOT_PRICED,          400, "platform-not-priced")                        \
    E(UNKNOWN_PLATFORM,    422, "unknown-platform")                           \
    E(NOTHING_CHOSEN,      422, "nothing-chosen")                             \
    E(TOO_MANY,            422, "too-many-platforms")                         \
    E(CARD_NOT_VALID,      422, "card-not-valid")                             \
    E(CERTIFICATE_EXPIRED, 422, "certificate-expired")                        \
    E(TERM_TOO_LONG,       422, "certificate-term-too-long")                  \
    E(VENDOR_NOT_SERVED,   422, "certificate-unsupported-hardware")           \
    E(DUPLICATE,           422, "platform-duplicate")                         \
    E(PLATFORM_HELD,       422, "platform-already-held")                      \
    E(PLATFORM_PAUSED,     422, "platform-paused")                            \
    E(PLATFORM_CLOSED,     422, "platform-closed")                            \
    E(TOTAL_TOO_LARGE,     422, "total-too-large")


typedef enum {
    CAPLAT_OK,
#define CAPLAT_ERR_CODE(name, status, words)  CAPLAT_##name,
    CAPLAT_ERRORS(CAPLAT_ERR_CODE)
#undef CAPLAT_ERR_CODE
    CAPLAT_CODES                        /* how many there are */
} caplat_code;


typedef struct {
    caplat_code   code;
    size_t        at;
    const char   *what;                 /* static, NUL at the end */
} caplat_err;


/*
 * Fill err; always false, so that a caller can return it. Inline, so that the
 * compiler knows that too.
 */
static inline bool
caplat_fail(caplat_err *err, caplat_code code, size_t at, const char *what)
{
    *err = (caplat_err) { code, at, what };

    return false;
}


/* "not-a-number"; "ok" of CAPLAT_OK. */
const char *caplat_code_name(caplat_code code);

/* The HTTP status of a refusal; 200 of CAPLAT_OK. */
unsigned caplat_code_status(caplat_code code);

/*
 * Line and column of a byte, both from 1. Columns count characters (UTF-8);
 * the end of the text is a place too.
 */
void caplat_locate(caplat_slice text, size_t at, size_t *line, size_t *col);


#endif /* CAPLAT_ERR_H */
