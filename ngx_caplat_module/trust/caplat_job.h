/*
 * What the API's orders ask of the ledger: jobs. A job is made in the event
 * loop, where all is checked that needs no disk; it owns copies of what it
 * needs, so that its request may go; it is done in a thread, and its reply is
 * read when it is done.
 *
 *   made by               done by              reply
 *   caplat_job_place      caplat_clerk_commit  201: the order, and its proof
 *   caplat_job_cancel     caplat_clerk_commit  200: the order
 *   caplat_job_lapse      caplat_clerk_commit  none
 *   caplat_job_notice     caplat_clerk_commit  none, but `outcome`
 *   caplat_job_book       caplat_clerk_commit  200: {"order":ID,"event":W,
 *                                              "state":W,"outcome":W}
 *   caplat_job_charge     caplat_clerk_read    200: nothing, but `charge`
 *   caplat_job_list       caplat_clerk_read    200: {"orders":[...],"next":ID}
 *   caplat_job_order      caplat_clerk_read    200: the order
 *   caplat_job_events     caplat_clerk_read    200: {"events":[...]}
 *   caplat_job_receipt    caplat_clerk_read    200: a tlog-proof, text/plain
 *   caplat_job_openings   caplat_clerk_read    200: {"openings":[...],
 *                                              "next":CURSOR}
 *
 * Who may see and change an order: a manager those of the same enterprise, a
 * holder those of the own certificates; who signs as a partner without a token
 * sees those that came through this client. For all others there is no such
 * order.
 *
 * An order in answers:
 *
 *   {"id":ID,"state":W,"finished":BOOL,"created":S,"expires":S|null,
 *    "certificate":SN,"ca":W,"enterprise":USCC,"platforms":[ID,...],
 *    "amount":FEN,"rates":SHA256,"lines":[...],
 *    "invoice":{"type":W,"email":HINT|null,"number":W|null,"day":DAY|null}
 *              |null,
 *    "channel":W|null,
 *    "payment":{"channel":W,"amount":FEN,"paid":S}|null,
 *    "refund":{"amount":FEN,"at":S,"closed":[ID,...]}|null,"index":N}
 *
 *   created, expires  seconds; expires is when it lapses, null unless it is
 *                     in state created
 *   channel           that was chosen; payment has the one that was used
 *   number, day       of the invoice when it is issued
 *   refund            what has gone back in all; at, closed: the last one
 *   index             of order.created in the tree
 *
 * The first answer, and each repetition of it, has besides
 *
 *   "checkpoint":"<note>","proof":["<base64>",...]
 *
 * of the batch that it was recorded with; it is the same bytes each time.
 *
 *   {"event":W,"at":MS,"state":W,"index":N}       one of events
 *
 *   {"cursor":CURSOR,"event":"opened"|"closed",   one of openings
 *    "certificate":SN,"ca":W,"enterprise":USCC,"order":ID,"at":MS}
 *
 *   CURSOR   the index of the record, as a string, of which callers know only
 *            that they give it back. "0" is before all, for the log's first
 *            record opens nothing. next: the last one's, or what was given
 *
 *   outcome  "booked", or "booked-before": the same was said before
 */

#ifndef CAPLAT_JOB_H
#define CAPLAT_JOB_H

#include "caplat_answer.h"
#include "caplat_auth.h"
#include "caplat_booking.h"
#include "caplat_ledger.h"
#include "caplat_notice.h"
#include "caplat_vault.h"


#define CAPLAT_LIST_MAX       100       /* orders of one answer */
#define CAPLAT_LIST_DEFAULT   20
#define CAPLAT_OPENINGS_MAX   500       /* openings of one answer */
#define CAPLAT_OPENINGS_DEFAULT  100
#define CAPLAT_WAIT_MAX       60        /* seconds */
#define CAPLAT_LAPSE          1800      /* seconds, unless told */
#define CAPLAT_TRANSFER_LAPSE (7 * 86400)       /* seconds: a bank takes days */


