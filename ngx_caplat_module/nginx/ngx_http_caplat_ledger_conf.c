#include "ngx_http_caplat_ledger.h"


#define NGX_HTTP_CAPLAT_LAPSE_MAX  2592000      /* seconds */
#define NGX_HTTP_CAPLAT_INDEX_MIN  1048576      /* bytes */


/* A small secret file is wiped when it has been read. */
typedef bool (*ngx_http_caplat_file_pt)(ngx_http_caplat_ledger_t *ledger,
    caplat_slice text, caplat_err *err);


static void
ngx_http_caplat_wipe_ledger(void *data)
{
    ngx_http_caplat_ledger_t  *ledger = data;

    caplat_private_key_close(ledger->key);
    ngx_explicit_memzero(&ledger->orders.hash, sizeof(caplat_hash_keys));
}


static bool
ngx_http_caplat_take_key(ngx_http_caplat_ledger_t *ledger, caplat_slice text,
    caplat_err *err)
{
    if (!caplat_private_key_read(text, &ledger->key, err)) {
        return false;
    }

    return caplat_private_key_public(ledger->key)->algorithm
           == CAPLAT_ED25519
           || caplat_fail(err, CAPLAT_NOT_ONE_OF, 0,
                          "crv, which is Ed25519 of a log");
}


static bool
ngx_http_caplat_take_hash_keys(ngx_http_caplat_ledger_t *ledger,
    caplat_slice text, caplat_err *err)
{
    return caplat_hash_keys_read(text, &ledger->orders.hash, err);
}


static bool
ngx_http_caplat_take_epoch(ngx_http_caplat_ledger_t *ledger,
    caplat_slice text, caplat_err *err)
{
    return caplat_epoch_read(text, &ledger->epoch)
           || caplat_fail(err, CAPLAT_NOT_WORDS, 0,
                          "EPOCH KEY");
}


