/*
 * Batches read ahead by any number of threads: each of them comes, in its
 * order, as a walk finds it and as it is read by itself.
 */

#include "ledger_room.h"

#include "caplat_ahead.h"

#include <errno.h>


#define BATCHES  600
#define END      CAPLAT_LIT("{\"checkpoint\":\"here\"}\n")


/* A segment's file of batches that nobody has signed. */
typedef struct {
    FILE       *file;
    uint64_t    records;
    uint64_t    len;
    uint64_t    ends[BATCHES];
    uint64_t    counts[BATCHES];        /* records up to there */
} segment;


static void
put_text(segment *s, caplat_slice text)
{
    test_that(fwrite(text.ptr, 1, text.len, s->file) == text.len, "a file");
    s->len += text.len;
}


static void
put_record(segment *s)
{
    char           room[4096];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));
    some_order     order;
    caplat_record  record;

    some_created(&order, s->records + 1, s->records, &record);
    record.index = s->records++;
    caplat_record_write(&record, &w);
    caplat_put(&w, CAPLAT_LIT("\n"));
    put_text(s, caplat_written(&w));
}


/* Batches of 1 to 40 records: more of them, and of bytes, than are held. */
static void
make_segment(segment *s)
{
    memset(s, 0, sizeof(*s));
    s->file = tmpfile();

    if (s->file == NULL) {
        perror("tmpfile");
        exit(1);
    }

    for (size_t i = 0; i < BATCHES; i++) {
        for (size_t j = 0; j <= i * 7 % 40; j++) {
            put_record(s);
        }

        put_text(s, END);
        s->ends[i] = s->len;
        s->counts[i] = s->records;
    }

    test_that(s->len > 2 * CAPLAT_AHEAD_LEN && BATCHES > 2 * CAPLAT_AHEAD_MAX,
              "more than is held");
    test_that(fflush(s->file) == 0, "a file");
}


/* Take the batches from one on; how many are not as they must be. */
static size_t
take(const segment *s, caplat_ahead *ahead, size_t from, size_t to)
{
    size_t  wrong = 0;

    for (size_t i = from; i < to; i++) {
        const caplat_ahead_batch  *batch = caplat_ahead_next(ahead);
        uint64_t                   at = i != 0 ? s->ends[i - 1] : 0;
        uint64_t                   before = i != 0 ? s->counts[i - 1] : 0;

        wrong += batch->state != CAPLAT_WALK_BATCH || batch->at != at
                 || batch->lines.text.len != s->ends[i] - at
                 || batch->lines.why != NULL
                 || batch->lines.count != s->counts[i] - before
                 || batch->lines.list[0].record.index != before
                 || batch->lines.list[0].text.ptr != batch->lines.text.ptr
                 || batch->lines.checkpoint.len != END.len - 1;
    }

    return wrong;
}


/* A record as it is read by itself. */
static void
check_line(const caplat_replay_line *line)
{
    caplat_record  record;
    caplat_err     err;
    uint8_t        entry[CAPLAT_ENTRY_LEN];
    caplat_node    leaf;

    test_that(caplat_record_read(line->text, &record, &err), "a record");
    test_number(line->record.index, record.index, "its index");
    test_text(line->record.order, record.order, "its order");
    test_that(line->record.order.ptr == record.order.ptr, "it borrows");
    caplat_commit(record.salt, line->text, entry);
    test_that(memcmp(entry, line->entry, sizeof(entry)) == 0, "its entry");
    caplat_merkle_leaf(caplat_sha256,
        caplat_slice_of((const char *) entry, sizeof(entry)), &leaf);
    test_that(memcmp(&leaf, &line->leaf, sizeof(leaf)) == 0, "its leaf");
}


