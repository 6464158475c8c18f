/*
 * The pricing core for a browser.
 *
 * A page writes a rate card to in() and calls load(); then, as often as it
 * likes, it writes a question to in(), calls quote(), and reads the answer
 * from out(). Bytes are UTF-8; caplat_tariff.h and caplat_price.h say what
 * they look like. in() and out() stay where they are.
 */

#include "caplat_price.h"


#define EXPORT(name)  __attribute__((export_name(name)))


static char           card[CAPLAT_RATES_LEN_MAX];
static char           input[CAPLAT_RATES_LEN_MAX];
static char           answer[CAPLAT_ANSWER_LEN_MAX];
static caplat_tariff  tariff;
static bool           is_loaded;

_Static_assert(CAPLAT_QUESTION_LEN_MAX <= CAPLAT_RATES_LEN_MAX,
    "in() has room for either");


/* Exported, so there are no prototypes to share. */
char *in(void);
char *out(void);
bool load(size_t len);
size_t quote(size_t len);


/* Room for CAPLAT_RATES_LEN_MAX bytes. */
EXPORT("in") char *
in(void)
{
    return input;
}


EXPORT("out") char *
out(void)
{
    return answer;
}


/* Take the rate card of len bytes; false when it is not one. */
EXPORT("load") bool
load(size_t len)
{
    caplat_err  err;

    is_loaded = false;

    if (len > sizeof(card)) {
        return false;
    }

    memcpy(card, input, len);
    is_loaded = caplat_tariff_parse(caplat_slice_of(card, len), &tariff, &err);

    return is_loaded;
}


/*
 * Answer the question of len bytes, refusals included; the answer's length,
 * or 0 when no card is loaded or in() has no room for len bytes.
 */
EXPORT("quote") size_t
quote(size_t len)
{
    if (!is_loaded || len > sizeof(input)) {
        return 0;
    }

    return caplat_price_answer(&tariff, caplat_slice_of(input, len), answer);
}
