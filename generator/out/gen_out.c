#define _GNU_SOURCE                     /* openat and its kin */

#include "gen_out.h"

#include "caplat_date.h"
#include "gen_file.h"
#include "gen_manifest.h"
#include "gen_press.h"
#include "gen_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>


#define DAY_SECONDS   86400
#define PRESS_LEN_MIN 256               /* bytes: less fits in one packet */


typedef struct {
    gen_manifest   fresh;               /* what the old one has not so */
    gen_arena      paths;
    size_t         near;                /* in the old one: the last found */
    size_t         stayed;              /* files that were not touched */
    gen_buf        pressed;
    int            why;                 /* errno of the first failure */
    gen_path       failed;
} out_worker;


struct gen_out {
    int            root;
    gen_compress   compress;
    gen_manifest   old;
    bool           old_is_true;         /* false: it only names the files */
    gen_arena      old_text;
    atomic_bool    begun;               /* something was written */
    size_t         worker_count;
    out_worker     workers[];
};


/* A folder without a list gets an empty one: the next build knows it again. */
static bool
read_old(gen_out *out, const char *folder)
{
    caplat_slice  in = caplat_slice_of(folder, strnlen(folder,
                                                       GEN_PATH_LEN_MAX));
    gen_path      manifest = gen_path_of(in, CAPLAT_LIT(GEN_MANIFEST));
    gen_path      cut_short = gen_path_of(in, CAPLAT_LIT(GEN_MANIFEST_OLD));
    caplat_slice  text;
    bool          is_new;

    out->old_is_true = gen_file_read(manifest.name, GEN_LIST_LEN_MAX,
                                     &out->old_text, &text)
                       == GEN_READ_DONE;

    if (out->old_is_true
        || gen_file_read(cut_short.name, GEN_LIST_LEN_MAX, &out->old_text,
                         &text) == GEN_READ_DONE)
    {
        gen_manifest_parse(text, &out->old);
        return true;
    }

    return gen_file_write(out->root, GEN_MANIFEST_OLD, CAPLAT_LIT(""), 0,
                          &is_new);
}


static bool
make_folder(const char *folder)
{
    return mkdir(folder, 0755) == 0 || errno == EEXIST;
}


gen_out *
gen_out_open(const char *folder, gen_compress compress, size_t workers)
{
    gen_out  *out;
    int       root;

    if (!make_folder(folder)) {
        return NULL;
    }

    root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) {
        return NULL;
    }

    out = calloc(1, sizeof(gen_out) + workers * sizeof(out_worker));
    if (out == NULL) {
        gen_out_of_memory();
    }

    out->root = root;
    out->compress = compress;
    out->worker_count = workers;

    if (!read_old(out, folder)) {
        gen_out_close(out);
        return NULL;
    }

    return out;
}


/* From the first write to the last the manifest is away. */
static void
begin(gen_out *out)
{
    if (!atomic_exchange(&out->begun, true) && out->old_is_true) {
        (void) renameat(out->root, GEN_MANIFEST, out->root, GEN_MANIFEST_OLD);
    }
}


static bool
fail(out_worker *worker, const char *path)
{
    if (worker->why == 0) {
        worker->why = errno;
        worker->failed = gen_path_of(CAPLAT_LIT(""), caplat_slice_of(
                                     path, strnlen(path, GEN_PATH_LEN_MAX)));
    }

    return false;
}


static gen_path
sibling_of(caplat_slice path, caplat_slice ending)
{
    gen_path  name = gen_path_of(CAPLAT_LIT(""), path);

    caplat_assert(path.len + ending.len < sizeof(name.name));
    memcpy(name.name + path.len, ending.ptr, ending.len);
    name.name[path.len + ending.len] = '\0';

    return name;
}


/* A sibling that saves nothing is not kept. */
static bool
put_sibling(gen_out *out, out_worker *worker, const gen_path *name,
    const gen_published *line)
{
    bool  is_new;

    if (worker->pressed.len >= line->len) {
        (void) unlinkat(out->root, name->name, 0);
        return true;
    }

    return gen_file_write(out->root, name->name,
                          gen_buf_slice(&worker->pressed), line->when,
                          &is_new)
           || fail(worker, name->name);
}


