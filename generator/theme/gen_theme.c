#include "gen_theme.h"

#include "gen_file.h"
#include "gen_hash.h"
#include "gen_script.h"
#include "gen_text.h"

#include <stdlib.h>


static caplat_slice
ending_of(caplat_slice file)
{
    size_t  at = file.len;

    while (at != 0 && file.ptr[at - 1] != '.') {
        at--;
    }

    return caplat_slice_of(file.ptr + at, file.len - at);
}


static caplat_slice
keep_buf(gen_theme *theme, gen_buf *buf)
{
    caplat_slice  text = gen_arena_copy(theme->keep, gen_buf_slice(buf));

    gen_buf_close(buf);

    return text;
}


static caplat_slice
integrity_of(gen_theme *theme, caplat_slice text)
{
    gen_buf  buf = { 0 };

    gen_buf_lit(&buf, "sha256-");
    gen_hash_base64(&buf, gen_hash_sha256(text));

    return keep_buf(theme, &buf);
}


void
gen_theme_add(gen_theme *theme, caplat_slice file, caplat_slice text)
{
    gen_buf     url = { 0 };
    gen_buf     hex = { 0 };
    gen_asset  *asset;

    caplat_assert(theme->asset_count != GEN_ASSETS_MAX);

    gen_hash_hex(&hex, gen_hash_sha256(text));
    gen_buf_lit(&url, "/assets/");
    gen_buf_add(&url, caplat_slice_of(hex.data, GEN_HASH_NAME_LEN));
    gen_buf_byte(&url, '.');
    gen_buf_add(&url, ending_of(file));
    gen_buf_close(&hex);

    asset = &theme->assets[theme->asset_count++];
    asset->file = gen_arena_copy(theme->keep, file);
    asset->url = keep_buf(theme, &url);
    asset->integrity = integrity_of(theme, text);
    asset->text = text;
    asset->imports = 0;
    asset->used = false;
}


static int
by_name(const void *a, const void *b)
{
    return caplat_slice_cmp(((const gen_constant *) a)->name,
                            ((const gen_constant *) b)->name);
}


static void
add_styles(gen_theme *theme)
{
    gen_path       folder = gen_path_of(theme->folder, CAPLAT_LIT("."));
    caplat_slice  *names;
    size_t         count = gen_file_list(folder.name, CAPLAT_LIT(".css"),
                                         theme->keep, &names);

    for (size_t i = 0; i != count; i++) {
        gen_path      path = gen_path_of(theme->folder, names[i]);
        caplat_slice  text;

        if (gen_file_read(path.name, GEN_FILE_LEN_MAX, theme->keep, &text)
            == GEN_READ_DONE)
        {
            gen_theme_add(theme, names[i], text);
        }
    }
}


void
gen_theme_open(gen_theme *theme, caplat_slice folder,
    gen_constant *constants, size_t constant_count, gen_arena *keep,
    gen_diags *diags)
{
    *theme = (gen_theme) {
        .folder = folder, .constants = constants,
        .constant_count = constant_count, .keep = keep, .diags = diags,
    };

    qsort(constants, constant_count, sizeof(gen_constant), by_name);

    add_styles(theme);
    gen_script_add_all(theme);
}


static gen_asset *
find_asset(gen_theme *theme, caplat_slice file)
{
    for (size_t i = 0; i != theme->asset_count; i++) {
        if (caplat_slice_eq(theme->assets[i].file, file)) {
            return &theme->assets[i];
        }
    }

    return NULL;
}


static void
note_inline(caplat_slice *hashes, size_t *count, caplat_slice hash)
{
    for (size_t i = 0; i != *count; i++) {
        if (caplat_slice_eq(hashes[i], hash)) {
            return;
        }
    }

    caplat_assert(*count != GEN_INLINES_MAX);
    hashes[(*count)++] = hash;
}


/* Whether a line is a comment, or a part of one that *within says is open. */
static bool
is_comment(caplat_slice line, bool *within)
{
    bool  comment = *within || gen_text_begins(line, CAPLAT_LIT("/*"));

    if (comment) {
        *within = !gen_text_ends(line, CAPLAT_LIT("*/"));
    }

    return comment;
}


static caplat_slice
squeezed(gen_theme *theme, caplat_slice text)
{
    gen_buf       out = { 0 };
    bool          within = false;
    size_t        at = 0;
    caplat_slice  line;

    while (gen_text_line(text, &at, &line)) {
        line = gen_text_trim(line);

        if (line.len != 0 && !is_comment(line, &within)) {
            gen_buf_add(&out, line);
            gen_buf_byte(&out, '\n');
        }
    }

    return keep_buf(theme, &out);
}


bool
gen_theme_inline(gen_theme *theme, caplat_slice file, bool is_style,
    caplat_slice *text)
{
    const gen_asset  *asset = find_asset(theme, file);
    caplat_slice      hash;

    if (asset == NULL) {
        return false;
    }

    *text = squeezed(theme, asset->text);
    hash = integrity_of(theme, *text);

    if (is_style) {
        note_inline(theme->styles, &theme->style_count, hash);

    } else {
        note_inline(theme->scripts, &theme->script_count, hash);
    }

    return true;
}


static bool
asset_value(gen_theme *theme, caplat_slice name, caplat_slice *value)
{
    caplat_cursor  c = caplat_cursor_of(name);
    bool           integrity;
    gen_asset     *asset;

    integrity = caplat_take_literal(&c, CAPLAT_LIT("integrity."));

    if (!integrity && !caplat_take_literal(&c, CAPLAT_LIT("asset."))) {
        return false;
    }

    asset = find_asset(theme, caplat_slice_of(c.at, caplat_cursor_left(&c)));
    if (asset == NULL) {
        return false;
    }

    for (size_t i = 0; i != theme->asset_count; i++) {
        theme->assets[i].used |= (asset->imports >> i & 1) != 0;
    }

    asset->used = true;
    *value = integrity ? asset->integrity : asset->url;

    return true;
}


bool
gen_theme_constant(gen_theme *theme, caplat_slice name, caplat_slice *value)
{
    gen_constant         wanted = { .name = name };
    const gen_constant  *found;

    found = theme->constant_count == 0 ? NULL
            : bsearch(&wanted, theme->constants, theme->constant_count,
                      sizeof(gen_constant), by_name);

    if (found != NULL) {
        *value = found->value;
        return true;
    }

    return asset_value(theme, name, value);
}
