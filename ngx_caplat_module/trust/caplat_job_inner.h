/*
 * A job from within: for the files that implement caplat_job.h.
 */

#ifndef CAPLAT_JOB_INNER_H
#define CAPLAT_JOB_INNER_H

#include "caplat_booking.h"
#include "caplat_buy.h"
#include "caplat_form.h"
#include "caplat_job.h"


#define CAPLAT_RAW_LEN_MAX  384         /* bytes of a name of at most 64, each
                                           escaped */


/* Bytes of what is sealed: a token, a proof or signature, an invoice. */
#define CAPLAT_PERSONAL_LEN_MAX  24576


typedef enum {
    CAPLAT_JOB_PLACE,
    CAPLAT_JOB_CANCEL,
    CAPLAT_JOB_LAPSE,
    CAPLAT_JOB_BOOK,
    CAPLAT_JOB_CHARGE,
    CAPLAT_JOB_SESSION,
    CAPLAT_JOB_QUOTE,
    CAPLAT_JOB_LIST,
    CAPLAT_JOB_ORDER,
    CAPLAT_JOB_EVENTS,
    CAPLAT_JOB_RECEIPT,
    CAPLAT_JOB_OPENINGS
} caplat_job_kind;


/* What is to be done with an order, as the index stands. */
typedef enum {
    CAPLAT_VERDICT_ORDER,               /* record it */
    CAPLAT_VERDICT_REPLAY,              /* tell the first answer again */
    CAPLAT_VERDICT_REFUSE
} caplat_verdict;


/* Text as it stands between the quotation marks of a record. */
typedef struct {
    char     room[CAPLAT_RAW_LEN_MAX];
    size_t   len;
} caplat_raw;

/* A member whose text stands so; empty: null. */
void caplat_put_raw(caplat_writer *w, caplat_slice key, caplat_slice raw);

bool caplat_raw_of(caplat_slice text, caplat_raw *raw);
bool caplat_raw_is(caplat_slice raw, caplat_slice text);
caplat_slice caplat_raw_slice(const caplat_raw *raw);


/* What is personal of a record, and its key in a slot. */
typedef struct {
    bool                  is_done;
    char                  epoch[CAPLAT_EPOCH_LEN_MAX];
    size_t                epoch_len;
    caplat_seal           seal;
    char                 *text;         /* base64url; malloc'ed */
    size_t                len;
} caplat_sealed;

/* Seal it for an order. Of the vault, all but the slot's sync. */
bool caplat_seal_for(caplat_clerk *clerk, caplat_slice order,
    caplat_slice personal, int64_t now_ms, caplat_sealed *sealed,
    const char **why);


/* An order to place. */
typedef struct {
    const caplat_rates   *rates;
    caplat_json          *body;
    caplat_buy            buy;
    caplat_form           form;
    uint8_t               subject[CAPLAT_SUBJECT_LEN];
    uint8_t               key_hash[2][CAPLAT_KEY_HASH_LEN];
    uint8_t               print[2][CAPLAT_PRINT_LEN];
    caplat_raw            org;
    caplat_raw            ca;
    caplat_raw            cert;
    caplat_denial         denial;       /* by token, card or clock, with the
                                           job's faults: it counts unless the
                                           key is known */
    char                 *personal;     /* JSON; malloc'ed, wiped; NULL where
                                           it is denied */
    size_t                personal_len;

    /* Before the lock. */
    char                  id[CAPLAT_ORDER_ID_LEN_MAX];
    size_t                id_len;
    caplat_sealed         sealed;

    /* Judged: what comes from here on is not zero before. */
    caplat_quote          quote;
    caplat_certificate    certificate;  /* with what the ledger holds */
    caplat_cert_row       held;
    uint64_t              lapsed;       /* order that is to lapse first; 0 */
    char                  lapsed_id[CAPLAT_ORDER_ID_LEN_MAX];
    size_t                lapsed_id_len;
} caplat_placing;


/* What is said of an order's money; its slices lie in text. */
typedef struct {
    caplat_booking        booking;
    caplat_booked         booked;
    char                 *text;         /* malloc'ed */
    char                 *personal;     /* JSON; malloc'ed, wiped */
    size_t                personal_len;
    caplat_sealed         sealed;
} caplat_saying;


struct caplat_job {
    caplat_job_kind           kind;
    const caplat_order_conf  *conf;
    const caplat_claims      *claims;   /* held; NULL: a partner's key alone */
    caplat_raw                client;
    int64_t                   now;

    caplat_placing           *placing;  /* of PLACE */
    caplat_saying            *saying;   /* of BOOK */
    uint64_t                  number;   /* of the order that it is about */
    char                      id[CAPLAT_ORDER_ID_LEN_MAX];
    size_t                    id_len;

    /* Of SESSION and QUOTE. */
    const caplat_rates       *rates;
    unsigned                  scopes;
    char                     *body;     /* malloc'ed */
    size_t                    body_len;

    /* Of LIST. */
    caplat_state              state;    /* NONE: all */
    uint64_t                  after;    /* 0: from the newest on */
    uint64_t                  limit;

    /* Of OPENINGS, with after (0: from the oldest on) and limit. */
    char                      platform[CAPLAT_NAME_LEN_MAX];
    size_t                    platform_len;
    uint64_t                  wait;     /* seconds */

    /* What came of it. */
    caplat_verdict            verdict;
    uint64_t                  index;    /* of the record that tells it */
    caplat_faults             faults;
    char                     *text;     /* malloc'ed */
    caplat_reply              reply;
};


