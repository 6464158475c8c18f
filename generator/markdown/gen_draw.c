#include "gen_draw.h"

#include "gen_table.h"
#include "gen_text.h"


#define NARROW_COLUMNS_MAX  64          /* those behind never hide */

static const caplat_slice  nothing = CAPLAT_INIT("");


/* A line of one paragraph. */
static void
write_line(gen_draw *draw, caplat_slice name, gen_words value)
{
    gen_item  thing = gen_item_of(&draw->marks, value);

    gen_item_write(draw->w, CAPLAT_LIT("p"), name, &thing);
    gen_buf_lit(draw->w->html, "\n");
}


static void
draw_title(gen_draw *draw, gen_words value)
{
    write_line(draw, CAPLAT_LIT("shot-t"), value);
}


static void
draw_text(gen_draw *draw, gen_words value)
{
    write_line(draw, nothing, value);
}


static void
draw_warn(gen_draw *draw, gen_words value)
{
    write_line(draw, CAPLAT_LIT("shot-warn"), value);
}


static void
report_line(const gen_draw *draw, gen_words value)
{
    gen_writer_report(draw->w, gen_words_span(value), GEN_FIGURE_LINE,
                      GEN_WORDS(value.words), nothing);
}


/* name = value, each in a <span> */
static void
write_pair(gen_draw *draw, caplat_slice name, caplat_slice value_class,
    gen_words value)
{
    gen_writer  *w = draw->w;
    gen_item         thing = gen_item_of(&draw->marks, value);
    gen_item         left = { 0 };
    gen_item         right = { 0 };

    if (!gen_fence_pair(thing.words, CAPLAT_LIT(" ="), &left.words,
                        &right.words))
    {
        report_line(draw, value);
        return;
    }

    gen_item_open(w, CAPLAT_LIT("p"), name, &thing);
    gen_item_write(w, CAPLAT_LIT("span"), nothing, &left);
    gen_item_write(w, CAPLAT_LIT("span"), value_class, &right);
    gen_item_dot(w, &thing);
    gen_buf_lit(w->html, "</p>\n");
}


static void
draw_field(gen_draw *draw, gen_words value)
{
    write_pair(draw, CAPLAT_LIT("shot-kv"), nothing, value);
}


static void
draw_input(gen_draw *draw, gen_words value)
{
    write_pair(draw, CAPLAT_LIT("shot-in-f"), CAPLAT_LIT("box-in"), value);
}


static void
draw_total(gen_draw *draw, gen_words value)
{
    write_pair(draw, CAPLAT_LIT("shot-total"), CAPLAT_LIT("num"), value);
}


/* "[x]" ticked, "[-]" held, "[ ]" not; empty when there is none of them. */
static caplat_slice
take_box(gen_words *words)
{
    if (gen_item_take(words, CAPLAT_LIT("[x]"))) {
        return CAPLAT_LIT("box on");
    }

    if (gen_item_take(words, CAPLAT_LIT("[-]"))) {
        return CAPLAT_LIT("box held");
    }

    return gen_item_take(words, CAPLAT_LIT("[ ]")) ? CAPLAT_LIT("box")
                                                   : nothing;
}


static void
draw_check(gen_draw *draw, gen_words value)
{
    gen_writer    *w = draw->w;
    gen_words      rest = value;
    gen_words      part;
    gen_item       thing;
    gen_item       right = { 0 };
    caplat_slice   box;

    (void) gen_fence_part(&rest, '|', &part);
    thing = gen_item_of(&draw->marks, part);
    box = take_box(&thing.words);

    if (box.len == 0) {
        report_line(draw, value);
        return;
    }

    gen_item_open(w, CAPLAT_LIT("p"), CAPLAT_LIT("shot-opt"), &thing);
    gen_item_write(w, CAPLAT_LIT("i"), box, &right);
    gen_item_write(w, CAPLAT_LIT("span"), nothing,
                   &(gen_item) { .words = thing.words });

    /* The last one stands at the right end, so the dot goes before it. */
    gen_item_dot(w, &thing);

    if (gen_fence_part(&rest, '|', &right.words)) {
        gen_item_write(w, CAPLAT_LIT("span"), nothing, &right);
    }

    gen_buf_lit(w->html, "</p>\n");
}


