#include "gen_scan.h"


bool
gen_scan_find(const gen_scan *s, size_t from, caplat_slice what, size_t *at)
{
    size_t  left = s->text.len - from;
    size_t  reach = left < GEN_MARKUP_MAX ? left : GEN_MARKUP_MAX;
    size_t  found;

    if (!gen_text_find(gen_text_part(s->text, from, from + reach), what,
                       &found))
    {
        return false;
    }

    *at = from + found;

    return true;
}


void
gen_scan_term(gen_scan *s, uint32_t first)
{
    const gen_term  *term;

    if (s->at < s->term_end) {
        return;
    }

    term = gen_terms_find(s->rules->terms, s->text, s->at, first);

    if (term != NULL) {
        s->term_end = s->at + term->wrong.len;
        gen_rules_report(s->rules, s->at, s->term_end, GEN_LINT_TERM,
                         term->wrong, term->right);
    }
}


/* Behind a * or a ] what the reader sees goes on. */
static uint32_t
next_seen(const gen_scan *s, size_t at)
{
    while (at < s->text.len && s->text.ptr[at] == '*') {
        at++;
    }

    return gen_scan_peek(s, at);
}


/* "12.5 元": a number with a fraction that is not of two digits. */
static void
check_money(const gen_scan *s, size_t end)
{
    size_t  at = end + 1;
    size_t  fraction;

    if (end == s->text.len || s->text.ptr[end] != '.') {
        return;
    }

    while (at < s->text.len && s->text.ptr[at] >= '0'
           && s->text.ptr[at] <= '9')
    {
        at++;
    }

    fraction = at - end - 1;
    at += gen_scan_peek(s, at) == ' ' ? 1 : 0;

    if (fraction != 0 && fraction != 2
        && gen_text_begins(gen_text_part(s->text, at, s->text.len),
                           CAPLAT_LIT("元")))
    {
        at += sizeof("元") - 1;
        gen_rules_report(s->rules, s->at, at, GEN_LINT_MONEY,
                         gen_text_part(s->text, s->at, at), CAPLAT_LIT(""));
    }
}


/* The end of an address such as https://host/path in plain text. */
static size_t
end_of_url(const gen_scan *s, size_t at)
{
    while (at < s->text.len) {
        unsigned char  byte = (unsigned char) s->text.ptr[at];

        if (byte <= ' ' || byte >= 0x80 || byte == ')' || byte == '>') {
            break;
        }

        at++;
    }

    return at;
}


void
gen_scan_word(gen_scan *s)
{
    size_t        end = s->at;
    caplat_slice  word;

    while (end < s->text.len
           && gen_char_is_alnum((unsigned char) s->text.ptr[end]))
    {
        end++;
    }

    if (gen_text_begins(gen_text_part(s->text, end, s->text.len),
                        CAPLAT_LIT("://")))
    {
        gen_scan_skip(s, end_of_url(s, end));
        return;
    }

    word = gen_text_part(s->text, s->at, end);
    gen_rules_add(s->rules, s->at, end, 1);

    if (gen_terms_start(s->rules->terms, (unsigned char) word.ptr[0])) {
        gen_scan_term(s, (unsigned char) word.ptr[0]);
    }

    if (caplat_slice_eq(word, CAPLAT_LIT("RMB"))
        || caplat_slice_eq(word, CAPLAT_LIT("CNY")))
    {
        gen_rules_report(s->rules, s->at, end, GEN_LINT_MONEY, word,
                         CAPLAT_LIT(""));
    }

    if (s->before == GEN_BEFORE_HAN || gen_char_is_han(next_seen(s, end))) {
        gen_rules_report(s->rules, s->at, end, GEN_LINT_LATIN_SPACE,
                         CAPLAT_LIT(""), CAPLAT_LIT(""));
    }

    check_money(s, end);
    s->at = end;
    s->before = GEN_BEFORE_LATIN;
}


static caplat_slice
full_width(char byte)
{
    switch (byte) {

    case ',':
        return CAPLAT_LIT("，");

    case '.':
        return CAPLAT_LIT("。");

    case ':':
        return CAPLAT_LIT("：");

    case ';':
        return CAPLAT_LIT("；");

    case '?':
        return CAPLAT_LIT("？");

    case '(':
        return CAPLAT_LIT("（");

    default:
        return CAPLAT_LIT("）");
    }
}


/*
 * Half-width punctuation is wrong between Han characters, or between one and
 * the end of the line. Brackets look at their inner side first.
 */
