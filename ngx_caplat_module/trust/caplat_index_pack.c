#include "caplat_index_view.h"


#define HEAD_LEN   CAPLAT_ORDER_PACKED_HEAD
#define LENS_AT    (HEAD_LEN - 4)
#define KEY_AT     ((5 + CAPLAT_CHANNEL_COUNT) * 8)
#define EVENT_LEN  17
#define CERT_LEN   CAPLAT_CERT_PACKED_HEAD

_Static_assert(CAPLAT_CERT_KEY_MAX < 256, "a key's length fits a byte");
_Static_assert(CAPLAT_ORDER_EVENTS < 256 && CAPLAT_EVENT_COUNT <= 256
               && CAPLAT_STATE_COUNT <= 256, "they fit a byte");


static char *
put_bytes(char *at, const void *bytes, size_t len)
{
    memcpy(at, bytes, len);

    return at + len;
}


static char *
put_number(char *at, uint64_t number)
{
    return put_bytes(at, &number, sizeof(number));
}


static uint64_t
number_at(const char *at)
{
    uint64_t  number;

    memcpy(&number, at, sizeof(number));

    return number;
}


void
caplat_lines_pack(const caplat_lines *lines, char *room)
{
    char  *at = room;

    at = put_number(at, lines->segment);
    at = put_number(at, lines->at);
    at = put_number(at, lines->first);
    (void) put_bytes(at, lines->ends,
                     (lines->count + 1) * sizeof(lines->ends[0]));
}


static uint32_t
end_at(const char *ends, uint64_t n)
{
    uint32_t  end;

    memcpy(&end, ends + n * sizeof(end), sizeof(end));

    return end;
}


bool
caplat_lines_spot(caplat_slice packed, uint64_t last, uint64_t index,
    caplat_spot *spot)
{
    const char  *ends = packed.ptr + 3 * sizeof(uint64_t);
    uint64_t     count, first, from, end;

    if (packed.len < caplat_lines_packed_len(1)) {
        return false;
    }

    count = (packed.len - caplat_lines_packed_len(0)) / sizeof(uint32_t);
    first = number_at(packed.ptr + 2 * sizeof(uint64_t));

    if (packed.len != caplat_lines_packed_len(count)
        || last - first != count - 1 || index < first || index - first > count)
    {
        return false;
    }

    from = index == first ? 0 : end_at(ends, index - first - 1)
                                + (uint64_t) 1;
    end = end_at(ends, index - first);

    if (end < from) {
        return false;
    }

    spot->segment = number_at(packed.ptr);
    spot->at = number_at(packed.ptr + sizeof(uint64_t)) + from;
    spot->len = end - from;

    return true;
}


caplat_slice
caplat_order_row_pack(const caplat_order_row *row,
    char room[static CAPLAT_ORDER_PACKED_MAX])
{
    char  *at = room;

    at = put_number(at, (uint64_t) row->created_ms);
    at = put_number(at, (uint64_t) row->expires);
    at = put_number(at, (uint64_t) row->amount_fen);
    at = put_number(at, (uint64_t) row->refunded_fen);
    at = put_number(at, row->before);

    for (size_t i = 0; i < CAPLAT_CHANNEL_COUNT; i++) {
        at = put_number(at, (uint64_t) row->confirmed_fen[i]);
    }

    at = put_bytes(at, row->key_hash, sizeof(row->key_hash));
    at = put_bytes(at, row->print, sizeof(row->print));
    *at++ = (char) row->state;
    *at++ = (char) row->id_len;
    *at++ = (char) row->cert_len;
    *at++ = (char) row->event_count;

    for (size_t i = 0; i < row->event_count; i++) {
        at = put_number(at, row->events[i].index);
        at = put_number(at, row->events[i].mark);
        *at++ = (char) row->events[i].type;
    }

    at = put_bytes(at, row->id, row->id_len);
    at = put_bytes(at, row->cert, row->cert_len);

    return caplat_slice_of(room, (size_t) (at - room));
}


bool
caplat_order_row_unpack(caplat_slice packed, caplat_order_row *row)
{
    const char  *at = packed.ptr;
    uint8_t      lens[4];

    if (packed.len < HEAD_LEN) {
        return false;
    }

    memcpy(lens, at + LENS_AT, sizeof(lens));

    if (lens[0] >= CAPLAT_STATE_COUNT || lens[1] > CAPLAT_ORDER_ID_LEN_MAX
        || lens[2] > CAPLAT_CERT_KEY_MAX
        || lens[3] > CAPLAT_ORDER_EVENTS
        || packed.len != (size_t) HEAD_LEN + lens[1] + lens[2]
                         + lens[3] * (size_t) EVENT_LEN)
    {
        return false;
    }

    row->created_ms = (int64_t) number_at(at);
    row->expires = (int64_t) number_at(at + 8);
    row->amount_fen = (int64_t) number_at(at + 16);
    row->refunded_fen = (int64_t) number_at(at + 24);
    row->before = number_at(at + 32);

    for (size_t i = 0; i < CAPLAT_CHANNEL_COUNT; i++) {
        row->confirmed_fen[i] = (int64_t) number_at(at + 40 + 8 * i);
    }

    memcpy(row->key_hash, at + KEY_AT, sizeof(row->key_hash));
    memcpy(row->print, at + KEY_AT + sizeof(row->key_hash),
        sizeof(row->print));
    row->state = (caplat_state) lens[0];
    row->id_len = lens[1];
    row->cert_len = lens[2];
    row->event_count = lens[3];
    at += HEAD_LEN;

    for (size_t i = 0; i < row->event_count; i++, at += EVENT_LEN) {
        row->events[i] = (caplat_order_event) {
            number_at(at), number_at(at + 8),
            (caplat_event) (unsigned char) at[16]
        };
    }

    memcpy(row->id, at, row->id_len);
    memcpy(row->cert, at + row->id_len, row->cert_len);

    return true;
}


caplat_slice
caplat_cert_row_pack(const caplat_cert_row *row,
    char room[static CAPLAT_CERT_PACKED_MAX])
{
    char  *at = room;

    at = put_number(at, row->last);
    at = put_number(at, row->unfinished);
    *at++ = (char) row->key_len;
    at = put_bytes(at, row->key, row->key_len);
    at = put_bytes(at, row->held, row->held_len);

    return caplat_slice_of(room, (size_t) (at - room));
}


bool
caplat_cert_row_unpack(caplat_slice packed, caplat_cert_row *row)
{
    const char  *at = packed.ptr;
    size_t       key_len, held_len;

    if (packed.len < CERT_LEN) {
        return false;
    }

    key_len = (unsigned char) at[CERT_LEN - 1];

    if (key_len <= CAPLAT_ORG_LEN || key_len > CAPLAT_CERT_KEY_MAX
        || packed.len < CERT_LEN + key_len)
    {
        return false;
    }

    held_len = packed.len - CERT_LEN - key_len;

    if (held_len > CAPLAT_HELD_LEN_MAX) {
        return false;
    }

    row->last = number_at(at);
    row->unfinished = number_at(at + 8);
    row->key_len = key_len;
    row->held_len = held_len;
    memcpy(row->key, at + CERT_LEN, key_len);
    memcpy(row->held, at + CERT_LEN + key_len, held_len);

    return true;
}
