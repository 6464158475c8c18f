#include "gen_press.h"

#include <brotli/encode.h>
#include <zlib.h>


#define GZIP_WINDOW  (15 + 16)          /* the largest, and gzip's head */


bool
gen_press_worth(caplat_slice path)
{
    const caplat_slice  endings[] = {
        CAPLAT_LIT(".html"), CAPLAT_LIT(".css"), CAPLAT_LIT(".js"),
        CAPLAT_LIT(".json"), CAPLAT_LIT(".svg"), CAPLAT_LIT(".txt"),
        CAPLAT_LIT(".xml"), CAPLAT_LIT(".wasm"), CAPLAT_LIT(".webmanifest"),
    };

    for (size_t i = 0; i != sizeof(endings) / sizeof(endings[0]); i++) {
        caplat_slice  end = endings[i];

        if (path.len > end.len
            && memcmp(path.ptr + path.len - end.len, end.ptr, end.len) == 0)
        {
            return true;
        }
    }

    return false;
}


void
gen_press_gzip(caplat_slice text, gen_buf *out)
{
    z_stream  z = { 0 };

    if (deflateInit2(&z, 9, Z_DEFLATED, GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY)
        != Z_OK)
    {
        gen_out_of_memory();
    }

    out->len = 0;
    gen_buf_grow(out, deflateBound(&z, text.len));

    z.next_in = (Bytef *) (uintptr_t) text.ptr;
    z.avail_in = (uInt) text.len;
    z.next_out = (Bytef *) out->data;
    z.avail_out = (uInt) out->room;

    caplat_assert(deflate(&z, Z_FINISH) == Z_STREAM_END);
    out->len = z.total_out;
    (void) deflateEnd(&z);
}


static int
window_for(size_t len)
{
    int  bits = BROTLI_MIN_WINDOW_BITS;

    while (bits != BROTLI_MAX_WINDOW_BITS
           && ((size_t) 1 << bits) - 16 < len)
    {
        bits++;
    }

    return bits;
}


void
gen_press_brotli(caplat_slice text, int quality, gen_buf *out)
{
    size_t  len = BrotliEncoderMaxCompressedSize(text.len);

    out->len = 0;
    gen_buf_grow(out, len);

    if (!BrotliEncoderCompress(quality, window_for(text.len),
                               BROTLI_MODE_TEXT, text.len,
                               (const uint8_t *) text.ptr, &len,
                               (uint8_t *) out->data))
    {
        gen_out_of_memory();
    }

    out->len = len;
}
