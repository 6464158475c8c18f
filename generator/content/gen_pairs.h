/*
 * `key: value` lines, read by a table of keys into a struct. gen_front.h tells
 * what they look like.
 */

#ifndef GEN_PAIRS_H
#define GEN_PAIRS_H

#include "gen_model.h"


#define GEN_KEYS_MAX  32                /* keys of one table */


/* What a value must look like, and what it is stored as. */
typedef enum {
    GEN_VALUE_WORDS,                    /* caplat_slice */
    GEN_VALUE_DAY,                      /* caplat_slice, a real day */
    GEN_VALUE_ORIGIN,                   /* caplat_slice, https://host */
    GEN_VALUE_ISSUER,                   /* caplat_slice, https://host/path, */
                                        /* or http:// on this machine */
    GEN_VALUE_DIAL,                     /* caplat_slice, tel:+digits */
    GEN_VALUE_EMAIL,                    /* caplat_slice, name@host */
    GEN_VALUE_NUMBER,                   /* uint32_t, 0..999 */
    GEN_VALUE_YES_NO,                   /* bool */

    GEN_VALUE_LABELS,                   /* these may be given again and */
    GEN_VALUE_URLS,                     /* again: gen_entries */
    GEN_VALUE_LABELS_WORDS,             /* label | words */
    GEN_VALUE_LABELS_URLS,              /* label | /url/ */
    GEN_VALUE_LABELS_URLS_WORDS,        /* label | /url/ | words */
    GEN_VALUE_CHANGES                   /* the changes of a gen_front */
} gen_value_type;


typedef struct {
    caplat_slice    name;
    gen_value_type  type;
    unsigned        kinds;              /* of files that may have it: bits */
    unsigned        required;           /* kinds that must have it */
    size_t          offset;             /* of the value in the result */
} gen_key;


#define GEN_KEY(name, type, kinds, required, where, field)                    \
    { { name, sizeof(name) - 1 }, GEN_VALUE_##type, kinds, required,          \
      offsetof(where, field) }


/* One file and where its values go. */
typedef struct {
    gen_arena         *keep;            /* for lists */
    gen_diags         *diags;
    const gen_source  *source;
    caplat_slice       text;            /* a copy of the source, or of its */
                                        /* first part: values lie in it */
    const gen_key     *keys;
    size_t             key_count;
    unsigned           kind;            /* one bit */
    void              *result;          /* zero at first */
} gen_pairs;


/*
 * Read lines, which are a part of pairs->text. Problems are reported, and the
 * value in question stays empty.
 */
void gen_pairs_read(const gen_pairs *pairs, caplat_slice lines);

/* Report a problem with a part of pairs->text. */
void gen_pairs_report(const gen_pairs *pairs, caplat_slice where,
    gen_code code, const caplat_slice words[GEN_WORDS_MAX],
    caplat_slice near);


#endif /* GEN_PAIRS_H */
