/*
 * A new file for an editor: the front matter filled in, a first heading.
 */

#ifndef GEN_NEW_H
#define GEN_NEW_H


/* caplat-site new guide|notice|question|page NAME; the exit status. */
int gen_new_main(int argc, char **argv);


#endif /* GEN_NEW_H */
