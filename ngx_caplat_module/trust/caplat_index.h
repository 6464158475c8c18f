/*
 * The index of the log: what its records say, by order, enterprise and
 * Idempotency-Key. It is derived: lost, of another boot or of another version,
 * it is made anew from the log. LMDB, whose write transaction is the lock
 * between all processes that append; it is robust, and survives kill -9.
 * Commits are not synced: what matters is in the log.
 *
 *   batches      index of a batch's last record -> where its lines stand:
 *                segment at first (8 each), ends (4 each) of caplat_lines
 *   orders       an order's number -> caplat_order_row, packed
 *   certs        the number of a certificate's first order, which is its own
 *                -> caplat_cert_row, packed
 *   lapses       each order in state created: when it lapses (8), its number
 *                (8), most significant first
 *   openings     platform 0 index (8, most significant first) of a record that
 *                opens or closes it for a certificate -> its order's number
 *   head         caplat_head; the boot, the version, which finder it is
 *
 * New rows of batches, orders and certs go behind all of before. What comes in
 * no order is in none of them but in a caplat_finder beside them:
 *
 *   org (18)                -> each of its certificates, at one of 64 places by
 *                              its name, of which the entry has a tag (24 bits)
 *                              above the number (40)
 *   org (18) key hash (16)  -> each order of an Idempotency-Key: its number
 *
 * A row of `orders` is packed, its numbers as they lie in this machine:
 *
 *   created_ms expires amount_fen refunded_fen before                  8 each
 *   confirmed_fen, of each channel                                     8 each
 *   key_hash (16) print (32)
 *   state id_len cert_len event_count                                  1 each
 *   each event: index mark                                             8 each
 *               type                                                   1
 *   id cert
 *
 * and one of a certificate: last unfinished (8 each), key_len (1), key, held.
 *
 * A transaction is one thread's. Rows are copied out.
 */

#ifndef CAPLAT_INDEX_H
#define CAPLAT_INDEX_H

#include "caplat_finder.h"
#include "caplat_form.h"
#include "caplat_merkle.h"
#include "caplat_record.h"


#define CAPLAT_INDEX_LEN      ((size_t) 4 << 30)    /* bytes of the map,
                                           unless told; the file has what is
                                           used */
#define CAPLAT_ORDER_EVENTS   32        /* of one order */
#define CAPLAT_HELD_LEN_MAX   8192      /* bytes: ids joined by `,` */
#define CAPLAT_KEY_DAYS       7         /* that an Idempotency-Key is kept */


/* Where a line of the log stands. */
typedef struct {
    uint64_t        segment;            /* the index of its first record */
    uint64_t        at;                 /* offset there */
    uint64_t        len;                /* without LF */
} caplat_spot;


/* Where those of a batch do: its records, and the checkpoint behind them. */
typedef struct {
    uint64_t        segment;
    uint64_t        at;
    uint64_t        first;              /* index of the first record */
    size_t          count;              /* of records */
    const uint32_t *ends;               /* of count + 1 lines, behind `at`, each
                                           without its LF */
} caplat_lines;


/* All that an append needs to know of the log before it. */
typedef struct {
    caplat_frontier frontier;
    uint64_t        segment;
    uint64_t        offset;             /* of the log's end, in the segment */
    int64_t         time_ms;            /* of the last record */
} caplat_head;


typedef struct {
    uint64_t        index;
    uint64_t        mark;               /* caplat_record_mark */
    caplat_event    type;
} caplat_order_event;

#define CAPLAT_CERT_KEY_MAX   128       /* bytes of org ca 0 cert */

typedef struct {
    caplat_state        state;          /* after all of its events */
    int64_t             created_ms;
    int64_t             expires;        /* seconds; 0: never */
    int64_t             amount_fen;
    int64_t             refunded_fen;   /* decided: payment.refunded, in all */
    int64_t             confirmed_fen[CAPLAT_CHANNEL_COUNT];
                                        /* refund.confirmed, in all: of each
                                           channel, which can be paid once */
    uint8_t             key_hash[CAPLAT_KEY_HASH_LEN];  /* of the
                                           Idempotency-Key, and of what came
                                           under it */
    uint8_t             print[CAPLAT_PRINT_LEN];
    uint64_t            before;         /* number of the certificate's order
                                           before it; 0: none */
    uint32_t            id_len;
    uint32_t            cert_len;
    uint32_t            event_count;
    char                id[CAPLAT_ORDER_ID_LEN_MAX];
    char                cert[CAPLAT_CERT_KEY_MAX];  /* org ca 0 cert */
    caplat_order_event  events[CAPLAT_ORDER_EVENTS];
} caplat_order_row;

/* The first event of a type, and of a mark unless that is 0; NULL: none. */
const caplat_order_event *caplat_order_row_event(const caplat_order_row *row,
    caplat_event type, uint64_t mark);

/* Whose it is: what `cert` is made of. They borrow from the row. */
void caplat_order_row_cert(const caplat_order_row *row, caplat_slice *org,
    caplat_slice *ca, caplat_slice *cert);


