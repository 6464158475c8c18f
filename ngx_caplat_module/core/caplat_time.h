/*
 * Moments as Chinese services write them: the clock of Beijing, which is eight
 * hours ahead of UTC all the year.
 */

#ifndef CAPLAT_TIME_H
#define CAPLAT_TIME_H

#include "caplat_date.h"
#include "caplat_slice.h"


#define CAPLAT_TIME_LEN  19             /* bytes of YYYY-MM-DD hh:mm:ss */


/*
 * A moment of the years 1970 to 9999 as Beijing has it.
 *
 * seconds  since 1970-01-01T00:00:00Z
 * between  what stands between day and time: ' ' or 'T'
 */
void caplat_time_write(int64_t seconds, char between,
    char out[static CAPLAT_TIME_LEN]);

/* When a day begins there: seconds; before 1970, negative. */
int64_t caplat_time_of_day(caplat_date day);

/*
 * Read the same; behind it there may be a fraction of a second, `.` and one to
 * nine digits, which is dropped. No moment before 1970, no second 60.
 */
bool caplat_time_parse(caplat_slice text, int64_t *seconds);

/*
 * A moment with its zone (RFC 3339, 5.6): 2027-01-15T16:30:00+08:00, `T` and
 * `Z` in upper case, else as above.
 */
bool caplat_time_parse_zoned(caplat_slice text, int64_t *seconds);


#endif /* CAPLAT_TIME_H */
