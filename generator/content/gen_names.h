/*
 * The words by which prose calls what the tariff prices, and their prices:
 * made once for a catalogue, then read by all threads.
 */

#ifndef GEN_NAMES_H
#define GEN_NAMES_H

#include "gen_model.h"


#define GEN_NAME_LEN_MIN 3              /* bytes: one Han character */
#define GEN_NO_PRICE     INT64_C(-1)
#define GEN_NO_PLATFORM  UINT32_MAX


/* The base, a class or a platform. */
typedef struct {
    caplat_slice   id;                  /* "base" for the base */
    caplat_slice   name;
    int64_t        price_fen;           /* a year, registered elsewhere */
    bool           covered;             /* by the base, at least somewhere */
    uint32_t       platform_at;         /* or GEN_NO_PLATFORM */
} gen_priced;


/* A name or an alias of something priced. */
typedef struct {
    caplat_slice   words;
    uint32_t       priced_at;
} gen_name;


/* What a byte may begin, for who walks prose: most begin nothing. */
typedef enum { GEN_STOP_NONE, GEN_STOP_ESCAPE, GEN_STOP_BRACE, GEN_STOP_SIGN,
    GEN_STOP_WIDE, GEN_STOP_NAME } gen_stop;


typedef struct {
    const gen_catalogue  *catalogue;
    gen_priced           *priced;       /* base, classes, then platforms */
    size_t                priced_count;
    gen_name             *names;        /* descending, so longer ones first */
    size_t                name_count;
    caplat_slice         *ids;          /* of priced, for suggestions */
    caplat_slice         *platform_ids; /* the last ones of ids */
    uint8_t               stops[256];   /* gen_stop by first byte */
    uint64_t              firsts[16];   /* by first byte: second bytes */
    uint64_t              seconds[16];  /* by second byte: third bytes */
} gen_names;


/*
 * Names of less than three bytes are left out. Prices are those of `day`, the
 * build's.
 */
const gen_names *gen_names_make(gen_arena *keep,
    const gen_catalogue *catalogue, caplat_slice day);

/* The longest name with which text begins; NULL when there is none. */
const gen_name *gen_names_find(const gen_names *names, caplat_slice text);

/* The base, a class or a platform by its id; NULL when there is none. */
const gen_priced *gen_names_priced(const gen_names *names, caplat_slice id);

/* Index in priced of a platform. */
static inline uint32_t
gen_names_platform(const gen_names *names, size_t platform_at)
{
    return (uint32_t) (names->catalogue->name_count + platform_at);
}


/* False when no name and no unit begins at p: quick and mostly right. */
static inline bool
gen_names_may(const gen_names *names, const char *p, const char *end)
{
    return end - p >= GEN_NAME_LEN_MIN
           && (names->firsts[p[0] & 15] >> (p[1] & 63) & 1) != 0
           && (names->seconds[p[1] & 15] >> (p[2] & 63) & 1) != 0;
}


#endif /* GEN_NAMES_H */