/*
 * Keys of the hashes that stand in records instead of names: one line each of
 * base64url of 32 bytes; the first is used, a second one of before is still
 * looked for.
 */
typedef struct {
    uint8_t    keys[2][32];
    size_t     count;
} caplat_hash_keys;

bool caplat_hash_keys_read(caplat_slice text, caplat_hash_keys *keys,
    caplat_err *err);


/* Const while the server runs. */
typedef struct {
    caplat_slice          prefix;       /* of ids: 1..4 of A-Z */
    int64_t               lapse;        /* seconds */
    int64_t               transfer_lapse;   /* of who pays by bank transfer */
    unsigned              channels;     /* that can be paid by: bits of
                                           caplat_channel */
    caplat_hash_keys      hash;
    caplat_slice          issuer;       /* iss, of subjects */
} caplat_order_conf;


/* Whoever does jobs in a process: one commits, several read. */
typedef struct {
    const caplat_order_conf   *conf;
    caplat_ledger             *ledger;
    caplat_vault              *vault;
} caplat_clerk;


/* What a request was, for the record; borrowed. */
typedef struct {
    caplat_slice   method;
    caplat_slice   target;
    caplat_slice   body;
    caplat_slice   idempotency_key;
    caplat_slice   address;             /* of the client, text */
    caplat_slice   token;
    caplat_slice   proof;               /* DPoP, or empty */
    caplat_slice   signature_input;     /* RFC 9421, or empty */
    caplat_slice   signature;
} caplat_evidence;


typedef struct {
    unsigned             status;        /* 200 or 201; 0: refused */
    caplat_denial        denial;        /* when refused */
    const caplat_faults *faults;        /* NULL: none */
    caplat_slice         text;          /* the answer; or, refused, further
                                           members of the problem: ,"a":1 */
    bool                 is_replay;     /* a repeated Idempotency-Key; or what
                                           was said before */
    bool                 is_receipt;    /* text/plain */
    int64_t              amount_fen;    /* -1: none */
    caplat_outcome       outcome;       /* of what was booked; NOT_READ also
                                           when the ledger failed */
    uint64_t             wait;          /* seconds that the caller would wait
                                           for something to tell; 0: none */
    uint64_t             seen;          /* the size of the log when it was
                                           looked at */
    int64_t              expires;       /* of a charge: seconds */
} caplat_reply;


typedef struct caplat_job  caplat_job;

/*
 * Each gives a job that the caller closes, or false and the problem; no memory
 * is INTERNAL_ERROR. `who` and `rates` are the request's and configuration's:
 * claims are held, rates must live as long as the job.
 */

/*
 * POST /v1/orders: all of caplat_answer.h's checks in their order but price and
 * held platforms of the ledger, which need it. False only for what is wrong
 * with the body itself: what token, card and clock have against it is the reply
 * of a job whose key the ledger does not know.
 */
bool caplat_job_place(const caplat_order_conf *conf, const caplat_rates *rates,
    const caplat_identity *who, const caplat_evidence *evidence, int64_t now,
    caplat_job **job, caplat_faults *faults, caplat_denial *denial);

/*
 * GET /v1/session and POST /v1/quotes, as caplat_answer.h tells them, for a
 * certificate as token and ledger know it together: what the log has opened
 * since the token was made is held. who has a token.
 */
bool caplat_job_session(const caplat_order_conf *conf,
    const caplat_rates *rates, const caplat_identity *who, int64_t now,
    caplat_job **job, caplat_denial *denial);
bool caplat_job_quote(const caplat_order_conf *conf, const caplat_rates *rates,
    const caplat_identity *who, caplat_slice body, int64_t now,
    caplat_job **job, caplat_denial *denial);

/* id: as in the address; one that is none is ORDER_NOT_FOUND. */
bool caplat_job_cancel(const caplat_order_conf *conf,
    const caplat_identity *who, caplat_slice id, int64_t now,
    caplat_job **job, caplat_denial *denial);

/*
 * What a channel says, of PAID or REFUND; it is copied.
 *
 * personal  JSON of who paid, and of the notice itself as evidence; it is
 *           copied, and wiped with the job
 */
