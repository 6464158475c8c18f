#include "caplat_b64.h"

#include "test.h"


#define LEN_MAX  300                    /* bytes of the longest round trip */


typedef struct {
    const char    *words;
    caplat_slice   text;
    bool           good;
    caplat_slice   bytes;
} reading;


/* RFC 4648, 10, and both sides of every edge. */
static const reading  b64[] = {
    { "nothing",         CAPLAT_INIT(""),         true,  CAPLAT_INIT("") },
    { "f",               CAPLAT_INIT("Zg=="),     true,  CAPLAT_INIT("f") },
    { "fo",              CAPLAT_INIT("Zm8="),     true,  CAPLAT_INIT("fo") },
    { "foo",             CAPLAT_INIT("Zm9v"),     true,  CAPLAT_INIT("foo") },
    { "foob",            CAPLAT_INIT("Zm9vYg=="), true,  CAPLAT_INIT("foob") },
    { "fooba",           CAPLAT_INIT("Zm9vYmE="), true,  CAPLAT_INIT("fooba") },
    { "foobar",          CAPLAT_INIT("Zm9vYmFy"), true,
      CAPLAT_INIT("foobar") },
    { "all bits",        CAPLAT_INIT("////"),     true,
      CAPLAT_INIT("\xff\xff\xff") },
    { "plus and slash",  CAPLAT_INIT("+/+/"),     true,
      CAPLAT_INIT("\xfb\xff\xbf") },
    { "no bits",         CAPLAT_INIT("AA=="),     true,  CAPLAT_INIT("\0") },

    { "no padding",      CAPLAT_INIT("Zg"),       false, CAPLAT_INIT("") },
    { "half of it",      CAPLAT_INIT("Zg="),      false, CAPLAT_INIT("") },
    { "too much of it",  CAPLAT_INIT("Zm8=="),    false, CAPLAT_INIT("") },
    { "three of it",     CAPLAT_INIT("Z==="),     false, CAPLAT_INIT("") },
    { "a four of it",    CAPLAT_INIT("===="),     false, CAPLAT_INIT("") },
    { "only padding",    CAPLAT_INIT("="),        false, CAPLAT_INIT("") },
    { "behind a four",   CAPLAT_INIT("Zm9v===="), false, CAPLAT_INIT("") },
    { "in the middle",   CAPLAT_INIT("Zg==Zg=="), false, CAPLAT_INIT("") },
    { "before the last", CAPLAT_INIT("Zm=v"),     false, CAPLAT_INIT("") },
    { "one character",   CAPLAT_INIT("Z"),        false, CAPLAT_INIT("") },
    { "five of them",    CAPLAT_INIT("Zm9vY"),    false, CAPLAT_INIT("") },
    { "the last bit of four over", CAPLAT_INIT("Zh=="), false,
      CAPLAT_INIT("") },
    { "the first of them",         CAPLAT_INIT("Zo=="), false,
      CAPLAT_INIT("") },
    { "the last bit of two over",  CAPLAT_INIT("Zm9="), false,
      CAPLAT_INIT("") },
    { "the first of them",         CAPLAT_INIT("Zm+="), false,
      CAPLAT_INIT("") },
    { "a blank before",  CAPLAT_INIT(" Zm9"),     false, CAPLAT_INIT("") },
    { "a blank behind",  CAPLAT_INIT("Zm9vYg= "), false, CAPLAT_INIT("") },
    { "a line feed",     CAPLAT_INIT("Zm9v\nZm9"), false, CAPLAT_INIT("") },
    { "a NUL",           CAPLAT_INIT("Zm9\0"),    false, CAPLAT_INIT("") },
    { "a minus",         CAPLAT_INIT("-m9v"),     false, CAPLAT_INIT("") },
    { "an underscore",   CAPLAT_INIT("Zm9_"),     false, CAPLAT_INIT("") },
    { "eight bits",      CAPLAT_INIT("Zm9\xf6"),  false, CAPLAT_INIT("") },
    { "eight at the end", CAPLAT_INIT("\xda" "g=="), false, CAPLAT_INIT("") },
};


