#include "ngx_http_caplat_ledger.h"

#include "caplat_file.h"
#include "caplat_tile.h"


/*
 * The log for those who check it (C2SP tlog-tiles): checkpoint, tiles, entry
 * bundles, and the key that signs. Entries are commitments: nothing here tells
 * of an order.
 */


char *
ngx_http_caplat_set_log(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_caplat_loc_conf_t  *clcf = conf;

    ngx_http_core_loc_conf_t  *core;

    core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (core->exact_match || core->noname || core->named
#if (NGX_PCRE)
        || core->regex != NULL
#endif
        || core->name.len == 0 || core->name.data[core->name.len - 1] != '/')
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" stands in a location whose name is a "
                           "prefix that ends with \"/\", as in "
                           "\"location ^~ /log/\"", &cmd->name);
        return NGX_CONF_ERROR;
    }

    clcf->log_prefix = core->name;

    return ngx_http_caplat_set_route(cf, cmd, conf);
}


static ngx_int_t
ngx_http_caplat_send_text(ngx_http_request_t *r, const char *cache,
    caplat_slice text)
{
    /* It has no date and no tag: nothing to compare with. */
    r->disable_not_modified = 1;

    ngx_str_set(&r->headers_out.content_type, "text/plain; charset=utf-8");
    r->headers_out.content_type_len = r->headers_out.content_type.len;

    if (ngx_http_caplat_add_word(r, "Cache-Control", cache) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_caplat_send_json(r, NGX_HTTP_OK, text);
}


static ngx_int_t
ngx_http_caplat_send_vkey(ngx_http_request_t *r,
    const ngx_http_caplat_ledger_t *ledger)
{
    caplat_writer  w;

    w = ngx_http_caplat_scratch();

    caplat_verifier_write(&ledger->verifier, &w);
    caplat_put(&w, CAPLAT_LIT("\n"));

    return ngx_http_caplat_send_text(r, "public, max-age=300",
                                     caplat_written(&w));
}


/* The file whose name begins with the folder; NULL: no memory. */
static u_char *
ngx_http_caplat_log_file(ngx_http_request_t *r,
    const ngx_http_caplat_ledger_t *ledger, const char *name)
{
    u_char  *path;

    path = ngx_pnalloc(r->pool, ledger->folder.len + ngx_strlen(name) + 2);

    if (path != NULL) {
        (void) ngx_sprintf(path, "%V/%s%Z", &ledger->folder, name);
    }

    return path;
}


/* The newest checkpoint, malloc'ed; false: there is none. */
static ngx_uint_t
ngx_http_caplat_read_checkpoint(ngx_http_request_t *r,
    const ngx_http_caplat_ledger_t *ledger, caplat_slice *note)
{
    u_char      *path;
    const char  *why;

    path = ngx_http_caplat_log_file(r, ledger, "checkpoint");

    return path != NULL
           && caplat_file_read((const char *) path, CAPLAT_NOTE_LEN_MAX, note,
                               &why);
}


/* A small file that is replaced at once: read whole, each time. Two of one
   second may have the same length, so its date says nothing. */
static ngx_int_t
ngx_http_caplat_send_checkpoint(ngx_http_request_t *r,
    const ngx_http_caplat_ledger_t *ledger)
{
    ngx_int_t     rc;
    caplat_slice  note;

    if (!ngx_http_caplat_read_checkpoint(r, ledger, &note)) {
        return ngx_http_caplat_refuse_plainly(r, CAPLAT_PROBLEM_NOT_FOUND);
    }

    rc = ngx_http_caplat_send_text(r, "no-cache", note);
    free((void *) note.ptr);

    return rc;
}


/* Up to which size all is on the disk; a worker that has not opened the ledger
   yet asks what was published. */
static uint64_t
ngx_http_caplat_public_size(ngx_http_request_t *r,
    const ngx_http_caplat_ledger_t *ledger)
{
    const char                       *why;
    caplat_slice                      note;
    caplat_checkpoint                 checkpoint;
    ngx_http_caplat_journal_state_t   state;

    state = ngx_http_caplat_journal_state(ledger->journal);

    if (state.ledger != NULL) {
        return caplat_ledger_durable(state.ledger);
    }

    checkpoint.size = 0;

    if (ngx_http_caplat_read_checkpoint(r, ledger, &note)) {
        (void) caplat_checkpoint_read(note, &ledger->verifier, &checkpoint,
                                      &why);
        free((void *) note.ptr);
    }

    return checkpoint.size;
}


/* The file of the tile's level, as long as it must be at least. */
static ngx_int_t
ngx_http_caplat_open_level(ngx_http_request_t *r,
    const ngx_http_caplat_ledger_t *ledger, const caplat_tile *tile,
    off_t end, ngx_file_t *file)
{
    u_char                 name[sizeof("tile/.hashes") + NGX_INT_T_LEN];
    ngx_open_file_info_t   of;

    if (tile->is_entries) {
        (void) ngx_sprintf(name, "tile/entries.bundles%Z");

    } else {
        (void) ngx_sprintf(name, "tile/%ui.hashes%Z",
                           (ngx_uint_t) tile->level);
    }

    file->name.data = ngx_http_caplat_log_file(r, ledger, (char *) name);
    if (file->name.data == NULL) {
        return NGX_ERROR;
    }

    file->name.len = ngx_strlen(file->name.data);
    file->log = r->connection->log;

    /* Opened anew each time: it grows, and a length that was kept would hide
       what is new. */
    ngx_memzero(&of, sizeof(ngx_open_file_info_t));
    of.read_ahead = 0;
    of.directio = NGX_OPEN_FILE_DIRECTIO_OFF;

    if (ngx_open_cached_file(NULL, &file->name, &of, r->pool) != NGX_OK
        || !of.is_file || of.size < end)
    {
        ngx_log_error(NGX_LOG_CRIT, r->connection->log, of.err,
                      "caplat: a tile is not there file=\"%V\"",
                      &file->name);
        return NGX_ERROR;
    }

    file->fd = of.fd;

    return NGX_OK;
}


/* A range of a file, sent as nginx sends files. Its bytes never change. */
static ngx_int_t
ngx_http_caplat_send_range(ngx_http_request_t *r, const ngx_file_t *file,
    uint64_t offset, uint64_t len)
{
    ngx_int_t     rc;
    ngx_buf_t    *b;
    ngx_chain_t   out;

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    b->file = ngx_palloc(r->pool, sizeof(ngx_file_t));
    if (b->file == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    *b->file = *file;

    b->in_file = 1;
    b->last_buf = 1;
    b->last_in_chain = 1;
    b->file_pos = (off_t) offset;
    b->file_last = (off_t) (offset + len);

    ngx_str_set(&r->headers_out.content_type, "application/octet-stream");
    r->headers_out.content_type_len = r->headers_out.content_type.len;
    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = (off_t) len;
    r->allow_ranges = 1;

    if (ngx_http_discard_request_body(r) != NGX_OK
        || ngx_http_caplat_add_cors(r) != NGX_OK
        || ngx_http_caplat_add_word(r, "Cache-Control",
                                    "public, max-age=31536000, immutable")
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_caplat_count(r, ngx_http_get_module_ctx(r,
                                                     ngx_http_caplat_module));

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


static ngx_int_t
ngx_http_caplat_send_tile(ngx_http_request_t *r,
    const ngx_http_caplat_ledger_t *ledger, caplat_slice path)
{
    uint64_t     offset, len;
    ngx_file_t   file;
    caplat_tile  tile;

    if (!caplat_tile_read(path, &tile)
        || !caplat_tile_exists(&tile, ngx_http_caplat_public_size(r, ledger)))
    {
        return ngx_http_caplat_refuse_plainly(r, CAPLAT_PROBLEM_NOT_FOUND);
    }

    caplat_tile_range(&tile, &offset, &len);

    ngx_memzero(&file, sizeof(ngx_file_t));

    if (ngx_http_caplat_open_level(r, ledger, &tile, (off_t) (offset + len),
                                   &file)
        != NGX_OK)
    {
        return ngx_http_caplat_refuse_plainly(r,
                                              CAPLAT_PROBLEM_LOG_UNAVAILABLE);
    }

    return ngx_http_caplat_send_range(r, &file, offset, len);
}


/* What stands behind the location's name; nothing where the address has been
   rewritten. */
static caplat_slice
ngx_http_caplat_log_path(const ngx_http_request_t *r, const ngx_str_t *prefix)
{
    if (r->uri.len < prefix->len
        || ngx_memcmp(r->uri.data, prefix->data, prefix->len) != 0)
    {
        return CAPLAT_LIT("");
    }

    return caplat_slice_of((char *) r->uri.data + prefix->len,
                           r->uri.len - prefix->len);
}


ngx_int_t
ngx_http_caplat_log_handler(ngx_http_request_t *r)
{
    ngx_int_t                          rc;
    caplat_slice                       path;
    ngx_http_caplat_ctx_t             *ctx;
    ngx_http_caplat_main_conf_t       *cmcf;
    const ngx_http_caplat_ledger_t    *ledger;
    const ngx_http_caplat_loc_conf_t  *clcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);
    ledger = cmcf->ledger;

    if (ngx_http_caplat_enter(r, NGX_HTTP_CAPLAT_LOG,
                              NGX_HTTP_GET|NGX_HTTP_HEAD, &ctx, &rc)
        != NGX_OK)
    {
        return rc;
    }

    path = ngx_http_caplat_log_path(r, &clcf->log_prefix);

    if (caplat_slice_eq(path, CAPLAT_LIT("vkey"))) {
        return ngx_http_caplat_send_vkey(r, ledger);
    }

    if (!ledger->is_public) {
        return ngx_http_caplat_refuse_plainly(r, CAPLAT_PROBLEM_NOT_FOUND);
    }

    if (caplat_slice_eq(path, CAPLAT_LIT("checkpoint"))) {
        return ngx_http_caplat_send_checkpoint(r, ledger);
    }

    return ngx_http_caplat_send_tile(r, ledger, path);
}
