/*
 * The whole content of a run, and where its pages go. A book is read only
 * while pages are made; each worker has a sink of its own.
 */

#ifndef GEN_BOOK_H
#define GEN_BOOK_H

#include "gen_front.h"
#include "gen_model.h"
#include "gen_ops.h"
#include "gen_out.h"
#include "gen_ui.h"


/* T(NAME, file): a template, and the schema of its page, gen_NAME_schema. */
#define GEN_TEMPLATES(T)                                                      \
    T(home, "home")                    T(guides, "guides")                    \
    T(guide, "guide")                  T(step, "step")                        \
    T(print, "print")                  T(platforms, "platforms")              \
    T(platform, "platform")            T(price, "price")                      \
    T(notices, "notices")              T(notice, "notice")                    \
    T(faq, "faq")                      T(search, "search")                    \
    T(page, "page")                    T(changes, "changes")                  \
    T(sitemap, "sitemap")              T(problems, "problems")                \
    T(problem, "problem")              T(apply_choose, "apply-choose")        \
    T(apply_notice, "apply-notice")    T(apply_platforms, "apply-platforms")  \
    T(apply_check, "apply-check")      T(apply_pay, "apply-pay")              \
    T(order, "order")                  T(receipt, "receipt")                  \
    T(cashier, "cashier")              T(not_found, "404")                    \
    T(broken, "50x")


typedef enum {
#define GEN_TEMPLATE_ENUM(name, file)  GEN_TEMPLATE_##name,
    GEN_TEMPLATES(GEN_TEMPLATE_ENUM)
#undef GEN_TEMPLATE_ENUM
    GEN_TEMPLATE_COUNT
} gen_template_name;


/* The published documents of one kind, in the order in which pages show
   them. */
typedef struct {
    const gen_doc  **items;
    size_t           count;
} gen_shelf;


typedef struct {
    caplat_slice            day;        /* YYYY-MM-DD: what is today */
    caplat_slice            newest;     /* the newest `updated` */
    const gen_site_data    *site;
    const gen_catalogue    *catalogue;
    const gen_ui           *ui;
    gen_shelf               guides;
    gen_shelf               notices;    /* newest first */
    gen_shelf               faq;
    gen_shelf               pages;
    gen_template            templates[GEN_TEMPLATE_COUNT];
} gen_book;


/* A page that search engines may list. */
typedef struct {
    caplat_slice            url;
    caplat_slice            day;
} gen_listed;


typedef struct {
    gen_out                *out;
    size_t                  worker;
    gen_buf                 html;       /* the page that is written */
    gen_arena               scratch;    /* a job's rows; reset after each */
    gen_arena               keep;       /* the addresses of listed pages */
    gen_listed             *listed;
    size_t                  listed_count;
    size_t                  listed_room;
    bool                    failed;
} gen_sink;


#endif /* GEN_BOOK_H */
