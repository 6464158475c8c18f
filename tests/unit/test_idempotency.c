#include "caplat_idempotency.h"

#include "test.h"


#define A8   "aaaaaaaa"
#define A64  A8 A8 A8 A8 A8 A8 A8 A8


int
main(void)
{
    static const struct {
        const char    *words;
        caplat_slice   text;
        const char    *key;             /* NULL when it is refused */
    } cases[] = {
        { "a string",            CAPLAT_INIT("\"12345678\""), "12345678" },
        { "bare",                CAPLAT_INIT("12345678"),     "12345678" },
        { "all characters",      CAPLAT_INIT("AZaz09._~-"),   "AZaz09._~-" },
        { "a UUID",
          CAPLAT_INIT("\"7d2c3a5e-6a1f-4a0e-9d54-2a1f6f0c9b11\""),
          "7d2c3a5e-6a1f-4a0e-9d54-2a1f6f0c9b11" },
        { "the longest",         CAPLAT_INIT(A64),            A64 },
        { "between quotes",      CAPLAT_INIT("\"" A64 "\""),  A64 },

        { "one more",            CAPLAT_INIT(A64 "a"),            NULL },
        { "between quotes",      CAPLAT_INIT("\"" A64 "a\""),     NULL },
        { "one less",            CAPLAT_INIT("1234567"),          NULL },
        { "quotes do not count", CAPLAT_INIT("\"1234567\""),      NULL },
        { "nothing",             CAPLAT_INIT(""),                 NULL },
        { "a quote",             CAPLAT_INIT("\""),               NULL },
        { "two quotes",          CAPLAT_INIT("\"\""),             NULL },
        { "only the first",      CAPLAT_INIT("\"12345678"),       NULL },
        { "only the last",       CAPLAT_INIT("12345678\""),       NULL },
        { "two pairs",           CAPLAT_INIT("\"\"12345678\"\""), NULL },
        { "one in the middle",   CAPLAT_INIT("\"1234\"5678\""),   NULL },
        { "an escape",           CAPLAT_INIT("\"1234\\\\5678\""), NULL },
        { "a parameter",         CAPLAT_INIT("\"12345678\";a=1"), NULL },
        { "two of them",         CAPLAT_INIT("12345678, 12345678"), NULL },
        { "a blank",             CAPLAT_INIT("1234 5678"),        NULL },
        { "at the end",          CAPLAT_INIT("12345678 "),        NULL },
        { "a plus",              CAPLAT_INIT("1234+5678"),        NULL },
        { "a slash",             CAPLAT_INIT("1234/5678"),        NULL },
        { "a NUL",               CAPLAT_INIT("1234567\0"),        NULL },
        { "eight bits",          CAPLAT_INIT("1234567\xe9"),      NULL },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_slice  key = CAPLAT_LIT("untouched");
        bool          good = caplat_idempotency_key_read(cases[i].text, &key);

        test_number(good, cases[i].key != NULL, cases[i].words);
        test_text(key, good ? test_slice(cases[i].key)
                            : CAPLAT_LIT("untouched"), cases[i].words);
    }

    return test_done();
}
