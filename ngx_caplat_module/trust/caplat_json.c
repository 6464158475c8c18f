#include "caplat_json.h"
#include "caplat_json_reader.h"


const caplat_json *
caplat_json_find(const caplat_json *object, caplat_slice name)
{
    for (const caplat_json *m = object->first; m != NULL; m = m->next) {
        if (caplat_slice_eq(m->name, name)) {
            return m;
        }
    }

    return NULL;
}


static bool
is(const caplat_json *value, caplat_json_kind wanted)
{
    return value != NULL && value->kind == wanted;
}


bool
caplat_json_is_object(const caplat_json *value)
{
    return is(value, CAPLAT_JSON_OBJECT);
}


bool
caplat_json_is_array(const caplat_json *value)
{
    return is(value, CAPLAT_JSON_ARRAY);
}


bool
caplat_json_is_string(const caplat_json *value)
{
    return is(value, CAPLAT_JSON_STRING);
}


bool
caplat_json_is_integer(const caplat_json *value)
{
    return is(value, CAPLAT_JSON_INTEGER);
}


bool
caplat_json_is_true(const caplat_json *value)
{
    return is(value, CAPLAT_JSON_TRUE);
}


bool
caplat_json_is_false(const caplat_json *value)
{
    return is(value, CAPLAT_JSON_FALSE);
}


const caplat_json *
caplat_json_get(const caplat_json *object, const char *name)
{
    size_t  len = 0;

    if (!is(object, CAPLAT_JSON_OBJECT)) {
        return NULL;
    }

    while (name[len] != '\0') {
        len++;
    }

    return caplat_json_find(object, caplat_slice_of(name, len));
}


size_t
caplat_json_members(const caplat_json *object)
{
    return is(object, CAPLAT_JSON_OBJECT) ? object->count : 0;
}


const caplat_json *
caplat_json_first(const caplat_json *value)
{
    return is(value, CAPLAT_JSON_OBJECT) || is(value, CAPLAT_JSON_ARRAY)
           ? value->first : NULL;
}


const caplat_json *
caplat_json_next(const caplat_json *value)
{
    return value->next;
}


caplat_slice
caplat_json_name(const caplat_json *member)
{
    return member->name;
}


size_t
caplat_json_items(const caplat_json *array)
{
    return is(array, CAPLAT_JSON_ARRAY) ? array->count : 0;
}


const caplat_json *
caplat_json_item(const caplat_json *array, size_t n)
{
    const caplat_json  *item = caplat_json_is_array(array) ? array->first
                                                           : NULL;

    for (; item != NULL && n != 0; n--) {
        item = item->next;
    }

    return item;
}


void
caplat_json_drop(caplat_json *object, const char *name)
{
    const caplat_json   *member = caplat_json_get(object, name);
    caplat_json        **link = &object->first;

    if (member == NULL) {
        return;
    }

    while (*link != member) {
        link = &(*link)->next;
    }

    *link = member->next;
    object->count--;
}


caplat_slice
caplat_json_slice(const caplat_json *string)
{
    caplat_assert(is(string, CAPLAT_JSON_STRING));

    return string->text;
}


int64_t
caplat_json_number(const caplat_json *integer)
{
    caplat_assert(is(integer, CAPLAT_JSON_INTEGER));

    return integer->number;
}


bool
caplat_json_text(const caplat_json *value, size_t min, size_t max,
    caplat_slice *text)
{
    if (!caplat_json_is_string(value)) {
        return false;
    }

    caplat_slice  slice = caplat_json_slice(value);

    if (slice.len < min || slice.len > max) {
        return false;
    }

    for (size_t i = 0; i < slice.len; i++) {
        unsigned char  byte = (unsigned char) slice.ptr[i];

        if (byte < 0x20 || byte == 0x7f) {
            return false;
        }
    }

    *text = slice;

    return true;
}


bool
caplat_json_string(const caplat_json *object, const char *name, size_t min,
    size_t max, caplat_slice *text)
{
    return caplat_json_text(caplat_json_get(object, name), min, max, text);
}


bool
caplat_json_integer(const caplat_json *object, const char *name, int64_t min,
    int64_t max, int64_t *number)
{
    const caplat_json  *value = caplat_json_get(object, name);

    if (!caplat_json_is_integer(value) || caplat_json_number(value) < min
        || caplat_json_number(value) > max)
    {
        return false;
    }

    *number = caplat_json_number(value);

    return true;
}