static char *
ngx_http_caplat_take_file(ngx_conf_t *cf, ngx_str_t *path,
    ngx_http_caplat_ledger_t *ledger, ngx_http_caplat_file_pt take)
{
    bool          taken;
    caplat_err    err;
    caplat_slice  text;

    if (ngx_http_caplat_read_file(cf, path, CAPLAT_JWKS_LEN_MAX, &text)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    taken = take(ledger, text, &err);

    if (!taken) {
        (void) ngx_http_caplat_file_fault(cf, path, text, &err);
    }

    ngx_explicit_memzero((void *) text.ptr, text.len);

    return taken ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_http_caplat_take_size(ngx_str_t *text, uint64_t min, uint64_t *size)
{
    off_t  value;

    value = ngx_parse_offset(text);

    if (value == NGX_ERROR || (uint64_t) value < min) {
        return min == 0 ? "not a size, as in \"64m\""
               : min == CAPLAT_SEGMENT_LEN_MIN ? "not a size from 64k"
                                               : "not a size from 1m";
    }

    *size = (uint64_t) value;

    return NGX_CONF_OK;
}


/* Ids are typed by hand and read on the phone. */
static char *
ngx_http_caplat_take_prefix(ngx_str_t *text, ngx_http_caplat_ledger_t *ledger)
{
    size_t  i;

    for (i = 0; i < text->len; i++) {
        if (text->data[i] < 'A' || text->data[i] > 'Z') {
            break;
        }
    }

    if (i != text->len || i == 0 || i > 4) {
        return "not 1 to 4 capital letters";
    }

    ledger->orders.prefix = ngx_http_caplat_slice(text);

    return NGX_CONF_OK;
}


static char *
ngx_http_caplat_take_lapse(ngx_str_t *text, ngx_http_caplat_ledger_t *ledger)
{
    ngx_int_t  seconds;

    seconds = ngx_parse_time(text, 1);

    if (seconds == NGX_ERROR || seconds < 1
        || seconds > NGX_HTTP_CAPLAT_LAPSE_MAX)
    {
        return "not a time of 1s to 30d";
    }

    ledger->orders.lapse = seconds;

    return NGX_CONF_OK;
}


static char *
ngx_http_caplat_take_name(ngx_str_t *text, ngx_http_caplat_ledger_t *ledger)
{
    if (text->len == 0 || text->len > CAPLAT_LOG_NAME_MAX) {
        return "not a name of 1 to 100 bytes";
    }

    ledger->name = *text;

    return NGX_CONF_OK;
}


static char *
ngx_http_caplat_take_switch(ngx_str_t *text, ngx_uint_t *flag)
{
    if (text->len == 2 && ngx_memcmp(text->data, "on", 2) == 0) {
        *flag = 1;

    } else if (text->len == 3 && ngx_memcmp(text->data, "off", 3) == 0) {
        *flag = 0;

    } else {
        return "neither \"on\" nor \"off\"";
    }

    return NGX_CONF_OK;
}


/* W(NAME, "word"): parameters `word=VALUE`, each at most once. */
#define NGX_HTTP_CAPLAT_LEDGER_WORDS(W)                                       \
    W(NAME,      "name")                                                      \
    W(KEY,       "key")                                                       \
    W(HASH_KEYS, "hash_keys")                                                 \
    W(VAULT,     "vault")                                                     \
    W(VAULT_DIR, "vault_dir")                                                 \
    W(SEGMENT,   "segment")                                                   \
    W(INDEX,     "index")                                                     \
    W(RESERVE,   "reserve")                                                   \
    W(LAPSE,     "lapse")                                                     \
    W(PREFIX,    "prefix")                                                    \
    W(PUBLIC,    "public")

typedef enum {
#define NGX_HTTP_CAPLAT_LEDGER_WORD(name, word)  NGX_HTTP_CAPLAT_W_##name,
    NGX_HTTP_CAPLAT_LEDGER_WORDS(NGX_HTTP_CAPLAT_LEDGER_WORD)
#undef NGX_HTTP_CAPLAT_LEDGER_WORD
    NGX_HTTP_CAPLAT_W_COUNT
} ngx_http_caplat_ledger_word_e;


static const ngx_str_t  ngx_http_caplat_ledger_words[] = {
#define NGX_HTTP_CAPLAT_LEDGER_WORD(name, word)  ngx_string(word),
    NGX_HTTP_CAPLAT_LEDGER_WORDS(NGX_HTTP_CAPLAT_LEDGER_WORD)
#undef NGX_HTTP_CAPLAT_LEDGER_WORD
};


/* The word of `word=text`; NGX_HTTP_CAPLAT_W_COUNT: there is none such. */
static ngx_uint_t
ngx_http_caplat_find_word(const ngx_str_t *value, ngx_str_t *text)
{
    ngx_uint_t        n;
    const ngx_str_t  *word;

    for (n = 0; n < NGX_HTTP_CAPLAT_W_COUNT; n++) {
        word = &ngx_http_caplat_ledger_words[n];

        if (value->len > word->len && value->data[word->len] == '='
            && ngx_memcmp(value->data, word->data, word->len) == 0)
        {
            text->data = value->data + word->len + 1;
            text->len = value->len - word->len - 1;
            break;
        }
    }

    return n;
}


/* What follows `=` ends with NUL, for the directive's words do. */
static char *
ngx_http_caplat_take_word(ngx_conf_t *cf, ngx_uint_t word, ngx_str_t *text,
    ngx_http_caplat_ledger_t *ledger)
{
    char      *fault;
    uint64_t   len;

    switch (word) {

    case NGX_HTTP_CAPLAT_W_NAME:
        return ngx_http_caplat_take_name(text, ledger);

    case NGX_HTTP_CAPLAT_W_KEY:
        return ngx_http_caplat_take_file(cf, text, ledger,
                                         ngx_http_caplat_take_key);

    case NGX_HTTP_CAPLAT_W_HASH_KEYS:
        return ngx_http_caplat_take_file(cf, text, ledger,
                                         ngx_http_caplat_take_hash_keys);

    case NGX_HTTP_CAPLAT_W_VAULT:
        return ngx_http_caplat_take_file(cf, text, ledger,
                                         ngx_http_caplat_take_epoch);

    case NGX_HTTP_CAPLAT_W_VAULT_DIR:
        ledger->vault = *text;
        return ngx_conf_full_name(cf->cycle, &ledger->vault, 0) == NGX_OK
               && ngx_http_caplat_check_place(cf, "caplat_ledger vault_dir",
                                              &ledger->vault, 1) == NGX_OK
               ? NGX_CONF_OK : NGX_CONF_ERROR;

    case NGX_HTTP_CAPLAT_W_SEGMENT:
        return ngx_http_caplat_take_size(text, CAPLAT_SEGMENT_LEN_MIN,
                                         &ledger->conf.segment_len);

    case NGX_HTTP_CAPLAT_W_INDEX:
        fault = ngx_http_caplat_take_size(text, NGX_HTTP_CAPLAT_INDEX_MIN,
                                          &len);
        ledger->conf.index_len = fault == NGX_CONF_OK ? (size_t) len : 0;
        return fault;

    case NGX_HTTP_CAPLAT_W_RESERVE:
        return ngx_http_caplat_take_size(text, 0, &ledger->conf.reserve_len);

    case NGX_HTTP_CAPLAT_W_LAPSE:
        return ngx_http_caplat_take_lapse(text, ledger);

    case NGX_HTTP_CAPLAT_W_PREFIX:
        return ngx_http_caplat_take_prefix(text, ledger);

    default: /* NGX_HTTP_CAPLAT_W_PUBLIC */
        return ngx_http_caplat_take_switch(text, &ledger->is_public);
    }
}


static char *
ngx_http_caplat_take_words(ngx_conf_t *cf, ngx_http_caplat_ledger_t *ledger)
{
    char        *fault;
    ngx_str_t   *value, text;
    ngx_uint_t   i, word, seen, needed;

    value = cf->args->elts;
    seen = 0;
    needed = (1 << NGX_HTTP_CAPLAT_W_NAME)|(1 << NGX_HTTP_CAPLAT_W_KEY)
             |(1 << NGX_HTTP_CAPLAT_W_HASH_KEYS)
             |(1 << NGX_HTTP_CAPLAT_W_VAULT);

    for (i = 2; i < cf->args->nelts; i++) {
        word = ngx_http_caplat_find_word(&value[i], &text);

        fault = word == NGX_HTTP_CAPLAT_W_COUNT ? "unknown"
                : seen & (1 << word) ? "duplicate"
                : ngx_http_caplat_take_word(cf, word, &text, ledger);

        if (fault == NGX_CONF_ERROR) {
            return NGX_CONF_ERROR;
        }

        if (fault != NGX_CONF_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "parameter \"%V\" of \"caplat_ledger\": %s",
                               &value[i], fault);
            return NGX_CONF_ERROR;
        }

        seen |= 1 << word;
    }

    if ((seen & needed) != needed) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"caplat_ledger\" needs \"name=ORIGIN\", "
                           "\"key=FILE\", \"hash_keys=FILE\" and "
                           "\"vault=FILE\"");
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* The folder, the vault's below it unless told, and who signs. */
static char *
ngx_http_caplat_complete(ngx_conf_t *cf, ngx_http_caplat_ledger_t *ledger)
{
    u_char  *p;

    if (ledger->vault.data == NULL) {
        p = ngx_pnalloc(cf->pool, ledger->folder.len + sizeof("/vault"));
        if (p == NULL) {
            return NGX_CONF_ERROR;
        }

        ledger->vault.data = p;
        ledger->vault.len = ngx_sprintf(p, "%V/vault%Z", &ledger->folder) - p
                            - 1;
    }

    if (!caplat_verifier_make(ngx_http_caplat_slice(&ledger->name),
                              caplat_private_key_public(ledger->key),
                              &ledger->verifier))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" cannot be the name of a log: it is an "
                           "address without scheme and final slash, as in "
                           "\"ca.example.cn/log\"", &ledger->name);
        return NGX_CONF_ERROR;
    }

    ledger->conf.folder = (const char *) ledger->folder.data;
    ledger->conf.name = ngx_http_caplat_slice(&ledger->name);
    ledger->conf.key = ledger->key;
    ledger->conf.verifier = &ledger->verifier;

    return NGX_CONF_OK;
}