static bool
put_siblings(gen_out *out, out_worker *worker, const gen_published *line,
    caplat_slice text)
{
    gen_path  gz = sibling_of(line->path, CAPLAT_LIT(".gz"));
    gen_path  br = sibling_of(line->path, CAPLAT_LIT(".br"));
    int       quality = out->compress == GEN_COMPRESS_RELEASE ? 11 : 9;

    if (line->siblings == GEN_COMPRESS_NONE) {
        (void) unlinkat(out->root, gz.name, 0);
        (void) unlinkat(out->root, br.name, 0);
        return true;
    }

    gen_press_gzip(text, &worker->pressed);

    if (!put_sibling(out, worker, &gz, line)) {
        return false;
    }

    gen_press_brotli(text, quality, &worker->pressed);

    return put_sibling(out, worker, &br, line);
}


static int64_t
time_of(caplat_slice day, gen_print print)
{
    caplat_date  date;

    caplat_assert(caplat_date_parse(day, &date));

    return (int64_t) caplat_date_number(date) * DAY_SECONDS
           + (int64_t) (print.low % DAY_SECONDS);
}


static bool
is_same(const gen_published *a, const gen_published *b)
{
    return a->print.high == b->print.high && a->print.low == b->print.low
           && a->len == b->len && a->when == b->when
           && a->siblings == b->siblings;
}


static bool
stands(const gen_out *out, const gen_path *path, const gen_published *line)
{
    struct stat  st;

    return fstatat(out->root, path->name, &st, 0) == 0
           && (uint64_t) st.st_size == line->len
           && st.st_mtime == line->when;
}


static gen_published
line_of(const gen_out *out, caplat_slice path, caplat_slice text,
    caplat_slice day)
{
    gen_published  line = {
        .path = path, .print = gen_hash_print(text), .len = text.len
    };

    line.when = time_of(day, line.print);

    if (gen_press_worth(path) && text.len >= PRESS_LEN_MIN) {
        line.siblings = (uint8_t) out->compress;
    }

    return line;
}


/*
 * Make the folder of a new file unless the one before was below it too: most
 * folders are new, and to try without them costs a system call more.
 */
static bool
enter_folder(const gen_out *out, const out_worker *worker,
    const gen_path *name, caplat_slice path)
{
    size_t        count = worker->fresh.count;
    const char   *slash = memrchr(path.ptr, '/', path.len);
    caplat_slice  folder = { path.ptr, 0 };

    if (slash != NULL) {
        folder.len = (size_t) (slash + 1 - path.ptr);
    }

    return (count != 0
            && gen_text_begins(worker->fresh.lines[count - 1].path, folder))
           || gen_file_folder(out->root, name->name);
}


bool
gen_out_put(gen_out *out, size_t at, caplat_slice path, caplat_slice text,
    caplat_slice day)
{
    out_worker     *worker = &out->workers[at];
    gen_path        name = gen_path_of(CAPLAT_LIT(""), path);
    gen_published  *old = gen_manifest_find(&out->old, path, &worker->near);
    gen_published   line = line_of(out, path, text, day);
    bool            is_new;

    if (old != NULL) {
        old->seen = true;
        old->stays = out->old_is_true && is_same(old, &line)
                     && stands(out, &name, &line);

        if (old->stays) {
            worker->stayed++;
            return true;
        }
    }

    begin(out);

    if (old == NULL && !enter_folder(out, worker, &name, path)) {
        return fail(worker, name.name);
    }

    line.path = gen_arena_copy(&worker->paths, path);
    gen_manifest_add(&worker->fresh, line);

    if (!gen_file_write(out->root, name.name, text, line.when, &is_new)) {
        return fail(worker, name.name);
    }

    return (is_new && line.siblings == GEN_COMPRESS_NONE)
           || put_siblings(out, worker, &line, text);
}


