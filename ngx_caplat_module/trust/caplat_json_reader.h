/*
 * What the files of the JSON reader share; for them alone.
 */

#ifndef CAPLAT_JSON_READER_H
#define CAPLAT_JSON_READER_H

#include "caplat_json.h"


typedef enum {
    CAPLAT_JSON_NULL,
    CAPLAT_JSON_FALSE,
    CAPLAT_JSON_TRUE,
    CAPLAT_JSON_INTEGER,
    CAPLAT_JSON_REAL,
    CAPLAT_JSON_STRING,
    CAPLAT_JSON_ARRAY,
    CAPLAT_JSON_OBJECT,
} caplat_json_kind;


struct caplat_json {
    caplat_json_kind  kind;
    uint32_t          count;            /* of items or members */
    caplat_slice      name;             /* of a member; of the document's
                                           object all of its text */
    caplat_json      *next;             /* beside it */

    union {
        caplat_slice  text;             /* STRING */
        int64_t       number;           /* INTEGER */
        caplat_json  *first;            /* ARRAY, OBJECT */
    };
};


/*
 * A document is one piece of memory: its values, the object first, and behind
 * them its text, in which strings are, their escapes replaced where they stand.
 */
typedef struct {
    caplat_cursor   c;
    caplat_json    *values;
    size_t          count;              /* of them */
    size_t          room;
    size_t          nested;
    size_t          depth_max;
    caplat_err     *err;
} caplat_json_reader;


/* Fill err with where the reader stands; always false. */
static inline bool
caplat_json_fail(const caplat_json_reader *r, caplat_code code)
{
    return caplat_fail(r->err, code, caplat_cursor_at(&r->c), "json");
}


/* The same: what stands there does not belong there, or nothing does. */
static inline bool
caplat_json_fail_here(const caplat_json_reader *r)
{
    return caplat_json_fail(r, r->c.at == r->c.end ? CAPLAT_TRUNCATED
                                                   : CAPLAT_UNKNOWN_KEY);
}


/* A byte that must stand there. */
bool caplat_json_take(caplat_json_reader *r, char byte);

/* From the quotation mark that begins it to behind the one that ends it. */
bool caplat_json_read_string(caplat_json_reader *r, caplat_slice *text);

/* A member of an object, or NULL. */
const caplat_json *caplat_json_find(const caplat_json *object,
    caplat_slice name);


#endif /* CAPLAT_JSON_READER_H */
