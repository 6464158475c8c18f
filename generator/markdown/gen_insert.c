#include "gen_insert.h"

#include "gen_clause.h"
#include "gen_html.h"
#include "gen_quote.h"
#include "gen_text.h"


static const caplat_slice  form_words[] = {
    CAPLAT_INIT("platform"), CAPLAT_INIT("price")
};


/* The form that is filled in. */
typedef struct {
    gen_writer    *w;
    caplat_slice   form;                /* with its braces */
    size_t         at;                  /* in the source */
    bool           link;                /* it may become one */
} insert;


/* The next word of a form's arguments; false when there is none. */
static bool
take_word(caplat_slice *args, caplat_slice *word)
{
    const char  *blank;

    *args = gen_text_trim(*args);

    if (args->len == 0) {
        return false;
    }

    blank = memchr(args->ptr, ' ', args->len);
    *word = gen_text_part(*args, 0, blank != NULL
                                    ? (size_t) (blank - args->ptr)
                                    : args->len);
    *args = gen_text_part(*args, word->len, args->len);

    return true;
}


static size_t
source_at(const insert *s, caplat_slice part)
{
    return s->at + (size_t) (part.ptr - s->form.ptr);
}


static void
report(const insert *s, caplat_slice near)
{
    gen_writer_report(s->w, gen_span_of(s->at, s->form.len), GEN_UNKNOWN_FORM,
                      GEN_WORDS(s->form), near);
}


/* {platform ID}, {platform ID link} */
static void
write_platform(const insert *s, caplat_slice args)
{
    gen_writer          *w = s->w;
    const gen_platform  *platform;
    caplat_slice         id;
    caplat_slice         how;
    bool                 link = false;
    size_t               at;
    size_t               from;

    if (!take_word(&args, &id)) {
        report(s, CAPLAT_LIT("{platform jinzhou}"));
        return;
    }

    if (take_word(&args, &how)) {
        link = caplat_slice_eq(how, CAPLAT_LIT("link"));

        if (!link || gen_text_trim(args).len != 0) {
            report(s, CAPLAT_LIT("{platform jinzhou link}"));
            return;
        }
    }

    if (!gen_quote_platform(w, id, source_at(s, id), &at)) {
        return;
    }

    link = link && s->link;
    platform = &w->reader->catalogue->platforms[at];

    if (link) {
        gen_buf_lit(w->html, "<a href=\"");
        gen_html_url(w->html, platform->url);
        gen_buf_lit(w->html, "\">");
    }

    from = w->text->len;
    gen_html_text(w->html, platform->name);
    gen_buf_add(w->text, platform->name);
    gen_clause_named(w, gen_names_platform(w->reader->names, at), from,
                     w->text->len);

    if (link) {
        gen_buf_lit(w->html, "</a>");
    }
}


/* The blanks between the keys of a price form become &. */
static caplat_slice
question_of(gen_buf *buf, caplat_slice args)
{
    caplat_slice  word;

    while (take_word(&args, &word)) {
        if (buf->len != 0) {
            gen_buf_byte(buf, '&');
        }

        gen_buf_add(buf, word);
    }

    return gen_buf_slice(buf);
}


static bool
total_of(const insert *s, caplat_slice args, int64_t *fen)
{
    gen_buf       question = { 0 };
    bool          answered;
    caplat_slice  text = question_of(&question, args);

    answered = gen_quote_total(s->w, text,
                   gen_span_of(source_at(s, args), args.len), fen);
    gen_buf_close(&question);

    return answered;
}


static bool
price_of(const insert *s, caplat_slice id, int64_t *fen)
{
    const gen_names   *names = s->w->reader->names;
    const gen_priced  *priced = gen_names_priced(names, id);

    if (priced == NULL) {
        gen_writer_report(s->w, gen_span_of(source_at(s, id), id.len),
                          GEN_UNKNOWN_PRICE, GEN_WORDS(id),
                          gen_near(id, names->ids, names->priced_count));
        return false;
    }

    if (priced->price_fen == GEN_NO_PRICE) {
        gen_writer_report(s->w, gen_span_of(source_at(s, id), id.len),
                          GEN_PRICE_REFUSED,
                          GEN_WORDS(GEN_BOTH(
                              "按费率卡的有效期和规则，这一天没有它的价格",
                              "by the tariff's days and rules it has none on "
                              "this day")),
                          CAPLAT_LIT(""));
        return false;
    }

    *fen = priced->price_fen;

    return true;
}


/* {price ID}, {price KEY=VALUE ...} */
static void
write_price(const insert *s, caplat_slice args)
{
    gen_writer  *w = s->w;
    int64_t      fen;

    args = gen_text_trim(args);

    if (args.len == 0) {
        report(s, CAPLAT_LIT("{price base}"));
        return;
    }

    if (memchr(args.ptr, '=', args.len) != NULL ? !total_of(s, args, &fen)
                                                : !price_of(s, args, &fen))
    {
        return;
    }

    gen_insert_money(w, fen);
}


void
gen_insert_money(gen_writer *w, int64_t fen)
{
    size_t  from = w->text->len;

    gen_buf_yuan(w->text, fen);
    gen_buf_lit(w->text, " 元");

    gen_buf_lit(w->html, "<span class=\"num\">");
    gen_buf_add(w->html, gen_buf_since(w->text, from));
    gen_buf_lit(w->html, "</span>");
}


/* The small letters behind a {. */
static caplat_slice
word_of(caplat_slice text)
{
    size_t  to = 1;

    while (to < text.len && text.ptr[to] >= 'a' && text.ptr[to] <= 'z') {
        to++;
    }

    return gen_text_part(text, 1, to);
}


bool
gen_insert_starts(caplat_slice text)
{
    caplat_slice  word = word_of(text);
    size_t        end = 1 + word.len;

    return word.len != 0
           && (end == text.len || text.ptr[end] == ' '
               || text.ptr[end] == '}');
}


size_t
gen_insert_len(caplat_slice text)
{
    const char  *close = memchr(text.ptr, '}', text.len);

    return close != NULL ? (size_t) (close + 1 - text.ptr) : 0;
}


void
gen_insert_unclosed(gen_writer *w, caplat_slice text, size_t at)
{
    caplat_slice  word = word_of(text);
    insert        s = { w, gen_text_part(text, 0, 1 + word.len), at, false };

    for (size_t i = 0; i < CAPLAT_COUNT(form_words); i++) {
        if (caplat_slice_eq(word, form_words[i])) {
            report(&s, caplat_slice_of("", 0));
        }
    }
}


void
gen_insert(gen_writer *w, caplat_slice form, size_t at, bool link)
{
    insert        s = { w, form, at, link };
    caplat_slice  word = word_of(form);
    caplat_slice  args = gen_text_part(form, 1 + word.len, form.len - 1);

    if (caplat_slice_eq(word, form_words[0])) {
        write_platform(&s, args);

    } else if (caplat_slice_eq(word, form_words[1])) {
        write_price(&s, args);

    } else {
        report(&s, gen_near(word, form_words, CAPLAT_COUNT(form_words)));
    }
}
