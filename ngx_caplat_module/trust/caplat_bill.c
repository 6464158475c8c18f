#include "caplat_bill.h"

#include "caplat_bill_form.h"
#include "caplat_bill_text.h"
#include "caplat_money.h"
#include "caplat_time.h"

#include <stdlib.h>


/* What faults call a field. */
static const char *const  words[CAPLAT_BILL_FIELDS] = {
    [CAPLAT_BILL_ORDER] = "the order", [CAPLAT_BILL_TRADE] = "the trade",
    [CAPLAT_BILL_TYPE] = "the type", [CAPLAT_BILL_TIME] = "the time",
    [CAPLAT_BILL_PAID] = "the amount", [CAPLAT_BILL_BACK] = "the amount",
    [CAPLAT_BILL_REFUND_NO] = "the refund",
    [CAPLAT_BILL_REQUEST_NO] = "the refund's request",
    [CAPLAT_BILL_STATUS] = "the refund's status",
    [CAPLAT_BILL_CURRENCY] = "the currency",
};


bool
caplat_bill_open(caplat_slice bytes, caplat_bill *bill)
{
    caplat_bill  opened = { .channel = CAPLAT_CHANNEL_NONE };

    if (!caplat_bill_decode(bytes, &opened.text, &opened.is_broken,
                            &opened.room))
    {
        return false;
    }

    opened.at = caplat_cursor_of(opened.text);
    *bill = opened;

    return true;
}


void
caplat_bill_close(caplat_bill *bill)
{
    free(bill->room);
    *bill = (caplat_bill) { .channel = CAPLAT_CHANNEL_NONE };
}


static size_t
offset_of(const caplat_bill *bill, caplat_slice part)
{
    return (size_t) (part.ptr - bill->text.ptr);
}


static bool
read_titles(caplat_bill *bill, const caplat_bill_cells *titles, caplat_err *err)
{
    size_t                   at = offset_of(bill, titles->line);
    const caplat_bill_form  *f = caplat_bill_form_find(titles);

    if (f == NULL) {
        return caplat_fail(err, CAPLAT_UNKNOWN_NAME, at,
                           "the titles of a bill");
    }

    for (caplat_bill_field i = 0; i < CAPLAT_BILL_FIELDS; i++) {
        bill->columns[i] = caplat_bill_form_column(f, i, titles);

        if (bill->columns[i] == CAPLAT_BILL_NO_COLUMN
            && caplat_bill_form_needs(f, i))
        {
            return caplat_fail(err, CAPLAT_MISSING_KEY, at, words[i]);
        }
    }

    bill->form = f;
    bill->channel = f->channel;
    bill->column_count = titles->count;
    bill->state = CAPLAT_BILL_ROWS;

    return true;
}


static caplat_slice
cell_of(const caplat_bill *bill, const caplat_bill_cells *row,
    caplat_bill_field field)
{
    size_t  column = bill->columns[field];

    return column != CAPLAT_BILL_NO_COLUMN
               ? row->cells[column] : caplat_slice_of(row->line.ptr, 0);
}


/* A number of theirs or ours: visible ASCII. WeChat writes 0 for no refund. */
static bool
read_number(const caplat_bill *bill, const caplat_bill_cells *row,
    caplat_bill_field field, caplat_slice *number, caplat_err *err)
{
    caplat_slice  text = cell_of(bill, row, field);
    bool          is_good = text.len <= CAPLAT_BILL_NUMBER_MAX
                      && (field != CAPLAT_BILL_TRADE || text.len != 0);

    for (size_t i = 0; is_good && i < text.len; i++) {
        is_good = text.ptr[i] > ' ' && text.ptr[i] <= '~';
    }

    if (!is_good) {
        return caplat_fail(err, CAPLAT_NOT_A_NAME, offset_of(bill, text),
                           words[field]);
    }

    *number = text;

    if (field >= CAPLAT_BILL_REFUND_NO
        && caplat_slice_eq(text, CAPLAT_LIT("0")))
    {
        number->len = 0;
    }

    return true;
}


