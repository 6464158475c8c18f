#include "caplat_place.h"

#include "caplat_json.h"


static bool
go(caplat_slice text, const char *member, size_t item, size_t *at)
{
    return caplat_json_member_at(text, *at, member, at)
           && (item == CAPLAT_NO_ITEM
               || caplat_json_item_at(text, *at, item, at));
}


/* The place of a member, or of the object where there is none such. */
static size_t
find(const caplat_place *place, const char *member)
{
    size_t  at = 0;

    if (go(place->text, "holders", place->holder, &at)
        && (place->inner == NULL
            || go(place->text, place->inner, place->item, &at))
        && member != NULL)
    {
        (void) go(place->text, member, CAPLAT_NO_ITEM, &at);
    }

    return at;
}


bool
caplat_place_fail(const caplat_place *place, caplat_code code,
    const char *member)
{
    const char  *inner = place->inner != NULL ? place->inner : "holders";

    return caplat_fail(place->err, code, find(place, member),
                       member != NULL ? member : inner);
}


static bool
knows(const caplat_shape *shape, const char *name)
{
    for (size_t i = 0; shape->names[i] != NULL; i++) {
        if (strcmp(shape->names[i], name) == 0) {
            return true;
        }
    }

    return false;
}


bool
caplat_place_fit(const caplat_placed *m, const caplat_shape *shape)
{
    if (!caplat_json_is_object(m->object)) {
        return caplat_place_fail(m->place, CAPLAT_NOT_ONE_OF, NULL);
    }

    for (size_t i = 0; i < shape->needed; i++) {
        if (caplat_json_get(m->object, shape->names[i]) == NULL) {
            return caplat_place_fail(m->place, CAPLAT_MISSING_KEY,
                                     shape->names[i]);
        }
    }

    const caplat_json  *member = caplat_json_first(m->object);

    for (; member != NULL; member = caplat_json_next(member)) {
        const char  *name = caplat_json_name(member).ptr;

        if (!knows(shape, name)) {
            /* Its name goes with the document, its place does not. */
            return caplat_fail(m->place->err, CAPLAT_UNKNOWN_KEY,
                               find(m->place, name), "a member");
        }
    }

    return true;
}


static size_t
count_characters(caplat_slice text)
{
    size_t  count = 0;

    for (size_t i = 0; i < text.len; i++) {
        count += ((unsigned char) text.ptr[i] & 0xc0) != 0x80;
    }

    return count;
}


bool
caplat_place_words(const caplat_placed *m, const char *name, size_t max,
    caplat_slice *words)
{
    if (!caplat_json_string(m->object, name, 1, 4 * max, words)) {
        return caplat_place_fail(m->place, CAPLAT_NOT_WORDS, name);
    }

    if (count_characters(*words) > max) {
        return caplat_place_fail(m->place, CAPLAT_TOO_LARGE, name);
    }

    return true;
}


bool
caplat_place_text(const caplat_placed *m, const char *name, size_t max,
    caplat_slice *text)
{
    return caplat_json_string(m->object, name, 1, max, text)
           || caplat_place_fail(m->place, CAPLAT_NOT_WORDS, name);
}


bool
caplat_place_given(const caplat_placed *m, const char *name, size_t max,
    caplat_slice *words)
{
    return caplat_json_get(m->object, name) == NULL
           || caplat_place_words(m, name, max, words);
}
