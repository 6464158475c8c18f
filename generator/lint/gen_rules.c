#include "gen_rules.h"

#include "gen_scan.h"


#define SENTENCE_MAX  50                /* Han characters and Latin words */


/* What to do at an ASCII byte. */
typedef enum {
    A_SIGN,                             /* nothing */
    A_BLANK,
    A_WORD,
    A_STOP,                             /* , . : ; ? ( ) */
    A_QUOTE,
    A_BANG,
    A_STAR,
    A_TICK,
    A_OPEN,
    A_CLOSE,
    A_BRACE,
    A_ANGLE,
    A_ESCAPE
} action;


#define SIGN_8  A_SIGN, A_SIGN, A_SIGN, A_SIGN, A_SIGN, A_SIGN, A_SIGN, A_SIGN
#define WORD_8  A_WORD, A_WORD, A_WORD, A_WORD, A_WORD, A_WORD, A_WORD, A_WORD

/* Eight bytes a line. */
static const uint8_t  actions[128] = {
    SIGN_8,
    A_SIGN, A_BLANK, A_SIGN, A_SIGN, A_SIGN, A_SIGN, A_SIGN, A_SIGN,
    SIGN_8,
    SIGN_8,
    A_BLANK, A_BANG, A_QUOTE, A_SIGN, A_SIGN, A_SIGN, A_SIGN, A_SIGN,
    A_STOP, A_STOP, A_STAR, A_SIGN, A_STOP, A_SIGN, A_STOP, A_SIGN,
    WORD_8,
    A_WORD, A_WORD, A_STOP, A_STOP, A_ANGLE, A_SIGN, A_SIGN, A_STOP,
    A_SIGN, A_WORD, A_WORD, A_WORD, A_WORD, A_WORD, A_WORD, A_WORD,
    WORD_8,
    WORD_8,
    A_WORD, A_WORD, A_WORD, A_OPEN, A_ESCAPE, A_CLOSE, A_SIGN, A_SIGN,
    A_TICK, A_WORD, A_WORD, A_WORD, A_WORD, A_WORD, A_WORD, A_WORD,
    WORD_8,
    WORD_8,
    A_WORD, A_WORD, A_WORD, A_BRACE, A_SIGN, A_SIGN, A_SIGN, A_SIGN,
};


void
gen_rules_report(const gen_rules *rules, size_t at, size_t end, gen_code code,
    caplat_slice first, caplat_slice second)
{
    gen_report(rules->diags, rules->source, gen_span_of(at, end - at), code,
               GEN_WORDS(first, second), CAPLAT_LIT(""));
}


void
gen_rules_count(const gen_rules *rules, size_t at, size_t end, gen_code code,
    size_t count, size_t most)
{
    gen_buf  digits = { 0 };
    size_t   len;

    gen_buf_uint(&digits, count);
    len = digits.len;
    gen_buf_uint(&digits, most);
    gen_rules_report(rules, at, end, code,
                     caplat_slice_of(digits.data, len),
                     gen_text_part(gen_buf_slice(&digits), len, digits.len));
    gen_buf_close(&digits);
}


void
gen_rules_sentence(gen_rules *rules)
{
    if (rules->sentence_len > SENTENCE_MAX) {
        gen_rules_count(rules, rules->sentence_at, rules->sentence_end,
                        GEN_LINT_SENTENCE, rules->sentence_len, SENTENCE_MAX);
    }

    rules->sentence_len = 0;
}


void
gen_rules_break(gen_rules *rules)
{
    gen_rules_sentence(rules);

    if (rules->strong_count % 2 != 0) {
        gen_rules_report(rules, rules->strong_at, rules->strong_at + 2,
                         GEN_LINT_STARS, CAPLAT_LIT(""), CAPLAT_LIT(""));
    }

    rules->strong_count = 0;
}


static size_t
run_of(const gen_scan *s, char byte)
{
    size_t  end = s->at;

    while (end < s->text.len && s->text.ptr[end] == byte) {
        end++;
    }

    return end - s->at;
}


