/*
 * What tests of documents share: a small catalogue, and a reader whose
 * documents and problems are looked at as text.
 */

#ifndef DOC_READER_H
#define DOC_READER_H

#include "gen_doc.h"

#include "test_gen.h"


static const char  doc_card[] =
    "caplat-rates 1\n"
    "card ln-2021 2021-01-01 -\n"
    "round half-up\n"
    "prorate month 12 up 1 ，按剩余 {n} 个月计\n"
    "base 25000 套餐\n"
    "once 证书有效期内只收一次\n"
    "cover provincial any 套餐内\n"
    "cover city registered 套餐内\n"
    "class provincial 省级平台\n"
    "class city 市级平台\n"
    "class enterprise 企业平台\n"
    "region 210300 鞍山市\n"
    "region 210700 锦州市\n"
    "platform ln-tender provincial - open 辽宁省招标投标监管网\n"
    "platform anshan city 210300 open 鞍山市公共资源平台\n"
    "platform jinzhou city 210700 paused 锦州市公共资源平台\n"
    "platform huachen enterprise - open 华晨集团电子采购平台\n"
    "rule class=provincial flat 0 套餐内\n"
    "rule class=enterprise flat 0 不收费\n"
    "rule class=city year 5000 50 元/年\n";


typedef struct {
    gen_catalogue   catalogue;
    gen_arena       keep;               /* the catalogue's */
    gen_arena       kept;               /* the document's */
    gen_arena       scratch;
    gen_diags       diags;
    gen_desk        desk;
    gen_reader      reader;
    gen_source      source;
    gen_doc         doc;
} doc_reader;


/* Platforms and names as the card has them, with a few aliases. */
static inline void
doc_reader_fill(doc_reader *r)
{
    static caplat_slice   urls[] = {
        CAPLAT_INIT("/platform/ln-tender/"), CAPLAT_INIT("/platform/anshan/"),
        CAPLAT_INIT("/platform/jinzhou/"), CAPLAT_INIT("/platform/huachen/")
    };
    static caplat_slice   anshan[] = { CAPLAT_INIT("鞍山平台") };
    static caplat_slice   city[] = { CAPLAT_INIT("市级公共资源平台") };
    const caplat_tariff  *tariff = &r->catalogue.tariff;

    r->catalogue.platforms = gen_arena_zero(&r->keep, tariff->platform_count,
                                            sizeof(gen_platform));
    r->catalogue.names = gen_arena_zero(&r->keep, tariff->class_count + 1,
                                        sizeof(gen_tariff_name));
    r->catalogue.name_count = tariff->class_count + 1;
    r->catalogue.names[0] = (gen_tariff_name) {
        CAPLAT_LIT("base"), tariff->base_name, NULL, 0
    };

    for (size_t i = 0; i < tariff->class_count; i++) {
        r->catalogue.names[i + 1].id = tariff->classes[i].id;
        r->catalogue.names[i + 1].name = tariff->classes[i].name;
    }

    for (size_t i = 0; i < tariff->platform_count; i++) {
        r->catalogue.platforms[i].id = tariff->platforms[i].id;
        r->catalogue.platforms[i].name = tariff->platforms[i].name;
        r->catalogue.platforms[i].url = urls[i];
    }

    r->catalogue.names[2].aliases = city;
    r->catalogue.names[2].alias_count = 1;
    r->catalogue.platforms[1].aliases = anshan;
    r->catalogue.platforms[1].alias_count = 1;
}


static inline void
doc_reader_open(doc_reader *r)
{
    caplat_err  err;

    *r = (doc_reader) { .reader = { .day = CAPLAT_INIT("2026-11-23") } };
    r->catalogue.rates = CAPLAT_LIT(doc_card);
    caplat_assert(caplat_tariff_parse(r->catalogue.rates,
                                      &r->catalogue.tariff, &err));
    doc_reader_fill(r);

    r->reader.catalogue = &r->catalogue;
    r->reader.names = gen_names_make(&r->keep, &r->catalogue, r->reader.day);
    r->reader.keep = &r->kept;
    r->reader.scratch = &r->scratch;
    r->reader.diags = &r->diags;
    r->reader.desk = &r->desk;
}


static inline void
doc_reader_close(doc_reader *r)
{
    gen_doc_close_html(&r->doc);
    gen_diags_close(&r->diags);
    gen_desk_close(&r->desk);
    gen_arena_close(&r->keep);
    gen_arena_close(&r->kept);
    gen_arena_close(&r->scratch);
}