static void
draw_radio(gen_draw *draw, gen_words value)
{
    gen_writer  *w = draw->w;
    gen_words    part;

    gen_buf_lit(w->html, "<p class=\"shot-radios\">");

    while (gen_fence_part(&value, '|', &part)) {
        gen_item  thing = gen_item_of(&draw->marks, part);
        bool  on = gen_item_take(&thing.words, CAPLAT_LIT("(x)"));

        if (!on && !gen_item_take(&thing.words, CAPLAT_LIT("( )"))) {
            report_line(draw, part);
            continue;
        }

        gen_item_open(w, CAPLAT_LIT("span"), nothing, &thing);
        gen_item_write(w, CAPLAT_LIT("i"), CAPLAT_LIT("rad"),
                       &(gen_item) { .on = on });
        gen_item_words(w, thing.words);
        gen_item_dot(w, &thing);
        gen_buf_lit(w->html, "</span>");
    }

    gen_buf_lit(w->html, "</p>\n");
}


static void
draw_buttons(gen_draw *draw, gen_words value)
{
    gen_writer  *w = draw->w;
    gen_words    part;

    gen_buf_lit(w->html, "<p class=\"shot-btns\">");

    while (gen_fence_part(&value, '|', &part)) {
        gen_item  thing = gen_item_of(&draw->marks, part);
        bool  main = gen_item_take(&thing.words, CAPLAT_LIT("*"));

        gen_item_write(w, CAPLAT_LIT("span"),
                   main ? CAPLAT_LIT("b main") : CAPLAT_LIT("b"), &thing);
    }

    gen_buf_lit(w->html, "</p>\n");
}


static void
draw_menu(gen_draw *draw, gen_words value)
{
    gen_words  part;

    gen_buf_lit(draw->w->html, "<div class=\"menu\">");

    while (gen_fence_part(&value, '|', &part)) {
        gen_item  thing = gen_item_of(&draw->marks, part);

        gen_item_write(draw->w, CAPLAT_LIT("span"), nothing, &thing);
    }

    gen_buf_lit(draw->w->html, "</div>\n");
}


static void
draw_steps(gen_draw *draw, gen_words value)
{
    gen_words  part;

    gen_buf_lit(draw->w->html, "<p class=\"shot-steps\">");

    while (gen_fence_part(&value, '|', &part)) {
        gen_item  thing = gen_item_of(&draw->marks, part);

        thing.on = gen_item_take(&thing.words, CAPLAT_LIT("*"));
        gen_item_write(draw->w, CAPLAT_LIT("span"), nothing, &thing);
    }

    gen_buf_lit(draw->w->html, "</p>\n");
}


static void
draw_tabs(gen_draw *draw, gen_words value)
{
    gen_words  part;

    gen_buf_lit(draw->w->html, "<div class=\"shot-bar\">");

    while (gen_fence_part(&value, '|', &part)) {
        gen_item  thing = gen_item_of(&draw->marks, part);

        gen_item_take_narrow(&thing);

        if (gen_text_ends(thing.words.words, CAPLAT_LIT("]"))
            && gen_item_take(&thing.words, CAPLAT_LIT("[")))
        {
            thing.on = true;
            thing.words.words.len--;
        }

        gen_item_write(draw->w, CAPLAT_LIT("span"), nothing, &thing);
    }

    gen_buf_lit(draw->w->html, "</div>\n");
}


