#include "gen_search.h"

#include "gen_index.h"


#define WORD_LEN_MAX  32                /* bytes of a Latin word that count */


gen_search *
gen_search_open(void)
{
    gen_arena    arena = { 0 };
    gen_search  *search = gen_arena_zero(&arena, 1, sizeof(gen_search));

    search->pool.arena = arena;
    gen_keys_open(&search->keys);

    return search;
}


void
gen_search_close(gen_search *search)
{
    gen_arena  arena;

    if (search != NULL) {
        arena = search->pool.arena;
        gen_keys_close(&search->keys);
        gen_buf_close(&search->documents);
        gen_arena_close(&arena);
    }
}


void
gen_search_begin(gen_search *search, uint32_t document)
{
    caplat_assert(search->document == 0
                  || document > gen_search_number(search, search->document));

    gen_buf_add(&search->documents, caplat_slice_of((const char *) &document,
                                                    sizeof(document)));
    search->document++;
    search->in_text = false;
}


/*
 * A character's bytes as a number, the first one highest: such numbers ascend
 * as code points do, so that ranges of characters need no decoding. What
 * follows the character is in its low bytes.
 */
typedef uint32_t  head;

static inline size_t
head_len(head h)
{
    return h < 0x80000000 ? 1 : h < 0xE0000000 ? 2 : h < 0xF0000000 ? 3 : 4;
}


/* A text on its way into the index. */
typedef struct {
    gen_search  *search;
    bool         in_title;
    const char  *at;
    const char  *end;
    const char  *near_end;              /* before it four bytes can be read */
} cutter;


/* Near the end of the text; 0 when the character is not whole. */
static head
last_head(const char *at, const char *end)
{
    head    h = 0;
    size_t  len = (size_t) (end - at);

    for (size_t i = 0; i < len; i++) {
        h |= (head) (unsigned char) at[i] << (24 - 8 * i);
    }

    return head_len(h) <= len ? h : 0;
}


static inline head
next_head(const cutter *cut)
{
    const unsigned char  *s = (const unsigned char *) cut->at;

    if (cut->at >= cut->near_end) {
        return last_head(cut->at, cut->end);
    }

    return (head) s[0] << 24 | (head) s[1] << 16 | (head) s[2] << 8 | s[3];
}


static inline bool
head_within(head h, head first, head last)
{
    return h - first <= last - first;
}


/* Step past a Han character: its bytes. 0: it is none. */
static inline head
take_han(cutter *cut)
{
    head  h = next_head(cut);

    if (head_within(h, 0xE3908000, 0xE9BFBFFF)) {           /* U+3400..9FFF */
        cut->at += 3;
        return h & 0xFFFFFF00;
    }

    if (head_within(h, 0xF0A08080, 0xF0BFBFBF)) {           /* U+20000..3FFFF */
        cut->at += 4;
        return h;
    }

    return 0;
}


/* Step past a letter or digit: the byte that it counts as. 0: it is none. */
static inline char
take_letter(cutter *cut)
{
    head      h = next_head(cut);
    uint32_t  c;

    if (h < 0x80000000) {
        c = h >> 24;

    } else if (head_within(h, 0xEFBC9000, 0xEFBD9AFF)) {    /* U+FF10..FF5A */
        c = ((h >> 16 & 0x3F) << 6 | (h >> 8 & 0x3F)) - 0xF10 + '0';

    } else {
        return '\0';
    }

    if (c >= 'A' && c <= 'Z') {
        c += 'a' - 'A';
    }

    if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
        return '\0';
    }

    cut->at += head_len(h);

    return (char) c;
}


static inline void
note(const cutter *cut, gen_key *key)
{
    gen_postings_add(&cut->search->pool, &key->postings,
                     cut->search->document, cut->in_title);
}


/* Pairs to the end of the run that begins with `first`. */
static inline void
add_han(cutter *cut, head first)
{
    gen_keys  *keys = &cut->search->keys;
    uint64_t   id = first;
    head       next = take_han(cut);

    if (next == 0) {
        note(cut, gen_keys_find(keys, id << 32));
    }

    for (; next != 0; next = take_han(cut)) {
        id = id << 32 | next;
        note(cut, gen_keys_find(keys, id));
    }
}


static inline void
add_word(cutter *cut, char letter)
{
    char    word[WORD_LEN_MAX];
    size_t  len = 0;

    for (; letter != '\0'; letter = take_letter(cut)) {
        if (len < WORD_LEN_MAX) {
            word[len++] = letter;
        }
    }

    note(cut, gen_keys_find_word(&cut->search->keys,
                                 caplat_slice_of(word, len)));
}


static void
add_text(gen_search *search, caplat_slice text, bool in_title)
{
    cutter  cut = { search, in_title, text.ptr, text.ptr, text.ptr };

    caplat_assert(search->document != 0);

    if (text.len != 0) {
        cut.end += text.len;
        cut.near_end += text.len < 4 ? 0 : text.len - 3;
    }

    while (cut.at != cut.end) {
        head  first = take_han(&cut);
        char  letter;

        if (first != 0) {
            add_han(&cut, first);

        } else if ((letter = take_letter(&cut)) != '\0') {
            add_word(&cut, letter);

        } else {
            cut.at += head_len(next_head(&cut));
        }
    }
}


void
gen_search_title(gen_search *search, caplat_slice text)
{
    caplat_assert(!search->in_text);
    add_text(search, text, true);
}


void
gen_search_text(gen_search *search, caplat_slice text)
{
    search->in_text = true;
    add_text(search, text, false);
}
