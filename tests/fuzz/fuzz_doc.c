/*
 * Any bytes as a Markdown file of any kind: no HTML of theirs comes out, what
 * comes out is well nested, and every place that is kept lies in the text.
 */

#include "../unit/doc_reader.h"


#define DEPTH_MAX  4096                 /* elements within each other */


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static bool
is_void(caplat_slice tag)
{
    return caplat_slice_eq(tag, CAPLAT_LIT("br"))
           || caplat_slice_eq(tag, CAPLAT_LIT("hr"));
}


/* The name of the tag that begins at `at`, behind its < and /. */
static caplat_slice
tag_at(caplat_slice html, size_t at)
{
    size_t  to = at;

    while (to < html.len && gen_char_is_alnum((uint8_t) html.ptr[to])) {
        to++;
    }

    return gen_text_part(html, at, to);
}


/* Whatever was wrong with the text: nothing that runs. */
static void
check_safe(caplat_slice html)
{
    size_t  at;

    caplat_assert(!gen_text_find(html, CAPLAT_LIT("<script"), &at)
                  && !gen_text_find(html, CAPLAT_LIT("<img"), &at)
                  && !gen_text_find(html, CAPLAT_LIT("<!--"), &at)
                  && !gen_text_find(html, CAPLAT_LIT("\001"), &at));
}


/* Elements are closed in order. */
static void
check_nesting(caplat_slice html)
{
    static caplat_slice  open[DEPTH_MAX];
    size_t               depth = 0;

    for (size_t at = 0; at < html.len; at++) {
        caplat_slice  tag;

        if (html.ptr[at] != '<') {
            continue;
        }

        caplat_assert(at + 1 < html.len);

        if (html.ptr[at + 1] == '/') {
            tag = tag_at(html, at + 2);
            caplat_assert(depth > 0
                          && caplat_slice_eq(open[depth - 1], tag));
            depth--;
            continue;
        }

        tag = tag_at(html, at + 1);
        caplat_assert(tag.len != 0);

        if (!is_void(tag)) {
            caplat_assert(depth < DEPTH_MAX);
            open[depth++] = tag;
        }
    }

    caplat_assert(depth == 0);
}


/* A document with errors is not published: it may have gaps. */
static void
check_html(const doc_reader *r, caplat_slice html)
{
    check_safe(html);

    if (r->diags.errors == 0) {
        check_nesting(html);
    }
}


static void
check_doc(const doc_reader *r)
{
    const gen_doc  *doc = &r->doc;

    check_html(r, doc->intro);

    for (uint32_t i = 0; i < doc->step_count; i++) {
        check_html(r, doc->steps[i].html);
        caplat_assert(gen_text_count(doc->steps[i].summary) <= 120);
        caplat_assert(doc->steps[i].group_at < doc->group_count);
    }

    for (uint32_t i = 0; i < doc->ref_count; i++) {
        gen_span  span = doc->refs[i].span;

        caplat_assert(span.at <= r->source.text.len
                      && span.len <= r->source.text.len - span.at);
    }

    for (uint32_t i = 0; i < doc->mention_count; i++) {
        caplat_assert(doc->mentions[i].step_at < doc->step_count);
    }
}


/* The first byte says which kind, and whether the front matter is ours. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static doc_reader  r;
    caplat_slice       text;
    gen_kind           kind;

    if (size == 0) {
        return 0;
    }

    if (r.reader.catalogue == NULL) {
        doc_reader_open(&r);
    }

    kind = data[0] % 4;
    text = caplat_slice_of((const char *) data + 1, size - 1);

    if (data[0] & 4 ? doc_read_whole(&r, kind, text)
                    : doc_read(&r, kind, text))
    {
        check_doc(&r);
    }

    (void) doc_problems(&r);

    return 0;
}
