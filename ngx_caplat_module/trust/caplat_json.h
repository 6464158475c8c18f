/*
 * JSON from outside, read strictly.
 *
 * RFC 8259 with the limits of I-JSON (RFC 7493): UTF-8 without a byte order
 * mark, no duplicate member, no lone surrogate, nothing behind the value, at
 * most the given depth (a value in an object in an array: 3) and
 * CAPLAT_JSON_MEMBERS_MAX members of an object. No number that is out of range,
 * and no -0, which is no integer. NUL is allowed in a string and refused by the
 * takes below, as all control characters are.
 *
 * A document has its own copy of its text. A value borrows from its document,
 * which caplat_json_close frees.
 */

#ifndef CAPLAT_JSON_H
#define CAPLAT_JSON_H

#include "caplat_err.h"
#include "caplat_slice.h"


#define CAPLAT_JSON_DEPTH_MAX    6      /* of tokens, proofs and bodies */
#define CAPLAT_JSON_INT_MAX      ((INT64_C(1) << 53) - 1)

/* Each name is compared with those before it. */
#define CAPLAT_JSON_MEMBERS_MAX  256    /* of an object */


typedef struct caplat_json  caplat_json;


/*
 * Read a text that is one JSON object.
 *
 * err  at: the byte that does not belong there; TRUNCATED, TRAILING,
 *      TOO_LARGE (depth, members, memory), TWICE (a member), NOT_A_NUMBER
 *      (out of range, or -0),
 *      NOT_WORDS (not UTF-8, a lone surrogate, NUL in a name), NOT_ONE_OF
 *      (not an object, a byte order mark), UNKNOWN_KEY (anything else)
 */
bool caplat_json_open(caplat_slice text, size_t depth_max, caplat_json **object,
    caplat_err *err);
void caplat_json_close(caplat_json *object);    /* NULL too */

/* The same of what was secret: its text is wiped. */
void caplat_json_wipe(caplat_json *object);     /* NULL too */

/* What a value is; NULL is nothing of it. */
bool caplat_json_is_object(const caplat_json *value);
bool caplat_json_is_array(const caplat_json *value);
bool caplat_json_is_string(const caplat_json *value);
bool caplat_json_is_integer(const caplat_json *value);
bool caplat_json_is_true(const caplat_json *value);
bool caplat_json_is_false(const caplat_json *value);

/* A member by its name; NULL when there is none, or this is no object. */
const caplat_json *caplat_json_get(const caplat_json *object,
    const char *name);

/* How many members or items; 0 when this is no object or no array. */
size_t caplat_json_members(const caplat_json *object);
size_t caplat_json_items(const caplat_json *array);

/* An item by its number, for short arrays: they are walked. NULL: none. */
const caplat_json *caplat_json_item(const caplat_json *array, size_t n);

/* Members or items in their order; NULL: no more. */
const caplat_json *caplat_json_first(const caplat_json *value);
const caplat_json *caplat_json_next(const caplat_json *value);
caplat_slice caplat_json_name(const caplat_json *member);

/* Let an object be without a member. */
void caplat_json_drop(caplat_json *object, const char *name);

/* What a string or an integer says. A NUL stands behind strings and names. */
caplat_slice caplat_json_slice(const caplat_json *string);
int64_t caplat_json_number(const caplat_json *integer);

/*
 * A member that is a string of min to max bytes without control characters
 * (C0, DEL); false when it is absent or anything else.
 */
bool caplat_json_string(const caplat_json *object, const char *name, size_t min,
    size_t max, caplat_slice *text);

/* The same of a value, which may be NULL. */
bool caplat_json_text(const caplat_json *value, size_t min, size_t max,
    caplat_slice *text);

/* A member that is an integer from min to max: not 1.0, not 1e3, not -0. */
bool caplat_json_integer(const caplat_json *object, const char *name,
    int64_t min, int64_t max, int64_t *number);

/*
 * Where in a text a value stands: for the place of a fault that the text's
 * meaning has. The text should have been read by caplat_json_open; of another
 * the answer means little. A name that is written with escapes is not found.
 *
 * object_at, array_at  where that begins, 0 for the whole text
 */
bool caplat_json_member_at(caplat_slice text, size_t object_at,
    const char *name, size_t *at);
bool caplat_json_item_at(caplat_slice text, size_t array_at, size_t n,
    size_t *at);


#endif /* CAPLAT_JSON_H */
