#define _POSIX_C_SOURCE 200809L

#include "caplat_cmd_ledger.h"

#include "caplat_io.h"
#include "caplat_segment.h"
#include "caplat_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>


#define TELL_NS     200000000           /* between two lines of progress */


bool
caplat_cmd_vkey(const char *text, caplat_verifier *verifier)
{
    caplat_slice  vkey = caplat_cmd_slice(text), file;
    bool          is_read;

    if (caplat_verifier_read(vkey, verifier)) {
        return true;
    }

    if (memchr(text, '+', vkey.len) != NULL) {
        (void) caplat_cmd_refuse("vkey", "it is not NAME+8 hex digits+base64 "
                                 "of an Ed25519 key, or not all of it");
        return false;
    }

    if (!caplat_cmd_file(text, CAPLAT_VKEY_LEN_MAX + 1, &file)) {
        return false;
    }

    vkey = file;

    if (vkey.len != 0 && vkey.ptr[vkey.len - 1] == '\n') {
        vkey.len--;
    }

    is_read = caplat_verifier_read(vkey, verifier);
    free((void *) (uintptr_t) file.ptr);

    if (!is_read) {
        (void) caplat_cmd_refuse(text, "there is no vkey in it: one line, as "
                                 "/log/vkey of the site has it");
    }

    return is_read;
}


void
caplat_cmd_progress(void *data, const char *what, uint64_t done, uint64_t all)
{
    static struct timespec  last;

    struct timespec  now;

    (void) data;
    (void) clock_gettime(CLOCK_MONOTONIC, &now);

    if (!isatty(STDERR_FILENO)
        || (now.tv_sec - last.tv_sec) * 1000000000L + now.tv_nsec
           - last.tv_nsec < TELL_NS)
    {
        return;
    }

    last = now;

    if (all != 0) {
        (void) fprintf(stderr, "\r%llu %% ",
                       (unsigned long long) (done * 100 / all));

    } else {
        (void) fprintf(stderr, "\r%llu %s ", (unsigned long long) done, what);
    }

    (void) fflush(stderr);
}


static void
end_progress(void)
{
    if (isatty(STDERR_FILENO)) {
        (void) fputs("\r                    \r", stderr);
    }
}


int
caplat_cmd_ledger_refuse(const char *what, const caplat_ledger_error *error)
{
    char           words[sizeof(error->words) + 1];
    caplat_writer  w = caplat_writer_of(words, sizeof(words));

    caplat_put(&w, caplat_slice_of(error->words, error->len));
    caplat_put(&w, CAPLAT_LIT("\0"));

    return caplat_cmd_refuse(what, words);
}


bool
caplat_cmd_audit_with(const caplat_cmd *cmd, const caplat_audit_conf *asked,
    caplat_audit *audit)
{
    caplat_audit_conf    conf = *asked;
    caplat_verifier      verifier;
    caplat_ledger_error  error;
    bool                 is_done;

    if (!caplat_cmd_vkey(caplat_cmd_value(cmd, "vkey"), &verifier)) {
        return false;
    }

    conf.folder = caplat_cmd_value(cmd, "ledger");
    conf.verifier = &verifier;
    conf.progress = caplat_cmd_progress;
    is_done = caplat_audit_log(&conf, audit, &error);
    end_progress();

    if (!is_done) {
        (void) caplat_cmd_ledger_refuse(conf.folder, &error);
    }

    return is_done;
}


bool
caplat_cmd_audit(const caplat_cmd *cmd, caplat_audit_pt each, void *data,
    caplat_audit *audit)
{
    const caplat_audit_conf  asked = { .each = each, .data = data };

    return caplat_cmd_audit_with(cmd, &asked, audit);
}


bool
caplat_cmd_since(const caplat_cmd *cmd, const caplat_verifier *verifier,
    caplat_checkpoint *since)
{
    const char    *path = caplat_cmd_value(cmd, "since");
    caplat_slice   text;
    const char    *why;
    bool           is_read;

    if (!caplat_cmd_file(path, CAPLAT_NOTE_LEN_MAX, &text)) {
        return false;
    }

    is_read = caplat_checkpoint_read(text, verifier, since, &why);
    free((void *) (uintptr_t) text.ptr);

    if (!is_read) {
        (void) caplat_cmd_refuse(path, why);
    }

    return is_read;
}


