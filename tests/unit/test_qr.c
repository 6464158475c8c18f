#include "caplat_qr.h"

#include "test.h"


/* The patterns that every code has in three corners. */
static void
test_shape(void)
{
    static char    room[CAPLAT_QR_ROOM];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_slice   text = CAPLAT_LIT("weixin://wxpay/bizpayurl?pr=NwY5Mz9");
    caplat_slice   json;

    test_that(caplat_qr_write(&w, text), "a code");
    json = caplat_written(&w);

    /* 29 modules a side: version 3. */
    test_number(json.len, 29 * 32 + 1, "its size");
    test_text(caplat_slice_of(json.ptr, 9), CAPLAT_LIT("[\"1111111"),
        "the first corner");
    test_text(caplat_slice_of(json.ptr + 24, 8), CAPLAT_LIT("1111111\""),
        "the second");
    test_text(caplat_slice_of(json.ptr + json.len - 31, 7),
        CAPLAT_LIT("1111111"), "the third");
}


static void
test_bounds(void)
{
    static char    room[CAPLAT_QR_ROOM], text[CAPLAT_QR_TEXT_MAX + 1];

    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    caplat_writer  small = caplat_writer_of(room, 100);

    memset(text, '\xFF', sizeof(text));
    test_that(caplat_qr_write(&w, caplat_slice_of(text, CAPLAT_QR_TEXT_MAX)),
        "the longest");
    test_that(!caplat_qr_write(&w, caplat_slice_of(text, sizeof(text))),
        "longer");
    test_that(!caplat_qr_write(&w, CAPLAT_LIT("")), "nothing");
    test_that(!caplat_qr_write(&w, CAPLAT_LIT("a\0b")), "a NUL");
    test_that(!caplat_qr_write(&small, CAPLAT_LIT("a")), "no room");
}


int
main(void)
{
    test_shape();
    test_bounds();

    return test_done();
}
