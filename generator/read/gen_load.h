/*
 * Reading: all files of the content, by several threads.
 */

#ifndef GEN_LOAD_H
#define GEN_LOAD_H

#include "gen_catalogue.h"
#include "gen_doc.h"
#include "gen_front.h"
#include "gen_search.h"
#include "gen_ui.h"
#include "gen_work.h"


/* Numbers of a document's parts in the search: its front page, then its
   steps; steps beyond share the last number. */
#define GEN_PARTS_MAX  128


typedef struct {
    gen_source      source;
    char           *text;               /* until it is a document; NULL: it */
    gen_kind        kind;               /* could not be read */
    caplat_slice    name;
} gen_file;


/* What one thread has; the arenas live as long as the run. */
typedef struct {
    gen_arena       keep;
    gen_arena       scratch;
    gen_desk        desk;
    gen_diags       diags;
    gen_search     *search;
    caplat_slice    newest;             /* `updated` that it has met */
} gen_loader;


typedef struct {
    gen_site_data   site;
    gen_catalogue   catalogue;
    const gen_names *names;
    gen_terms       terms;
    gen_ui          ui;
    caplat_slice    day;
    caplat_slice    newest;             /* `updated` of all that was read */
    gen_file       *files;              /* by kind, then by name */
    gen_doc        *docs;               /* of the files, in their order; one */
    size_t          doc_count;          /* that could not be read has no */
                                        /* source */
    size_t          workers;
    gen_loader      loaders[GEN_WORKERS_MAX];
} gen_content;


/* How many of a document's steps have a number of their own. */
uint32_t gen_doc_parts(const gen_doc *doc);

/* Whether the program makes a page of that name itself. */
bool gen_page_is_taken(caplat_slice page);

/* Whether a document is on the site on that day: a notice from its first day
   on, all else always. */
bool gen_doc_published(const gen_doc *doc, caplat_slice day);

/*
 * Read a content folder. Problems are in the loaders' diags; loaders[0] has
 * those of the catalogue, the site's data and the words.
 *
 * day     YYYY-MM-DD; empty for the newest `updated` of the content
 *
 * False when the catalogue, site.txt or ui.xml cannot be used: documents are
 * then not read.
 */
bool gen_content_read(caplat_slice folder, caplat_slice day, size_t workers,
    gen_content *content);

void gen_content_close(gen_content *content);


#endif /* GEN_LOAD_H */