/* Front matter that a kind needs; the body begins on DOC_BODY_LINE. */
#define DOC_BODY_LINE  10

static inline caplat_slice
doc_front(gen_kind kind)
{
    switch (kind) {

    case GEN_GUIDE:
        return CAPLAT_LIT("---\ntitle: 指南\nsummary: 说明。\n"
                          "updated: 2026-11-20\nwho: 企业\ntime: 五分钟\n"
                          "fee: {price base}\nresult: 即时\n---\n");

    case GEN_NOTICE:
        return CAPLAT_LIT("---\ntitle: 公告\nsummary: 说明。\n"
                          "updated: 2026-11-20\nfrom: 2026-11-20\n"
                          "\n\n\n---\n");

    case GEN_FAQ:
        return CAPLAT_LIT("---\ntitle: 问题\nupdated: 2026-11-20\n"
                          "\n\n\n\n\n---\n");

    default:
        return CAPLAT_LIT("---\ntitle: 页面\nsummary: 说明。\n"
                          "updated: 2026-11-20\n\n\n\n\n---\n");
    }
}


/* Read a file. What was read before is forgotten. */
static inline bool
doc_read_whole(doc_reader *r, gen_kind kind, caplat_slice text)
{
    gen_doc_close_html(&r->doc);
    r->doc.step_count = 0;
    gen_diags_close(&r->diags);
    gen_arena_reset(&r->kept);
    gen_arena_reset(&r->scratch);
    r->source = test_source(gen_arena_copy(&r->scratch, text));

    return gen_doc_read(&r->reader, &r->source, kind, CAPLAT_LIT("name"),
                        &r->doc);
}


/* The same for a body, under the front matter of its kind. */
static inline bool
doc_read(doc_reader *r, gen_kind kind, caplat_slice body)
{
    gen_buf  text = { 0 };
    bool     read;

    gen_buf_add(&text, doc_front(kind));
    gen_buf_add(&text, body);
    read = doc_read_whole(r, kind, gen_buf_slice(&text));
    gen_buf_close(&text);

    return read;
}


/* The HTML of the intro and of all steps, one behind the other. */
static inline caplat_slice
doc_html(doc_reader *r)
{
    gen_buf       html = { 0 };
    caplat_slice  kept;

    gen_buf_add(&html, r->doc.intro);

    for (uint32_t i = 0; i < r->doc.step_count; i++) {
        gen_buf_add(&html, r->doc.steps[i].html);
    }

    kept = gen_arena_copy(&r->scratch, gen_buf_slice(&html));
    gen_buf_close(&html);

    return kept;
}


/* Problems of errors only: "line:column:code ...", lines of the body from 1. */
static inline caplat_slice
doc_problems(doc_reader *r)
{
    caplat_slice  all;
    caplat_slice  one;
    caplat_slice  line;
    caplat_slice  rest;
    gen_buf       buf = { 0 };
    size_t        at = 0;
    uint64_t      number;

    if (r->diags.errors == 0) {
        return CAPLAT_LIT("");
    }

    all = test_problems(&r->diags, &r->scratch);

    while (gen_text_item(all, ' ', &at, &one)) {
        if (!gen_text_cut(one, CAPLAT_LIT(":"), &line, &rest)
            || !gen_text_uint(line, UINT32_MAX, &number)
            || gen_text_find(rest, CAPLAT_LIT(":W"), &(size_t) { 0 }))
        {
            continue;
        }

        if (buf.len != 0) {
            gen_buf_byte(&buf, ' ');
        }

        gen_buf_uint(&buf, number + 1 - DOC_BODY_LINE);
        gen_buf_byte(&buf, ':');
        gen_buf_add(&buf, rest);
    }

    all = gen_arena_copy(&r->scratch, gen_buf_slice(&buf));
    gen_buf_close(&buf);

    return all;
}


/* One body of a table: what becomes of it, and what is reported. */
typedef struct {
    const char  *words;
    gen_kind     kind;
    const char  *body;
    const char  *html;                  /* NULL: not looked at */
    const char  *problems;              /* "1:3:E203" */
} doc_case;


static inline void
doc_check(doc_reader *r, const doc_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!test_that(doc_read(r, cases[i].kind, test_slice(cases[i].body)),
                       cases[i].words))
        {
            continue;
        }

        test_text(doc_problems(r), test_slice(cases[i].problems),
            cases[i].words);

        if (cases[i].html != NULL) {
            test_text(doc_html(r), test_slice(cases[i].html),
                cases[i].words);
        }
    }
}


#endif /* DOC_READER_H */
