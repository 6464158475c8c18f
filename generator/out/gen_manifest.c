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


gen_published *
gen_manifest_find(const gen_manifest *manifest, caplat_slice path)
{
    gen_published  wanted = { .path = path };

    if (manifest->count == 0) {
        return NULL;
    }

    return bsearch(&wanted, manifest->lines, manifest->count,
                   sizeof(gen_published), by_path);
}


static bool
hex_value(char digit, uint64_t *value)
{
    if (digit >= '0' && digit <= '9') {
        *value = (uint64_t) (digit - '0');
        return true;
    }

    *value = (uint64_t) (digit - 'a' + 10);

    return digit >= 'a' && digit <= 'f';
}


static bool
parse_print(caplat_slice hex, gen_print *print)
{
    uint64_t  halves[2] = { 0, 0 };
    uint64_t  value;

    if (hex.len != PRINT_LEN) {
        return false;
    }

    for (size_t i = 0; i != PRINT_LEN; i++) {
        if (!hex_value(hex.ptr[i], &value)) {
            return false;
        }

        halves[i / 16] = halves[i / 16] << 4 | value;
    }

    *print = (gen_print) { halves[0], halves[1] };

    return true;
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

    *manifest = (gen_manifest) { 0 };

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
put_hex(gen_buf *out, uint64_t half)
{
    static const char  digits[] = "0123456789abcdef";

    for (int shift = 60; shift >= 0; shift -= 4) {
        gen_buf_byte(out, digits[half >> shift & 15]);
    }
}


void
gen_manifest_write(const gen_manifest *manifest, gen_buf *out)
{
    for (size_t i = 0; i != manifest->count; i++) {
        const gen_published  *line = &manifest->lines[i];

        put_hex(out, line->print.high);
        put_hex(out, line->print.low);
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
}


void
gen_manifest_close(gen_manifest *manifest)
{
    free(manifest->lines);
    *manifest = (gen_manifest) { 0 };
}
