/*
 * The rate card: which platforms there are and what they cost.
 *
 * A rate card is a text of canonical bytes: the same lines and fields have one
 * way to be written, and the reader demands it byte for byte. Its id is the
 * SHA-256 of the bytes, in hex; the core never computes it, its hosts do. Two
 * cards with two ids may still mean the same: two rules that never match one
 * platform can change places.
 *
 * The grammar, byte by byte. UTF-8; lines end with LF (0x0a), also the last;
 * fields of a line are parted by one space (0x20); WORDS are the rest of the
 * line (1 to 200 bytes, no control characters, no space at either end). Lines
 * stand in this order and no other:
 *
 *   caplat-rates 1
 *   card ID FROM UNTIL            ID a name; the days on which the card is
 *                                 valid, both included; UNTIL `-` for open
 *   round HOW                     half-up | up | down: how the total is
 *                                 rounded to a fen, once
 *   prorate none
 *   prorate UNIT OF HOW MIN WORDS UNIT day | month | quarter; OF units make a
 *                                 year (365 | 12 | 4, by UNIT); HOW up |
 *                                 down: what a started unit counts; MIN, at
 *                                 most OF, the least number of units charged;
 *                                 WORDS follow a rule's reason, `{n}`, at
 *                                 most once, standing for the units
 *   base FEN WORDS                its name; or `base none`
 *   once WORDS                    the reason why the base is paid once per
 *                                 certificate term; none without base
 *   cover CLASS RELATION WORDS    what the base covers: platforms of CLASS,
 *                                 any | those that are registered; WORDS are
 *                                 the reason; none or more lines, no pair of
 *                                 CLASS and RELATION twice, the first that
 *                                 matches gives the reason; none without base
 *   class ID WORDS                one or more, in the order of display
 *   region CODE WORDS             six digits, the first not 0; ascending; none
 *                                 or more
 *   platform ID CLASS REGION STATUS WORDS
 *                                 one or more, in the order of display;
 *                                 REGION a code above or `-`; STATUS open |
 *                                 paused | closed
 *   refuse vendor NAME WORDS      keys of this maker are not served; none or
 *                                 more, ascending
 *   rule COND... PER FEN WORDS    one or more; the first that matches prices
 *                                 a platform. None or more COND, each
 *                                 KEY=VALUE, each key at most once, in this
 *                                 order:
 *                                   class=ID region=registered|other
 *                                   platform=ID lock=NAME certificate=NAME
 *                                   vendor=NAME from=DAY until=DAY
 *                                 PER is `flat` or `year`; WORDS the reason
 *
 * NAME and ID are 1 to 32 bytes of a-z, 0-9 and `-`, not starting or ending
 * with `-`; no two classes and no two platforms share one. FEN is a number
 * from 0 to CAPLAT_FEN_MAX. DAY is YYYY-MM-DD; a FROM is not after its UNTIL.
 * Numbers have no leading zero. Each platform must be priced: the base covers
 * its class, wherever it is, or a rule matches it that has no condition but
 * class and platform.
 *
 * A platform is registered when it has a region and this is the one in which
 * the enterprise is registered; else it is other.
 */

#ifndef CAPLAT_TARIFF_H
#define CAPLAT_TARIFF_H

#include "caplat_date.h"
#include "caplat_err.h"
#include "caplat_money.h"
#include "caplat_slice.h"
#include "caplat_text.h"


#define CAPLAT_RATES_LEN_MAX   65536    /* bytes: a card is read whole */
#define CAPLAT_PLATFORMS_MAX   256      /* of one card, as the rest */
#define CAPLAT_CLASSES_MAX     16
#define CAPLAT_REGIONS_MAX     64
#define CAPLAT_COVERS_MAX      16
#define CAPLAT_RULES_MAX       128
#define CAPLAT_REFUSALS_MAX    16
#define CAPLAT_MONTHS_MAX      1200     /* a certificate's remaining time */


