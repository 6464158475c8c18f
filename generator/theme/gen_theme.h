/*
 * The theme: templates, scripts and styles that people write by hand.
 *
 * A template is well-formed XML, read once and compiled (gen_ops.h); what the
 * language offers is told in site/theme/README.md. Scripts and styles are
 * assets: published under a name made of their hash, with the integrity that
 * pages state, or inlined with a hash for the content security policy.
 */

#ifndef GEN_THEME_H
#define GEN_THEME_H

#include "gen_diag.h"
#include "gen_ops.h"


/* A value that is known when templates are compiled: "site.phone". */
typedef struct {
    caplat_slice   name;
    caplat_slice   value;
} gen_constant;


typedef struct {
    caplat_slice   file;                /* "style.css" */
    caplat_slice   url;                 /* "/assets/HASH.css" */
    caplat_slice   integrity;           /* "sha256-BASE64" */
    caplat_slice   text;
    uint64_t       imports;             /* bit i: it needs asset i, too */
    bool           used;                /* a template names it, or a script
                                           that it is imported by */
} gen_asset;


/* A page of our own to which a template leads, its address written out. */
typedef struct gen_theme_link  gen_theme_link;

struct gen_theme_link {
    const gen_theme_link  *next;
    const gen_source      *source;
    gen_span               span;
    caplat_slice           url;         /* "/price/" */
};


#define GEN_ASSETS_MAX   64
#define GEN_INLINES_MAX  16


typedef struct {
    caplat_slice   folder;              /* "site/theme" */
    gen_constant  *constants;           /* sorted by name */
    size_t         constant_count;
    gen_asset      assets[GEN_ASSETS_MAX];
    size_t         asset_count;
    caplat_slice   scripts[GEN_INLINES_MAX];    /* hashes of inlined files: */
    size_t         script_count;                /* "sha256-BASE64" */
    caplat_slice   styles[GEN_INLINES_MAX];
    size_t         style_count;
    const gen_theme_link *links;        /* of all templates; some twice */
    gen_arena     *keep;
    gen_diags     *diags;
} gen_theme;


/*
 * Read the scripts and styles of a theme.
 *
 * folder     outlives the theme, as do the arena and the constants, which
 *            are sorted in place
 */
void gen_theme_open(gen_theme *theme, caplat_slice folder,
    gen_constant *constants, size_t constant_count, gen_arena *keep,
    gen_diags *diags);

/* One more asset that is not in the folder: the wasm. */
void gen_theme_add(gen_theme *theme, caplat_slice file, caplat_slice text);

/*
 * A file's text as it is inlined: without indentation, empty lines and lines
 * that are all comment, for it goes out with every page. Its hash is noted.
 * False when there is no such file.
 */
bool gen_theme_inline(gen_theme *theme, caplat_slice file, bool is_style,
    caplat_slice *text);

/* The value of a constant, `asset.FILE` and `integrity.FILE` among them. */
bool gen_theme_constant(gen_theme *theme, caplat_slice name,
    caplat_slice *value);

/*
 * Compile FOLDER/NAME.html. Problems are reported; false when there are any.
 *
 * common, page   the schemas of level 0 and level 1
 * template       free with gen_ops_close
 */
bool gen_theme_compile(gen_theme *theme, const char *name,
    const gen_schema *common, const gen_schema *page,
    gen_template *template);


#endif /* GEN_THEME_H */
