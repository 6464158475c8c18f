/*
 * A search index for Chinese that needs no server: pairs of Han characters
 * and Latin words, in one small file for each first character.
 *
 * A text is cut into keys, and a query must be cut in the same way:
 *
 *   - full-width letters and digits (U+FF10..FF5A) count as their ASCII
 *     forms, upper case as lower case;
 *   - Han characters are U+3400..9FFF and U+20000..3FFFF; each two that stand
 *     side by side are a key: 新增平 gives 新增 and 增平. One that stands alone
 *     is a key by itself;
 *   - a run of a-z and 0-9 is a key, of which the first 32 bytes count;
 *   - everything else parts keys.
 *
 * The files, all numbers of which are unsigned:
 *
 *   search/XXXX.bin   XXXX the first character's code point in hex (at least
 *                     four digits, lower case). Latin words and numbers are
 *                     in the shard of their first letter or digit.
 *       4 bytes       list id, little endian: ties shards to documents
 *       entries, ascending by key, each once:
 *         1 byte      length of the rest of the key, then those bytes, UTF-8
 *                     (the second Han character, or nothing; the rest of a
 *                     Latin word)
 *         varint      number of documents
 *         varints     for each document, ascending: the difference of its
 *                     place to the one before (the first one: its place)
 *                     times 2, plus 1 when the key is in its title
 *   varint            seven bits a byte, the lowest first; the high bit is
 *                     set on all bytes but the last
 *   search/documents.json
 *       {"id":N,"firsts":"的一是...","documents":[["/url/","title",
 *                     "section"],...]}: firsts are the characters that have a
 *                     shard
 */

#ifndef GEN_SEARCH_H
#define GEN_SEARCH_H

#include "gen_mem.h"


typedef struct gen_search  gen_search;      /* one for each thread */

gen_search *gen_search_open(void);
void gen_search_close(gen_search *search);

/*
 * Add one document: first its titles, then its texts, all of them UTF-8 (see
 * gen_text_valid()). Within one gen_search numbers ascend, and no number is in
 * two of them. What is in the title and in the text counts as in the title.
 */
void gen_search_begin(gen_search *search, uint32_t document);
void gen_search_title(gen_search *search, caplat_slice text);
void gen_search_text(gen_search *search, caplat_slice text);


/*
 * All threads' postings, merged shard by shard; shards ascend by code point.
 * How documents were spread over the threads makes no difference. Borrows the
 * searches, to which nothing may be added any more.
 *
 * A document's place in documents.json is that of its page, and how far it is
 * on that page: places[number / parts] + number % parts, which ascend as
 * numbers do. `places` is not needed afterwards.
 */
typedef struct gen_shards  gen_shards;

#define GEN_SEARCHES_MAX  256

gen_shards *gen_shards_open(gen_search *const *searches, size_t count,
    const uint32_t *places, uint32_t parts);
size_t gen_shards_count(const gen_shards *shards);

/*
 * Write shard `at` into buf (which is emptied first) and its code point.
 * Safe to call from several threads for different shards.
 */
void gen_shards_write(const gen_shards *shards, size_t at, uint32_t list_id,
    gen_buf *buf, uint32_t *code_point);

void gen_shards_close(gen_shards *shards);


#endif /* GEN_SEARCH_H */
