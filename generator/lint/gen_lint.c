#include "gen_lint.h"

#include "gen_private.h"
#include "gen_rules.h"
#include "gen_text.h"


#define ACTIONS_MAX    5                /* in a step */
#define WARNINGS_MAX   1
#define TITLE_MAX      30               /* characters */
#define FENCES_MAX     4                /* blocks in blocks */
#define LIST_INDENT    3                /* columns: from here on, a list in */
                                        /* a list */

typedef enum {
    PROSE,                              /* note, problem: Markdown */
    TABLE,
    FIGURE,
    CODE                                /* no words: price, text, unknown */
} block_kind;


typedef struct {
    block_kind     kind;
    char           mark;                /* ` or ~ */
    size_t         len;                 /* of the opening fence */
} fence;


typedef struct {
    gen_rules      rules;
    bool           steps;               /* is this a guide? */

    fence          fences[FENCES_MAX];  /* the blocks that are open */
    size_t         depth;
    bool           note_title;          /* the next line is a note's title */

    caplat_slice   step;                /* its heading; empty: none yet */
    size_t         actions;
    size_t         warnings;
} lint;


/* A piece of prose that stands for itself. */
static void
check_alone(lint *l, caplat_slice text)
{
    gen_rules_break(&l->rules);
    gen_rules_line(&l->rules, text);
    gen_rules_break(&l->rules);
}


/* `a | b | c`: each is a piece of its own. */
static void
check_items(lint *l, caplat_slice line)
{
    size_t        at = 0;
    caplat_slice  item;

    while (gen_text_item(line, '|', &at, &item)) {
        check_alone(l, item);
    }
}


static size_t
offset_of(const lint *l, caplat_slice part)
{
    return (size_t) (part.ptr - l->rules.source->text.ptr);
}


/* The step is over: did it ask too much? */
static void
end_step(lint *l)
{
    size_t  at;

    if (l->step.len != 0) {
        at = offset_of(l, l->step);

        if (l->actions > ACTIONS_MAX) {
            gen_rules_count(&l->rules, at, at + l->step.len,
                            GEN_LINT_ACTIONS, l->actions, ACTIONS_MAX);
        }

        if (l->warnings > WARNINGS_MAX) {
            gen_rules_count(&l->rules, at, at + l->step.len,
                            GEN_LINT_WARNINGS, l->warnings, WARNINGS_MAX);
        }
    }

    l->step = CAPLAT_LIT("");
    l->actions = 0;
    l->warnings = 0;
}


static size_t
run_of(caplat_slice text, char byte)
{
    size_t  len = 0;

    while (len < text.len && text.ptr[len] == byte) {
        len++;
    }

    return len;
}


static caplat_slice
rest_of(caplat_slice text, size_t from)
{
    return gen_text_part(text, from, text.len);
}


static void
open_block(lint *l, caplat_slice line, size_t len)
{
    fence        *f = &l->fences[l->depth];
    caplat_slice  info = gen_text_trim(rest_of(line, len));
    caplat_slice  kind = info;
    caplat_slice  words = CAPLAT_LIT("");

    (void) gen_text_cut(info, CAPLAT_LIT(" "), &kind, &words);
    gen_rules_break(&l->rules);

    f->mark = line.ptr[0];
    f->len = len;
    f->kind = CODE;
    l->depth++;

    if (caplat_slice_eq(kind, CAPLAT_LIT("note"))) {
        f->kind = PROSE;
        l->note_title = true;
        l->warnings += caplat_slice_eq(gen_text_trim(words),
                                       CAPLAT_LIT("warn")) ? 1 : 0;
        return;
    }

    if (caplat_slice_eq(kind, CAPLAT_LIT("figure"))) {
        f->kind = FIGURE;
        return;
    }

    if (caplat_slice_eq(kind, CAPLAT_LIT("problem"))) {
        f->kind = PROSE;

    } else if (caplat_slice_eq(kind, CAPLAT_LIT("table"))) {
        f->kind = TABLE;

    } else if (!caplat_slice_eq(kind, CAPLAT_LIT("price"))) {
        return;
    }

    check_alone(l, words);
}


/* Does this line open a block? A fence of backticks has none in its info. */
static bool
is_opening(const lint *l, caplat_slice line, size_t *len)
{
    size_t  tick;

    *len = line.len != 0 && (line.ptr[0] == '`' || line.ptr[0] == '~')
           ? run_of(line, line.ptr[0]) : 0;

    return *len >= 3 && l->depth < FENCES_MAX
           && (line.ptr[0] == '~'
               || !gen_text_find(rest_of(line, *len), CAPLAT_LIT("`"),
                                 &tick));
}


static bool
is_closing(const lint *l, caplat_slice line)
{
    const fence  *f = &l->fences[l->depth - 1];
    size_t        len = run_of(line, f->mark);

    return len >= f->len && len == line.len;
}


/* A line of nothing but - * _ = and blanks: a rule, or a heading's line. */
static bool
is_rule(caplat_slice line)
{
    for (size_t i = 0; i < line.len; i++) {
        char  byte = line.ptr[i];

        if (byte != '-' && byte != '*' && byte != '_' && byte != '='
            && byte != ' ')
        {
            return false;
        }
    }

    return true;
}