bool caplat_job_notice(const caplat_order_conf *conf,
    const caplat_notice *notice, caplat_slice personal, int64_t now,
    caplat_job **job);

/*
 * POST /v1/orders/ID/payment   {"channel":"transfer","trade":TRADE,
 *                               "amount":FEN,"paid":S}
 * POST /v1/orders/ID/invoice   {"number":W,"day":DAY}
 *
 * by a partner that keeps the books: of any order.
 *
 * said  PAYMENT_RECEIVED or INVOICE_ISSUED
 */
bool caplat_job_book(const caplat_order_conf *conf, const caplat_identity *who,
    caplat_event said, caplat_slice id, caplat_slice body, int64_t now,
    caplat_job **job, caplat_faults *faults, caplat_denial *denial);

/* POST /v1/orders/ID/payments: whether the order can be paid now. The reply has
   its amount, and when it lapses. */
bool caplat_job_charge(const caplat_order_conf *conf,
    const caplat_identity *who, caplat_slice id, int64_t now,
    caplat_job **job, caplat_denial *denial);

/* Those whose time is over. */
bool caplat_job_lapse(const caplat_order_conf *conf, int64_t now,
    caplat_job **job);

/* query: state=W&after=ID&limit=N, each at most once, any order; who has a
   token. faults tell of a parameter. */
bool caplat_job_list(const caplat_order_conf *conf, const caplat_identity *who,
    caplat_slice query, int64_t now, caplat_job **job, caplat_faults *faults,
    caplat_denial *denial);
bool caplat_job_order(const caplat_order_conf *conf,
    const caplat_identity *who, caplat_slice id, int64_t now,
    caplat_job **job, caplat_denial *denial);
bool caplat_job_events(const caplat_order_conf *conf,
    const caplat_identity *who, caplat_slice id, int64_t now,
    caplat_job **job, caplat_denial *denial);
bool caplat_job_receipt(const caplat_order_conf *conf,
    const caplat_identity *who, caplat_slice id, int64_t now,
    caplat_job **job, caplat_denial *denial);

/*
 * GET /v1/platforms/ID/openings: what has been opened and closed on a platform,
 * on the disk, in the order of the log. For others than its own server there is
 * NOT_FOUND.
 *
 * query  after=CURSOR&limit=N&wait=S, each at most once, any order; a cursor
 *        that was not given by this platform's openings is a fault
 */
bool caplat_job_openings(const caplat_order_conf *conf,
    const caplat_identity *who, caplat_slice platform, caplat_slice query,
    int64_t now, caplat_job **job, caplat_faults *faults,
    caplat_denial *denial);

void caplat_job_close(caplat_job *job);             /* NULL too; wipes */
const caplat_reply *caplat_job_reply(const caplat_job *job);


/*
 * Do count jobs that change something, in one commit unless they are too long
 * for one; each has its reply then, a good one only for what is on the disk.
 *
 *   place  in turn: the key is known (the first answer again, or
 *          IDEMPOTENCY_KEY_REUSED), also when nothing can be recorded; what
 *          token, card and clock have against it; PLATFORM_ALREADY_HELD, by
 *          token or ledger; PRICE_CHANGED, `text` has amount, quote and why; an
 *          unfinished order of the certificate: ORDER_STATE_CONFLICT, `text`
 *          names it (one that has lapsed is recorded so and is no hindrance);
 *          recorded, and opened at once where it costs nothing
 *
 * error  fault CAPLAT_LEDGER_OK, or why those that were to be recorded got
 *        LOG_UNAVAILABLE
 */
void caplat_clerk_commit(caplat_clerk *clerk, caplat_job *const *jobs,
    size_t count, int64_t now_ms, bool more, caplat_ledger_error *error);

/* Do a job that reads. */
void caplat_clerk_read(const caplat_clerk *clerk, caplat_job *job,
    caplat_ledger_error *error);


#endif /* CAPLAT_JOB_H */
