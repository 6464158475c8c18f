/*
 * An amount in a clause that names a platform must be a price of that platform
 * by the tariff: of a name between it and the amount before it, or, where none
 * is, of any name of the clause. A clause ends with ，。；！？ and with the
 * block or line of a figure that it is in; 、 and ： are no end. A row of a
 * table is one clause. Amounts are 50 元, 50 块, 50 人民币, ¥50 and ￥50.
 */

#ifndef GEN_CLAUSE_H
#define GEN_CLAUSE_H

#include "gen_writer.h"


/* A name stands in writer->text from..to; platforms are noted as mentions. */
void gen_clause_named(gen_writer *w, uint32_t priced_at, size_t from,
    size_t to);

/*
 * A unit of money comes next, at `at` in the source: if writer->text ends with
 * a number, this is an amount.
 */
void gen_clause_unit(gen_writer *w, size_t unit_len, size_t at);

/*
 * text, at `at` in the source, comes next and begins with ¥: if a number
 * follows, this is an amount.
 */
void gen_clause_sign(gen_writer *w, caplat_slice text, size_t sign_len,
    size_t at);

/* Judge the amounts that are held, and forget them. */
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
    w->clause.judged_to = 0;
}


#endif /* GEN_CLAUSE_H */
