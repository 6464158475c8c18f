#include "caplat_sfv.h"


typedef struct {
    caplat_cursor   c;
    caplat_sfv     *sfv;
    caplat_err     *err;
} reader;


static bool
fail(const reader *r, caplat_code code, const char *what)
{
    return caplat_fail(r->err, code, caplat_cursor_at(&r->c), what);
}


static bool
is_first_of_key(char byte)
{
    return (byte >= 'a' && byte <= 'z') || byte == '*';
}


static bool
is_of_key(char byte)
{
    return is_first_of_key(byte) || (byte >= '0' && byte <= '9')
           || byte == '_' || byte == '-' || byte == '.';
}


static void
skip_blanks(caplat_cursor *c)
{
    while (caplat_take_byte(c, ' ')) { /* void */ }
}


/* OWS of HTTP: tabs too. */
static void
skip_white(caplat_cursor *c)
{
    while (caplat_take_byte(c, ' ') || caplat_take_byte(c, '\t')) {
        /* void */
    }
}


static bool
take_key(reader *r, caplat_slice *key, const char *what)
{
    caplat_cursor  *c = &r->c;
    const char     *start = c->at;

    if (c->at == c->end || !is_first_of_key(*c->at)) {
        return fail(r, CAPLAT_NOT_A_NAME, what);
    }

    while (c->at != c->end && is_of_key(*c->at)) {
        c->at++;
    }

    *key = caplat_slice_of(start, (size_t) (c->at - start));

    return true;
}


/* What stands without a value. */
static void
set_true(caplat_sfv_bare *bare)
{
    *bare = (caplat_sfv_bare) { .type = CAPLAT_SFV_BOOLEAN, .number = 1 };
}


static bool
is_true(const caplat_sfv_bare *bare)
{
    return bare->type == CAPLAT_SFV_BOOLEAN && bare->number != 0;
}


static const caplat_sfv_bare *
find_param(const caplat_sfv *sfv, size_t at, size_t count, caplat_slice key)
{
    for (size_t i = at; i < at + count; i++) {
        if (caplat_slice_eq(sfv->params[i].key, key)) {
            return &sfv->params[i].value;
        }
    }

    return NULL;
}


/* A parameter of what has those from `at` on, from behind its semicolon. */
static bool
take_param(reader *r, size_t at)
{
    caplat_sfv        *sfv = r->sfv;
    caplat_cursor      start;
    caplat_sfv_param   param;

    skip_blanks(&r->c);
    start = r->c;

    if (!take_key(r, &param.key, "parameter")) {
        return false;
    }

    if (find_param(sfv, at, sfv->param_count - at, param.key) != NULL) {
        r->c = start;
        return fail(r, CAPLAT_TWICE, "parameter");
    }

    if (sfv->param_count == CAPLAT_SFV_PARAMS_MAX) {
        r->c = start;
        return fail(r, CAPLAT_TOO_LARGE, "parameters");
    }

    set_true(&param.value);

    if (caplat_take_byte(&r->c, '=')
        && !caplat_sfv_take_bare(&r->c, &param.value, r->err))
    {
        return false;
    }

    sfv->params[sfv->param_count++] = param;

    return true;
}


static bool
take_params(reader *r, size_t *at, size_t *count)
{
    *at = r->sfv->param_count;

    while (caplat_take_byte(&r->c, ';')) {
        if (!take_param(r, *at)) {
            return false;
        }
    }

    *count = r->sfv->param_count - *at;

    return true;
}


/* With a value, or standing without one. */
static bool
take_item(reader *r, bool has_value)
{
    caplat_sfv_item  *item;

    if (r->sfv->item_count == CAPLAT_SFV_ITEMS_MAX) {
        return fail(r, CAPLAT_TOO_LARGE, "items");
    }

    item = &r->sfv->items[r->sfv->item_count++];
    set_true(&item->value);

    return (!has_value || caplat_sfv_take_bare(&r->c, &item->value, r->err))
           && take_params(r, &item->param_at, &item->param_count);
}


/* The items of a list, from behind its bracket to behind the other. */
static bool
take_items(reader *r)
{
    caplat_cursor  *c = &r->c;

    for ( ;; ) {
        skip_blanks(c);

        if (caplat_take_byte(c, ')')) {
            return true;
        }

        if (c->at == c->end) {
            return fail(r, CAPLAT_TRUNCATED, "list");
        }

        if (!take_item(r, true)) {
            return false;
        }

        if (c->at != c->end && *c->at != ' ' && *c->at != ')') {
            return fail(r, CAPLAT_TRAILING, "list");
        }
    }
}


static bool
take_list(reader *r, caplat_sfv_member *member)
{
    member->is_list = true;
    member->item_at = r->sfv->item_count;

    if (!take_items(r)) {
        return false;
    }

    member->item_count = r->sfv->item_count - member->item_at;

    return take_params(r, &member->param_at, &member->param_count);
}


