/*
 * A clause that names a platform and states an amount must state a price of
 * the tariff. A clause ends with ，。；！？ and with the block or line of a
 * figure that it is in; 、 and ： are no end. A row of a table is one clause.
 */

#ifndef GEN_CLAUSE_H
#define GEN_CLAUSE_H

#include "gen_writer.h"


/* A name stands in writer->text from..to; platforms are noted as mentions. */
void gen_clause_named(gen_writer *w, uint32_t priced_at, size_t from,
    size_t to);

/*
 * 元 comes next, at `yuan_at` in the source: if writer->text ends with a
 * number, this is an amount.
 */
void gen_clause_yuan(gen_writer *w, size_t yuan_at);

/* Judge and forget. */
void gen_clause_judge(gen_writer *w);

/* What comes between is one clause. */
void gen_clause_hold(gen_writer *w);
void gen_clause_release(gen_writer *w);


static inline void
gen_clause_end(gen_writer *w)
{
    if (w->clause.held) {
        return;
    }

    if (w->clause.amount_count != 0) {
        gen_clause_judge(w);
    }

    w->clause.name_count = 0;
}


#endif /* GEN_CLAUSE_H */
