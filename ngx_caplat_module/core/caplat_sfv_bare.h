/*
 * Bare items of Structured Fields (RFC 9651, 3.3).
 *
 *   Integer     ["-"] 1*15DIGIT
 *   Decimal     ["-"] 1*12DIGIT "." 1*3DIGIT
 *   String      DQUOTE of printable ASCII, \" and \\ DQUOTE
 *   Token       ( ALPHA / "*" ) *( tchar / ":" / "/" )
 *   Bytes       ":" base64 ":"
 *   Boolean     "?0" / "?1"
 *   Date        "@" Integer
 *
 * Stricter than the RFC: bytes are strict base64 (caplat_b64.h). Display
 * Strings are refused, for nothing that we read has a place for one.
 */

#ifndef CAPLAT_SFV_BARE_H
#define CAPLAT_SFV_BARE_H

#include "caplat_err.h"
#include "caplat_write.h"


typedef enum {
    CAPLAT_SFV_INTEGER, CAPLAT_SFV_DECIMAL, CAPLAT_SFV_STRING,
    CAPLAT_SFV_TOKEN, CAPLAT_SFV_BYTES, CAPLAT_SFV_BOOLEAN, CAPLAT_SFV_DATE
} caplat_sfv_type;


typedef struct {
    caplat_sfv_type   type;
    int64_t           number;           /* INTEGER; DECIMAL in thousandths;
                                           BOOLEAN 0 or 1; DATE in seconds */
    caplat_slice      text;             /* STRING as it stands between its
                                           quotes, with its escapes; TOKEN;
                                           BYTES, their base64 */
} caplat_sfv_bare;


/*
 * Take a bare item.
 *
 * err  TRUNCATED     a string or bytes without an end
 *      NOT_A_NUMBER  no digits, too many of them, a Date with a fraction
 *      NOT_WORDS     a byte that a String may not have; not strict base64
 *      NOT_ONE_OF    something that is no bare item
 */
bool caplat_sfv_take_bare(caplat_cursor *c, caplat_sfv_bare *bare,
    caplat_err *err);

/* Write its canonical form (RFC 9651, 4.1.3.1). */
void caplat_sfv_put_bare(caplat_writer *w, const caplat_sfv_bare *bare);


#endif /* CAPLAT_SFV_BARE_H */
