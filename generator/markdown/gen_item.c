#include "gen_item.h"

#include "gen_clause.h"
#include "gen_form.h"
#include "gen_text.h"


bool
gen_item_take(gen_words *words, caplat_slice sign)
{
    if (!gen_text_begins(words->words, sign)) {
        return false;
    }

    *words = gen_words_after(*words, sign.len);

    return true;
}


/* "!1 " at the start of an item. */
static void
take_mark(gen_marks *marks, gen_item *thing)
{
    caplat_slice  words = thing->words.words;

    if (words.len < 2 || words.ptr[0] != '!' || words.ptr[1] < '1'
        || words.ptr[1] > '0' + GEN_MARK_MAX
        || (words.len > 2 && words.ptr[2] != ' '))
    {
        return;
    }

    thing->mark = (unsigned) (words.ptr[1] - '0');
    marks->drawn |= 1U << thing->mark;
    marks->spans[thing->mark] = gen_span_of(thing->words.at, 2);
    thing->words = gen_words_after(thing->words, 2);
}


gen_item
gen_item_of(gen_marks *marks, gen_words words)
{
    gen_item  thing = { .words = words };

    take_mark(marks, &thing);

    return thing;
}


static void
add_class(gen_writer *w, caplat_slice name, bool *open)
{
    if (*open) {
        gen_buf_lit(w->html, " ");

    } else {
        gen_buf_lit(w->html, " class=\"");
        *open = true;
    }

    gen_buf_add(w->html, name);
}


void
gen_item_open(gen_writer *w, caplat_slice tag, caplat_slice name,
    const gen_item *thing)
{
    bool  open = false;

    gen_buf_byte(w->html, '<');
    gen_buf_add(w->html, tag);

    if (name.len != 0) {
        add_class(w, name, &open);
    }

    if (thing->on) {
        add_class(w, CAPLAT_LIT("on"), &open);
    }

    if (thing->narrow) {
        add_class(w, CAPLAT_LIT("opt-col"), &open);
    }

    if (thing->mark != 0) {
        add_class(w, CAPLAT_LIT("hit"), &open);
    }

    if (open) {
        gen_buf_byte(w->html, '"');
    }

    gen_buf_byte(w->html, '>');
}


void
gen_item_dot(gen_writer *w, const gen_item *thing)
{
    if (thing->mark != 0) {
        gen_buf_lit(w->html, "<i class=\"dot\">");
        gen_buf_uint(w->html, thing->mark);
        gen_buf_lit(w->html, "</i>");
    }
}


static void
close_tag(gen_writer *w, caplat_slice tag)
{
    gen_buf_lit(w->html, "</");
    gen_buf_add(w->html, tag);
    gen_buf_byte(w->html, '>');
}


void
gen_item_words(gen_writer *w, gen_words words)
{
    gen_form_text(w, words.words, words.at, GEN_FORM_DRAWN);
    gen_clause_end(w);
}


void
gen_item_write(gen_writer *w, caplat_slice tag, caplat_slice name,
    const gen_item *thing)
{
    gen_item_open(w, tag, name, thing);
    gen_item_words(w, thing->words);
    gen_item_dot(w, thing);
    close_tag(w, tag);
}


void
gen_item_take_narrow(gen_item *thing)
{
    if (gen_text_ends(thing->words.words, CAPLAT_LIT("~"))) {
        thing->narrow = true;
        thing->words.words.len--;
    }
}