typedef struct {
    uint64_t        last;               /* number of its last order */
    uint64_t        unfinished;         /* of the one that is not finished; 0 */
    size_t          key_len;
    size_t          held_len;
    char            key[CAPLAT_CERT_KEY_MAX];       /* org ca 0 cert */
    char            held[CAPLAT_HELD_LEN_MAX];      /* opened by the log */
} caplat_cert_row;

/* Whose it is; they borrow from the row. */
void caplat_cert_row_names(const caplat_cert_row *row, caplat_slice *ca,
    caplat_slice *cert);


typedef struct caplat_index  caplat_index;      /* a process's own */
typedef struct caplat_view   caplat_view;       /* a transaction */


/*
 * Open the index in a folder, made when there is none. Not across fork.
 *
 * len       of its map
 * may_make  nobody else has it open: else a finder is not made
 */
bool caplat_index_open(const char *folder, size_t len, bool may_make,
    caplat_index **index, const char **why);

/* Open one that is there, only to read: by whom it is looked at beside the
   servers that use it. */
bool caplat_index_open_to_read(const char *folder, caplat_index **index,
    const char **why);
void caplat_index_close(caplat_index *index);       /* NULL too */

/* Let go of what a reader has held who was killed, and which would make the
   file grow. Whoever opens an index to write does that too. */
void caplat_index_sweep(const char *folder);

/* Whether it is whole: filled from the log by this version on this boot. */
bool caplat_view_is_whole(const caplat_view *view);

/* Whether the finder is the one that knows all of its rows: a file can be
   replaced, by an older one too. */
bool caplat_view_has_finder(const caplat_view *view);

/* Empty it, and let it be not whole, where that or nobody else has it open; say
   that it is whole. */
bool caplat_view_clear(caplat_view *view, const char **why);
bool caplat_view_set_whole(caplat_view *view, const char **why);

/* Begin to write, which waits for whoever does; or to read what is committed.
   A reader never waits. */
bool caplat_index_write(caplat_index *index, caplat_view **view,
    const char **why);
bool caplat_index_read(caplat_index *index, caplat_view **view,
    const char **why);

/* What is to stay free of the disk while this one adds: where nobody tells, as
   in a recovery, the finder grows into the rest. */
void caplat_view_reserve(caplat_view *view, uint64_t len);

bool caplat_view_commit(caplat_view *view, const char **why);   /* and end it */

/* Commit up to a head, and begin to write again. On false the view is the one
   of before, or NULL. */
bool caplat_view_go_on(caplat_view **view, const caplat_head *head,
    const char **why);
void caplat_view_end(caplat_view *view);            /* NULL too */

/* The head; an empty log's is zero. */
void caplat_view_head(const caplat_view *view, caplat_head *head);
bool caplat_view_set_head(caplat_view *view, const caplat_head *head,
    const char **why);

/*
 * What the record changes. False when there is no room, or the record cannot
 * follow those of before: `why` says which.
 */
bool caplat_view_apply(caplat_view *view, const caplat_record *record,
    const char **why);

/* A record will soon be applied: what that needs of memory that is far away is
   fetched meanwhile. */
void caplat_view_expect(const caplat_view *view, const caplat_record *record);

/* When all records of a batch have been applied: where they stand. */
bool caplat_view_add_batch(caplat_view *view, const caplat_lines *lines,
    const char **why);

/* The checkpoint of the batch that a record came with, and the size of the tree
   then; false: none yet. */
bool caplat_view_checkpoint(const caplat_view *view, uint64_t index,
    uint64_t *size, caplat_spot *spot);

/* False when there is none such. */
bool caplat_view_spot(const caplat_view *view, uint64_t index,
    caplat_spot *spot);
bool caplat_view_order(const caplat_view *view, uint64_t number,
    caplat_order_row *row);
bool caplat_view_cert(const caplat_view *view, caplat_slice org,
    caplat_slice ca, caplat_slice cert, caplat_cert_row *row);

/* The order of the greatest number that came under an Idempotency-Key. */
bool caplat_view_key(const caplat_view *view, caplat_slice org,
    const uint8_t key_hash[static CAPLAT_KEY_HASH_LEN], uint64_t *number,
    caplat_order_row *row);

/* How far one has gone through an enterprise's certificates; zero: not yet. */
typedef struct {
    uint64_t             number;
    caplat_finder_place  place;
} caplat_org_place;

/* The next one, in no order; false: there is no more. */
bool caplat_view_next_cert(const caplat_view *view, caplat_slice org,
    caplat_org_place *place, caplat_cert_row *row);

/* The order in state created that lapses first, and when, in seconds. */
bool caplat_view_next_lapse(const caplat_view *view, int64_t *expires,
    uint64_t *number);

/* The next record that opens or closes a platform, from an index on. */
bool caplat_view_opening(const caplat_view *view, caplat_slice platform,
    uint64_t from, uint64_t *index);

/* The greatest number of an order; 0 when there is none. */
uint64_t caplat_view_last_order(const caplat_view *view);


#endif /* CAPLAT_INDEX_H */
