/*
 * Fenced blocks by their first word:
 *
 *   none, text   <pre><code>
 *   note KIND    <div class="note note-KIND">: the first line is its heading
 *   problem ...  <details>: the other words are its summary; neighbours share
 *                one <div class="faq">
 *   table ...    gen_table.h
 *   price ...    gen_table.h
 *   figure ID    gen_figure.h
 */

#ifndef GEN_BLOCK_H
#define GEN_BLOCK_H

#include "gen_writer.h"

#include <cmark.h>


void gen_block_write(gen_writer *w, cmark_node *node);


#endif /* GEN_BLOCK_H */
