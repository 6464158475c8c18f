/*
 * The ledger's append against a bare group commit: ledger FOLDER SECONDS
 *
 * Two processes write. Each has half of the producers, and each of these waits
 * for its record before it brings the next, so that a batch is all that wait:
 *
 *   ledger  caplat_ledger_commit of an order a producer: commitment, tree,
 *           signature, index, sync
 *   bare    one write of as many bytes, and fdatasync
 *
 * Both in turn, for each number of producers. Prints one line of JSON each:
 * {"producers":N,"ledger":R,"bare":R} in records a second, and how many bytes a
 * record had. Then how fast the index is made anew and the log audited.
 */

#define _GNU_SOURCE

#include "caplat_audit.h"
#include "caplat_hash.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>


#define WRITERS  2
#define ROUNDS   3
#define NAME     CAPLAT_LIT("bench.example/log")


typedef struct {
    char               *folder;
    double              seconds;
    caplat_private_key *key;
    caplat_verifier     verifier;
} bench;


static double
now(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_MONOTONIC, &t);

    return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}


static int64_t
now_ms(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_REALTIME, &t);

    return (int64_t) t.tv_sec * 1000 + t.tv_nsec / 1000000;
}


static void
die(const char *what, const caplat_ledger_error *error)
{
    fprintf(stderr, "ledger: %s: %.*s\n", what, error ? (int) error->len : 0,
            error ? error->words : "");
    exit(1);
}


static caplat_ledger *
open_ledger(const bench *b)
{
    caplat_ledger_conf   conf = {
        b->folder, NAME, b->key, &b->verifier, CAPLAT_SEGMENT_LEN, 0,
        CAPLAT_INDEX_LEN, false
    };
    caplat_ledger       *ledger;
    caplat_ledger_error  error;

    if (!caplat_ledger_open(&conf, NULL, NULL, &ledger, &error)) {
        die("open", &error);
    }

    return ledger;
}


/* An order of an enterprise of its own. */
static bool
decide(void *data, size_t at, caplat_batch *batch)
{
    static const char  digits[] = "0123456789";

    caplat_ledger  *ledger = data;
    uint64_t        number = caplat_ledger_next_order(ledger);
    uint64_t        mixed = number * UINT64_C(0x9E3779B97F4A7C15);
    char            id[CAPLAT_ORDER_ID_LEN_MAX], org[CAPLAT_ORG_LEN];
    caplat_writer   w = caplat_writer_of(id, sizeof(id));
    caplat_record   record;

    (void) at;

    for (size_t i = 0; i < CAPLAT_ORG_LEN; i++) {
        org[i] = digits[mixed % 10];
        mixed = mixed / 10 + (mixed << 7);
    }

    caplat_order_id_write(&w, CAPLAT_LIT("CA"), (caplat_date) { 2026, 11, 26 },
        number);
    memset(&record, 0, sizeof(record));
    record.type = CAPLAT_EVENT_ORDER_CREATED;
    record.order = caplat_written(&w);
    record.client = CAPLAT_LIT("w");
    record.org = caplat_slice_of(org, sizeof(org));
    record.ca = CAPLAT_LIT("CFCA");
    record.cert = CAPLAT_LIT("JK1");
    record.terms = CAPLAT_LIT("{\"city\":\"210100\",\"lock\":\"\","
                              "\"vendor\":\"\",\"until\":\"2027-01-01\","
                              "\"held\":[]}");
    record.add = CAPLAT_LIT("[\"jinzhou\"]");
    record.amount_fen = 2500;
    record.expires = 1800000000;
    record.rates = CAPLAT_LIT("0123456789abcdef0123456789abcdef"
                              "0123456789abcdef0123456789abcdef");
    record.lines = CAPLAT_LIT("[{\"platform\":\"jinzhou\",\"name\":\"a\","
                              "\"fee_fen\":2500,\"reason\":\"b\"}]");
    record.epoch = CAPLAT_LIT("2026Q4");
    record.sealed = CAPLAT_LIT("AAAA");
    memcpy(record.key_hash, &number, sizeof(number));

    return caplat_batch_add(batch, &record);
}


/* What one record has in bytes. */
static size_t
record_len(const bench *b)
{
    caplat_ledger       *ledger = open_ledger(b);
    caplat_batch        *batch;
    caplat_ledger_error  error;
    size_t               len;

    if (!caplat_ledger_commit(ledger, decide, ledger, 1, now_ms(), false,
                              &batch, &error))
    {
        die("commit", &error);
    }

    len = caplat_batch_line(batch, caplat_batch_size(batch) - 1).len + 1;
    caplat_ledger_close(ledger);

    return len;
}


