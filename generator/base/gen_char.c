#include "gen_char.h"


/* A range of code points, both ends in it. */
typedef struct {
    uint32_t  first;
    uint32_t  last;
} range;


/* Unicode's general classes Pc Pd Ps Pe Pi Pf Po, as far as text uses them. */
static const range  punct_ranges[] = {
    { 0x0021, 0x002F }, { 0x003A, 0x0040 }, { 0x005B, 0x0060 },
    { 0x007B, 0x007E }, { 0x00A1, 0x00A1 }, { 0x00A7, 0x00A7 },
    { 0x00AB, 0x00AB }, { 0x00B6, 0x00B7 }, { 0x00BB, 0x00BB },
    { 0x00BF, 0x00BF }, { 0x2010, 0x2027 }, { 0x2030, 0x2043 },
    { 0x2045, 0x2051 }, { 0x2053, 0x205E }, { 0x3001, 0x3003 },
    { 0x3008, 0x3011 }, { 0x3014, 0x301F }, { 0x3030, 0x3030 },
    { 0x303D, 0x303D }, { 0x30A0, 0x30A0 }, { 0x30FB, 0x30FB },
    { 0xFE10, 0xFE19 }, { 0xFE30, 0xFE52 }, { 0xFE54, 0xFE61 },
    { 0xFE63, 0xFE63 }, { 0xFE68, 0xFE68 }, { 0xFE6A, 0xFE6B },
    { 0xFF01, 0xFF03 }, { 0xFF05, 0xFF0A }, { 0xFF0C, 0xFF0F },
    { 0xFF1A, 0xFF1B }, { 0xFF1F, 0xFF20 }, { 0xFF3B, 0xFF3D },
    { 0xFF3F, 0xFF3F }, { 0xFF5B, 0xFF5B }, { 0xFF5D, 0xFF5D },
    { 0xFF5F, 0xFF65 },
};

/* Unicode's East Asian width W and F. */
static const range  wide_ranges[] = {
    { 0x1100, 0x115F }, { 0x2329, 0x232A }, { 0x2E80, 0x303E },
    { 0x3041, 0xA4CF }, { 0xA960, 0xA97F }, { 0xAC00, 0xD7A3 },
    { 0xF900, 0xFAFF }, { 0xFE10, 0xFE19 }, { 0xFE30, 0xFE6F },
    { 0xFF01, 0xFF60 }, { 0xFFE0, 0xFFE6 }, { 0x1F300, 0x1F64F },
    { 0x1F900, 0x1F9FF }, { 0x20000, 0x3FFFD },
};

static const range  zero_ranges[] = {
    { 0x0300, 0x036F }, { 0x200B, 0x200F }, { 0x2060, 0x2064 },
    { 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F },
    { 0xFEFF, 0xFEFF },
};


#define COUNT_OF(a)  (sizeof(a) / sizeof((a)[0]))


static bool
in_ranges(uint32_t c, const range *ranges, size_t count)
{
    size_t  low = 0;
    size_t  high = count;

    while (low < high) {
        size_t  middle = (low + high) / 2;

        if (c > ranges[middle].last) {
            low = middle + 1;

        } else if (c < ranges[middle].first) {
            high = middle;

        } else {
            return true;
        }
    }

    return false;
}


size_t
gen_char_write(uint32_t c, char out[static GEN_CHAR_LEN_MAX])
{
    if (c < 0x80) {
        out[0] = (char) c;
        return 1;
    }

    if (c < 0x800) {
        out[0] = (char) (0xC0 | c >> 6);
        out[1] = (char) (0x80 | (c & 0x3F));
        return 2;
    }

    if (c < 0x10000) {
        out[0] = (char) (0xE0 | c >> 12);
        out[1] = (char) (0x80 | (c >> 6 & 0x3F));
        out[2] = (char) (0x80 | (c & 0x3F));
        return 3;
    }

    out[0] = (char) (0xF0 | c >> 18);
    out[1] = (char) (0x80 | (c >> 12 & 0x3F));
    out[2] = (char) (0x80 | (c >> 6 & 0x3F));
    out[3] = (char) (0x80 | (c & 0x3F));

    return 4;
}


bool
gen_char_is_punct(uint32_t c)
{
    return in_ranges(c, punct_ranges, COUNT_OF(punct_ranges));
}


bool
gen_char_is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000;
}


unsigned
gen_char_cells(uint32_t c)
{
    if (c < 0x300) {
        return 1;
    }

    if (in_ranges(c, wide_ranges, COUNT_OF(wide_ranges))) {
        return 2;
    }

    return in_ranges(c, zero_ranges, COUNT_OF(zero_ranges)) ? 0 : 1;
}
