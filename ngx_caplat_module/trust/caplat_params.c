#include "caplat_params.h"


static bool
is_name(caplat_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char  byte = text.ptr[i];

        if (!caplat_is_digit(byte) && !caplat_is_letter(byte) && byte != '_') {
            return false;
        }
    }

    return text.len >= 1 && text.len <= CAPLAT_PARAM_NAME_MAX;
}


static int
hex_value(char byte)
{
    return caplat_is_digit(byte) ? byte - '0'
         : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
         : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
         : -1;
}


/* What % and two digits mean. */
static bool
take_escape(caplat_cursor *c, char *byte)
{
    if (caplat_cursor_left(c) < 3) {
        return false;
    }

    int  high = hex_value(c->at[1]);
    int  low = hex_value(c->at[2]);

    if (high < 0 || low < 0) {
        return false;
    }

    *byte = (char) (high << 4 | low);
    c->at += 3;

    return true;
}


/* No longer than it was. */
static bool
decode(caplat_slice text, caplat_writer *room, caplat_slice *value)
{
    caplat_cursor  c = caplat_cursor_of(text);
    char          *out = room->ptr + room->len;
    size_t         len = 0;

    while (c.at != c.end) {
        if (*c.at == '%') {
            if (!take_escape(&c, &out[len])) {
                return false;
            }

        } else {
            out[len] = *c.at == '+' ? ' ' : *c.at;
            c.at++;
        }

        len++;
    }

    *value = caplat_slice_of(out, len);
    room->len += len;

    return true;
}


static bool
read_param(caplat_slice part, caplat_writer *room, caplat_params *params)
{
    caplat_cursor  c = caplat_cursor_of(part);
    caplat_param   param;

    if (params->count == CAPLAT_PARAMS_MAX
        || !caplat_take_until(&c, '=', CAPLAT_PARAM_NAME_MAX, &param.name)
        || !is_name(param.name)
        || !decode(caplat_slice_of(c.at, caplat_cursor_left(&c)), room,
                   &param.value))
    {
        return false;
    }

    params->list[params->count++] = param;

    return true;
}


/* Of a sorted list. */
static bool
has_twice(const caplat_params *params)
{
    for (size_t i = 1; i < params->count; i++) {
        if (caplat_slice_eq(params->list[i - 1].name, params->list[i].name)) {
            return true;
        }
    }

    return false;
}


bool
caplat_params_read(caplat_slice form, char *room, caplat_params *params)
{
    caplat_cursor  c = caplat_cursor_of(form);
    caplat_writer  w = caplat_writer_of(room, form.len);
    caplat_slice   part;
    bool           is_last = form.len == 0;

    params->count = 0;

    while (!is_last) {
        if (!caplat_take_until(&c, '&', form.len, &part)) {
            part = caplat_slice_of(c.at, caplat_cursor_left(&c));
            is_last = true;
        }

        if (!read_param(part, &w, params)) {
            return false;
        }
    }

    caplat_params_sort(params);

    return !has_twice(params);
}


void
caplat_params_add(caplat_params *params, caplat_slice name,
    caplat_slice value)
{
    caplat_assert(params->count < CAPLAT_PARAMS_MAX);
    params->list[params->count++] = (caplat_param) { name, value };
}


/* By insertion: there are few. */
void
caplat_params_sort(caplat_params *params)
{
    for (size_t i = 1; i < params->count; i++) {
        caplat_param  param = params->list[i];
        size_t        at = i;

        while (at != 0 && caplat_slice_cmp(params->list[at - 1].name,
                                           param.name) > 0)
        {
            params->list[at] = params->list[at - 1];
            at--;
        }

        params->list[at] = param;
    }
}


static size_t
find(const caplat_params *params, caplat_slice name)
{
    size_t  at = 0;

    while (at < params->count
           && !caplat_slice_eq(params->list[at].name, name))
    {
        at++;
    }

    return at;
}


caplat_slice
caplat_params_get(const caplat_params *params, caplat_slice name)
{
    size_t  at = find(params, name);

    return at < params->count ? params->list[at].value : CAPLAT_LIT("");
}


caplat_slice
caplat_params_take(caplat_params *params, caplat_slice name)
{
    size_t        at = find(params, name);
    caplat_slice  value = CAPLAT_LIT("");

    if (at < params->count) {
        value = params->list[at].value;
        params->count--;
        memmove(&params->list[at], &params->list[at + 1],
                (params->count - at) * sizeof(caplat_param));
    }

    return value;
}


void
caplat_params_content(const caplat_params *params, caplat_writer *w)
{
    for (size_t i = 0; i < params->count; i++) {
        caplat_put(w, i != 0 ? CAPLAT_LIT("&") : CAPLAT_LIT(""));
        caplat_put(w, params->list[i].name);
        caplat_put(w, CAPLAT_LIT("="));
        caplat_put(w, params->list[i].value);
    }
}


static bool
is_unreserved(char byte)
{
    return caplat_is_digit(byte) || caplat_is_letter(byte) || byte == '-'
        || byte == '.' || byte == '_' || byte == '~';
}


static void
put_escaped(caplat_writer *w, caplat_slice text)
{
    static const char  hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < text.len; i++) {
        unsigned char  byte = (unsigned char) text.ptr[i];
        char           escape[3] = { '%', hex[byte >> 4], hex[byte & 15] };

        caplat_put(w, is_unreserved(text.ptr[i])
                          ? caplat_slice_of(text.ptr + i, 1)
                          : caplat_slice_of(escape, sizeof(escape)));
    }
}


void
caplat_params_query(const caplat_params *params, caplat_writer *w)
{
    for (size_t i = 0; i < params->count; i++) {
        caplat_put(w, i != 0 ? CAPLAT_LIT("&") : CAPLAT_LIT(""));
        caplat_put(w, params->list[i].name);
        caplat_put(w, CAPLAT_LIT("="));
        put_escaped(w, params->list[i].value);
    }
}
