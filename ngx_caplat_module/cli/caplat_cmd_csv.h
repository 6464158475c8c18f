/*
 * Fields of a CSV (RFC 4180) that people open with a spreadsheet: what it would
 * run or change is kept text.
 *
 * A field that begins with `=`, `+`, `-`, `@`, of full width too, a tab, CR or
 * LF gets a `'` in front (OWASP, "CSV Injection").
 */

#ifndef CAPLAT_CMD_CSV_H
#define CAPLAT_CMD_CSV_H

#include "caplat_slice.h"


/* Print a field in quotation marks. */
void caplat_cmd_csv(caplat_slice text);

/*
 * The same of one that may be all digits, as a tax number: spreadsheets take
 * that for a number, of which they keep fifteen digits and no zero in front,
 * and one with `-` or `/` for a day. It gets a tab behind it, as the channels'
 * own bills have it: the cell is text, and whoever trims blanks has the digits.
 */
void caplat_cmd_csv_digits(caplat_slice text);


#endif /* CAPLAT_CMD_CSV_H */
