/*
 * What we read as JSON, jansson reads too, and finds the same in it; what it
 * reads and we do not is one of the things that we are stricter about. A place
 * that is found in the text lies in it.
 */

#include "caplat_json.h"

#include <jansson.h>


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compare(const caplat_json *ours, const json_t *theirs);


static void
compare_objects(const caplat_json *ours, const json_t *theirs)
{
    size_t  count = 0;

    for (const caplat_json *m = caplat_json_first(ours); m != NULL;
         m = caplat_json_next(m))
    {
        compare(m, json_object_get(theirs, caplat_json_name(m).ptr));
        count++;
    }

    caplat_assert(count == json_object_size(theirs)
                  && count == caplat_json_members(ours));
}


static void
compare_arrays(const caplat_json *ours, const json_t *theirs)
{
    size_t  count = json_array_size(theirs);

    caplat_assert(caplat_json_items(ours) == count);

    for (size_t i = 0; i < count; i++) {
        compare(caplat_json_item(ours, i), json_array_get(theirs, i));
    }
}


static void
compare_strings(const caplat_json *ours, const json_t *theirs)
{
    caplat_slice  text = caplat_json_slice(ours);

    caplat_assert(caplat_slice_eq(text,
                      caplat_slice_of(json_string_value(theirs),
                                      json_string_length(theirs))));
    caplat_assert(text.ptr[text.len] == '\0');
}


static void
compare(const caplat_json *ours, const json_t *theirs)
{
    caplat_assert(ours != NULL && theirs != NULL);
    caplat_assert(caplat_json_is_true(ours) == json_is_true(theirs));
    caplat_assert(caplat_json_is_false(ours) == json_is_false(theirs));

    if (caplat_json_is_object(ours)) {
        compare_objects(ours, theirs);

    } else if (caplat_json_is_array(ours)) {
        compare_arrays(ours, theirs);

    } else if (caplat_json_is_string(ours)) {
        compare_strings(ours, theirs);

    } else if (caplat_json_is_integer(ours)) {
        caplat_assert(caplat_json_number(ours) == json_integer_value(theirs)
                      && json_is_integer(theirs));

    } else {
        caplat_assert(json_is_null(theirs) || json_is_real(theirs)
                      || json_is_boolean(theirs));
    }
}


static void
check_takes(const caplat_json *object)
{
    caplat_slice  text;
    int64_t       number;

    if (caplat_json_string(object, "a", 1, 4, &text)) {
        caplat_assert(text.len >= 1 && text.len <= 4);

        for (size_t i = 0; i < text.len; i++) {
            caplat_assert((unsigned char) text.ptr[i] >= 0x20);
        }
    }

    if (caplat_json_integer(object, "a", -2, 2, &number)) {
        caplat_assert(number >= -2 && number <= 2);
    }
}


/* Each item of "keys" has its place, and the member there its own. */
static void
check_places(caplat_slice text, const caplat_json *object)
{
    const caplat_json  *keys = caplat_json_get(object, "keys");
    size_t              list_at;
    size_t              at;

    if (!caplat_json_member_at(text, 0, "keys", &list_at)) {
        return;
    }

    caplat_assert(keys != NULL && list_at < text.len);

    for (size_t i = 0; i < caplat_json_items(keys); i++) {
        caplat_assert(caplat_json_item_at(text, list_at, i, &at)
                      && at < text.len);

        if (caplat_json_member_at(text, at, "x", &at)) {
            caplat_assert(at < text.len
                          && caplat_json_get(caplat_json_item(keys, i), "x")
                             != NULL);
        }
    }

    caplat_assert(!caplat_json_item_at(text, list_at,
                                       caplat_json_items(keys), &at));
}


/* Depth and members have limits, -0 is no number; a NUL behind a number is
   passed over by jansson. */
static bool
is_stricter(const uint8_t *data, size_t size, const caplat_err *err)
{
    return err->code == CAPLAT_TOO_LARGE || err->code == CAPLAT_NOT_A_NUMBER
           || (size != 0 && memchr(data, '\0', size) != NULL);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    caplat_slice   text = caplat_slice_of((const char *) data, size);
    caplat_err     err = { CAPLAT_OK, 0, NULL };
    caplat_json   *ours;
    json_error_t   fault;
    size_t         at;
    json_t        *theirs = json_loadb(text.ptr, size,
                                JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
                                &fault);

    if (caplat_json_open(text, CAPLAT_JSON_DEPTH_MAX, &ours, &err)) {

        /* Of real numbers we know only about how large they are. */
        if (theirs != NULL
            || json_error_code(&fault) != json_error_numeric_overflow)
        {
            compare(ours, theirs);
        }

        check_takes(ours);
        check_places(text, ours);
        caplat_json_close(ours);

    } else {
        caplat_assert(err.code != CAPLAT_OK && err.at <= size);
        caplat_assert(!json_is_object(theirs)
                      || is_stricter(data, size, &err));

        if (caplat_json_member_at(text, 0, "keys", &at)) {
            caplat_assert(at < size);
            (void) caplat_json_item_at(text, at, 1, &at);
        }
    }

    json_decref(theirs);

    return 0;
}