static bool
take_single(reader *r, bool has_value, caplat_sfv_member *member)
{
    const caplat_sfv_item  *item = &r->sfv->items[r->sfv->item_count];

    member->is_list = false;
    member->item_at = r->sfv->item_count;
    member->item_count = 1;

    if (!take_item(r, has_value)) {
        return false;
    }

    member->param_at = item->param_at;
    member->param_count = item->param_count;

    return true;
}


/* What stands behind a key. */
static bool
take_value(reader *r, caplat_sfv_member *member)
{
    if (!caplat_take_byte(&r->c, '=')) {
        return take_single(r, false, member);
    }

    if (caplat_take_byte(&r->c, '(')) {
        return take_list(r, member);
    }

    return take_single(r, true, member);
}


static bool
take_member(reader *r)
{
    caplat_sfv         *sfv = r->sfv;
    caplat_cursor       start = r->c;
    caplat_sfv_member   member;

    if (!take_key(r, &member.key, "key")) {
        return false;
    }

    if (caplat_sfv_find(sfv, member.key) != NULL) {
        r->c = start;
        return fail(r, CAPLAT_TWICE, "key");
    }

    if (sfv->member_count == CAPLAT_SFV_MEMBERS_MAX) {
        r->c = start;
        return fail(r, CAPLAT_TOO_LARGE, "members");
    }

    if (!take_value(r, &member)) {
        return false;
    }

    sfv->members[sfv->member_count++] = member;

    return true;
}


bool
caplat_sfv_read(caplat_slice line, caplat_sfv *sfv, caplat_err *err)
{
    reader          r = { .c = caplat_cursor_of(line), .sfv = sfv,
                          .err = err };
    caplat_cursor  *c = &r.c;

    skip_blanks(c);

    for ( ;; ) {
        if (c->at == c->end) {
            return fail(&r, CAPLAT_TRUNCATED, "member");
        }

        if (!take_member(&r)) {
            return false;
        }

        skip_white(c);

        if (!caplat_take_byte(c, ',')) {
            return c->at == c->end || fail(&r, CAPLAT_TRAILING, "member");
        }

        skip_white(c);
    }
}


const caplat_sfv_member *
caplat_sfv_find(const caplat_sfv *sfv, caplat_slice key)
{
    for (size_t i = 0; i < sfv->member_count; i++) {
        if (caplat_slice_eq(sfv->members[i].key, key)) {
            return &sfv->members[i];
        }
    }

    return NULL;
}


const caplat_sfv_bare *
caplat_sfv_param_find(const caplat_sfv *sfv, const caplat_sfv_member *member,
    caplat_slice key)
{
    return find_param(sfv, member->param_at, member->param_count, key);
}


void
caplat_sfv_put_params(caplat_writer *w, const caplat_sfv_param *params,
    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        caplat_put(w, CAPLAT_LIT(";"));
        caplat_put(w, params[i].key);

        if (!is_true(&params[i].value)) {
            caplat_put(w, CAPLAT_LIT("="));
            caplat_sfv_put_bare(w, &params[i].value);
        }
    }
}


static void
put_item(caplat_writer *w, const caplat_sfv *sfv, const caplat_sfv_item *item)
{
    caplat_sfv_put_bare(w, &item->value);
    caplat_sfv_put_params(w, &sfv->params[item->param_at], item->param_count);
}


static void
put_list(caplat_writer *w, const caplat_sfv *sfv,
    const caplat_sfv_member *member)
{
    caplat_put(w, CAPLAT_LIT("("));

    for (size_t i = 0; i < member->item_count; i++) {
        if (i != 0) {
            caplat_put(w, CAPLAT_LIT(" "));
        }

        put_item(w, sfv, &sfv->items[member->item_at + i]);
    }

    caplat_put(w, CAPLAT_LIT(")"));
    caplat_sfv_put_params(w, &sfv->params[member->param_at],
        member->param_count);
}


static void
put_member(caplat_writer *w, const caplat_sfv *sfv,
    const caplat_sfv_member *member)
{
    const caplat_sfv_item  *item = &sfv->items[member->item_at];

    caplat_put(w, member->key);

    if (member->is_list) {
        caplat_put(w, CAPLAT_LIT("="));
        put_list(w, sfv, member);

    } else if (is_true(&item->value)) {
        caplat_sfv_put_params(w, &sfv->params[item->param_at],
            item->param_count);

    } else {
        caplat_put(w, CAPLAT_LIT("="));
        put_item(w, sfv, item);
    }
}


void
caplat_sfv_put(caplat_writer *w, const caplat_sfv *sfv)
{
    for (size_t i = 0; i < sfv->member_count; i++) {
        if (i != 0) {
            caplat_put(w, CAPLAT_LIT(", "));
        }

        put_member(w, sfv, &sfv->members[i]);
    }
}
