#include "caplat_cmd_csv.h"

#include <stdio.h>


static bool
is_formula(caplat_slice text)
{
    static const caplat_slice  starts[] = {
        CAPLAT_INIT("="), CAPLAT_INIT("+"), CAPLAT_INIT("-"),
        CAPLAT_INIT("@"), CAPLAT_INIT("\t"), CAPLAT_INIT("\r"),
        CAPLAT_INIT("\n"), CAPLAT_INIT("＝"), CAPLAT_INIT("＋"),
        CAPLAT_INIT("－"), CAPLAT_INIT("＠"),
    };

    for (size_t i = 0; i < CAPLAT_COUNT(starts); i++) {
        caplat_cursor  c = caplat_cursor_of(text);

        if (caplat_take_literal(&c, starts[i])) {
            return true;
        }
    }

    return false;
}


/* What can be part of a number or a day alone. */
static bool
is_like_a_number(caplat_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (memchr("0123456789-./:,eE ()", text.ptr[i], 20) == NULL) {
            return false;
        }
    }

    return text.len != 0;
}


static void
print(caplat_slice text, const char *before, const char *behind)
{
    (void) fputs(before, stdout);

    for (size_t i = 0; i < text.len; i++) {
        (void) putchar(text.ptr[i]);

        if (text.ptr[i] == '"') {
            (void) putchar('"');
        }
    }

    (void) fputs(behind, stdout);
}


void
caplat_cmd_csv(caplat_slice text)
{
    print(text, is_formula(text) ? "\"'" : "\"", "\"");
}


void
caplat_cmd_csv_digits(caplat_slice text)
{
    if (is_like_a_number(text)) {
        print(text, is_formula(text) ? "\"'" : "\"", "\t\"");

    } else {
        caplat_cmd_csv(text);
    }
}
