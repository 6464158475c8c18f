#include "gen_place.h"

#include "gen_text.h"


/* How far markup, such as a link's address, may part two pieces of text. */
#define REACH           2048

#define START_LEN_MAX   24              /* bytes by which a text is found */
#define ENTITY_LEN_MAX  40              /* the longest has 33 bytes */


/* The start of the line after the one that `at` is on. */
static size_t
line_after(const gen_place *place, size_t at)
{
    caplat_slice  text = place->text;
    const char   *from = text.ptr + at;
    size_t        left = text.len - at;
    const char   *end = memchr(from, '\n', left);

    if (place->has_cr) {
        const char  *cr = memchr(from, '\r', end != NULL
                                             ? (size_t) (end - from) : left);

        if (cr != NULL && cr + 1 != end) {
            end = cr;
        }
    }

    return end != NULL ? at + (size_t) (end - from) + 1 : text.len;
}


void
gen_place_open(gen_place *place, gen_arena *scratch, caplat_slice text,
    size_t body_at)
{
    size_t     count = 0;
    uint32_t  *lines;

    caplat_assert(text.len <= UINT32_MAX && body_at <= text.len);

    *place = (gen_place) { .text = text, .at = body_at };
    place->has_cr = text.len != 0 && memchr(text.ptr, '\r', text.len) != NULL;

    for (size_t at = body_at; at < text.len; at = line_after(place, at)) {
        count++;
    }

    lines = gen_arena_take(scratch, (count + 1) * sizeof(uint32_t));
    place->lines = lines;

    for (size_t at = body_at; at < text.len; at = line_after(place, at)) {
        lines[place->line_count++] = (uint32_t) at;
    }
}


size_t
gen_place_line(const gen_place *place, size_t line)
{
    return line < place->line_count ? place->lines[line] : place->text.len;
}


caplat_slice
gen_place_words(const gen_place *place, size_t line)
{
    size_t  from = gen_place_line(place, line);
    size_t  to = gen_place_line(place, line + 1);

    while (to > from && (place->text.ptr[to - 1] == '\n'
                         || place->text.ptr[to - 1] == '\r'))
    {
        to--;
    }

    return gen_text_part(place->text, from, to);
}


size_t
gen_place_block(gen_place *place, int line)
{
    size_t  number = place->first + (line > 0 ? (size_t) line - 1 : 0);

    place->at = gen_place_line(place, number);

    return number;
}


void
gen_place_newline(gen_place *place)
{
    if (place->at < place->text.len) {
        place->at = line_after(place, place->at);
    }
}


/* Go behind words that begin near; false when they do not. */
static bool
find(gen_place *place, caplat_slice words, size_t *from)
{
    const char  *here = place->text.ptr + place->at;
    size_t       left = place->text.len - place->at;
    size_t       at = 0;

    if (left > REACH + words.len) {
        left = REACH + words.len;
    }

    if (left < words.len
        || (memcmp(here, words.ptr, words.len) != 0
            && !gen_text_find(caplat_slice_of(here, left), words, &at)))
    {
        return false;
    }

    *from = place->at + at;
    place->at += at + words.len;

    return true;
}


size_t
gen_place_find(gen_place *place, caplat_slice words)
{
    size_t  from;

    return find(place, words, &from) ? from : place->at;
}


/* The start of a text, as far as it cannot be written in another way. */
static caplat_slice
plain_start(caplat_slice text)
{
    size_t  len = 0;

    while (len < text.len && len < START_LEN_MAX
           && ((uint8_t) text.ptr[len] >= 0x80
               || gen_char_is_alnum((uint8_t) text.ptr[len])))
    {
        len++;
    }

    return gen_text_part(text, 0, len);
}


size_t
gen_place_text(gen_place *place, caplat_slice text)
{
    caplat_slice  start;
    size_t        from;

    if (find(place, text, &from)) {
        return from;
    }

    start = plain_start(text);
    from = start.len != 0 ? gen_place_find(place, start) : place->at;
    place->at = gen_place_within(place, from, text, text.len);

    return from;
}


/* Behind an entity, a backslash, or markup that is in no text. */
static size_t
skip_markup(caplat_slice source, size_t at)
{
    const char  *end;
    size_t       left = source.len - at;

    if (source.ptr[at] != '&') {
        return at + 1;
    }

    end = memchr(source.ptr + at, ';', left < ENTITY_LEN_MAX ? left
                                                             : ENTITY_LEN_MAX);

    return end != NULL ? (size_t) (end + 1 - source.ptr) : at + 1;
}


size_t
gen_place_within(const gen_place *place, size_t at, caplat_slice text,
    size_t len)
{
    caplat_slice  source = place->text;

    if (source.len - at >= text.len
        && memcmp(source.ptr + at, text.ptr, text.len) == 0)
    {
        return at + len;
    }

    for (size_t i = 0; i < len && at < source.len; /* void */) {
        if (source.ptr[at] == text.ptr[i]
            && (source.ptr[at] != '&' || i + 1 == text.len
                || at + 1 == source.len
                || source.ptr[at + 1] == text.ptr[i + 1]))
        {
            at++;
            i++;

        } else {
            if (source.ptr[at] == '&') {
                (void) gen_text_next(text, &i);
            }

            at = skip_markup(source, at);
        }
    }

    return at;
}