static const reading  b64url[] = {
    { "nothing",         CAPLAT_INIT(""),         true,  CAPLAT_INIT("") },
    { "f",               CAPLAT_INIT("Zg"),       true,  CAPLAT_INIT("f") },
    { "fo",              CAPLAT_INIT("Zm8"),      true,  CAPLAT_INIT("fo") },
    { "foo",             CAPLAT_INIT("Zm9v"),     true,  CAPLAT_INIT("foo") },
    { "foob",            CAPLAT_INIT("Zm9vYg"),   true,  CAPLAT_INIT("foob") },
    { "minus and underscore", CAPLAT_INIT("-_-_"), true,
      CAPLAT_INIT("\xfb\xff\xbf") },

    { "padding",         CAPLAT_INIT("Zg=="),     false, CAPLAT_INIT("") },
    { "padding of one",  CAPLAT_INIT("Zm8="),     false, CAPLAT_INIT("") },
    { "one character",   CAPLAT_INIT("Z"),        false, CAPLAT_INIT("") },
    { "five of them",    CAPLAT_INIT("Zm9vY"),    false, CAPLAT_INIT("") },
    { "a bit of four over", CAPLAT_INIT("Zh"),    false, CAPLAT_INIT("") },
    { "a bit of two over", CAPLAT_INIT("Zm9"),    false, CAPLAT_INIT("") },
    { "a plus",          CAPLAT_INIT("+m9v"),     false, CAPLAT_INIT("") },
    { "a slash",         CAPLAT_INIT("Zm9/"),     false, CAPLAT_INIT("") },
    { "a blank",         CAPLAT_INIT("Zm9v "),    false, CAPLAT_INIT("") },
    { "a full stop",     CAPLAT_INIT("Zm9v.Zg"),  false, CAPLAT_INIT("") },
};


static void
check(const reading *row, bool url)
{
    uint8_t  bytes[16];
    char     text[16];
    size_t   len = 99;
    bool     good = url ? caplat_b64url_read(row->text, bytes, 16, &len)
                        : caplat_b64_read(row->text, bytes, 16, &len);

    test_number(good, row->good, row->words);

    if (!url) {
        test_number(caplat_b64_valid(row->text), row->good, row->words);
    }

    if (!good) {
        test_number(len, 99, row->words);
        return;
    }

    test_text(caplat_slice_of((const char *) bytes, len), row->bytes,
        row->words);
    len = url ? caplat_b64url_write(bytes, len, text)
              : caplat_b64_write(bytes, len, text);
    test_text(caplat_slice_of(text, len), row->text, row->words);
}


static void
test_tables(void)
{
    for (size_t i = 0; i < CAPLAT_COUNT(b64); i++) {
        check(&b64[i], false);
    }

    for (size_t i = 0; i < CAPLAT_COUNT(b64url); i++) {
        check(&b64url[i], true);
    }
}


/* Exactly 64 of the 256 characters are digits, in each place of four. */
static void
test_characters(void)
{
    uint8_t  bytes[3];
    size_t   len;

    for (size_t place = 0; place < 4; place++) {
        char    text[4] = { 'A', 'A', 'A', 'A' };
        size_t  b64_count = 0;
        size_t  b64url_count = 0;

        for (int byte = 0; byte < 256; byte++) {
            text[place] = (char) byte;
            b64_count += byte != '='
                && caplat_b64_read(caplat_slice_of(text, 4), bytes, 3, &len);
            b64url_count += caplat_b64url_read(caplat_slice_of(text, 4),
                                               bytes, 3, &len);
        }

        test_number(b64_count, 64, "digits of base64");
        test_number(b64url_count, 64, "digits of base64url");
    }
}


static void
test_room(void)
{
    uint8_t  bytes[4] = { 1, 2, 3, 4 };
    size_t   len = 99;

    test_that(!caplat_b64_read(CAPLAT_LIT("Zm9vYg=="), bytes, 3, &len),
        "a byte too many");
    test_that(!caplat_b64url_read(CAPLAT_LIT("Zm9vYg"), bytes, 3, &len),
        "a byte too many");
    test_that(bytes[0] == 1 && bytes[3] == 4 && len == 99, "untouched");
    test_that(caplat_b64_read(CAPLAT_LIT("Zm9vYg=="), bytes, 4, &len),
        "just room enough");
    test_number(len, 4, "four bytes");
    test_that(caplat_b64_read((caplat_slice) { NULL, 0 }, NULL, 0, &len),
        "nothing into nothing");
    test_number(len, 0, "nothing");
}


static void
test_lengths(void)
{
    static uint8_t  bytes[LEN_MAX];
    static uint8_t  again[LEN_MAX];
    static char     text[CAPLAT_B64_LEN(LEN_MAX)];

    for (size_t i = 0; i < LEN_MAX; i++) {
        bytes[i] = (uint8_t) (i * 37 + i / 7);
    }

    for (size_t len = 0; len <= LEN_MAX; len++) {
        size_t  wrote = caplat_b64_write(bytes, len, text);
        size_t  got = 0;

        test_number(wrote, CAPLAT_B64_LEN(len), "base64's length");
        test_that(caplat_b64_read(caplat_slice_of(text, wrote), again, len,
                                  &got)
                  && got == len && memcmp(bytes, again, len) == 0, "again");

        wrote = caplat_b64url_write(bytes, len, text);
        test_number(wrote, CAPLAT_B64URL_LEN(len), "base64url's length");
        test_that(caplat_b64url_read(caplat_slice_of(text, wrote), again,
                                     len, &got)
                  && got == len && memcmp(bytes, again, len) == 0, "again");
    }
}


int
main(void)
{
    test_tables();
    test_characters();
    test_room();
    test_lengths();

    return test_done();
}
