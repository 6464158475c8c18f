/*
 * A log judged from outside: what holds is counted, what rots is named, and it
 * is held against what somebody has kept.
 */

#include "ledger_room.h"


static bool
audit_since(ledger_room *room, const caplat_checkpoint *since)
{
    caplat_audit_conf  conf;
    caplat_audit       audit;

    memset(&conf, 0, sizeof(conf));
    conf.folder = room->folder;
    conf.verifier = &room->verifier;
    conf.since = since;

    return caplat_audit_log(&conf, &audit, &room->error);
}


static bool
has_words(const ledger_room *room, const char *words)
{
    return memmem(room->error.words, room->error.len, words,
                  test_slice(words).len)
           != NULL;
}


/* Counts, and checkpoints that somebody has kept. */
static void
test_counts(void)
{
    ledger_room        room;
    caplat_audit       audit;
    caplat_checkpoint  kept[5];
    const char        *why;
    uint64_t           bytes = 0;
    struct stat        st;

    room_make(&room);
    test_that(room_audit(&room, &audit) && audit.records == 0
              && audit.last.size == 0, "an empty log");
    room.conf.segment_len = 2000;
    room_must_open(&room, "new");

    for (size_t i = 0; i < 5; i++) {
        room_must_commit(&room, i + 1, "a batch");
        test_that(caplat_checkpoint_read(caplat_batch_checkpoint(room.batch),
                                         &room.verifier, &kept[i], &why),
                  "its checkpoint");
    }

    test_that(room_audit(&room, &audit), "it holds");
    test_number(audit.records, 15, "records");
    test_number(audit.checkpoints, 5, "checkpoints");
    test_number(audit.segments, 4, "segments");
    test_number(audit.torn, 0, "torn");
    test_number(audit.last.size, 15, "the last");

    static const char *const  names[] = {
        "log/0000000000.ndjson", "log/0000000003.ndjson",
        "log/0000000006.ndjson", "log/0000000010.ndjson"
    };

    for (size_t i = 0; i < CAPLAT_COUNT(names); i++) {
        test_that(stat(room_path(&room, names[i]), &st) == 0, names[i]);
        bytes += (uint64_t) st.st_size;
    }

    test_number(audit.bytes, bytes, "bytes");

    for (size_t i = 0; i < 5; i++) {
        test_that(audit_since(&room, &kept[i]), "consistent");
        kept[i].root.bytes[5] ^= 1;
        test_that(!audit_since(&room, &kept[i]), "another root");
        test_number(room.error.fault, CAPLAT_LEDGER_DAMAGED, "another root");
    }

    kept[4].root.bytes[5] ^= 1;
    kept[4].size = 16;
    test_that(!audit_since(&room, &kept[4]) && has_words(&room, "longer"),
              "of a longer log");

    /* A segment that is missing. */
    test_that(rename(room_path(&room, names[1]), room_path(&room, "away"))
              == 0, "away");
    test_that(!room_audit(&room, &audit) && has_words(&room, "missing"),
              "a segment is missing");
    room_end(&room);
}


/* A file of the ledger is another one, or away (NULL): it does not hold. */
static void
must_not_hold(ledger_room *room, const char *name, const char *text,
    size_t len, const char *words)
{
    caplat_slice  was = room_read(room, name);
    caplat_audit  audit;

    if (text != NULL) {
        room_write(room, name, caplat_slice_of(text, len));

    } else {
        test_that(unlink(room_path(room, name)) == 0, name);
    }

    if (!test_that(!room_audit(room, &audit) && has_words(room, words), name))
    {
        printf("    %.*s\n", (int) room->error.len, room->error.words);
    }

    room_write(room, name, was);
    room_free(was);
}


