/*
 * The run: read everything, check it together, publish or do not.
 */

#ifndef GEN_SITE_H
#define GEN_SITE_H

#include "gen_out.h"
#include "gen_diag.h"


typedef struct {
    const char    *content;             /* folders and files */
    const char    *site;
    const char    *out;                 /* NULL: check only */
    const char    *wasm;                /* NULL: none */
    const char    *changed;             /* NULL: no list of changes */
    caplat_slice   day;                 /* empty: the newest `updated` */
    size_t         threads;
    gen_compress   compress;
    gen_format     format;
    gen_lang       lang;
    bool           strict;
} gen_options;


/* The exit status: 0 done, 1 errors in the content or while writing. */
int gen_site_run(const gen_options *options);


#endif /* GEN_SITE_H */
