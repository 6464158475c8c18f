#include "caplat_bill_text.h"

#include "caplat_money.h"
#include "caplat_text.h"
#include "caplat_time.h"

#include <iconv.h>
#include <stdlib.h>


/* How much of a text is UTF-8. */
static size_t
utf8_len(caplat_slice text)
{
    caplat_cursor  c = caplat_cursor_of(text);
    uint32_t       character;

    while (c.at != c.end && caplat_take_character(&c, &character)) {
        /* void */
    }

    return caplat_cursor_at(&c);
}


/* Two bytes of GB18030 make three of UTF-8 at most. */
static bool
convert(caplat_slice bytes, caplat_slice *text, bool *is_broken, char **room)
{
    iconv_t   converter = iconv_open("UTF-8", "GB18030");
    char     *in = (char *) (uintptr_t) bytes.ptr, *out;
    size_t    in_len = bytes.len, out_len = bytes.len / 2 * 3 + 4;

    if (converter == (iconv_t) -1) {
        return false;
    }

    *room = malloc(out_len);
    out = *room;

    if (out != NULL) {
        *is_broken = iconv(converter, &in, &in_len, &out, &out_len)
                     == (size_t) -1;
        *text = caplat_slice_of(*room, (size_t) (out - *room));
    }

    (void) iconv_close(converter);

    return out != NULL;
}


bool
caplat_bill_decode(caplat_slice bytes, caplat_slice *text, bool *is_broken,
    char **room)
{
    caplat_cursor  c = caplat_cursor_of(bytes);
    bool           is_marked = caplat_take_literal(&c,
                                                   CAPLAT_LIT("\xef\xbb\xbf"));
    caplat_slice   rest = caplat_slice_of(c.at, caplat_cursor_left(&c));
    size_t         len = utf8_len(rest);

    if (!is_marked && len != rest.len) {
        return convert(bytes, text, is_broken, room);
    }

    *text = caplat_slice_of(rest.ptr, len);
    *is_broken = len != rest.len;
    *room = NULL;

    return true;
}


static bool
is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}


static caplat_slice
trim(caplat_slice text)
{
    while (text.len != 0 && is_blank(text.ptr[text.len - 1])) {
        text.len--;
    }

    while (text.len != 0 && is_blank(text.ptr[0])) {
        text = caplat_slice_of(text.ptr + 1, text.len - 1);
    }

    return text;
}


bool
caplat_bill_take_line(caplat_cursor *c, caplat_slice *line)
{
    size_t  left = caplat_cursor_left(c);

    if (left == 0) {
        return false;
    }

    if (!caplat_take_until(c, '\n', left, line)) {
        (void) caplat_take_rest(c, left, line);
    }

    *line = trim(*line);

    return true;
}


/* What is before the next ",`", which is taken but for the back-tick. */
static caplat_slice
take_ticked(caplat_cursor *c)
{
    const char  *start = c->at;

    while (c->at != c->end) {
        if (caplat_take_literal(c, CAPLAT_LIT(",`"))) {
            c->at--;
            return caplat_slice_of(start, (size_t) (c->at - 1 - start));
        }

        c->at++;
    }

    return caplat_slice_of(start, (size_t) (c->at - start));
}


/* What is before the next comma, which is taken; one that a quotation mark
   begins ends with the next that is not doubled. */
static caplat_slice
take_quoted(caplat_cursor *c)
{
    const char  *start = c->at;
    bool         is_quoted = c->at != c->end && *c->at == '"';
    bool         is_inside = false;

    while (c->at != c->end && (is_inside || *c->at != ',')) {
        is_inside ^= is_quoted && *c->at == '"';
        c->at++;
    }

    caplat_slice  cell = caplat_slice_of(start, (size_t) (c->at - start));

    (void) caplat_take_byte(c, ',');

    return cell;
}


static caplat_slice
unwrap(caplat_slice cell)
{
    cell = trim(cell);

    if (cell.len != 0 && cell.ptr[0] == '`') {
        cell = caplat_slice_of(cell.ptr + 1, cell.len - 1);

    } else if (cell.len > 1 && cell.ptr[0] == '"'
               && cell.ptr[cell.len - 1] == '"')
    {
        cell = caplat_slice_of(cell.ptr + 1, cell.len - 2);
    }

    return trim(cell);
}