static uint64_t
write_ledger(const bench *b, size_t producers, double until)
{
    caplat_ledger       *ledger = open_ledger(b);
    caplat_batch        *batch;
    caplat_ledger_error  error;
    uint64_t             count = 0;

    while (now() < until) {
        if (!caplat_ledger_commit(ledger, decide, ledger, producers, now_ms(),
                                  true, &batch, &error))
        {
            die("commit", &error);
        }

        count += producers;
    }

    caplat_ledger_close(ledger);

    return count;
}


static uint64_t
write_bare(const bench *b, size_t producers, size_t len, double until)
{
    char      path[512];
    size_t    size = producers * len;
    char     *text = malloc(size);
    int       fd;
    uint64_t  count = 0;

    (void) snprintf(path, sizeof(path), "%s/bare", b->folder);
    fd = open(path, O_CREAT | O_WRONLY | O_APPEND, 0600);

    if (text == NULL || fd < 0) {
        die("bare", NULL);
    }

    memset(text, 'a', size);

    while (now() < until) {
        if (write(fd, text, size) != (ssize_t) size || fdatasync(fd) != 0) {
            die("bare", NULL);
        }

        count += producers;
    }

    (void) close(fd);
    free(text);

    return count;
}


static double
race(const bench *b, size_t producers, size_t len, bool is_bare)
{
    uint64_t  *counts = mmap(NULL, WRITERS * sizeof(*counts),
                             PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    double     until = now() + b->seconds;
    uint64_t   all = 0;

    for (size_t i = 0; i < WRITERS; i++) {
        if (fork() == 0) {
            counts[i] = is_bare
                        ? write_bare(b, producers / WRITERS, len, until)
                        : write_ledger(b, producers / WRITERS, until);
            _exit(0);
        }
    }

    while (wait(NULL) > 0) {
        /* each */
    }

    for (size_t i = 0; i < WRITERS; i++) {
        all += counts[i];
    }

    (void) munmap(counts, WRITERS * sizeof(*counts));

    return (double) all / b->seconds;
}


static void
race_all(const bench *b)
{
    static const size_t  producers[] = { 16, 64, 256 };

    size_t  len = record_len(b);

    for (size_t i = 0; i < CAPLAT_COUNT(producers); i++) {
        for (size_t round = 0; round < ROUNDS; round++) {
            double  bare = race(b, producers[i], len, true);
            double  ledger = race(b, producers[i], len, false);

            printf("{\"producers\":%zu,\"bytes\":%zu,\"ledger\":%.0f,"
                   "\"bare\":%.0f}\n", producers[i], len, ledger, bare);
            (void) fflush(stdout);
        }
    }
}


static long
peak_kb(void)
{
    struct rusage  usage;

    (void) getrusage(RUSAGE_CHILDREN, &usage);

    return usage.ru_maxrss;
}


/* The index anew, in a process of its own, whose memory is told. */
static void
rebuild(const bench *b)
{
    char    path[512];
    double  from = now();
    pid_t   child;
    int     status;

    (void) snprintf(path, sizeof(path), "%s/index/data.mdb", b->folder);
    (void) unlink(path);
    child = fork();

    if (child == 0) {
        caplat_ledger  *ledger = open_ledger(b);
        uint64_t        size = caplat_ledger_durable(ledger);

        printf("{\"rebuild\":%.0f,\"records\":%lu", (double) size
               / (now() - from), (unsigned long) size);
        (void) fflush(stdout);
        caplat_ledger_close(ledger);
        _exit(0);
    }

    (void) waitpid(child, &status, 0);
    printf(",\"peak_kb\":%ld}\n", peak_kb());
}


static void
audit(const bench *b)
{
    caplat_audit_conf    conf;
    caplat_audit         audit;
    caplat_ledger_error  error;
    double               from = now();

    memset(&conf, 0, sizeof(conf));
    conf.folder = b->folder;
    conf.verifier = &b->verifier;

    if (!caplat_audit_log(&conf, &audit, &error)) {
        die("audit", &error);
    }

    printf("{\"audit\":%.0f,\"records\":%lu,\"checkpoints\":%lu}\n",
           (double) audit.records / (now() - from),
           (unsigned long) audit.records, (unsigned long) audit.checkpoints);
}


int
main(int argc, char **argv)
{
    bench                b;
    caplat_ledger_error  error;

    if (argc != 3 || !caplat_trust_open()) {
        fprintf(stderr, "ledger FOLDER SECONDS\n");
        return 2;
    }

    b.folder = argv[1];
    b.seconds = strtod(argv[2], NULL);

    if (!caplat_private_key_new(CAPLAT_ED25519, &b.key)
        || !caplat_verifier_make(NAME, caplat_private_key_public(b.key),
                                 &b.verifier)
        || !caplat_ledger_prepare(b.folder, -1, -1, &error))
    {
        die("prepare", &error);
    }

    race_all(&b);
    rebuild(&b);
    audit(&b);
    caplat_private_key_close(b.key);

    return 0;
}
