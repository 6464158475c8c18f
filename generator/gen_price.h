/*
 * The verb `caplat-site price`: what a choice of platforms costs by a rate
 * card, for editors and for tests.
 */

#ifndef GEN_PRICE_H
#define GEN_PRICE_H


/*
 * argv  the verb, then its options; `--help` tells them
 *
 * Returns the exit status: 0 priced, 1 refused, a bad rate card or an answer
 * that could not be written, 2 called in the wrong way.
 */
int gen_price_main(int argc, char **argv);


#endif /* GEN_PRICE_H */
