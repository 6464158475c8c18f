#include "gen_search.h"

#include "gen_index.h"
#include "gen_text.h"


#define WORD_LEN_MAX  32                /* bytes of a Latin word that count */


/* The key that is being gathered: a Han character or a word, or neither. */
typedef struct {
    gen_search  *search;
    bool         in_title;
    uint32_t     han;                   /* the character before; 0: none */
    bool         paired;                /* it is the second one of a pair */
    char         word[WORD_LEN_MAX];
    size_t       word_len;
} cutter;


gen_search *
gen_search_open(void)
{
    gen_arena    arena = { 0 };
    gen_search  *search = gen_arena_zero(&arena, 1, sizeof(gen_search));

    search->pool.arena = arena;

    return search;
}


void
gen_search_close(gen_search *search)
{
    gen_arena  arena;

    if (search != NULL) {
        arena = search->pool.arena;
        gen_keys_close(&search->keys);
        gen_arena_close(&arena);
    }
}


void
gen_search_begin(gen_search *search, uint32_t document)
{
    caplat_assert(!search->begun || document > search->document);
    search->begun = true;
    search->in_text = false;
    search->document = document;
}


static inline bool
is_han(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFF);
}


/* The byte that a letter or digit counts as; 0 when it is neither. */
static inline char
fold(uint32_t c)
{
    if (c >= 0xFF10 && c <= 0xFF5A) {
        c -= 0xFF10 - '0';
    }

    if (c >= 'A' && c <= 'Z') {
        c += 'a' - 'A';
    }

    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? (char) c : '\0';
}


static inline void
note(const cutter *cut, gen_postings *postings)
{
    gen_postings_add(&cut->search->pool, postings, cut->search->document,
                     cut->in_title);
}


/* A run of Han characters is over. */
static inline void
end_han(cutter *cut)
{
    if (cut->han != 0 && !cut->paired) {
        note(cut, gen_keys_pair(&cut->search->keys, cut->han, 0));
    }

    cut->han = 0;
    cut->paired = false;
}


static inline void
end_word(cutter *cut)
{
    if (cut->word_len != 0) {
        note(cut, gen_keys_word(&cut->search->keys,
                                caplat_slice_of(cut->word, cut->word_len)));
        cut->word_len = 0;
    }
}


static inline void
add_han(cutter *cut, uint32_t c)
{
    end_word(cut);

    if (cut->han != 0) {
        note(cut, gen_keys_pair(&cut->search->keys, cut->han, c));
        cut->paired = true;
    }

    cut->han = c;
}


static void
add_other(cutter *cut, uint32_t c)
{
    char  letter = fold(c);

    end_han(cut);

    if (letter == '\0') {
        end_word(cut);

    } else if (cut->word_len < WORD_LEN_MAX) {
        cut->word[cut->word_len++] = letter;
    }
}


static void
add_text(gen_search *search, caplat_slice text, bool in_title)
{
    cutter  cut = { .search = search, .in_title = in_title };
    size_t  at = 0;

    caplat_assert(search->begun);

    while (at < text.len) {
        uint32_t  c = gen_text_next(text, &at);

        if (is_han(c)) {
            add_han(&cut, c);

        } else {
            add_other(&cut, c);
        }
    }

    end_han(&cut);
    end_word(&cut);
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
