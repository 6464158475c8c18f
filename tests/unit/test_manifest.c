#include "gen_manifest.h"

#include "test_gen.h"


/* Nine lines: the paths b, d, f, ... r, each with a number as its length. */
static const caplat_slice  text = CAPLAT_INIT(
    "00112233445566778899aabbccddeeff 1 10 none b\n"
    "00112233445566778899aabbccddeeff 2 10 none d\n"
    "00112233445566778899aabbccddeeff 3 10 quick f\n"
    "00112233445566778899aabbccddeeff 4 10 none h\n"
    "00112233445566778899aabbccddeeff 5 10 none j\n"
    "00112233445566778899aabbccddeeff 6 10 release l\n"
    "00112233445566778899aabbccddeeff 7 10 none n\n"
    "00112233445566778899aabbccddeeff 8 10 none p\n"
    "00112233445566778899aabbccddeeff 9 10 none r\n");

#define LINES  9


/* Every path, and every gap between two, from every place to begin at. */
static void
test_find(const gen_manifest *manifest)
{
    char  name = 'a';

    for (size_t i = 0; i <= 2 * LINES; i++, name++) {
        for (size_t from = 0; from <= LINES; from++) {
            size_t               near = from;
            const gen_published  *line = gen_manifest_find(
                manifest, caplat_slice_of(&name, 1), &near);

            test_number(near, i / 2, "where it is or would be");
            test_that(i % 2 == 0 ? line == NULL
                                 : line == &manifest->lines[i / 2],
                      "found when it is there");
        }
    }
}


static void
test_write(gen_manifest *old)
{
    gen_manifest  fresh = { 0 };
    gen_manifest  none = { 0 };
    gen_buf       out = { 0 };
    caplat_slice  paths[] = { CAPLAT_LIT("a"), CAPLAT_LIT("h"),
                              CAPLAT_LIT("s") };

    for (size_t i = 0; i < LINES; i++) {
        old->lines[i].stays = true;
    }

    gen_manifest_write(&none, old, &out);
    test_text(gen_buf_slice(&out), text, "what stays is as it was");

    for (size_t i = 0; i < LINES; i++) {
        old->lines[i].stays = i == 4;
    }

    for (size_t i = 0; i < CAPLAT_COUNT(paths); i++) {
        gen_manifest_add(&fresh, (gen_published) { .path = paths[i] });
    }

    out.len = 0;
    gen_manifest_write(&fresh, old, &out);
    test_text(gen_buf_slice(&out), CAPLAT_LIT(
        "00000000000000000000000000000000 0 0 none a\n"
        "00000000000000000000000000000000 0 0 none h\n"
        "00112233445566778899aabbccddeeff 5 10 none j\n"
        "00000000000000000000000000000000 0 0 none s\n"),
        "new lines between those that stay");

    gen_buf_close(&out);
    gen_manifest_close(&fresh);
}


static void
test_faults(void)
{
    static const caplat_slice  faults[] = {
        CAPLAT_INIT("00112233445566778899aabbccddeeff 1 10 none b"),
        CAPLAT_INIT("00112233445566778899aabbccddeefF 1 10 none b\n"),
        CAPLAT_INIT("00112233445566778899aabbccddeeg0 1 10 none b\n"),
        CAPLAT_INIT("0112233445566778899aabbccddeeff 1 10 none b\n"),
        CAPLAT_INIT("00112233445566778899aabbccddeeff 01 10 none b\n"),
        CAPLAT_INIT("00112233445566778899aabbccddeeff 1 10 best b\n"),
        CAPLAT_INIT("00112233445566778899aabbccddeeff 1 10 none \n"),
        CAPLAT_INIT("00112233445566778899aabbccddeeff 1 10 none b\n"
                    "00112233445566778899aabbccddeeff 1 10 none b\n"),
    };

    for (size_t i = 0; i < CAPLAT_COUNT(faults); i++) {
        gen_manifest  manifest;

        gen_manifest_parse(faults[i], &manifest);
        test_number(manifest.count, 0, "no manifest");
        gen_manifest_close(&manifest);
    }
}


int
main(void)
{
    gen_manifest  manifest;

    gen_manifest_parse(text, &manifest);
    test_number(manifest.count, LINES, "all lines");
    test_find(&manifest);
    test_write(&manifest);
    gen_manifest_close(&manifest);
    test_faults();

    return test_done();
}
