#include "caplat_qr.h"

#include <qrencode.h>


static void
put_rows(caplat_writer *w, const QRcode *code)
{
    size_t  width = (size_t) code->width;

    for (size_t y = 0; y < width; y++) {
        caplat_put(w, y == 0 ? CAPLAT_LIT("[\"") : CAPLAT_LIT("\",\""));

        for (size_t x = 0; x < width; x++) {
            caplat_put(w, (code->data[y * width + x] & 1) != 0
                ? CAPLAT_LIT("1") : CAPLAT_LIT("0"));
        }
    }

    caplat_put(w, CAPLAT_LIT("\"]"));
}


bool
caplat_qr_write(caplat_writer *w, caplat_slice text)
{
    QRcode  *code;

    if (text.len == 0 || text.len > CAPLAT_QR_TEXT_MAX
        || memchr(text.ptr, '\0', text.len) != NULL)
    {
        return false;
    }

    code = QRcode_encodeData((int) text.len,
                             (const unsigned char *) text.ptr, 0,
                             QR_ECLEVEL_M);

    if (code == NULL) {
        return false;
    }

    put_rows(w, code);
    QRcode_free(code);

    return !w->full;
}
