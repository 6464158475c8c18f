/*
 * What a thread has at hand while it reads documents.
 */

#ifndef GEN_READER_H
#define GEN_READER_H

#include "gen_model.h"
#include "gen_names.h"
#include "gen_terms.h"


/*
 * Buffers that grow with the largest document and are used again for the
 * next. Zero is an empty desk. One desk belongs to one thread.
 */
typedef struct {
    gen_buf               html;
    gen_buf               text;         /* plain */
    gen_buf               whole;        /* the HTML, its links filled in */
    gen_buf               steps;        /* of gen_step_mark */
    gen_buf               groups;       /* of gen_group */
    gen_buf               anchors;      /* of gen_anchor */
    gen_buf               holes;        /* of gen_hole */
    gen_buf               refs;         /* of gen_ref */
    gen_buf               mentions;     /* of gen_mention */
} gen_desk;


/* What a thread needs to read documents. */
typedef struct {
    const gen_catalogue  *catalogue;
    const gen_names      *names;        /* of the catalogue, for all threads */
    const gen_terms      *terms;        /* words for gen_lint; NULL: none */
    caplat_slice          day;          /* the day that the build is for */
    gen_arena            *keep;         /* lives as long as the run */
    gen_arena            *scratch;      /* until the next document */
    gen_diags            *diags;
    gen_desk             *desk;         /* NULL: one for each document */
} gen_reader;


#endif /* GEN_READER_H */
