#include "caplat_err.h"


typedef struct {
    const char  *name;
    unsigned     status;
} code_row;


static const code_row  codes[CAPLAT_CODES] = {
    { "ok", 200 },
#define CODE_ROW(name, status, words)  { words, status },
    CAPLAT_ERRORS(CODE_ROW)
#undef CODE_ROW
};


const char *
caplat_code_name(caplat_code code)
{
    caplat_assert(code < CAPLAT_CODES);

    return codes[code].name;
}


unsigned
caplat_code_status(caplat_code code)
{
    caplat_assert(code < CAPLAT_CODES);

    return codes[code].status;
}


static bool
starts_character(char byte)
{
    return ((unsigned char) byte & 0xc0) != 0x80;
}


void
caplat_locate(caplat_slice text, size_t at, size_t *line, size_t *col)
{
    size_t  lines = 1;
    size_t  start = 0;
    size_t  cols = 1;

    caplat_assert(at <= text.len);

    for (size_t i = 0; i < at; i++) {
        if (text.ptr[i] == '\n') {
            lines++;
            start = i + 1;
        }
    }

    for (size_t i = start; i < at; i++) {
        cols += starts_character(text.ptr[i]);
    }

    *line = lines;
    *col = cols;
}