static bool
is_kept(caplat_slice path)
{
    caplat_cursor  c = caplat_cursor_of(path);

    return caplat_take_literal(&c, CAPLAT_LIT("assets/"))
           || caplat_take_literal(&c, CAPLAT_LIT("rates/"));
}


static size_t
remove_stale(gen_out *out, gen_buf *changed)
{
    size_t  removed = 0;

    for (size_t i = 0; i != out->old.count; i++) {
        const gen_published  *line = &out->old.lines[i];

        if (line->seen || is_kept(line->path)) {
            continue;
        }

        begin(out);
        (void) unlinkat(out->root,
                        gen_path_of(CAPLAT_LIT(""), line->path).name, 0);
        (void) unlinkat(out->root,
                        sibling_of(line->path, CAPLAT_LIT(".gz")).name, 0);
        (void) unlinkat(out->root,
                        sibling_of(line->path, CAPLAT_LIT(".br")).name, 0);
        gen_buf_add(changed, line->path);
        gen_buf_byte(changed, '\n');
        removed++;
    }

    return removed;
}


static void
list_paths(const gen_manifest *fresh, gen_buf *paths)
{
    for (size_t i = 0; i != fresh->count; i++) {
        gen_buf_add(paths, fresh->lines[i].path);
        gen_buf_byte(paths, '\n');
    }
}


/* What all workers wrote, as one. */
static gen_manifest
take_fresh(gen_out *out)
{
    gen_manifest  all = out->workers[0].fresh;

    out->workers[0].fresh = (gen_manifest) { 0 };

    for (size_t i = 1; i != out->worker_count; i++) {
        gen_manifest  *more = &out->workers[i].fresh;

        for (size_t j = 0; j != more->count; j++) {
            gen_manifest_add(&all, more->lines[j]);
        }

        gen_manifest_close(more);
    }

    gen_manifest_sort(&all);

    return all;
}


static bool
write_manifest(gen_out *out, const gen_manifest *fresh)
{
    gen_buf  text = { 0 };
    bool     is_new;
    bool     done;

    gen_manifest_write(fresh, &out->old, &text);
    done = gen_file_write(out->root, GEN_MANIFEST, gen_buf_slice(&text), 0,
                          &is_new);

    if (done) {
        (void) unlinkat(out->root, GEN_MANIFEST_OLD, 0);

    } else {
        (void) fail(&out->workers[0], GEN_MANIFEST);
    }

    gen_buf_close(&text);

    return done;
}


bool
gen_out_finish(gen_out *out, gen_buf *changed, gen_out_tally *tally)
{
    gen_manifest  fresh;
    bool          done = true;

    *tally = (gen_out_tally) { 0 };

    for (size_t i = 0; i != out->worker_count; i++) {
        const out_worker  *worker = &out->workers[i];

        tally->written += worker->fresh.count;
        tally->files += worker->stayed + worker->fresh.count;
        list_paths(&worker->fresh, changed);
        done = done && worker->why == 0;
    }

    if (!done) {
        return false;
    }

    tally->removed = remove_stale(out, changed);
    fresh = take_fresh(out);
    done = write_manifest(out, &fresh);
    gen_manifest_close(&fresh);

    return done;
}


void
gen_out_explain(const gen_out *out)
{
    for (size_t i = 0; i != out->worker_count; i++) {
        const out_worker  *worker = &out->workers[i];

        if (worker->why != 0) {
            (void) fprintf(stderr, "caplat-site: cannot write %s: %s\n",
                           worker->failed.name, strerror(worker->why));
            return;
        }
    }
}


void
gen_out_close(gen_out *out)
{
    for (size_t i = 0; i != out->worker_count; i++) {
        gen_manifest_close(&out->workers[i].fresh);
        gen_arena_close(&out->workers[i].paths);
        gen_buf_close(&out->workers[i].pressed);
    }

    gen_manifest_close(&out->old);
    gen_arena_close(&out->old_text);
    (void) close(out->root);
    free(out);
}
