/*
 * What both channels' fuzzers hold: a key that nobody can sign for, and what a
 * notice has that was accepted.
 */

#ifndef CAPLAT_FUZZ_NOTICE_H
#define CAPLAT_FUZZ_NOTICE_H

#include "caplat_money.h"
#include "caplat_notice.h"


/* Nobody has the private half. */
#define PLATFORM_KEY                                                          \
    "-----BEGIN PUBLIC KEY-----\n"                                            \
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAyWusIcOOgwpMHJXvGx1/\n"      \
    "SjAf4sPuHNvnNUpVrdT7MJj8dfwPGuS5tIjFPwglbFEARZs7Mcv8wH1/r39+MNwM\n"      \
    "nHv7s6v0bX/KS3wEZxpCKz7gtDschErztpwKs6b4xmboYooAHpqmsppbA2aAeTpB\n"      \
    "JdwMzKOZA9Qq6vwTive317qQ2QgiTNF0QITx+FzlGB927NipljCbY3RHEFU3RfRp\n"      \
    "t3+mwkRdWciO+6ayYLLnwj5tuvSarRFhMPsEd89moC62Dafr5ZdrF2qLkVBUnR28\n"      \
    "oJFfM4DcynUldjuSbHX0jvCEJJUmBMMzMJKHBNslZoJ3MARvktR6hWj31BWjr1b1\n"      \
    "kwIDAQAB\n"                                                              \
    "-----END PUBLIC KEY-----\n"


static inline void
check_notice(const caplat_notice *notice, caplat_channel channel)
{
    caplat_assert(notice->channel == channel);

    if (notice->kind == CAPLAT_NOTICE_NOTHING) {
        return;
    }

    caplat_assert(caplat_notice_number(notice->order));
    caplat_assert(caplat_notice_number(notice->trade));
    caplat_assert(notice->amount_fen > 0
                  && caplat_fen_valid(notice->amount_fen));
    caplat_assert(notice->time >= 0);
    caplat_assert(notice->payer.len <= CAPLAT_NOTICE_PAYER_MAX);
}


#endif /* CAPLAT_FUZZ_NOTICE_H */
