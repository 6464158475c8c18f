#include "gen_terms.h"

#include "gen_text.h"


static void
report_line(gen_diags *diags, const gen_source *source, caplat_slice line,
    gen_code code, caplat_slice word)
{
    size_t  at = (size_t) (line.ptr - source->text.ptr);

    gen_report(diags, source, gen_span_of(at, line.len), code,
               GEN_WORDS(word), CAPLAT_LIT(""));
}


static gen_term **
chain_of(gen_terms *terms, uint32_t first)
{
    return &terms->chains[first % GEN_TERM_CHAINS];
}


/* Put a term before those that are shorter; false when it is there. */
static bool
add_term(gen_terms *terms, gen_term *term)
{
    uint32_t    first = gen_text_peek(term->wrong, 0);
    gen_term  **link = chain_of(terms, first);

    while (*link != NULL && (*link)->wrong.len >= term->wrong.len) {
        if (caplat_slice_eq((*link)->wrong, term->wrong)) {
            return false;
        }

        link = &(*link)->next;
    }

    term->next = *link;
    *link = term;

    if (first < 0x10000) {
        terms->starts[first / 64] |= UINT64_C(1) << (first % 64);
    }

    return true;
}


static bool
read_line(gen_arena *keep, gen_diags *diags, const gen_source *source,
    caplat_slice line, gen_terms *terms)
{
    caplat_slice  wrong;
    caplat_slice  right;
    gen_term     *term;

    if (!gen_text_cut(line, CAPLAT_LIT("="), &wrong, &right)
        || (wrong = gen_text_trim(wrong)).len == 0
        || (right = gen_text_trim(right)).len == 0
        || caplat_slice_eq(wrong, right))
    {
        report_line(diags, source, line, GEN_TERM_LINE, CAPLAT_LIT(""));
        return false;
    }

    term = gen_arena_zero(keep, 1, sizeof(gen_term));
    term->wrong = gen_arena_copy(keep, wrong);
    term->right = gen_arena_copy(keep, right);
    term->inside = gen_text_find(right, wrong, &term->inside_at);

    if (!add_term(terms, term)) {
        report_line(diags, source, line, GEN_FRONT_TWICE, wrong);
        return false;
    }

    return true;
}


bool
gen_terms_read(gen_arena *keep, gen_diags *diags, const gen_source *source,
    gen_terms *terms)
{
    gen_terms     read = { 0 };
    size_t        at = 0;
    bool          good = true;
    caplat_slice  line;

    if (!gen_source_check(diags, source)) {
        return false;
    }

    while (gen_text_line(source->text, &at, &line)) {
        line = gen_text_trim(line);

        if (line.len != 0 && line.ptr[0] != '#'
            && !read_line(keep, diags, source, line, &read))
        {
            good = false;
        }
    }

    if (good) {
        *terms = read;
    }

    return good;
}


/* Few words that begin alike end alike: the last byte comes first. */
static bool
begins(caplat_slice text, caplat_slice with)
{
    return text.len >= with.len
           && text.ptr[with.len - 1] == with.ptr[with.len - 1]
           && gen_text_begins(text, with);
}


/* Is there a Latin word across this place, so that a match would cut it? */
static bool
inside_word(caplat_slice line, size_t at)
{
    return at != 0 && at != line.len
           && gen_char_is_alnum((unsigned char) line.ptr[at - 1])
           && gen_char_is_alnum((unsigned char) line.ptr[at]);
}


/* Does the right word stand around the wrong one that is part of it? */
static bool
is_right(const gen_term *term, caplat_slice line, size_t at)
{
    return term->inside && at >= term->inside_at
           && gen_text_begins(gen_text_part(line, at - term->inside_at,
                                            line.len),
                              term->right);
}


const gen_term *
gen_terms_find(const gen_terms *terms, caplat_slice line, size_t at,
    uint32_t first)
{
    caplat_slice     rest = gen_text_part(line, at, line.len);
    const gen_term  *term = terms->chains[first % GEN_TERM_CHAINS];

    for ( /* void */ ; term != NULL; term = term->next) {
        if (begins(rest, term->wrong) && !inside_word(line, at)
            && !inside_word(line, at + term->wrong.len))
        {
            return is_right(term, line, at) ? NULL : term;
        }
    }

    return NULL;
}