/* What the folder's own checkpoint signs is in the log and in the tiles. */
static void
test_published(void)
{
    static const char  log[] = "log/0000000000.ndjson";

    ledger_room    room;
    caplat_slice   text;
    struct stat    st;
    size_t         end;
    caplat_audit   audit;
    const char    *line;

    room_make(&room);
    room_must_open(&room, "new");
    room_must_commit(&room, 2, "two");
    room_must_commit(&room, 2, "two");
    test_that(stat(room_path(&room, log), &st) == 0, "the log");
    end = (size_t) st.st_size;
    room_must_commit(&room, 2, "two");
    room_close(&room);
    test_that(room_audit(&room, &audit), "it holds");
    test_number(audit.published, 6, "what is published");

    /* The last batch is gone, or cannot be read. */
    text = room_read(&room, log);
    must_not_hold(&room, log, text.ptr, end, "`checkpoint` signs more");
    must_not_hold(&room, log, text.ptr, text.len - 1, "record 4: ");
    must_not_hold(&room, log, "", 0, "record 0: ");
    line = memmem(text.ptr + end, text.len - end, "{\"checkpoint\"", 13);
    test_that(line != NULL, "its checkpoint");
    ((char *) (uintptr_t) line)[3] ^= 1;
    must_not_hold(&room, log, text.ptr, text.len, "record 4: ");
    room_free(text);

    must_not_hold(&room, "tile/0.hashes", "", 0, "tile: ");
    must_not_hold(&room, "tile/entries.bundles", "", 0, "tile: ");
    must_not_hold(&room, "tile/entries.bundles", NULL, 0, "tile: ");
    must_not_hold(&room, "checkpoint", "", 0, "checkpoint: ");
    text = room_read(&room, "checkpoint");

    for (size_t at = 0; at < text.len; at++) {
        ((char *) (uintptr_t) text.ptr)[at] ^= 1;
        must_not_hold(&room, "checkpoint", text.ptr, text.len, "checkpoint: ");
        ((char *) (uintptr_t) text.ptr)[at] ^= 1;
    }

    room_free(text);

    /* A copy of the log alone. */
    test_that(unlink(room_path(&room, "checkpoint")) == 0
              && rename(room_path(&room, "tile"), room_path(&room, "away"))
                 == 0, "nothing but the log");
    test_that(room_audit(&room, &audit), "it holds");
    test_number(audit.published, 0, "nothing is published");
    room_end(&room);
}


/* A size that no batch has ended with, by the log's own key: another log. */
static void
test_between(void)
{
    ledger_room        room;
    caplat_checkpoint  between;
    char               note[CAPLAT_CHECKPOINT_MAX];
    caplat_writer      w = caplat_writer_of(note, sizeof(note));

    room_make(&room);
    room_must_open(&room, "new");
    room_must_commit(&room, 2, "two");
    room_must_commit(&room, 2, "two");
    memset(&between, 0, sizeof(between));
    between.size = 3;
    test_that(!audit_since(&room, &between)
              && has_words(&room, "not the one of the checkpoint that was"),
              "kept elsewhere");
    test_that(caplat_checkpoint_sign(&room.verifier, room.key, &between, &w),
              "it is signed");
    must_not_hold(&room, "checkpoint", note, w.len,
        "not the one of the file `checkpoint`");
    room_end(&room);
}


/* Each byte of a small ledger's files: an audit says which, and where. */
static void
test_rot(void)
{
    static const struct {
        const char  *file;
        const char  *words;
        size_t       step;
    } files[] = {
        { "log/0000000000.ndjson", "log/0000000000.ndjson: byte ", 7 },
        { "tile/0.hashes", "tile/0.hashes: record ", 97 },
        { "tile/1.hashes", "tile/1.hashes: record 255", 1 },
        { "tile/entries.bundles", "tile/entries.bundles: record ", 97 },
    };

    ledger_room   room;
    caplat_audit  audit;
    size_t        torn = 0;

    room_make(&room);
    room_must_open(&room, "new");
    room_must_commit(&room, 3, "three");
    room_must_commit(&room, 254, "more");
    room_close(&room);

    for (size_t i = 0; i < CAPLAT_COUNT(files); i++) {
        caplat_slice  text = room_read(&room, files[i].file);
        size_t        end = text.len < 4000 ? text.len : 4000;
        int           fd = open(room_path(&room, files[i].file), O_WRONLY);

        test_that(text.len != 0 && fd >= 0, files[i].file);

        for (size_t at = 0; at < end; at += files[i].step) {
            char  was = text.ptr[at], is = (char) (was ^ (1 << at % 8));

            test_that(pwrite(fd, &is, 1, (off_t) at) == 1, files[i].file);

            if (!test_that(!room_audit(&room, &audit)
                           && has_words(&room, files[i].words),
                           files[i].file))
            {
                printf("    byte %zu: %.*s\n", at, (int) room.error.len,
                       room.error.words);
                torn++;
            }

            test_that(pwrite(fd, &was, 1, (off_t) at) == 1, files[i].file);
        }

        (void) close(fd);
        room_free(text);
    }

    test_number(torn, 0, "nothing is passed over");
    room_must_hold(&room, 257, "as it was");
    room_end(&room);
}


typedef struct {
    uint64_t  next;
    uint64_t  stop;
} seen;


static bool
see(void *data, const caplat_record *record, caplat_slice line)
{
    seen  *s = data;

    test_number(record->index, s->next, "in order");
    test_that(line.len > 100 && line.ptr[0] == '{', "its line");

    return ++s->next != s->stop;
}