bool
caplat_bill_split(caplat_slice line,
    caplat_slice cells[static CAPLAT_BILL_COLUMNS_MAX], size_t *count)
{
    caplat_cursor  c = caplat_cursor_of(line);
    bool           is_ticked = line.len != 0 && line.ptr[0] == '`';
    bool           is_last = false;
    size_t         n = 0;

    while (!is_last) {
        caplat_slice  cell = is_ticked ? take_ticked(&c) : take_quoted(&c);

        if (n == CAPLAT_BILL_COLUMNS_MAX) {
            return false;
        }

        cells[n++] = unwrap(cell);
        is_last = cell.ptr + cell.len == c.end;
    }

    *count = n;

    return true;
}


static bool
take_two(caplat_cursor *c, int64_t max, int64_t *number)
{
    if (caplat_cursor_left(c) < 2 || !caplat_is_digit(c->at[0])
        || !caplat_is_digit(c->at[1]))
    {
        return false;
    }

    *number = (c->at[0] - '0') * 10 + (c->at[1] - '0');
    c->at += 2;

    return *number <= max;
}


/* 15:04:05, as seconds. */
static bool
take_clock(caplat_cursor *c, int64_t *seconds)
{
    int64_t  hour, minute, second;

    if (!take_two(c, 23, &hour) || !caplat_take_byte(c, ':')
        || !take_two(c, 59, &minute) || !caplat_take_byte(c, ':')
        || !take_two(c, 59, &second))
    {
        return false;
    }

    *seconds = hour * 3600 + minute * 60 + second;

    return true;
}


static bool
make_time(caplat_slice day, int64_t seconds, int64_t *time)
{
    caplat_date  date;

    if (!caplat_date_parse(day, &date) || date.year < 1971) {
        return false;
    }

    *time = caplat_time_of_day(date) + seconds;

    return true;
}


/* Move behind the next `part`. */
static bool
skip_to(caplat_cursor *c, caplat_slice part)
{
    caplat_cursor  walk = *c;

    while (walk.at != walk.end) {
        if (caplat_take_literal(&walk, part)) {
            *c = walk;
            return true;
        }

        walk.at++;
    }

    return false;
}


bool
caplat_bill_has(caplat_slice text, caplat_slice part)
{
    caplat_cursor  c = caplat_cursor_of(text);

    return skip_to(&c, part);
}


static bool
take_part(caplat_cursor *c, size_t len, char *out)
{
    if (caplat_cursor_left(c) < len) {
        return false;
    }

    memcpy(out, c->at, len);
    c->at += len;

    return true;
}


/* [2026年11月26日 00:00:00] */
static bool
take_chinese(caplat_cursor *c, int64_t *time)
{
    char     day[CAPLAT_DATE_LEN] = { '0', '0', '0', '0', '-', '0', '0', '-' };
    int64_t  seconds;

    return caplat_take_byte(c, '[')
        && take_part(c, 4, day) && caplat_take_literal(c, CAPLAT_LIT("年"))
        && take_part(c, 2, day + 5) && caplat_take_literal(c, CAPLAT_LIT("月"))
        && take_part(c, 2, day + 8) && caplat_take_literal(c, CAPLAT_LIT("日"))
        && caplat_take_byte(c, ' ') && take_clock(c, &seconds)
        && caplat_take_byte(c, ']')
        && make_time(caplat_slice_of(day, sizeof(day)), seconds, time);
}


bool
caplat_bill_range(caplat_slice line, int64_t *from, int64_t *until)
{
    caplat_cursor  c = caplat_cursor_of(line);
    int64_t        first, last;

    if (!skip_to(&c, CAPLAT_LIT("起始日期：")) || !take_chinese(&c, &first)
        || !skip_to(&c, CAPLAT_LIT("终止日期：")) || !take_chinese(&c, &last)
        || first >= last)
    {
        return false;
    }

    *from = first;
    *until = last;

    return true;
}