/* `# Words`: the level, 0 when this is no heading. */
static size_t
heading_level(caplat_slice line)
{
    size_t  level = run_of(line, '#');

    return level <= 6 && (level == line.len || line.ptr[level] == ' ') ? level
                                                                       : 0;
}


static void
check_heading(lint *l, caplat_slice line, size_t level)
{
    caplat_slice  words = gen_text_trim(rest_of(line, level));

    if (l->depth == 0 && level <= 2) {
        end_step(l);
        l->step = l->steps && level == 2 ? words : l->step;
    }

    check_alone(l, words);
}


/* Bytes of `- ` or `1. `, 0 when this is no list item. */
static size_t
item_mark(caplat_slice line, bool *ordered)
{
    size_t  len = 0;

    while (len < line.len && line.ptr[len] >= '0' && line.ptr[len] <= '9') {
        len++;
    }

    *ordered = len != 0;

    if (len + 1 >= line.len || line.ptr[len + 1] != ' ') {
        return 0;
    }

    if (*ordered) {
        return line.ptr[len] == '.' || line.ptr[len] == ')' ? len + 2 : 0;
    }

    return line.ptr[0] == '-' || line.ptr[0] == '*' || line.ptr[0] == '+'
           ? 2 : 0;
}


/* A line of Markdown that is neither code nor a fence. */
static void
check_markdown(lint *l, caplat_slice line, size_t indent)
{
    size_t  level = heading_level(line);
    size_t  mark;
    bool    ordered;

    if (l->rules.in_comment) {
        gen_rules_line(&l->rules, line);
        return;
    }

    if (is_rule(line)) {
        gen_rules_break(&l->rules);
        return;
    }

    if (level != 0) {
        check_heading(l, line, level);
        return;
    }

    mark = item_mark(line, &ordered);

    if (mark != 0) {
        gen_rules_break(&l->rules);
        l->actions += ordered && l->depth == 0 && indent < LIST_INDENT;
    }

    gen_rules_line(&l->rules, rest_of(line, mark));

    if (l->note_title) {
        l->note_title = false;
        gen_rules_break(&l->rules);
    }
}


/* Only these lines of a figure are ours to word: the rest is as drawn. */
static void
check_figure(lint *l, caplat_slice line)
{
    caplat_slice  key;
    caplat_slice  words;

    if (gen_text_cut(line, CAPLAT_LIT(":"), &key, &words)
        && (caplat_slice_eq(key, CAPLAT_LIT("alt"))
            || caplat_slice_eq(key, CAPLAT_LIT("caption"))
            || (key.len == 1 && key.ptr[0] >= '1' && key.ptr[0] <= '9')))
    {
        check_alone(l, gen_text_trim(words));
    }
}


/* Blockquotes are prose: their marks are taken off. */
static caplat_slice
take_quotes(caplat_slice line)
{
    while (line.len != 0 && line.ptr[0] == '>') {
        line = gen_text_trim(rest_of(line, 1));
    }

    return line;
}


static void
check_line(lint *l, caplat_slice raw)
{
    caplat_slice  line = gen_text_trim(raw);
    block_kind    kind = l->depth != 0 ? l->fences[l->depth - 1].kind : PROSE;
    size_t        len;

    if (l->depth != 0 && line.len != 0 && is_closing(l, line)) {
        gen_rules_break(&l->rules);
        l->note_title = false;
        l->depth--;
        return;
    }

    switch (kind) {

    case PROSE:
        if (!l->rules.in_comment && is_opening(l, line, &len)) {
            open_block(l, line, len);
            return;
        }

        check_markdown(l, take_quotes(line),
                       (size_t) (line.ptr - raw.ptr));
        break;

    case TABLE:
        check_items(l, line);
        break;

    case FIGURE:
        check_figure(l, line);
        break;

    case CODE:
        break;
    }
}


/* Front matter's values are prose too, and a title has its length. */
static void
check_front(lint *l, caplat_slice line)
{
    caplat_slice  name;
    caplat_slice  value;
    size_t        count;

    if (!gen_text_cut(line, CAPLAT_LIT(":"), &name, &value)
        || gen_text_begins(line, CAPLAT_LIT("#")))
    {
        return;
    }

    value = gen_text_trim(value);
    check_items(l, value);

    if (caplat_slice_eq(gen_text_trim(name), CAPLAT_LIT("title"))) {
        count = gen_text_count(value);

        if (count > TITLE_MAX) {
            gen_rules_count(&l->rules, offset_of(l, value),
                            offset_of(l, value) + value.len,
                            GEN_LINT_TITLE_LONG, count, TITLE_MAX);
        }
    }
}


void
gen_lint_source(const gen_reader *reader, const gen_source *source,
    gen_kind kind, size_t body_at)
{
    static const gen_terms  no_terms;

    lint          l = { .steps = kind == GEN_GUIDE };
    caplat_slice  line;
    size_t        at = 0;
    size_t        from = 0;

    l.rules.diags = reader->diags;
    l.rules.source = source;
    l.rules.terms = reader->terms != NULL ? reader->terms : &no_terms;

    for ( /* void */ ; gen_text_line(source->text, &at, &line); from = at) {
        if (from < body_at) {
            check_front(&l, line);

        } else {
            check_line(&l, line);
        }
    }

    gen_rules_break(&l.rules);
    end_step(&l);
    gen_private_report(reader->diags, source);
}
