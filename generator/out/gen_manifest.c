#include "gen_manifest.h"

#include <stdlib.h>


#define PRINT_LEN  32                   /* hex digits */


static caplat_slice
sibling_name(size_t at)
{
    const caplat_slice  names[] = {
        CAPLAT_LIT("none"), CAPLAT_LIT("quick"), CAPLAT_LIT("release"),
    };

    return at < 3 ? names[at] : CAPLAT_LIT("");
}


void
gen_manifest_add(gen_manifest *manifest, gen_published line)
{
    if (manifest->count == manifest->room) {
        manifest->room = manifest->room != 0 ? manifest->room * 2 : 256;
        manifest->lines = realloc(manifest->lines,
                                  manifest->room * sizeof(gen_published));
        if (manifest->lines == NULL) {
            gen_out_of_memory();
        }
    }

    manifest->lines[manifest->count++] = line;
}


static int
by_path(const void *a, const void *b)
{
    return caplat_slice_cmp(((const gen_published *) a)->path,
                            ((const gen_published *) b)->path);
}


void
gen_manifest_sort(gen_manifest *manifest)
{
    if (manifest->count != 0) {
        qsort(manifest->lines, manifest->count, sizeof(gen_published),
              by_path);
    }
}


static bool
is_before(const gen_manifest *manifest, size_t at, caplat_slice path)
{
    return caplat_slice_cmp(manifest->lines[at].path, path) < 0;
}


/* Reach out from `near` in steps that double: low..high is where it must be. */
static void
reach(const gen_manifest *manifest, caplat_slice path, size_t near,
    size_t *low, size_t *high)
{
    size_t  step = 1;

    *low = 0;
    *high = manifest->count;

    if (near == manifest->count || !is_before(manifest, near, path)) {
        for (*high = near; step <= near; step *= 2) {
            if (is_before(manifest, near - step, path)) {
                *low = near - step + 1;
                break;
            }

            *high = near - step;
        }

        return;
    }

    for (*low = near + 1; step < manifest->count - near; step *= 2) {
        if (!is_before(manifest, near + step, path)) {
            *high = near + step;
            break;
        }

        *low = near + step + 1;
    }
}


gen_published *
gen_manifest_find(const gen_manifest *manifest, caplat_slice path,
    size_t *near)
{
    size_t  low;
    size_t  high;

    reach(manifest, path, *near, &low, &high);

    while (low < high) {
        size_t  middle = low + (high - low) / 2;

        if (is_before(manifest, middle, path)) {
            low = middle + 1;

        } else {
            high = middle;
        }
    }

    *near = low;

    return low != manifest->count
           && caplat_slice_eq(manifest->lines[low].path, path)
           ? &manifest->lines[low] : NULL;
}


/* What hex digits count, and one more: 0 is what is no digit. */
static const uint8_t  hex_values[256] = {
    ['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ['a'] = 11, 12, 13, 14, 15, 16
};


static bool
parse_print(caplat_slice hex, gen_print *print)
{
    uint64_t  halves[2] = { 0, 0 };
    bool      right = true;

    if (hex.len != PRINT_LEN) {
        return false;
    }

    for (size_t i = 0; i != PRINT_LEN; i++) {
        uint64_t  value = hex_values[(unsigned char) hex.ptr[i]];

        right = right && value != 0;
        halves[i / 16] = halves[i / 16] << 4 | ((value - 1) & 15);
    }

    *print = (gen_print) { halves[0], halves[1] };

    return right;
}


static bool
parse_siblings(caplat_slice name, uint8_t *siblings)
{
    for (uint8_t i = 0; i != 3; i++) {
        if (caplat_slice_eq(sibling_name(i), name)) {
            *siblings = i;
            return true;
        }
    }

    return false;
}


static bool
parse_line(caplat_cursor *c, gen_published *line)
{
    caplat_slice  hex;
    caplat_slice  siblings;
    uint64_t      when;

    *line = (gen_published) { 0 };

    if (!caplat_take_until(c, ' ', PRINT_LEN, &hex)
        || !parse_print(hex, &line->print)
        || !caplat_take_uint(c, UINT32_MAX, &line->len)
        || !caplat_take_byte(c, ' ')
        || !caplat_take_uint(c, INT64_MAX, &when)
        || !caplat_take_byte(c, ' ')
        || !caplat_take_until(c, ' ', 16, &siblings)
        || !parse_siblings(siblings, &line->siblings)
        || !caplat_take_until(c, '\n', 4096, &line->path))
    {
        return false;
    }

    line->when = (int64_t) when;

    return line->path.len != 0;
}


void
gen_manifest_parse(caplat_slice text, gen_manifest *manifest)
{
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_slice   last = { "", 0 };
    gen_published  line;

    *manifest = (gen_manifest) { .text = text };

    while (caplat_cursor_left(&c) != 0) {
        if (!parse_line(&c, &line)
            || caplat_slice_cmp(last, line.path) >= 0)
        {
            gen_manifest_close(manifest);
            return;
        }

        gen_manifest_add(manifest, line);
        last = line.path;
    }
}


static void
write_print(gen_print print, char hex[static PRINT_LEN])
{
    static const char  digits[] = "0123456789abcdef";

    for (size_t i = 0; i != 16; i++) {
        hex[15 - i] = digits[print.high >> 4 * i & 15];
        hex[31 - i] = digits[print.low >> 4 * i & 15];
    }
}


static void
write_line(const gen_published *line, gen_buf *out)
{
    char  hex[PRINT_LEN];

    write_print(line->print, hex);
    gen_buf_add(out, caplat_slice_of(hex, PRINT_LEN));
    gen_buf_byte(out, ' ');
    gen_buf_uint(out, line->len);
    gen_buf_byte(out, ' ');
    gen_buf_uint(out, (uint64_t) line->when);
    gen_buf_byte(out, ' ');
    gen_buf_add(out, sibling_name(line->siblings));
    gen_buf_byte(out, ' ');
    gen_buf_add(out, line->path);
    gen_buf_byte(out, '\n');
}


/* A line as it was read: there is one way to write it. */
static caplat_slice
text_of(const gen_manifest *old, size_t at)
{
    caplat_slice  path = old->lines[at].path;
    const char   *from = old->text.ptr;

    if (at != 0) {
        caplat_slice  before = old->lines[at - 1].path;

        from = before.ptr + before.len + 1;
    }

    return caplat_slice_of(from, (size_t) (path.ptr + path.len + 1 - from));
}


void
gen_manifest_write(const gen_manifest *fresh, const gen_manifest *old,
    gen_buf *out)
{
    size_t  at = 0;

    for (size_t i = 0; i != old->count; i++) {
        const gen_published  *line = &old->lines[i];

        if (!line->stays) {
            continue;
        }

        while (at != fresh->count && is_before(fresh, at, line->path)) {
            write_line(&fresh->lines[at++], out);
        }

        gen_buf_add(out, text_of(old, i));
    }

    while (at != fresh->count) {
        write_line(&fresh->lines[at++], out);
    }
}


void
gen_manifest_close(gen_manifest *manifest)
{
    free(manifest->lines);
    *manifest = (gen_manifest) { 0 };
}