static bool
is_half_width(const gen_scan *s, char byte)
{
    size_t    at = s->at + 1;
    uint32_t  next;

    at += gen_scan_peek(s, at) == ' ' ? 1 : 0;
    next = gen_scan_peek(s, at);

    if (byte == '(') {
        return gen_char_is_han(next)
               && (s->before == GEN_BEFORE_HAN
                   || s->before == GEN_BEFORE_WIDE
                   || s->before == GEN_BEFORE_NOTHING);
    }

    return s->before == GEN_BEFORE_HAN && (next == 0 || gen_char_is_han(next));
}


void
gen_scan_stop(gen_scan *s)
{
    char      byte = s->text.ptr[s->at];
    uint32_t  next = gen_scan_peek(s, s->at + 1);

    if (is_half_width(s, byte)) {
        gen_rules_report(s->rules, s->at, s->at + 1, GEN_LINT_HALF_WIDTH,
                         gen_text_part(s->text, s->at, s->at + 1),
                         full_width(byte));
    }

    if (byte == '?' || byte == ';'
        || (byte == '.' && (next == 0 || next == ' ')))
    {
        gen_rules_sentence(s->rules);
    }

    gen_scan_skip(s, s->at + 1);
}


void
gen_scan_quote(gen_scan *s)
{
    if (s->before == GEN_BEFORE_HAN
        || gen_char_is_han(gen_scan_peek(s, s->at + 1)))
    {
        gen_rules_report(s->rules, s->at, s->at + 1, GEN_LINT_HALF_WIDTH,
                         CAPLAT_LIT("\""), s->quoted ? CAPLAT_LIT("”")
                                                     : CAPLAT_LIT("“"));
    }

    s->quoted = !s->quoted;
    gen_scan_skip(s, s->at + 1);
}


/* `![` is an image, which is another room's trouble. */
void
gen_scan_bang(gen_scan *s)
{
    if (gen_scan_peek(s, s->at + 1) != '[') {
        gen_rules_report(s->rules, s->at, s->at + 1, GEN_LINT_EXCLAMATION,
                         CAPLAT_LIT(""), CAPLAT_LIT(""));
        gen_rules_sentence(s->rules);
    }

    gen_scan_skip(s, s->at + 1);
}


static bool
is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == 0x3000;
}


/* The blanks from `at` on end where? */
static size_t
skip_blanks(const gen_scan *s, size_t at)
{
    while (is_blank(gen_scan_peek(s, at))) {
        (void) gen_text_next(s->text, &at);
    }

    return at;
}


/* The blanks that end at `at` begin where? */
static size_t
before_blanks(const gen_scan *s, size_t at)
{
    uint32_t  c;

    while (is_blank(c = gen_text_before(s->text, at))) {
        at -= c < 0x80 ? 1 : sizeof("\u3000") - 1;
    }

    return at;
}


static void
report_blanks(const gen_scan *s, size_t at, size_t end)
{
    if (at < end) {
        gen_rules_report(s->rules, at, end, GEN_LINT_BRACKET_SPACE,
                         CAPLAT_LIT(""), CAPLAT_LIT(""));
    }
}


/* Behind the common Han characters at `at`. */
static size_t
skip_common(caplat_slice text, size_t at)
{
    while (gen_text_is_common(text, at)) {
        at += 3;
    }

    return at;
}


/* The words inside 【】 count for the sentence, and nothing else does. */
static void
count_name(const gen_scan *s, size_t at, size_t end)
{
    caplat_slice  text = gen_text_part(s->text, 0, end);
    bool          latin = false;

    while (at < end) {
        size_t    from = at;
        uint32_t  c;
        bool      word;

        at = skip_common(text, at);

        if (at != from) {
            gen_rules_add(s->rules, from, at, (at - from) / 3);
            latin = false;
            continue;
        }

        c = gen_text_next(text, &at);
        word = gen_char_is_alnum(c);

        if (gen_char_is_han(c) || (word && !latin)) {
            gen_rules_add(s->rules, from, at, 1);
        }

        latin = word;
    }
}


/* 【name】, with no space at any of its four sides. */
void
gen_scan_name(gen_scan *s)
{
    size_t  open = s->at;
    size_t  inside = open + sizeof("【") - 1;
    size_t  close;
    size_t  next;

    if (!gen_scan_find(s, inside, CAPLAT_LIT("】"), &close)) {
        s->at = inside;
        s->before = GEN_BEFORE_WIDE;
        return;
    }

    if (s->before == GEN_BEFORE_BLANK) {
        report_blanks(s, s->blank_at, open);
    }

    report_blanks(s, inside, skip_blanks(s, inside));

    report_blanks(s, before_blanks(s, close), close);
    count_name(s, inside, close);
    s->at = close + sizeof("】") - 1;
    s->before = GEN_BEFORE_WIDE;
    next = skip_blanks(s, s->at);

    /* What is behind the blanks of a line's end is nothing to be beside. */
    if (next < s->text.len) {
        report_blanks(s, s->at, next);
    }
}
