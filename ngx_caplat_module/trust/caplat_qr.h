/*
 * A text as a QR code (ISO/IEC 18004), for a page to draw: libqrencode chooses
 * the version, at a correction of 15 %.
 *
 *   ["1110","1001",...]    a row a string, from the top; 1 is dark; without the
 *                          quiet zone, which is 4 modules wide
 */

#ifndef CAPLAT_QR_H
#define CAPLAT_QR_H

#include "caplat_write.h"


#define CAPLAT_QR_TEXT_MAX  512         /* bytes */
#define CAPLAT_QR_ROOM      10240       /* bytes of JSON of the longest text */

/* False: no memory, or the text is empty, too long or has a NUL. */
bool caplat_qr_write(caplat_writer *w, caplat_slice text);


#endif /* CAPLAT_QR_H */
