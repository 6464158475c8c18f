#include "gen_script.h"

#include "gen_file.h"
#include "gen_source.h"
#include "gen_text.h"


#define FROM  " from './"
#define END   "';"


typedef enum {
    SCRIPT_NEW,
    SCRIPT_OPEN,                        /* what it imports is being added */
    SCRIPT_ADDED
} script_state;

typedef struct {
    caplat_slice       file;
    const gen_source  *source;
    size_t             asset;
    script_state       state;
} script;

typedef struct {
    gen_theme  *theme;
    script      all[GEN_ASSETS_MAX];
    size_t      count;
} scripts;


static void  add(scripts *s, script *one);


/* The file that a line imports; where its name stands in the line. */
static bool
import_of(caplat_slice line, size_t *at, caplat_slice *file)
{
    const size_t  from = sizeof(FROM) - 1, end = sizeof(END) - 1;

    if (!gen_text_ends(line, CAPLAT_LIT(END))) {
        return false;
    }

    for (size_t i = 0; i + from + end < line.len; i++) {
        if (memcmp(line.ptr + i, FROM, from) == 0) {
            *at = i + from;
            *file = caplat_slice_of(line.ptr + *at, line.len - end - *at);

            return true;
        }
    }

    return false;
}


static script *
find(scripts *s, caplat_slice file)
{
    for (size_t i = 0; i != s->count; i++) {
        if (caplat_slice_eq(s->all[i].file, file)) {
            return &s->all[i];
        }
    }

    return NULL;
}


/* What a script imports, added; NULL when it cannot be. */
static const script *
imported(scripts *s, const script *by, size_t at, caplat_slice file)
{
    script  *one = find(s, file);

    if (one != NULL && one->state == SCRIPT_NEW) {
        add(s, one);
    }

    if (one == NULL || one->state != SCRIPT_ADDED) {
        gen_report(s->theme->diags, by->source, gen_span_of(at, file.len),
                   one == NULL ? GEN_THEME_FILE : GEN_THEME_ROUND,
                   GEN_WORDS(file), CAPLAT_LIT(""));

        return NULL;
    }

    return one;
}


/*
 * Take from a line the comment that it begins with, or is within. False when
 * nothing is left.
 */
static bool
uncomment(caplat_slice *line, bool *is_open)
{
    caplat_slice  text = gen_text_trim(*line), before;

    if (!*is_open && !gen_text_begins(text, CAPLAT_LIT("/*"))) {
        return true;
    }

    *is_open = !gen_text_cut(text, CAPLAT_LIT("*/"), &before, line);

    return !*is_open && line->len != 0;
}


static void
add(scripts *s, script *one)
{
    gen_buf       out = { 0 };
    uint64_t      imports = 0;
    size_t        at = 0;
    bool          is_open = false;
    caplat_slice  line;

    one->state = SCRIPT_OPEN;

    while (gen_text_line(one->source->text, &at, &line)) {
        size_t        place;
        caplat_slice  file;

        if (!uncomment(&line, &is_open)) {
            continue;
        }

        if (import_of(line, &place, &file)) {
            size_t         start = (size_t) (line.ptr - one->source->text.ptr);
            const script  *found = imported(s, one, start + place, file);

            if (found != NULL) {
                const gen_asset  *asset = &s->theme->assets[found->asset];

                imports |= (uint64_t) 1 << found->asset | asset->imports;
                gen_buf_add(&out, caplat_slice_of(line.ptr, place - 2));
                gen_buf_add(&out, asset->url);
                line = CAPLAT_LIT(END);
            }
        }

        gen_buf_add(&out, line);
        gen_buf_byte(&out, '\n');
    }

    one->asset = s->theme->asset_count;
    gen_theme_add(s->theme, one->file,
                  gen_arena_copy(s->theme->keep, gen_buf_slice(&out)));
    s->theme->assets[one->asset].imports = imports;
    one->state = SCRIPT_ADDED;
    gen_buf_close(&out);
}


void
gen_script_add_all(gen_theme *theme)
{
    scripts        s = { .theme = theme };
    gen_path       folder = gen_path_of(theme->folder, CAPLAT_LIT("."));
    caplat_slice  *names;
    size_t         count = gen_file_list(folder.name, CAPLAT_LIT(".js"),
                                         theme->keep, &names);

    for (size_t i = 0; i != count; i++) {
        script  *one = &s.all[s.count];

        caplat_assert(s.count != GEN_ASSETS_MAX);

        if (gen_source_open(theme->folder, names[i], theme->keep, theme->diags,
                            &one->source))
        {
            one->file = names[i];
            s.count++;
        }
    }

    for (size_t i = 0; i != s.count; i++) {
        if (s.all[i].state == SCRIPT_NEW) {
            add(&s, &s.all[i]);
        }
    }
}
