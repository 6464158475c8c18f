#include "gen_refuse.h"

#include "gen_text.h"


#define SHOWN_MAX  40                   /* characters of HTML in a message */


/* What is left of HTML behind its comments. */
static caplat_slice
skip_comments(caplat_slice html)
{
    caplat_slice  before;

    for ( ;; ) {
        html = gen_text_trim(html);

        if (!gen_text_begins(html, CAPLAT_LIT("<!--"))
            || !gen_text_cut(html, CAPLAT_LIT("-->"), &before, &html))
        {
            return html;
        }
    }
}


void
gen_refuse_html(gen_writer *w, caplat_slice html)
{
    caplat_slice  line;
    size_t        at = 0;
    size_t        to = 0;
    size_t        shown = 0;

    html = skip_comments(html);

    if (html.len == 0 || !gen_text_line(html, &at, &line)) {
        return;
    }

    while (to < line.len && shown < SHOWN_MAX) {
        (void) gen_text_next(line, &to);
        shown++;
    }

    at = gen_place_find(&w->place, line);
    gen_writer_report(w, gen_span_of(at, line.len), GEN_RAW_HTML,
                      GEN_WORDS(gen_text_part(line, 0, to)),
                      caplat_slice_of("", 0));
}


void
gen_refuse_image(gen_writer *w)
{
    size_t  at = gen_place_find(&w->place, CAPLAT_LIT("!["));

    gen_writer_report(w, gen_span_of(at, 2), GEN_IMAGE, GEN_NO_WORDS,
                      caplat_slice_of("", 0));
}
