/*
 * What all unit tests share: checks that are counted, and a last line that
 * says how it went.
 *
 *     int
 *     main(void)
 *     {
 *         test_that(1 + 1 == 2, "one and one");
 *         return test_done();
 *     }
 *
 * A check that holds is silent; one that does not prints a line that begins
 * with its file and line. The words after the condition say which case of a
 * table it was.
 */

#ifndef TEST_H
#define TEST_H

#include "caplat_slice.h"

#include <stdio.h>


static unsigned long  test_passed;
static unsigned long  test_failed;
static unsigned long  test_skipped;


/* Count a check; true when it held. */
static inline bool
test_count(bool holds, const char *file, int line, const char *check,
    const char *words)
{
    if (holds) {
        test_passed++;

    } else {
        test_failed++;
        printf("%s:%d: %s: %s\n", file, line, words, check);
    }

    return holds;
}


static inline bool
test_count_number(long long is, long long want, const char *file, int line,
    const char *check, const char *words)
{
    if (!test_count(is == want, file, line, check, words)) {
        printf("    is %lld, should be %lld\n", is, want);
    }

    return is == want;
}


static inline bool
test_count_text(caplat_slice is, caplat_slice want, const char *file,
    int line, const char *check, const char *words)
{
    bool  same = caplat_slice_eq(is, want);

    if (!test_count(same, file, line, check, words)) {
        printf("    is        %.*s\n    should be %.*s\n", (int) is.len,
            is.ptr, (int) want.len, want.ptr);
    }

    return same;
}


#define test_that(x, words)                                                   \
    test_count((x), __FILE__, __LINE__, #x, (words))

/* Two whole numbers that should be equal. */
#define test_number(is, want, words)                                          \
    test_count_number((long long) (is), (long long) (want), __FILE__,         \
        __LINE__, #is, (words))

/* Two slices that should have the same bytes. */
#define test_text(is, want, words)                                            \
    test_count_text((is), (want), __FILE__, __LINE__, #is, (words))


/* A test that cannot be made here, and why. */
static inline void
test_skip(const char *words, const char *reason)
{
    test_skipped++;
    printf("skipped: %s: %s\n", words, reason);
}


/* The last line, and the program's status. */
static inline int
test_done(void)
{
    printf("%lu passed, %lu failed, %lu skipped\n", test_passed, test_failed,
        test_skipped);

    return test_failed == 0 ? 0 : 1;
}


/* A C string as a slice; tests may measure them. */
static inline caplat_slice
test_slice(const char *text)
{
    size_t  len = 0;

    while (text[len] != '\0') {
        len++;
    }

    return caplat_slice_of(text, len);
}


#endif /* TEST_H */