static void
draw_head(gen_draw *draw, gen_words value)
{
    gen_writer  *w = draw->w;
    gen_words    part;

    draw->columns = 0;
    draw->narrow = 0;
    draw->table = true;
    gen_buf_lit(w->html, "<table><thead><tr>");

    while (gen_fence_part(&value, '|', &part)) {
        gen_item  thing = gen_item_of(&draw->marks, part);

        gen_item_take_narrow(&thing);

        if (thing.narrow && draw->columns < NARROW_COLUMNS_MAX) {
            draw->narrow |= UINT64_C(1) << draw->columns;
        }

        gen_item_write(w, CAPLAT_LIT("th"), nothing, &thing);
        draw->columns++;
    }

    gen_buf_lit(w->html, "</tr></thead>\n<tbody>\n");
}


static void
draw_row(gen_draw *draw, gen_words value)
{
    gen_writer  *w = draw->w;
    gen_span     span = gen_words_span(value);
    size_t       count = 0;
    gen_words    part;

    if (!draw->table) {
        draw->table = true;
        draw->columns = 0;
        draw->narrow = 0;
        gen_buf_lit(w->html, "<table><tbody>\n");
    }

    gen_buf_lit(w->html, "<tr>");

    while (gen_fence_part(&value, '|', &part)) {
        gen_item  thing = gen_item_of(&draw->marks, part);

        thing.narrow = count < NARROW_COLUMNS_MAX
                       && (draw->narrow >> count & 1) != 0;
        gen_item_write(w, CAPLAT_LIT("td"), nothing, &thing);
        count++;
    }

    gen_buf_lit(w->html, "</tr>\n");

    if (draw->columns != 0 && count != draw->columns) {
        gen_table_ragged(w, span, count, draw->columns);
    }
}


/* Where a line stands: beside the inside, in it, or in a table in it. */
typedef enum { PLACE_BAR, PLACE_INSIDE, PLACE_TABLE } line_place;


static const struct {
    caplat_slice   key;
    line_place     place;
    void         (*draw)(gen_draw *draw, gen_words value);

} lines[] = {
    { CAPLAT_INIT("tabs"),    PLACE_BAR,    draw_tabs },
    { CAPLAT_INIT("head"),    PLACE_INSIDE, draw_head },
    { CAPLAT_INIT("row"),     PLACE_TABLE,  draw_row },
    { CAPLAT_INIT("title"),   PLACE_INSIDE, draw_title },
    { CAPLAT_INIT("text"),    PLACE_INSIDE, draw_text },
    { CAPLAT_INIT("warn"),    PLACE_INSIDE, draw_warn },
    { CAPLAT_INIT("field"),   PLACE_INSIDE, draw_field },
    { CAPLAT_INIT("check"),   PLACE_INSIDE, draw_check },
    { CAPLAT_INIT("radio"),   PLACE_INSIDE, draw_radio },
    { CAPLAT_INIT("input"),   PLACE_INSIDE, draw_input },
    { CAPLAT_INIT("buttons"), PLACE_INSIDE, draw_buttons },
    { CAPLAT_INIT("menu"),    PLACE_INSIDE, draw_menu },
    { CAPLAT_INIT("steps"),   PLACE_INSIDE, draw_steps },
    { CAPLAT_INIT("total"),   PLACE_INSIDE, draw_total }
};


/* Close and open what a line needs around it. */
static void
go_to(gen_draw *draw, line_place place)
{
    gen_buf  *html = draw->w->html;

    if (draw->table && place != PLACE_TABLE) {
        draw->table = false;
        gen_buf_lit(html, "</tbody></table>\n");
    }

    if (draw->inside && place == PLACE_BAR) {
        draw->inside = false;
        gen_buf_lit(html, "</div>\n");
    }

    if (!draw->inside && place != PLACE_BAR) {
        draw->inside = true;
        gen_buf_lit(html, "<div class=\"shot-in\">\n");
    }
}


bool
gen_draw_line(gen_draw *draw, gen_words key, gen_words value)
{
    for (size_t i = 0; i < CAPLAT_COUNT(lines); i++) {
        if (caplat_slice_eq(lines[i].key, key.words)) {
            go_to(draw, lines[i].place);
            lines[i].draw(draw, value);

            return true;
        }
    }

    return false;
}


void
gen_draw_end(gen_draw *draw)
{
    go_to(draw, PLACE_BAR);
}
