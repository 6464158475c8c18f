/*
 * A Markdown file becomes a document: front matter, then CommonMark by cmark
 * with the additions that content/README.md tells editors.
 */

#ifndef GEN_DOC_H
#define GEN_DOC_H

#include "gen_reader.h"


void gen_desk_close(gen_desk *desk);


/*
 * Read one file. Reports every problem that can be seen without the other
 * files; links to other pages are left in doc->refs.
 *
 * Returns false when there is no document to speak of (front matter broken);
 * doc is then untouched.
 *
 * All of a document lives in the reader's `keep` but its HTML, which is most
 * of it and is not needed any more when its pages are made.
 */
bool gen_doc_read(const gen_reader *reader, const gen_source *source,
    gen_kind kind, caplat_slice name, gen_doc *doc);

/* Give back a document's HTML; it has none then. */
void gen_doc_close_html(gen_doc *doc);


#endif /* GEN_DOC_H */
