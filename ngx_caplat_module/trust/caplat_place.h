/*
 * Members of the objects of a registry (caplat_registry.h), taken strictly,
 * with the place of what is wrong.
 */

#ifndef CAPLAT_PLACE_H
#define CAPLAT_PLACE_H

#include "caplat_err.h"
#include "caplat_json.h"
#include "caplat_slice.h"


#define CAPLAT_NO_ITEM  SIZE_MAX


/* Where an object stands in the document; looked for only when needed. */
typedef struct {
    caplat_slice    text;
    size_t          holder;             /* which */
    const char     *inner;              /* "org", "certs", "tls"; or NULL */
    size_t          item;               /* which of a list's */
    caplat_err     *err;
} caplat_place;


/* An object that is being read. */
typedef struct {
    const caplat_json   *object;
    const caplat_place  *place;
} caplat_placed;


/* Members that an object may have; the first `needed` must be there. */
typedef struct {
    const char   *names[9];             /* NULL at the end */
    size_t        needed;
} caplat_shape;


/* Fill err with the place of a member; always false. The object's own place
   where it has none such, or where member is NULL. */
bool caplat_place_fail(const caplat_place *place, caplat_code code,
    const char *member);

/* It is an object that has all that it needs, and nothing unknown. */
bool caplat_place_fit(const caplat_placed *m, const caplat_shape *shape);

/* A member of 1 to max characters, none of them a control. */
bool caplat_place_words(const caplat_placed *m, const char *name,
    size_t max, caplat_slice *words);

/* The same of 1 to max bytes. */
bool caplat_place_text(const caplat_placed *m, const char *name,
    size_t max, caplat_slice *text);

/* The same of characters, or it is absent: words are untouched then. */
bool caplat_place_given(const caplat_placed *m, const char *name,
    size_t max, caplat_slice *words);


#endif /* CAPLAT_PLACE_H */