typedef enum { CAPLAT_UNIT_NONE, CAPLAT_UNIT_DAY, CAPLAT_UNIT_MONTH,
    CAPLAT_UNIT_QUARTER } caplat_unit;

typedef enum { CAPLAT_OPEN, CAPLAT_PAUSED, CAPLAT_CLOSED } caplat_status;

typedef enum { CAPLAT_REGION_ANY, CAPLAT_REGION_REGISTERED,
    CAPLAT_REGION_OTHER } caplat_relation;


typedef struct {
    caplat_slice     id;
    caplat_slice     name;
} caplat_class;


typedef struct {
    uint32_t         code;              /* GB/T 2260, e.g. 210700 */
    caplat_slice     name;
} caplat_region;


typedef struct {
    caplat_slice     id;
    caplat_slice     name;
    size_t           class_at;          /* index into classes */
    uint32_t         region;            /* code, 0 when it has none */
    caplat_status    status;
} caplat_platform;


typedef struct {
    size_t           class_at;
    caplat_relation  relation;
    caplat_slice     reason;
} caplat_cover;


typedef struct {
    size_t           class_at;          /* CAPLAT_ANY when not a condition */
    caplat_relation  relation;
    size_t           platform_at;       /* CAPLAT_ANY when not a condition */
    caplat_slice     lock;              /* empty when not a condition */
    caplat_slice     certificate;
    caplat_slice     vendor;
    caplat_date      from;              /* zero when open */
    caplat_date      until;
    bool             per_year;
    int64_t          price_fen;
    caplat_slice     reason;
} caplat_rule;


typedef struct {
    caplat_slice     vendor;
    caplat_slice     reason;
} caplat_refusal;


#define CAPLAT_ANY         ((size_t) -1)

/* Stands for the number of units in the prorate words. */
#define CAPLAT_UNITS_MARK  CAPLAT_LIT("{n}")


/* All slices borrow from the text that was parsed. About 30 KB. */
typedef struct {
    caplat_slice     id;
    caplat_date      from;
    caplat_date      until;             /* zero when open */
    caplat_round     round;

    caplat_unit      unit;
    uint32_t         units_per_year;
    bool             started_counts;    /* a started unit counts whole */
    uint32_t         units_min;
    caplat_slice     prorate_words;

    bool             has_base;
    int64_t          base_fen;
    caplat_slice     base_name;
    caplat_slice     base_reason;

    caplat_cover     covers[CAPLAT_COVERS_MAX];
    size_t           cover_count;
    caplat_class     classes[CAPLAT_CLASSES_MAX];
    size_t           class_count;
    caplat_region    regions[CAPLAT_REGIONS_MAX];
    size_t           region_count;
    caplat_platform  platforms[CAPLAT_PLATFORMS_MAX];
    size_t           platform_count;
    caplat_refusal   refusals[CAPLAT_REFUSALS_MAX];
    size_t           refusal_count;
    caplat_rule      rules[CAPLAT_RULES_MAX];
    size_t           rule_count;
} caplat_tariff;


/*
 * Read a rate card.
 *
 * text    the canonical bytes; the tariff borrows them
 * tariff  on false it means nothing: a copy that would leave it untouched
 *         is larger than the stack of a small host
 * err     `at` counts in text; `what` names the field
 */
bool caplat_tariff_parse(caplat_slice text, caplat_tariff *tariff,
    caplat_err *err);

/* Whether the card is valid on a day. */
bool caplat_tariff_valid(const caplat_tariff *tariff, caplat_date day);

/* Whether keys of a maker are not served; empty: not known. */
bool caplat_tariff_refuses(const caplat_tariff *tariff, caplat_slice vendor);

/* Index of a class or platform, CAPLAT_ANY when the card has none such. */
size_t caplat_tariff_class(const caplat_tariff *tariff, caplat_slice id);
size_t caplat_tariff_platform(const caplat_tariff *tariff, caplat_slice id);


#endif /* CAPLAT_TARIFF_H */