/* Whoever looks on may end it; a tail that is being written is none of it. */
static void
test_each(void)
{
    ledger_room        room;
    caplat_audit_conf  conf;
    caplat_audit       audit;
    seen               s = { 0, 0 };
    caplat_slice       log;
    FILE              *file;

    room_make(&room);
    room_must_open(&room, "new");
    room_must_commit(&room, 2, "two");
    room_must_commit(&room, 3, "three");
    memset(&conf, 0, sizeof(conf));
    conf.folder = room.folder;
    conf.verifier = &room.verifier;
    conf.each = see;
    conf.data = &s;
    test_that(caplat_audit_log(&conf, &audit, &room.error), "it holds");
    test_number(s.next, 5, "all are seen");
    s = (seen) { 0, 4 };
    test_that(!caplat_audit_log(&conf, &audit, &room.error), "it is ended");
    test_number(s.next, 4, "where it was");

    log = room_read(&room, "log/0000000000.ndjson");
    file = fopen(room_path(&room, "log/0000000000.ndjson"), "ab");
    test_that(file != NULL && fwrite(log.ptr, 1, 1000, file) == 1000
              && fclose(file) == 0, "a part of a batch");
    test_that(room_audit(&room, &audit), "it holds");
    test_number(audit.torn, 1000, "and so much is torn");
    room_free(log);
    room_end(&room);
}


/* One character of the signature in the N-th checkpoint is another one. */
static uint64_t
spoil(ledger_room *room, size_t nth)
{
    static const char  name[] = "log/0000000000.ndjson";

    caplat_slice   text = room_read(room, name);
    caplat_cursor  c = caplat_cursor_of(text);
    caplat_slice   line = text;
    uint64_t       at = 0;

    for (size_t seen = 0; seen <= nth;) {
        at = caplat_cursor_at(&c);

        if (!test_that(caplat_take_until(&c, '\n', text.len, &line),
                       "so many checkpoints"))
        {
            break;
        }

        seen += line.len > 14 && memcmp(line.ptr, "{\"checkpoint\":", 14) == 0;
    }

    char  *letter = (char *) (uintptr_t) line.ptr + line.len - 30;

    *letter = *letter == 'A' ? 'B' : 'A';
    room_write(room, name, text);
    room_free(text);

    return at;
}


/* The words, with the byte and the record. */
static void
must_say(ledger_room *room, uint64_t at, uint64_t index, const char *why)
{
    caplat_audit  audit;
    char          words[256];

    (void) snprintf(words, sizeof(words),
                    "log/0000000000.ndjson: byte %llu, record %llu: %s",
                    (unsigned long long) at, (unsigned long long) index, why);

    test_that(!room_audit(room, &audit), "it does not hold");
    test_number(room->error.fault, CAPLAT_LEDGER_DAMAGED, "it is damaged");
    test_text(caplat_slice_of(room->error.words, room->error.len),
              test_slice(words), "what is wrong first");
}


/*
 * Signatures that do not hold, in the middle of many: the first is told,
 * whatever is wrong behind it and whoever finds it when; and nobody is shown a
 * record behind it.
 */
static void
test_signatures(void)
{
    static const char  wrong[] = "the log's signature does not hold";

    ledger_room        room;
    caplat_audit_conf  conf;
    caplat_audit       audit;
    seen               s = { 0, 0 };
    uint64_t           at;
    int                fd;

    room_make(&room);
    room_must_open(&room, "new");

    for (size_t i = 0; i < 200; i++) {
        room_must_commit(&room, 1 + i % 2, "a batch");
    }

    room_close(&room);
    at = spoil(&room, 180);
    must_say(&room, at, 271, wrong);
    at = spoil(&room, 101);
    must_say(&room, at, 153, wrong);
    at = spoil(&room, 100);
    must_say(&room, at, 151, wrong);

    /* A tile of a record that stands behind it. */
    fd = open(room_path(&room, "tile/0.hashes"), O_WRONLY);
    test_that(fd >= 0 && pwrite(fd, "damaged", 7, 160 * CAPLAT_NODE_LEN) == 7,
              "a tile");
    (void) close(fd);
    must_say(&room, at, 151, wrong);

    /* A record behind it: the very next. */
    fd = open(room_path(&room, "log/0000000000.ndjson"), O_WRONLY);
    test_that(fd >= 0 && pwrite(fd, "damaged", 7, (off_t) at + 700) == 7,
              "a record");
    (void) close(fd);
    must_say(&room, at, 151, wrong);

    memset(&conf, 0, sizeof(conf));
    conf.folder = room.folder;
    conf.verifier = &room.verifier;
    conf.each = see;
    conf.data = &s;
    test_that(!caplat_audit_log(&conf, &audit, &room.error)
              && has_words(&room, wrong), "whoever looks on");
    test_number(s.next, 151, "sees none behind it");

    /* What stands before it goes before it. */
    at = spoil(&room, 3);
    must_say(&room, at, 6, wrong);
    room_end(&room);
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_counts();
    test_published();
    test_between();
    test_rot();
    test_each();
    test_signatures();

    return test_done();
}
