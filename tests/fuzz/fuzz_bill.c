/*
 * Whatever the bytes of a bill: it is read to its end or to a fault that has a
 * place in its text, twice the same; rows have numbers and amounts as they
 * must be, and the same bill as UTF-8 has the same rows.
 */

#include "caplat_bill.h"

#include "caplat_money.h"
#include "caplat_text.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


typedef struct {
    bool          is_read;
    caplat_code   code;
    size_t        at;
    uint64_t      rows;
    uint64_t      print;                /* of all amounts, in their order */
} outcome;


static void
check_number(caplat_slice number)
{
    caplat_assert(number.len <= CAPLAT_BILL_NUMBER_MAX);

    for (size_t i = 0; i < number.len; i++) {
        caplat_assert(number.ptr[i] > ' ' && number.ptr[i] <= '~');
    }
}


static void
check_row(const caplat_bill *bill, const caplat_bill_row *row)
{
    caplat_assert(row->kind == CAPLAT_BILL_PAYMENT
                  || row->kind == CAPLAT_BILL_REFUND);
    caplat_assert(bill->channel != CAPLAT_CHANNEL_NONE);
    caplat_assert(caplat_fen_valid(row->amount_fen) && row->time > 0);
    caplat_assert(row->trade.len != 0 && row->line != 0);
    check_number(row->order);
    check_number(row->trade);
    check_number(row->refund);
    check_number(row->request);
}


static outcome
walk(caplat_bill *bill)
{
    outcome          o = { .is_read = true };
    caplat_bill_row  row;
    caplat_err       err;

    while ((o.is_read = caplat_bill_next(bill, &row, &err))
           && row.kind != CAPLAT_BILL_END)
    {
        check_row(bill, &row);
        o.rows++;
        o.print = o.print * 31 + (uint64_t) row.amount_fen;
    }

    if (!o.is_read) {
        caplat_assert(err.code != CAPLAT_OK && err.what != NULL);
        caplat_assert(err.at <= bill->text.len);
        o.code = err.code;
        o.at = err.at;
    }

    return o;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    caplat_slice   bytes = caplat_slice_of((const char *) data, size);
    caplat_bill    bill, again;
    caplat_cursor  c;
    uint32_t       character;

    caplat_assert(caplat_bill_open(bytes, &bill));

    outcome  first = walk(&bill), second;

    for (c = caplat_cursor_of(bill.text); c.at != c.end; ) {
        caplat_assert(caplat_take_character(&c, &character));
    }

    caplat_assert(caplat_bill_open(bill.is_broken ? bytes : bill.text,
                                   &again));
    second = walk(&again);

    if (again.text.len == bill.text.len) {
        caplat_assert(first.is_read == second.is_read
                      && first.code == second.code && first.at == second.at
                      && first.rows == second.rows
                      && first.print == second.print);
    }

    caplat_bill_close(&again);
    caplat_bill_close(&bill);

    return 0;
}