/* What a refund takes away is written with a minus or without one. */
static bool
read_amount(const caplat_bill *bill, const caplat_bill_cells *row,
    caplat_bill_kind kind, int64_t *amount_fen, caplat_err *err)
{
    caplat_bill_field  field = kind == CAPLAT_BILL_PAYMENT
                                   ? CAPLAT_BILL_PAID : CAPLAT_BILL_BACK;
    caplat_cursor      c = caplat_cursor_of(cell_of(bill, row, field));
    size_t             at = offset_of(bill, cell_of(bill, row, field));

    if (kind == CAPLAT_BILL_REFUND) {
        (void) caplat_take_byte(&c, '-');
    }

    return (caplat_take_yuan(&c, amount_fen) && c.at == c.end)
        || caplat_fail(err, CAPLAT_NOT_A_NUMBER, at, words[field]);
}


static bool
read_time(const caplat_bill *bill, const caplat_bill_cells *row, int64_t *time,
    caplat_err *err)
{
    caplat_slice  text = cell_of(bill, row, CAPLAT_BILL_TIME);

    return (text.len == CAPLAT_TIME_LEN && caplat_time_parse(text, time))
        || caplat_fail(err, CAPLAT_NOT_A_DATE, offset_of(bill, text),
                       words[CAPLAT_BILL_TIME]);
}


/* Whether an account's money went the other way: what we paid, or got back. */
static bool
is_reversed(const caplat_bill *bill, const caplat_bill_cells *row,
    caplat_bill_kind kind)
{
    caplat_slice  paid = cell_of(bill, row, CAPLAT_BILL_PAID);
    caplat_slice  back = cell_of(bill, row, CAPLAT_BILL_BACK);

    return kind == CAPLAT_BILL_PAYMENT ? paid.len == 0 && back.len != 0
                                       : back.len == 0 && paid.len != 0;
}


/* A refund that has failed is nothing that was sent back. */
static caplat_bill_kind
kind_of(const caplat_bill *bill, const caplat_bill_cells *row)
{
    bool              is_failed = caplat_slice_eq(
                          cell_of(bill, row, CAPLAT_BILL_STATUS),
                          CAPLAT_LIT("FAIL"));
    caplat_bill_kind  kind = caplat_bill_form_kind(bill->form,
                          cell_of(bill, row, CAPLAT_BILL_TYPE));

    return is_failed || (bill->channel == CAPLAT_ALIPAY
                         && is_reversed(bill, row, kind))
           ? CAPLAT_BILL_END : kind;
}


/* As many cells as titles: more must be blank, as spreadsheets leave them. */
static bool
check_count(const caplat_bill *bill, const caplat_bill_cells *row,
    caplat_err *err)
{
    size_t  at = offset_of(bill, row->line);

    if (row->count < bill->column_count) {
        return caplat_fail(err, CAPLAT_TRUNCATED, at + row->line.len,
                           "the row");
    }

    for (size_t i = bill->column_count; i < row->count; i++) {
        if (row->cells[i].len != 0) {
            return caplat_fail(err, CAPLAT_TRAILING,
                               offset_of(bill, row->cells[i]), "the row");
        }
    }

    return true;
}


static bool
check_currency(const caplat_bill *bill, const caplat_bill_cells *row,
    caplat_err *err)
{
    caplat_slice  text = cell_of(bill, row, CAPLAT_BILL_CURRENCY);

    return bill->columns[CAPLAT_BILL_CURRENCY] == CAPLAT_BILL_NO_COLUMN
        || caplat_slice_eq(text, CAPLAT_LIT("CNY"))
        || caplat_fail(err, CAPLAT_NOT_ONE_OF, offset_of(bill, text),
                       words[CAPLAT_BILL_CURRENCY]);
}


static bool
read_row(caplat_bill *bill, const caplat_bill_cells *cells,
    caplat_bill_row *row, caplat_err *err)
{
    caplat_bill_row  r;

    if (!check_count(bill, cells, err)) {
        return false;
    }

    memset(&r, 0, sizeof(r));
    r.kind = kind_of(bill, cells);
    r.line = bill->line;

    if (r.kind != CAPLAT_BILL_END
        && (!check_currency(bill, cells, err)
            || !read_number(bill, cells, CAPLAT_BILL_ORDER, &r.order, err)
            || !read_number(bill, cells, CAPLAT_BILL_TRADE, &r.trade, err)
            || !read_number(bill, cells, CAPLAT_BILL_REFUND_NO, &r.refund,
                            err)
            || !read_number(bill, cells, CAPLAT_BILL_REQUEST_NO, &r.request,
                            err)
            || !read_amount(bill, cells, r.kind, &r.amount_fen, err)
            || !read_time(bill, cells, &r.time, err)))
    {
        return false;
    }

    bill->rows++;
    bill->others += r.kind == CAPLAT_BILL_END;
    *row = r;

    return true;
}