/* Nothing more than kind, who and when; NULL: no memory. */
caplat_job *caplat_job_make(caplat_job_kind kind,
    const caplat_order_conf *conf, const caplat_identity *who, int64_t now);

/* Refuse it. Always false. */
bool caplat_job_refuse(caplat_job *job, caplat_problem problem,
    const char *reason);

/* A writer for the reply's text; caplat_job_answer takes what was written. */
caplat_writer caplat_job_writer(caplat_job *job, size_t room);
void caplat_job_answer(caplat_job *job, unsigned status,
    const caplat_writer *w);

/* Hashes that stand for names, by key 0 or 1 of conf. */
void caplat_hash_subject(const caplat_order_conf *conf,
    const caplat_claims *claims, uint8_t out[static CAPLAT_SUBJECT_LEN]);
void caplat_hash_key(const caplat_order_conf *conf, size_t at,
    const caplat_claims *claims, caplat_slice key,
    uint8_t out[static CAPLAT_KEY_HASH_LEN]);
void caplat_hash_print(const caplat_order_conf *conf, size_t at,
    const caplat_evidence *evidence, uint8_t out[static CAPLAT_PRINT_LEN]);

/* All that is personal of an order, as JSON; false: no memory. */
bool caplat_personal_make(const caplat_claims *claims, const caplat_form *form,
    const caplat_evidence *evidence, char **text, size_t *len);

/*
 * Judge an order by what a view shows; on REFUSE the job is refused. `known`
 * tells only whether the first answer comes again, or what denies it without
 * the ledger: ORDER, the rest is to be judged. job->number is the order of the
 * key, 0: the key is not known.
 */
caplat_verdict caplat_order_judge_known(caplat_job *job,
    const caplat_view *view, int64_t now_ms);
caplat_verdict caplat_order_judge(caplat_job *job, const caplat_view *view,
    int64_t now_ms);

/* Add the records of an order that has been judged so, or of another change.
   False: the batch fails. */
bool caplat_order_record(caplat_job *job, caplat_batch *batch);
bool caplat_cancel_record(caplat_job *job, caplat_batch *batch);
bool caplat_lapse_record(caplat_batch *batch);

/* The reply to what was booked, or not. */
void caplat_job_booked(caplat_job *job);

/* Whether an order can be paid, to the reply. */
void caplat_job_show_charge(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view);

/* Whether the caller may see it. */
bool caplat_job_sees(const caplat_job *job, caplat_slice org, caplat_slice ca,
    caplat_slice cert);

/* The state by the events before `durable`; a created order whose time is over
   has lapsed. NONE: there is none yet. */
caplat_state caplat_order_state(const caplat_order_row *row, uint64_t durable,
    int64_t now);

/* What later records say of an order's money; NULL in place of it: nothing. */
typedef struct {
    bool      is_paid;
    char      channel[16];
    size_t    channel_len;
    int64_t   amount_fen;
    int64_t   paid;                     /* seconds */

    int64_t   refunded_fen;             /* 0: none */
    int64_t   refunded;                 /* seconds */
    char      closed[CAPLAT_IDS_LEN_MAX];
    size_t    closed_len;

    char      number[CAPLAT_INVOICE_LEN_MAX];
    size_t    number_len;               /* 0: no invoice is issued */
    char      day[CAPLAT_DATE_LEN];
} caplat_order_money;

bool caplat_order_money_read(const caplat_clerk *clerk,
    const caplat_view *view, const caplat_order_row *row,
    caplat_order_money *money, caplat_ledger_error *error);

/* The members of an order, from { to before }; fewer bytes than its line and
   CAPLAT_ORDER_EXTRA. */
#define CAPLAT_ORDER_EXTRA  (1024 + CAPLAT_IDS_LEN_MAX)
void caplat_order_write(caplat_writer *w, const caplat_record *record,
    caplat_state state, const caplat_order_money *money);

/* Checkpoint and proof behind them, and }. */
#define CAPLAT_PROOF_EXTRA                                                    \
    (2 * CAPLAT_CHECKPOINT_MAX + 50 * CAPLAT_PATH_LEN_MAX)
void caplat_order_write_proof(caplat_writer *w, caplat_slice checkpoint,
    const caplat_node *path, size_t count);

/* Tell the first answer again. */
void caplat_job_replay(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view, caplat_ledger_error *error);

/* An order as it stands, to its reply. */
void caplat_job_show(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view, caplat_ledger_error *error);

/* The record of order.created, in room of CAPLAT_RECORD_LEN_MAX; refuses the
   job where that cannot be read. */
bool caplat_job_created(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view, const caplat_order_row *row, char *room,
    caplat_record *record, caplat_slice *line, caplat_ledger_error *error);

/* The order that a job is about, if the caller may see it; else it is
   refused. */
bool caplat_job_find(caplat_job *job, const caplat_view *view,
    caplat_order_row *row);

/* Session or quote, by what token and ledger say together. */
void caplat_job_current(caplat_job *job, const caplat_view *view);

/* What a platform's server has not been told yet. */
void caplat_job_show_openings(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view, char *room, caplat_ledger_error *error);

/* A page of a list: some hundred orders of the usual size, and one at least. */
#define CAPLAT_PAGE_ROOM  ((size_t) 1 << 20)
void caplat_job_page(const caplat_clerk *clerk, caplat_job *job,
    const caplat_view *view, caplat_ledger_error *error);


#endif /* CAPLAT_JOB_INNER_H */
