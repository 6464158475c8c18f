/*
 * The first lines of a content file: what it is called, whom it concerns.
 *
 *   ---
 *   title: 新增平台
 *   updated: 2025-06-01
 *   ---
 *
 * Lines are `key: value`, values are trimmed. Blank lines and lines that
 * begin with # count for nothing. There are no quotes, no nesting and no
 * values of several lines; a key that may be repeated makes a list. Which
 * kinds of files know which keys, and need which, is one table in
 * gen_front.c. content/site.txt has the same lines, without the two ---.
 */

#ifndef GEN_FRONT_H
#define GEN_FRONT_H

#include "gen_reader.h"


/*
 * Read the front matter.
 *
 * front    its values are borrowed from one copy of the front matter in
 *          reader->keep and hold what the editor wrote: {price ...} and other
 *          forms are not resolved. What a form becomes may replace the value.
 * body_at  the first byte behind the closing line
 *
 * The text is checked to be UTF-8 (NOT_UTF8): nobody has to do so again.
 *
 * Returns false when there is no telling what is front matter and what is
 * body (NOT_UTF8, BYTE_ORDER_MARK, NO_FRONT, FRONT_OPEN); front and body_at
 * are then untouched. Other problems are reported, leave their value empty,
 * and the answer is true, so that the body's problems are found in the same
 * run.
 */
bool gen_front_read(const gen_reader *reader, const gen_source *source,
    gen_kind kind, gen_front *front, size_t *body_at);

/*
 * Where a value, or a part of it, stands in the source. It must be one that
 * gen_front_read() gave: front->text has the offsets of the file.
 */
gen_span gen_front_span(const gen_front *front, caplat_slice value);


/* content/site.txt: whose site this is. What is not given is empty. */
typedef struct {
    caplat_slice   name;
    caplat_slice   subtitle;
    caplat_slice   origin;              /* https://example.cn, no slash */
    caplat_slice   phone;               /* as it is shown */
    caplat_slice   phone_link;          /* tel:+86... */
    caplat_slice   hours;
    caplat_slice   owner;
    caplat_slice   filing;              /* ICP 备案 */
    caplat_slice   police_filing;       /* 公安备案 */
    caplat_slice   email;
    caplat_slice   edition;
    caplat_slice   sign_in;             /* issuer of tokens; empty: our own */
    caplat_slice   sign_in_client;      /* who we are there */
    caplat_slice   cashier;             /* "demo"; empty: channels alone */
} gen_site_data;


/*
 * Read content/site.txt. Values are borrowed from a copy in keep. Returns
 * false when a problem was reported; site is then untouched.
 */
bool gen_site_data_read(gen_arena *keep, gen_diags *diags,
    const gen_source *source, gen_site_data *site);


#endif /* GEN_FRONT_H */
