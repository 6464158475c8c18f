#include "caplat_text.h"


bool
caplat_name_valid(caplat_slice text)
{
    if (text.len == 0 || text.len > CAPLAT_NAME_LEN_MAX
        || text.ptr[0] == '-' || text.ptr[text.len - 1] == '-')
    {
        return false;
    }

    for (size_t i = 0; i < text.len; i++) {
        char  byte = text.ptr[i];

        if (!caplat_is_digit(byte) && (byte < 'a' || byte > 'z')
            && byte != '-')
        {
            return false;
        }
    }

    return true;
}


bool
caplat_take_character(caplat_cursor *c, uint32_t *character)
{
    static const uint32_t  least[4] = { 0, 0x80, 0x800, 0x10000 };

    uint32_t  lead = c->at != c->end ? (unsigned char) *c->at : 0xff;
    size_t    more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    uint32_t  value = more == 0 ? lead : lead & (0x3fu >> more);

    if ((lead >= 0x80 && lead < 0xc0) || lead > 0xf4
        || caplat_cursor_left(c) <= more)
    {
        return false;
    }

    for (size_t i = 1; i <= more; i++) {
        uint32_t  byte = (unsigned char) c->at[i];

        if ((byte & 0xc0) != 0x80) {
            return false;
        }

        value = value << 6 | (byte & 0x3f);
    }

    if (value < least[more] || value > 0x10ffff
        || (value >= 0xd800 && value <= 0xdfff))
    {
        return false;
    }

    c->at += more + 1;
    *character = value;

    return true;
}


bool
caplat_words_valid(caplat_slice text)
{
    caplat_cursor  c = caplat_cursor_of(text);
    uint32_t       character;

    if (text.len == 0 || text.len > CAPLAT_WORDS_LEN_MAX
        || text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ')
    {
        return false;
    }

    while (caplat_cursor_left(&c) != 0) {
        if (!caplat_take_character(&c, &character)
            || character < 0x20
            || (character >= 0x7f && character < 0xa0))
        {
            return false;
        }
    }

    return true;
}


caplat_code
caplat_number_read(caplat_slice text, uint64_t max, uint64_t *number)
{
    caplat_cursor  c = caplat_cursor_of(text);
    uint64_t       value;

    if (text.len == 0 || (text.len > 1 && text.ptr[0] == '0')) {
        return CAPLAT_NOT_A_NUMBER;
    }

    for (size_t i = 0; i < text.len; i++) {
        if (!caplat_is_digit(text.ptr[i])) {
            return CAPLAT_NOT_A_NUMBER;
        }
    }

    if (!caplat_take_uint(&c, max, &value)) {
        return CAPLAT_TOO_LARGE;
    }

    *number = value;

    return CAPLAT_OK;
}


bool
caplat_region_read(caplat_slice text, uint32_t *code)
{
    uint64_t  number;

    if (text.len != 6
        || caplat_number_read(text, 999999, &number) != CAPLAT_OK)
    {
        return false;
    }

    *code = (uint32_t) number;

    return true;
}