/* Made whole before it counts; a second one names both places. */
char *
ngx_http_caplat_set_ledger(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_caplat_main_conf_t  *cmcf = conf;

    ngx_str_t                 *value;
    ngx_pool_cleanup_t        *cleanup;
    ngx_http_caplat_ledger_t  *ledger;

    value = cf->args->elts;

    if (ngx_http_caplat_set_once(cf, cmd, &cmcf->ledger_place)
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    ledger = ngx_pcalloc(cf->pool, sizeof(ngx_http_caplat_ledger_t));
    cleanup = ngx_pool_cleanup_add(cf->pool, 0);

    if (ledger == NULL || cleanup == NULL) {
        return NGX_CONF_ERROR;
    }

    cleanup->handler = ngx_http_caplat_wipe_ledger;
    cleanup->data = ledger;

    ledger->place = cmcf->ledger_place;
    ledger->is_public = 1;
    ledger->orders.prefix = CAPLAT_LIT("CA");
    ledger->orders.lapse = CAPLAT_LAPSE;
    ledger->orders.transfer_lapse = CAPLAT_TRANSFER_LAPSE;
    ledger->conf.segment_len = CAPLAT_SEGMENT_LEN;
    ledger->conf.reserve_len = CAPLAT_RESERVE_LEN;
    ledger->conf.index_len = CAPLAT_INDEX_LEN;
    ledger->folder = value[1];

    if (ngx_conf_full_name(cf->cycle, &ledger->folder, 0) != NGX_OK
        || ngx_http_caplat_check_place(cf, "caplat_ledger", &ledger->folder,
                                       1) != NGX_OK
        || ngx_http_caplat_take_words(cf, ledger) != NGX_CONF_OK
        || ngx_http_caplat_complete(cf, ledger) != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    ledger->pool = ngx_thread_pool_add(cf, NULL);
    if (ledger->pool == NULL) {
        return NGX_CONF_ERROR;
    }

    cmcf->ledger = ledger;

    ledger->journal = ngx_http_caplat_create_journal(cf, cmcf);

    return ledger->journal != NULL ? NGX_CONF_OK : NGX_CONF_ERROR;
}


char *
ngx_http_caplat_join_ledger(ngx_conf_t *cf, ngx_http_caplat_ledger_t *ledger,
    const ngx_http_caplat_loc_conf_t *clcf)
{
    caplat_slice  issuer;

    issuer = ngx_http_caplat_slice(&clcf->issuer);

    if (ledger->orders_place.line == 0) {
        ledger->orders.issuer = issuer;
        ledger->orders_place.file = clcf->route_file;
        ledger->orders_place.line = clcf->route_line;
        return NGX_CONF_OK;
    }

    if (caplat_slice_eq(ledger->orders.issuer, issuer)) {
        return NGX_CONF_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "\"caplat_orders\" in %V:%ui has another \"caplat_issuer\" "
                  "than in %V:%ui: the orders of one ledger have one",
                  &clcf->route_file, clcf->route_line,
                  &ledger->orders_place.file, ledger->orders_place.line);

    return NGX_CONF_ERROR;
}
