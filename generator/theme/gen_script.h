/*
 * Scripts as modules that import each other. A theme's scripts are published
 * under names made of their hashes; where one imports another,
 *
 *     import { ask } from './api.js';
 *
 * the address of that one is put there instead, and so its hash is part of the
 * importer's. What imports itself, however far round, is reported.
 *
 * Comments that have lines of their own are for who reads the theme, and are
 * not published: they are a fifth of what would be sent.
 */

#ifndef GEN_SCRIPT_H
#define GEN_SCRIPT_H

#include "gen_theme.h"


/* Add all scripts of the theme's folder, those that are imported first. */
void gen_script_add_all(gen_theme *theme);


#endif /* GEN_SCRIPT_H */
