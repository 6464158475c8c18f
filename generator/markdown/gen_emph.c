#include "gen_emph.h"

#include "gen_text.h"


#define FENCE_LEN_MIN  3


typedef struct {
    cmark_parser  *parser;
    caplat_slice   text;
    size_t         fed;                 /* the parser has all before it */
    bool           open;                /* a ** waits for its second one */
    char           fence;               /* of the code we are in, or 0 */
    size_t         fence_len;
} feeder;


/* cmark looks at the first byte also of nothing: so it never gets nothing. */
static void
feed_to(feeder *f, size_t to)
{
    if (to != f->fed) {
        cmark_parser_feed(f->parser, f->text.ptr + f->fed, to - f->fed);
        f->fed = to;
    }
}


static void
feed_mark(feeder *f, size_t at)
{
    feed_to(f, at);
    cmark_parser_feed(f->parser, GEN_EMPH_MARK, sizeof(GEN_EMPH_MARK) - 1);
}


/* The length of the run of one byte at `at`. */
static size_t
run_len(caplat_slice text, size_t at, size_t end)
{
    size_t  from = at;

    while (at < end && text.ptr[at] == text.ptr[from]) {
        at++;
    }

    return at - from;
}


/* Behind the marks of quotes and lists, where a fence may stand. */
static size_t
skip_containers(caplat_slice text, size_t at, size_t end)
{
    while (at < end) {
        char  byte = text.ptr[at];

        if (byte == ' ' || byte == '\t' || byte == '>' || byte == '-'
            || byte == '+' || (byte >= '0' && byte <= '9') || byte == '.'
            || byte == ')')
        {
            at++;

        } else if (byte == '*' && at + 1 < end && text.ptr[at + 1] == ' ') {
            at++;

        } else {
            break;
        }
    }

    return at;
}


/*
 * A line of a fenced block, its fences included. Fences are where they seem
 * to be: an indented one that is none costs a ** its comment, no more.
 */
static bool
in_fence(feeder *f, size_t at, size_t end)
{
    size_t  from = skip_containers(f->text, at, end);
    size_t  len;
    char    byte;

    if (from == end) {
        return f->fence != 0;
    }

    byte = f->text.ptr[from];
    len = byte == '`' || byte == '~' ? run_len(f->text, from, end) : 0;

    if (len < FENCE_LEN_MIN) {
        return f->fence != 0;
    }

    if (f->fence == 0) {
        if (byte == '`'
            && memchr(f->text.ptr + from + len, '`', end - from - len) != NULL)
        {
            return false;
        }

        f->fence = byte;
        f->fence_len = len;

    } else if (byte == f->fence && len >= f->fence_len
               && gen_text_trim(gen_text_part(f->text, from + len, end)).len
                  == 0)
    {
        f->fence = 0;
    }

    return true;
}


/* Behind a code span; behind its backticks when they do not pair. */
static size_t
skip_code(caplat_slice text, size_t at, size_t end)
{
    size_t  len = run_len(text, at, end);

    for (size_t to = at + len; to < end; /* void */) {
        const char  *tick = memchr(text.ptr + to, '`', end - to);
        size_t       found;

        if (tick == NULL) {
            break;
        }

        to = (size_t) (tick - text.ptr);
        found = run_len(text, to, end);
        to += found;

        if (found == len) {
            return to;
        }
    }

    return at + len;
}


/*
 * Does Chinese stand between a letter and punctuation? Two of ASCII mean what
 * CommonMark says.
 */
static bool
is_chinese_seam(uint32_t letter, uint32_t punct)
{
    return letter != 0 && !gen_char_is_space(letter)
           && !gen_char_is_punct(letter) && gen_char_is_punct(punct)
           && (letter >= 0x80 || punct >= 0x80);
}


/* A ** at `at`: give it what it needs to open, or to close. */
static void
take_bold(feeder *f, size_t at)
{
    uint32_t  before = gen_text_before(f->text, at);
    uint32_t  after = gen_text_peek(f->text, at + 2);

    if (!f->open && is_chinese_seam(before, after)) {
        feed_mark(f, at);

    } else if (f->open && is_chinese_seam(after, before)) {
        feed_mark(f, at + 2);
    }

    f->open = !f->open;
}


/*
 * The next of \ ` * at or behind `at`. Of code points of three bytes, of which
 * most text is, none can be within.
 */
static size_t
next_mark(caplat_slice text, size_t at, size_t end)
{
    while (at < end && text.ptr[at] != '*' && text.ptr[at] != '`'
           && text.ptr[at] != '\\')
    {
        at += (uint8_t) text.ptr[at] >= 0xE0 ? 3 : 1;
    }

    return at;
}


static void
take_line(feeder *f, size_t at, size_t end)
{
    const char  *p = f->text.ptr;
    size_t       len;

    while ((at = next_mark(f->text, at, end)) < end) {
        if (p[at] == '\\') {
            at += 2;

        } else if (p[at] == '`') {
            at = skip_code(f->text, at, end);

        } else {
            len = run_len(f->text, at, end);

            if (len == 2) {
                take_bold(f, at);
            }

            at += len;
        }
    }
}


/* What begins a paragraph of its own, as far as ** must pair within one. */
static bool
ends_paragraph(caplat_slice text, size_t at, size_t end)
{
    caplat_slice  line = gen_text_trim(gen_text_part(text, at, end));

    return line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == '>'
           || skip_containers(line, 0, line.len) != 0;
}


/* Most lines begin with a character that begins neither code nor a list. */
static bool
is_plain(caplat_slice text, size_t at, size_t end)
{
    return at < end && ((uint8_t) text.ptr[at] >= 0x80
                        || (text.ptr[at] >= 'a' && text.ptr[at] <= 'z'));
}


/* What a line is to those around it. */
static void
look_at(feeder *f, size_t at, size_t end)
{
    if (is_plain(f->text, at, end)) {
        return;
    }

    if (in_fence(f, at, end) || ends_paragraph(f->text, at, end)) {
        f->open = false;
    }
}


void
gen_emph_feed(cmark_parser *parser, caplat_slice text)
{
    feeder  f = { parser, text, 0, false, 0, 0 };
    size_t  at = 0;
    size_t  first;

    if (!gen_text_find(text, CAPLAT_LIT("**"), &first)) {
        feed_to(&f, text.len);
        return;
    }

    while (at < text.len) {
        const char  *line_end = memchr(text.ptr + at, '\n', text.len - at);
        size_t       end = line_end != NULL ? (size_t) (line_end - text.ptr)
                                            : text.len;

        look_at(&f, at, end);

        if (f.fence == 0 && memchr(text.ptr + at, '*', end - at) != NULL) {
            take_line(&f, at, end);
        }

        at = end + (line_end != NULL);
    }

    feed_to(&f, text.len);
}


bool
gen_emph_take(caplat_slice *text, caplat_slice *run)
{
    static const caplat_slice  mark = CAPLAT_INIT(GEN_EMPH_MARK);

    if (text->len == 0) {
        return false;
    }

    if (!gen_text_cut(*text, mark, run, text)) {
        *run = *text;
        *text = caplat_slice_of(text->ptr + text->len, 0);
    }

    return true;
}