/* The count of rows, which some bills write as 45.0. */
static bool
read_sums(caplat_bill *bill, const caplat_bill_cells *sums, caplat_err *err)
{
    caplat_cursor  c = caplat_cursor_of(sums->cells[0]);
    uint64_t       count;

    if (!caplat_take_uint(&c, CAPLAT_BILL_LEN_MAX, &count)
        || (c.at != c.end && !caplat_take_literal(&c, CAPLAT_LIT(".0")))
        || c.at != c.end)
    {
        return caplat_fail(err, CAPLAT_NOT_A_NUMBER,
                           offset_of(bill, sums->cells[0]),
                           "the count of rows");
    }

    if (count != bill->rows) {
        return caplat_fail(err, count > bill->rows ? CAPLAT_TRUNCATED
                                                   : CAPLAT_TRAILING,
                           offset_of(bill, sums->cells[0]),
                           "the count of rows");
    }

    bill->state = CAPLAT_BILL_OVER;

    return true;
}


/* A comment tells of what time the bill is, and where its rows end. */
static void
read_comment(caplat_bill *bill, caplat_slice line)
{
    if (caplat_bill_has(line, CAPLAT_LIT("列表结束"))
        && bill->state == CAPLAT_BILL_ROWS && bill->channel == CAPLAT_ALIPAY)
    {
        bill->state = CAPLAT_BILL_OVER;
    }

    if (bill->from == 0) {
        (void) caplat_bill_range(line, &bill->from, &bill->until);
    }
}


/* A line that has something. `row` is a row only when *is_row. */
static bool
read_line(caplat_bill *bill, caplat_slice line, caplat_bill_row *row,
    bool *is_row, caplat_err *err)
{
    const caplat_bill_form  *f = bill->form;
    caplat_bill_cells        cells = { .line = line };

    if (!caplat_bill_split(line, cells.cells, &cells.count)) {
        return caplat_fail(err, CAPLAT_TOO_MANY, offset_of(bill, line),
                           "columns");
    }

    switch (bill->state) {

    case CAPLAT_BILL_BEFORE:
        return read_titles(bill, &cells, err);

    case CAPLAT_BILL_ROWS:
        if (f->has_sums
            && caplat_bill_is_titled(cells.cells[0],
                                     CAPLAT_LIT("总交易单数")))
        {
            bill->state = CAPLAT_BILL_SUMS;
            return true;
        }

        *is_row = true;

        return read_row(bill, &cells, row, err);

    case CAPLAT_BILL_SUMS:
        return read_sums(bill, &cells, err);

    default:
        return caplat_fail(err, CAPLAT_TRAILING, offset_of(bill, line),
                           "the bill");
    }
}


/* Whether the line that was taken ends where the bytes make no sense. */
static bool
is_broken_here(const caplat_bill *bill)
{
    return bill->is_broken && bill->at.at == bill->at.end;
}


static bool
finish(const caplat_bill *bill, caplat_bill_row *row, caplat_err *err)
{
    if (bill->is_broken) {
        return caplat_fail(err, CAPLAT_NOT_WORDS, bill->text.len, "the bill");
    }

    if (bill->state != CAPLAT_BILL_OVER) {
        return caplat_fail(err, CAPLAT_TRUNCATED, bill->text.len, "the bill");
    }

    memset(row, 0, sizeof(*row));

    return true;
}


bool
caplat_bill_next(caplat_bill *bill, caplat_bill_row *row, caplat_err *err)
{
    caplat_bill_row  r = { .kind = CAPLAT_BILL_END };
    caplat_slice     line;

    while (caplat_bill_take_line(&bill->at, &line) && !is_broken_here(bill)) {
        bool  is_row = false;

        bill->line++;

        if (line.len == 0) {
            continue;
        }

        if (line.ptr[0] == '#') {
            read_comment(bill, line);
            continue;
        }

        if (!read_line(bill, line, &r, &is_row, err)) {
            return false;
        }

        if (is_row && r.kind != CAPLAT_BILL_END) {
            *row = r;
            return true;
        }
    }

    return finish(bill, row, err);
}