/* Two stars, or three, make bold; four and more mask a number. */
static void
take_stars(gen_scan *s)
{
    size_t  len = run_of(s, '*');

    if (len == 2 || len == 3) {
        s->rules->strong_count++;
        s->rules->strong_at = s->at;
    }

    s->at += len;
}


/* A code span ends at a run of as many backticks as it began with. */
static void
take_code(gen_scan *s)
{
    size_t    len = run_of(s, '`');
    gen_scan  inner = *s;

    inner.at += len;

    while (gen_scan_find(&inner, inner.at, CAPLAT_LIT("`"), &inner.at)) {
        size_t  close = run_of(&inner, '`');

        inner.at += close;

        if (close == len) {
            gen_scan_skip(s, inner.at);
            return;
        }
    }

    gen_scan_skip(s, s->at + len);
}


/* Words that say nothing of where a link goes. */
static bool
is_empty_link(caplat_slice words)
{
#define WORDS(s)  { s, sizeof(s) - 1 }

    static const caplat_slice  empty[] = {
        WORDS("点击这里"), WORDS("点这里"), WORDS("这里"), WORDS("点此"),
        WORDS("点击此处"), WORDS("此处"), WORDS("点击"), WORDS("链接"),
        WORDS("详情"), WORDS("查看"), WORDS("查看详情"), WORDS("更多"),
        WORDS("here"), WORDS("click here"),
    };

#undef WORDS

    for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
        if (caplat_slice_eq(words, empty[i])) {
            return true;
        }
    }

    return false;
}


/* `]`: the words are over; an address in round brackets is no prose. */
static void
take_close(gen_scan *s)
{
    size_t        from = s->link_at;
    size_t        close;
    caplat_slice  words;

    s->link_at = 0;

    if (from == 0 || gen_scan_peek(s, s->at + 1) != '('
        || !gen_scan_find(s, s->at + 2, CAPLAT_LIT(")"), &close))
    {
        s->at++;
        return;
    }

    words = gen_text_part(s->text, from, s->at);

    if (is_empty_link(gen_text_trim(words))) {
        gen_rules_report(s->rules, from, s->at, GEN_LINT_LINK_WORDS, words,
                         CAPLAT_LIT(""));
    }

    s->at = close + 1;
}


/* `{form}`: what it becomes is the catalogue's business. */
static void
take_form(gen_scan *s)
{
    size_t  close = s->at;

    (void) gen_scan_find(s, s->at, CAPLAT_LIT("}"), &close);
    gen_scan_skip(s, close + 1);
}


/* Past a comment that is open at `from`, or the line when it goes on. */
static void
skip_comment(gen_scan *s, size_t from)
{
    size_t  close;
    bool    closed = gen_text_find(gen_text_part(s->text, from, s->text.len),
                                   CAPLAT_LIT("-->"), &close);

    s->rules->in_comment = !closed;
    s->at = closed ? from + close + sizeof("-->") - 1 : s->text.len;
}


/* A comment, which may go on over lines, or an address in <>. */
static void
take_angle(gen_scan *s)
{
    size_t  close = s->at;

    if (gen_text_begins(gen_text_part(s->text, s->at, s->text.len),
                        CAPLAT_LIT("<!--")))
    {
        skip_comment(s, s->at);
        return;
    }

    (void) gen_scan_find(s, s->at, CAPLAT_LIT(">"), &close);
    gen_scan_skip(s, close + 1);
}


/* What is escaped is ASCII punctuation, or else the backslash is a sign. */
static void
take_escape(gen_scan *s)
{
    uint32_t  next = gen_scan_peek(s, s->at + 1);

    gen_scan_skip(s, s->at + (next < 0x80 && gen_char_is_punct(next) ? 2
                                                                     : 1));
}


static void
take_blank(gen_scan *s, size_t len)
{
    if (s->before != GEN_BEFORE_NOTHING && s->before != GEN_BEFORE_BLANK) {
        s->blank_at = s->at;
        s->before = GEN_BEFORE_BLANK;
    }

    s->at += len;
}