void
caplat_cmd_print_audit(const caplat_cmd *cmd, const caplat_audit *audit,
    uint64_t priced)
{
    if (caplat_cmd_value(cmd, "json") != NULL) {
        (void) printf("{\"records\":%llu,\"checkpoints\":%llu,"
                      "\"segments\":%llu,\"bytes\":%llu,\"torn\":%llu,"
                      "\"published\":%llu,\"priced\":%llu,"
                      "\"indexed\":%llu}\n",
                      (unsigned long long) audit->records,
                      (unsigned long long) audit->checkpoints,
                      (unsigned long long) audit->segments,
                      (unsigned long long) audit->bytes,
                      (unsigned long long) audit->torn,
                      (unsigned long long) audit->published,
                      (unsigned long long) priced,
                      (unsigned long long) audit->indexed);
        return;
    }

    (void) printf("%llu records under %llu checkpoints in %llu segments: all "
                  "hold.\n", (unsigned long long) audit->records,
                  (unsigned long long) audit->checkpoints,
                  (unsigned long long) audit->segments);

    if (priced != 0) {
        (void) printf("%llu prices are those of their cards.\n",
                      (unsigned long long) priced);
    }

    if (audit->indexed != 0) {
        (void) printf("The index says of %llu records what the log says.\n",
                      (unsigned long long) audit->indexed);
    }

    if (audit->torn != 0) {
        (void) printf("%llu bytes behind the last checkpoint were never "
                      "acknowledged, or are being written.\n",
                      (unsigned long long) audit->torn);
    }

    if (audit->published == 0 && audit->records != 0) {
        (void) fputs("There is no file `checkpoint`: only --since can tell "
                     "whether the log's end is missing.\n", stdout);
    }
}


/* A log that somebody has begun: a command makes no ledger. False has been
   told. */
static bool
is_ledger(const char *folder)
{
    char       log[CAPLAT_PATH_MAX];
    uint64_t  *list;
    size_t     count;

    if (!caplat_io_path(log, folder, "log")
        || !caplat_segment_list(log, &list, &count))
    {
        (void) caplat_cmd_refuse(folder, "there is no ledger");
        return false;
    }

    free(list);

    if (count == 0) {
        (void) caplat_cmd_refuse(folder, "there is no ledger: log/ has no "
                                 "NNNNNNNNNN.ndjson");
    }

    return count != 0;
}


bool
caplat_cmd_writer_open(const caplat_cmd *cmd, caplat_cmd_writer *writer)
{
    const char           *folder = caplat_cmd_value(cmd, "ledger");
    const char           *name = caplat_cmd_value(cmd, "name");
    caplat_ledger_error   error;
    struct stat           st;

    if (!is_ledger(folder)
        || !caplat_cmd_key(caplat_cmd_value(cmd, "key"), &writer->key))
    {
        return false;
    }

    if (!caplat_verifier_make(caplat_cmd_slice(name),
                              caplat_private_key_public(writer->key),
                              &writer->verifier))
    {
        (void) caplat_cmd_refuse("name and key", "a log needs an origin, as in "
                                 "ca.example.cn/log, and an Ed25519 key");
        caplat_private_key_close(writer->key);
        return false;
    }

    if (stat(folder, &st) != 0
        || !caplat_ledger_prepare(folder, (int) st.st_uid, (int) st.st_gid,
                                  &error))
    {
        (void) caplat_cmd_refuse(folder, "it is not ours to change");
        caplat_private_key_close(writer->key);
        return false;
    }

    writer->conf = (caplat_ledger_conf) {
        folder, caplat_cmd_slice(name), writer->key, &writer->verifier,
        CAPLAT_SEGMENT_LEN, 0, CAPLAT_INDEX_LEN, false, false
    };

    return true;
}


void
caplat_cmd_writer_close(caplat_cmd_writer *writer)
{
    caplat_ledger_error  error;
    struct stat          st;

    /* What has been made belongs to whoever runs the server. */
    if (stat(writer->conf.folder, &st) == 0) {
        (void) caplat_ledger_prepare(writer->conf.folder, (int) st.st_uid,
            (int) st.st_gid, &error);
    }

    caplat_private_key_close(writer->key);
}


void
caplat_cmd_time(caplat_writer *w, int64_t time_ms)
{
    char  time[CAPLAT_TIME_LEN];

    caplat_time_write(time_ms / 1000, 'T', time);
    caplat_put(w, caplat_slice_of(time, sizeof(time)));
    caplat_put(w, CAPLAT_LIT("+08:00"));
}
