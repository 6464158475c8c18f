/*
 * content/ui.xml: the words of the interface, the states of the wizard, and
 * the problems that the API can answer with.
 */

#ifndef GEN_UI_H
#define GEN_UI_H

#include "gen_diag.h"


typedef struct {
    caplat_slice    id;
    caplat_slice    words;
} gen_ui_word;


typedef struct {
    caplat_slice    words;
    caplat_slice    url;                /* empty: a button, not a link */
    gen_span        url_span;
    bool            main;
} gen_ui_action;


/* A state of the wizard; its texts may hold {n} and the like for scripts. */
typedef struct {
    caplat_slice    code;               /* S02 */
    caplat_slice    key;                /* auth.none */
    caplat_slice    pages;              /* templates, parted by blanks */
    gen_span        pages_span;
    caplat_slice    tone;               /* plain, warn, bad, good */
    caplat_slice    title;
    caplat_slice    body;
    gen_ui_action  *actions;
    size_t          action_count;
} gen_ui_state;


typedef struct {
    caplat_slice    name;               /* token-expired */
    caplat_slice    status;             /* 401 */
    caplat_slice    title;
    caplat_slice    body;
    caplat_slice    todo;
} gen_ui_problem;


typedef struct {
    const gen_source *source;
    gen_ui_word    *words;
    size_t          word_count;
    gen_ui_state   *states;
    size_t          state_count;
    gen_ui_problem *problems;
    size_t          problem_count;
} gen_ui;


/*
 * Read CONTENT/ui.xml. False when anything was reported: a word that is
 * missing, a problem whose name is no address or is another's. Where its
 * states and actions lead is for who knows the pages.
 */
bool gen_ui_read(caplat_slice content, gen_arena *keep, gen_diags *diags,
    gen_ui *ui);

/* The words of an id that the generator itself needs; gen_ui_read sees to it
   that they are there. */
caplat_slice gen_ui_words(const gen_ui *ui, const char *id);


#endif /* GEN_UI_H */