static void
take_ascii(gen_scan *s)
{
    switch (actions[(unsigned char) s->text.ptr[s->at]]) {

    case A_BLANK:
        take_blank(s, 1);
        break;

    case A_WORD:
        gen_scan_word(s);
        break;

    case A_STOP:
        gen_scan_stop(s);
        break;

    case A_QUOTE:
        gen_scan_quote(s);
        break;

    case A_BANG:
        gen_scan_bang(s);
        break;

    case A_STAR:
        take_stars(s);
        break;

    case A_TICK:
        take_code(s);
        break;

    case A_OPEN:
        s->link_at = ++s->at;
        break;

    case A_CLOSE:
        take_close(s);
        break;

    case A_BRACE:
        take_form(s);
        break;

    case A_ANGLE:
        take_angle(s);
        break;

    case A_ESCAPE:
        take_escape(s);
        break;

    default:
        gen_scan_skip(s, s->at + 1);
    }
}


/* What is beyond ASCII and not Han: mostly full-width punctuation. */
static void
take_wide(gen_scan *s, uint32_t c, size_t next)
{
    switch (c) {

    case 0x3000:
        take_blank(s, next - s->at);
        return;

    case 0x3010:        /* 【 */
        gen_scan_name(s);
        return;

    case 0xFF01:        /* ！ */
        gen_rules_report(s->rules, s->at, next, GEN_LINT_EXCLAMATION,
                         CAPLAT_LIT(""), CAPLAT_LIT(""));
        gen_rules_sentence(s->rules);
        break;

    case 0x3002:        /* 。 */
    case 0xFF1B:        /* ； */
    case 0xFF1F:        /* ？ */
        gen_rules_sentence(s->rules);
        break;

    case 0x00A5:        /* ¥ */
    case 0xFFE5:        /* its full-width form */
        gen_rules_report(s->rules, s->at, next, GEN_LINT_MONEY,
                         gen_text_part(s->text, s->at, next),
                         CAPLAT_LIT(""));
        break;

    default:
        break;
    }

    s->at = next;
    s->before = GEN_BEFORE_WIDE;
}


/* Behind the common Han characters with which no wrong word begins. */
static size_t
skip_common(const gen_terms *terms, caplat_slice text, size_t at)
{
    size_t  last = text.len - 3;

    if (text.len < 3) {
        return at;
    }

    while (at <= last && gen_text_leads_common(text.ptr[at])
           && !gen_terms_start_common(terms, text.ptr + at))
    {
        at += 3;
    }

    return at;
}


/* Common Han characters: these are most of all. */
static void
take_common(gen_scan *s)
{
    size_t  from = s->at;

    for ( ;; ) {
        s->at = skip_common(s->rules->terms, s->text, s->at);

        if (!gen_text_is_common(s->text, s->at)) {
            break;
        }

        gen_scan_term(s, gen_text_peek(s->text, s->at));
        s->at += 3;
    }

    gen_rules_add(s->rules, from, s->at, (s->at - from) / 3);
    s->before = GEN_BEFORE_HAN;
}


static void
take_char(gen_scan *s)
{
    size_t    next = s->at;
    uint32_t  c = gen_text_next(s->text, &next);

    if (!gen_char_is_han(c)) {
        take_wide(s, c, next);
        return;
    }

    gen_rules_add(s->rules, s->at, next, 1);

    if (gen_terms_start(s->rules->terms, c)) {
        gen_scan_term(s, c);
    }

    s->at = next;
    s->before = GEN_BEFORE_HAN;
}


void
gen_rules_line(gen_rules *rules, caplat_slice text)
{
    caplat_slice  source = rules->source->text;
    size_t        from;
    gen_scan      s;

    if (text.len == 0) {
        return;
    }

    from = (size_t) (text.ptr - source.ptr);
    s = (gen_scan) {
        .rules = rules,
        .text = gen_text_part(source, 0, from + text.len),
        .at = from,
    };

    if (rules->in_comment) {
        skip_comment(&s, from);
    }

    while (s.at < s.text.len) {
        if ((unsigned char) s.text.ptr[s.at] < 0x80) {
            take_ascii(&s);

        } else if (gen_text_is_common(s.text, s.at)) {
            take_common(&s);

        } else {
            take_char(&s);
        }
    }
}