static void
test_all(const segment *s, size_t crew)
{
    static const size_t  starts[] = { 0, 1, 300, BATCHES - 1, BATCHES };

    caplat_ahead              *ahead;
    const caplat_ahead_batch  *batch;
    int                        fd = fileno(s->file);

    test_that(caplat_ahead_open(crew, &ahead), "it opens");

    for (size_t i = 0; i < CAPLAT_COUNT(starts); i++) {
        uint64_t  at = starts[i] != 0 ? s->ends[starts[i] - 1] : 0;

        test_that(caplat_ahead_start(ahead, fd, at), "it starts");
        test_number(take(s, ahead, starts[i], BATCHES), 0, "all come");
        batch = caplat_ahead_next(ahead);
        test_number(batch->state, CAPLAT_WALK_END, "and the end");
        test_number(batch->at, s->len, "where it is");
        caplat_ahead_stop(ahead);
    }

    /* Stopped in the middle, what was taken stays; and begun with anew. */
    test_that(caplat_ahead_start(ahead, fd, 0), "it starts");
    test_number(take(s, ahead, 0, 10), 0, "some come");
    batch = caplat_ahead_next(ahead);
    caplat_ahead_stop(ahead);
    caplat_ahead_stop(ahead);
    test_number(batch->at, s->ends[9], "the eleventh");
    check_line(&batch->lines.list[batch->lines.count - 1]);
    test_that(caplat_ahead_start(ahead, fd, s->ends[4]), "it starts again");
    test_number(take(s, ahead, 5, 9), 0, "from there on");

    /* Closed while it reads. */
    caplat_ahead_close(ahead);
    test_that(caplat_ahead_open(crew, &ahead), "it opens");
    test_that(caplat_ahead_start(ahead, fd, 0), "it starts");
    caplat_ahead_close(ahead);
    test_that(caplat_ahead_open(crew, &ahead), "it opens");
    caplat_ahead_close(ahead);
}


/* What is wrong with a line is told with its batch; the next ones come. */
static void
test_wrong(size_t crew)
{
    static const struct {
        const char  *text;
        size_t       at;
        const char  *why;
    } cases[] = {
        { "{\"v\":1,\"i\":x}\n{\"checkpoint\":\"a\"}\n", 11,
          "this is no record" },
        { "\n{\"checkpoint\":\"a\"}\n", 0, "this is no record" },
        { "{\"checkpoint\":\"a\"}\n", 0,
          "the checkpoint has no record before it" },
        { "{\"v\":2}\n{\"v\":1}\n{\"checkpoint\":\"a\"}\n", 0,
          "this is no record" },
    };

    segment        s;
    caplat_ahead  *ahead;
    uint64_t       at = 0;

    memset(&s, 0, sizeof(s));
    s.file = tmpfile();

    if (s.file == NULL) {
        perror("tmpfile");
        exit(1);
    }

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        put_text(&s, test_slice(cases[i].text));
    }

    put_text(&s, CAPLAT_LIT("{\"v\":1"));
    test_that(fflush(s.file) == 0, "a file");
    test_that(caplat_ahead_open(crew, &ahead)
              && caplat_ahead_start(ahead, fileno(s.file), 0), "it starts");

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        const caplat_ahead_batch  *batch = caplat_ahead_next(ahead);

        test_number(batch->state, CAPLAT_WALK_BATCH, "a batch");
        test_number(batch->at, at, "where it is");
        test_text(batch->lines.text, test_slice(cases[i].text), "its text");
        test_number(batch->lines.at, cases[i].at, "where it is wrong");
        test_number(batch->lines.count, 0, "no record");
        test_text(caplat_slice_of_word(batch->lines.why != NULL
                                       ? batch->lines.why : ""),
            caplat_slice_of_word(cases[i].why != NULL ? cases[i].why : ""),
            "why");
        at += test_slice(cases[i].text).len;
    }

    const caplat_ahead_batch  *tail = caplat_ahead_next(ahead);

    test_number(tail->state, CAPLAT_WALK_TAIL, "a tail");
    test_number(tail->at, at, "where it begins");

    /* A file that cannot be read. */
    test_that(caplat_ahead_start(ahead, -1, 0), "it starts");
    tail = caplat_ahead_next(ahead);
    test_number(tail->state, CAPLAT_WALK_FAILED, "no file");
    test_number(tail->code, EBADF, "why");
    caplat_ahead_close(ahead);
    (void) fclose(s.file);
}


int
main(void)
{
    segment  s;

    test_that(caplat_trust_open(), "the libraries start");
    make_segment(&s);

    for (size_t crew = 0; crew <= CAPLAT_AHEAD_CREW + 1; crew++) {
        test_all(&s, crew);
        test_wrong(crew);
    }

    caplat_ahead_close(NULL);
    (void) fclose(s.file);

    return test_done();
}
