/*
 * The index of the log: what its records say, by order, enterprise and
 * Idempotency-Key. It is derived: lost, of another boot or of another version,
 * it is made anew from the log. LMDB, whose write transaction is the lock
 * between all processes that append; it is robust, and survives kill -9. Commits
 * are not synced: what matters is in the log.
 *
 *   records      index of a record -> where it stands
 *   orders       an order's number -> caplat_order_row
 *   enterprises  org (18) 'c' ca 0 cert   -> caplat_cert_row
 *                org (18) 'k' key hash (16) -> caplat_key_row
 *                what one order changes stands side by side: one page of the
 *                tree is written, not three
 *   waiting      number of each order in state created: for those that lapse
 *   head         caplat_head, the boot and version
 *
 * A transaction is one thread's. Rows are copied out.
 */

#ifndef CAPLAT_INDEX_H
#define CAPLAT_INDEX_H

#include "caplat_merkle.h"
#include "caplat_record.h"


#define CAPLAT_INDEX_LEN      ((size_t) 4 << 30)    /* bytes of the map, unless
                                           told; of the file only what is used */
#define CAPLAT_ORDER_EVENTS   32        /* of one order */
#define CAPLAT_HELD_LEN_MAX   8192      /* bytes: ids joined by `,` */
#define CAPLAT_KEY_DAYS       7         /* that an Idempotency-Key is kept */


/* Where a record stands. */
typedef struct {
    uint64_t        segment;            /* number of its first record */
    uint64_t        at;                 /* offset there */
    uint32_t        len;                /* without LF */
    uint32_t        to_checkpoint;      /* bytes from `at` to the line of the
                                           batch's checkpoint */
} caplat_spot;


/* All that an append needs to know of the log before it. */
typedef struct {
    caplat_frontier frontier;
    uint64_t        segment;
    uint64_t        offset;             /* of the log's end, in the segment */
    int64_t         time_ms;            /* of the last record */
} caplat_head;


typedef struct {
    uint64_t        index;
    caplat_event    type;
} caplat_order_event;

typedef struct {
    caplat_state        state;          /* after all of its events */
    int64_t             created_ms;
    int64_t             amount_fen;
    uint64_t            before;         /* number of the certificate's order
                                           before it; 0: none */
    uint32_t            event_count;
    caplat_order_event  events[CAPLAT_ORDER_EVENTS];
} caplat_order_row;


typedef struct {
    uint64_t        last;               /* number of its last order */
    uint64_t        unfinished;         /* of the one that is not finished; 0 */
    size_t          held_len;
    char            held[CAPLAT_HELD_LEN_MAX];      /* opened by the log */
} caplat_cert_row;


typedef struct {
    uint64_t        number;
    int64_t         time_ms;
    uint8_t         print[CAPLAT_PRINT_LEN];
} caplat_key_row;


typedef struct caplat_index  caplat_index;      /* a process's own */
typedef struct caplat_view   caplat_view;       /* a transaction */


/*
 * Open the index in a folder, made when there is none.
 *
 * is_new  it is empty: to be filled from the log
 */
bool caplat_index_open(const char *folder, size_t len, caplat_index **index,
    bool *is_new, const char **why);
void caplat_index_close(caplat_index *index);       /* NULL too */

/* Empty it, in a transaction. */
bool caplat_index_clear(caplat_view *view);

/* Begin to write, which waits for whoever does; or to read what is committed.
   A reader never waits. */
bool caplat_index_write(caplat_index *index, caplat_view **view,
    const char **why);
bool caplat_index_read(caplat_index *index, caplat_view **view,
    const char **why);
bool caplat_view_commit(caplat_view *view, const char **why);   /* and end it */
void caplat_view_end(caplat_view *view);            /* NULL too */

/* The head; its absence is an empty log's. */
bool caplat_view_head(const caplat_view *view, caplat_head *head);
bool caplat_view_set_head(caplat_view *view, const caplat_head *head);

/*
 * What the record changes. False when there is no room, or the record cannot
 * follow those of before: `why` says which.
 */
bool caplat_view_apply(caplat_view *view, const caplat_record *record,
    const caplat_spot *place, const char **why);

/* False when there is none such. */
bool caplat_view_place(const caplat_view *view, uint64_t index,
    caplat_spot *place);
bool caplat_view_order(const caplat_view *view, uint64_t number,
    caplat_order_row *row);
bool caplat_view_cert(const caplat_view *view, caplat_slice org,
    caplat_slice ca, caplat_slice cert, caplat_cert_row *row);
bool caplat_view_key(const caplat_view *view, caplat_slice org,
    const uint8_t key_hash[static CAPLAT_KEY_HASH_LEN], caplat_key_row *row);

/* The certificates of an enterprise, one after the other, until it is false:
   first with `cert` empty, which then is the last one's name. Room is the
   caller's: 128 bytes. */
bool caplat_view_next_cert(const caplat_view *view, caplat_slice org,
    char room[static 128], caplat_slice *ca, caplat_slice *cert,
    caplat_cert_row *row);

/* The oldest order in state created from that number on. */
bool caplat_view_waiting(const caplat_view *view, uint64_t from,
    uint64_t *number);

/* The greatest number of an order; 0 when there is none. */
uint64_t caplat_view_last_order(const caplat_view *view);


#endif /* CAPLAT_INDEX_H */
