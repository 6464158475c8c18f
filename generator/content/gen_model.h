/*
 * What the content says, once it is read: the shapes that all rooms of the
 * generator share. Slices live in the run's arenas unless a comment says
 * otherwise.
 */

#ifndef GEN_MODEL_H
#define GEN_MODEL_H

#include "caplat_tariff.h"
#include "gen_diag.h"


/* One platform: what the rate card says of it and what people want to know. */
typedef struct {
    caplat_slice   id;
    caplat_slice   name;
    caplat_slice   url;                 /* /platform/ID/ */
    caplat_slice   purpose;             /* one sentence: what it is for */
    caplat_slice   enrol;               /* 入库: one sentence, may be empty */
    caplat_slice   until;               /* end of a pause, may be empty */
    caplat_slice  *aliases;             /* other names that prose uses */
    size_t         alias_count;
} gen_platform;


/* A class of platforms, or the base, as prose names it. */
typedef struct {
    caplat_slice   id;                  /* class id, or "base" */
    caplat_slice   name;                /* heading: 市级公共资源平台 */
    caplat_slice  *aliases;             /* 市级平台 */
    size_t         alias_count;
} gen_tariff_name;


typedef struct {
    caplat_tariff     tariff;           /* borrows from rates */
    caplat_slice      rates;            /* the canonical bytes */
    char              rates_id[65];     /* SHA-256 in hex, NUL at the end */
    gen_platform     *platforms;        /* as many, and in the order of, */
                                        /* tariff.platforms */
    gen_tariff_name  *names;            /* base first, then the classes */
    size_t            name_count;
    caplat_slice      updated;          /* YYYY-MM-DD */
} gen_catalogue;


typedef struct {
    caplat_slice   date;                /* YYYY-MM-DD */
    caplat_slice   words;
} gen_change;


/* `label | url | words` of the front matter; url and words may be empty. */
typedef struct {
    caplat_slice   label;
    caplat_slice   url;
    caplat_slice   words;
} gen_entry;


typedef struct {
    gen_entry     *items;
    size_t         count;
} gen_entries;


/* Front matter of all kinds of files; what a kind has not is empty. */
typedef struct {
    caplat_slice   title;
    caplat_slice   menu;                /* a short title for paths and lists */
    caplat_slice   summary;             /* one sentence: description, lists */
    caplat_slice   lead;
    caplat_slice   updated;             /* YYYY-MM-DD */
    caplat_slice   who;
    caplat_slice   time;
    caplat_slice   fee;
    caplat_slice   result;
    caplat_slice   from;                /* notices: first and last day */
    caplat_slice   until;               /* empty: open */
    bool           warn;                /* shown as a warning */
    uint32_t       order;               /* among its kind; then by name */
    gen_entries    needs;               /* what one must have at hand */
    gen_entries    facts;               /* home: label | | value */
    gen_entries    ways;                /* home: the steps in short */
    gen_entries    questions;           /* home: | /faq/#anchor */
    gen_entries    links;               /* home: other services */
    gen_change    *changes;             /* newest first */
    size_t         change_count;
    caplat_slice   text;                /* all of it as written, from the */
                                        /* first byte of the file */
} gen_front;


typedef enum { GEN_GUIDE, GEN_NOTICE, GEN_FAQ, GEN_PAGE } gen_kind;


/* A link that must lead somewhere within the site: /page/#anchor. */
typedef struct {
    caplat_slice   target;
    gen_span       span;
} gen_ref;


/* A platform named in a step, for the links back. */
typedef struct {
    uint32_t       platform_at;
    uint32_t       step_at;
} gen_mention;


/*
 * A part of a document with a heading of its own: a step of a guide, a
 * question of the FAQ. Notices and pages have one, with an empty id.
 */
typedef struct {
    caplat_slice   id;                  /* its address within the document */
    caplat_slice   title;
    caplat_slice   summary;             /* its first sentence, plain */
    caplat_slice   html;
    caplat_slice   text;                /* plain, for the search; scratch */
    uint32_t       group_at;
    uint32_t       figure_count;
    caplat_slice  *anchors;             /* ids inside html */
    uint32_t       anchor_count;
} gen_step;


/* A heading over steps; guides without groups have one with no title. */
typedef struct {
    caplat_slice   title;
    uint32_t       step_at;             /* its first step */
    uint32_t       step_count;
} gen_group;


typedef struct {
    gen_kind          kind;
    const gen_source *source;
    caplat_slice      name;             /* file name without .md */
    caplat_slice      url;              /* /guide/NAME/ */
    gen_front         front;
    char             *html;             /* of intro and steps: its own */
    caplat_slice      intro;            /* HTML before the first step */
    gen_group        *groups;
    uint32_t          group_count;
    gen_step         *steps;
    uint32_t          step_count;
    uint32_t          figure_count;
    gen_ref          *refs;
    uint32_t          ref_count;
    gen_mention      *mentions;
    uint32_t          mention_count;
} gen_doc;


#endif /* GEN_MODEL_H */
