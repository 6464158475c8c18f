#include "ngx_http_caplat_module.h"


#define NGX_HTTP_CAPLAT_RETRY_SOON    1         /* seconds */
#define NGX_HTTP_CAPLAT_RETRY_LATER   30

ngx_int_t
ngx_http_caplat_add_header(ngx_http_request_t *r, const char *name,
    const ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 1;
    h->key.data = (u_char *) name;
    h->key.len = ngx_strlen(name);
    h->value = *value;
#if (nginx_version >= 1023000)
    h->next = NULL;
#endif

    return NGX_OK;
}


static ngx_int_t
ngx_http_caplat_add_word(ngx_http_request_t *r, const char *name,
    const char *word)
{
    ngx_str_t  value;

    value.data = (u_char *) word;
    value.len = ngx_strlen(word);

    return ngx_http_caplat_add_header(r, name, &value);
}


static ngx_int_t
ngx_http_caplat_no_store(ngx_http_request_t *r)
{
    return ngx_http_caplat_add_word(r, "Cache-Control", "no-store");
}


ngx_int_t
ngx_http_caplat_retry_after(ngx_http_request_t *r, ngx_uint_t seconds)
{
    ngx_str_t  value;

    value.data = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    value.len = ngx_sprintf(value.data, "%ui", seconds) - value.data;

    return ngx_http_caplat_add_header(r, "Retry-After", &value);
}


caplat_writer
ngx_http_caplat_scratch(void)
{
    static char  room[CAPLAT_LIST_ROOM];

    return caplat_writer_of(room, sizeof(room));
}


/* The origin of a page that is allowed to call us; NULL: none. */
static const ngx_str_t *
ngx_http_caplat_cors_origin(ngx_http_request_t *r)
{
    ngx_uint_t                         i;
    ngx_str_t                         *origin;
    caplat_slice                       given;
    const ngx_http_caplat_ctx_t       *ctx;
    const ngx_http_caplat_loc_conf_t  *clcf;

    ctx = ngx_http_get_module_ctx(r, ngx_http_caplat_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (clcf->cors == NULL
        || !caplat_message_header(&ctx->message, CAPLAT_LIT("origin"),
                                  &given))
    {
        return NULL;
    }

    origin = clcf->cors->elts;

    for (i = 0; i < clcf->cors->nelts; i++) {
        if (caplat_slice_eq(ngx_http_caplat_slice(&origin[i]), given)) {
            return &origin[i];
        }
    }

    return NULL;
}


static ngx_int_t
ngx_http_caplat_add_cors(ngx_http_request_t *r)
{
    const ngx_str_t                   *origin;
    const ngx_http_caplat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (clcf->cors == NULL) {
        return NGX_OK;
    }

    if (ngx_http_caplat_add_word(r, "Vary", "Origin") != NGX_OK) {
        return NGX_ERROR;
    }

    origin = ngx_http_caplat_cors_origin(r);

    if (origin == NULL) {
        return NGX_OK;
    }

    if (ngx_http_caplat_add_header(r, "Access-Control-Allow-Origin", origin)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_caplat_add_word(r, "Access-Control-Expose-Headers",
                                    "DPoP-Nonce, WWW-Authenticate, "
                                    "Accept-Signature, Want-Content-Digest, "
                                    "ETag, Retry-After");
}


/* What every answer under the API has; text is copied. */
static ngx_int_t
ngx_http_caplat_send(ngx_http_request_t *r, ngx_uint_t status,
    caplat_slice text)
{
    ngx_int_t     rc;
    ngx_buf_t    *b;
    ngx_chain_t   out;

    /* Ours, and not that of the error_page which has led here. */
    r->err_status = 0;

    r->headers_out.status = status;
    r->headers_out.content_length_n = text.len;

    if (ngx_http_caplat_add_cors(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only || text.len == 0) {
        return rc;
    }

    b = ngx_create_temp_buf(r->pool, text.len);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->last = ngx_cpymem(b->pos, text.ptr, text.len);
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


ngx_int_t
ngx_http_caplat_send_private(ngx_http_request_t *r, caplat_slice text)
{
    /* There is no other answer that a client could have kept. */
    r->disable_not_modified = 1;

    if (ngx_http_caplat_no_store(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_caplat_send_json(r, NGX_HTTP_OK, text);
}


ngx_int_t
ngx_http_caplat_send_json(ngx_http_request_t *r, ngx_uint_t status,
    caplat_slice text)
{
    /* A body that nobody wanted would be read as the next request. Who waits
       to be told to send it is told the answer instead. */
    r->expect_tested = 1;

    if (ngx_http_discard_request_body(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (r->headers_out.content_type.len == 0) {
        ngx_str_set(&r->headers_out.content_type, "application/json");
        r->headers_out.content_type_len = r->headers_out.content_type.len;
    }

    ngx_http_caplat_count(r, ngx_http_get_module_ctx(r,
                                                     ngx_http_caplat_module));

    return ngx_http_caplat_send(r, status, text);
}


ngx_int_t
ngx_http_caplat_send_options(ngx_http_request_t *r, const ngx_str_t *allow)
{
    if (ngx_http_discard_request_body(r) != NGX_OK
        || ngx_http_caplat_add_header(r, "Allow", allow) != NGX_OK
        || ngx_http_caplat_no_store(r) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_caplat_cors_origin(r) != NULL
        && (ngx_http_caplat_add_header(r, "Access-Control-Allow-Methods",
                                       allow)
            != NGX_OK
            || ngx_http_caplat_add_word(r, "Access-Control-Allow-Headers",
                                        "Authorization, DPoP, Content-Type, "
                                        "Idempotency-Key")
               != NGX_OK
            || ngx_http_caplat_add_word(r, "Access-Control-Max-Age", "600")
               != NGX_OK))
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_caplat_send(r, NGX_HTTP_NO_CONTENT, CAPLAT_LIT(""));
}


/* Whether the caller signs as servers do: what a 401 should ask for. */
static ngx_uint_t
ngx_http_caplat_is_server(const caplat_message *message)
{
    caplat_slice  value;

    if (caplat_message_count(message, CAPLAT_LIT("signature-input")) != 0) {
        return 1;
    }

    return caplat_message_header(message, CAPLAT_LIT("authorization"), &value)
           && value.len >= 7
           && ngx_strncasecmp((u_char *) value.ptr, (u_char *) "Bearer ", 7)
              == 0;
}


/* RFC 9449, 7.1: which fault of token or proof it was. */
static const char *
ngx_http_caplat_challenge(caplat_problem problem)
{
    switch (problem) {

    case CAPLAT_PROBLEM_TOKEN_MISSING:
    case CAPLAT_PROBLEM_SIGNATURE_MISSING:
    case CAPLAT_PROBLEM_SIGNATURE_MALFORMED:
    case CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE:
    case CAPLAT_PROBLEM_SIGNATURE_EXPIRED:
    case CAPLAT_PROBLEM_SIGNATURE_INVALID:
    case CAPLAT_PROBLEM_SIGNATURE_REPLAYED:
        return "DPoP algs=\"ES256 Ed25519 EdDSA\"";

    case CAPLAT_PROBLEM_DPOP_NONCE_REQUIRED:
        return "DPoP error=\"use_dpop_nonce\", algs=\"ES256 Ed25519 EdDSA\"";

    case CAPLAT_PROBLEM_PROOF_MISSING:
    case CAPLAT_PROBLEM_PROOF_INVALID:
    case CAPLAT_PROBLEM_PROOF_REPLAYED:
        return "DPoP error=\"invalid_dpop_proof\", "
               "algs=\"ES256 Ed25519 EdDSA\"";

    default:
        return "DPoP error=\"invalid_token\", algs=\"ES256 Ed25519 EdDSA\"";
    }
}


static ngx_int_t
ngx_http_caplat_add_challenge(ngx_http_request_t *r, caplat_problem problem)
{
    ngx_str_t                          nonce;
    ngx_http_caplat_ctx_t             *ctx;
    ngx_http_caplat_main_conf_t       *cmcf;
    const ngx_http_caplat_loc_conf_t  *clcf;

    ctx = ngx_http_get_module_ctx(r, ngx_http_caplat_module);
    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (clcf->partner_keys != NULL
        && ngx_http_caplat_add_header(r, "Accept-Signature",
                                      &clcf->accept_signature)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_http_caplat_add_word(r, "WWW-Authenticate",
                                 ngx_http_caplat_challenge(problem))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (cmcf->zone == NULL || ngx_http_caplat_is_server(&ctx->message)) {
        return NGX_OK;
    }

    nonce.len = CAPLAT_NONCE_LEN;
    nonce.data = ngx_pnalloc(r->pool, CAPLAT_NONCE_LEN);
    if (nonce.data == NULL) {
        return NGX_ERROR;
    }

    caplat_zone_nonce(cmcf->zone, ngx_time(), (char *) nonce.data);

    return ngx_http_caplat_add_header(r, "DPoP-Nonce", &nonce);
}


/* What helps a caller to do it right, by problem. */
static ngx_int_t
ngx_http_caplat_add_help(ngx_http_request_t *r, caplat_problem problem)
{
    if (ngx_http_caplat_no_store(r) != NGX_OK) {
        return NGX_ERROR;
    }

    if (caplat_problem_status(problem) == NGX_HTTP_UNAUTHORIZED) {
        return ngx_http_caplat_add_challenge(r, problem);
    }

    if (caplat_problem_is_iana(problem)) {
        return ngx_http_caplat_add_word(r, "Want-Content-Digest",
                                        "sha-256=10, sha-512=9");
    }

    switch (problem) {

    case CAPLAT_PROBLEM_RATE_LIMITED:
    case CAPLAT_PROBLEM_IDEMPOTENCY_IN_PROGRESS:
        return ngx_http_caplat_retry_after(r, NGX_HTTP_CAPLAT_RETRY_SOON);

    case CAPLAT_PROBLEM_LOG_UNAVAILABLE:
    case CAPLAT_PROBLEM_REPLAY_CACHE_FULL:
        return ngx_http_caplat_retry_after(r, NGX_HTTP_CAPLAT_RETRY_LATER);

    case CAPLAT_PROBLEM_UNSUPPORTED_MEDIA_TYPE:
        return ngx_http_caplat_add_word(r, "Accept", "application/json");

    default:
        return NGX_OK;
    }
}


static void
ngx_http_caplat_write_problem(ngx_http_request_t *r, caplat_writer *w,
    caplat_problem problem, const caplat_faults *faults)
{
    ngx_http_caplat_ctx_t             *ctx;
    ngx_http_variable_value_t         *id;
    ngx_http_caplat_main_conf_t       *cmcf;
    const ngx_http_caplat_loc_conf_t  *clcf;

    ctx = ngx_http_get_module_ctx(r, ngx_http_caplat_module);
    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    caplat_put(w, CAPLAT_LIT("{\"type\":\""));

    if (caplat_problem_is_iana(problem)) {
        caplat_put(w, CAPLAT_LIT("https://iana.org/assignments/"
                                 "http-problem-types#"));

    } else {
        caplat_put(w, ngx_http_caplat_slice(&clcf->origin));
        caplat_put(w, CAPLAT_LIT("/problems/"));
    }

    caplat_put(w, caplat_problem_name(problem));
    caplat_put(w, CAPLAT_LIT("\",\"title\":"));
    caplat_put_string(w, caplat_problem_title(problem));
    caplat_put(w, CAPLAT_LIT(",\"detail\":"));
    caplat_put_string(w, caplat_problem_detail(problem));
    caplat_put(w, CAPLAT_LIT(",\"status\":"));
    caplat_put_number(w, caplat_problem_status(problem));

    id = ngx_http_get_indexed_variable(r, cmcf->request_id_index);

    if (id != NULL && !id->not_found) {
        caplat_put(w, CAPLAT_LIT(",\"instance\":\"/v1/requests/"));
        caplat_put(w, caplat_slice_of((char *) id->data, id->len));
        caplat_put(w, CAPLAT_LIT("\""));
    }

    if (faults != NULL && faults->count != 0) {
        caplat_put(w, CAPLAT_LIT(",\"errors\":"));
        caplat_faults_write(w, faults);
    }

    caplat_put(w, ctx->extra);
    caplat_put(w, CAPLAT_LIT("}"));
}


ngx_int_t
ngx_http_caplat_refuse(ngx_http_request_t *r, const caplat_denial *denial,
    const caplat_faults *faults)
{
    ngx_str_t               name;
    caplat_slice            slice;
    caplat_writer           w;
    ngx_http_caplat_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_caplat_module);
    ctx->problem = denial->problem;
    ctx->reason = denial->reason;

    slice = caplat_problem_name(denial->problem);
    name.data = (u_char *) slice.ptr;
    name.len = slice.len;

    ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                  "caplat: refused problem=%V reason=%s", &name,
                  denial->reason);

    if (ngx_http_caplat_add_help(r, denial->problem) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    w = ngx_http_caplat_scratch();
    ngx_http_caplat_write_problem(r, &w, denial->problem, faults);

    ngx_str_set(&r->headers_out.content_type, "application/problem+json");
    r->headers_out.content_type_len = r->headers_out.content_type.len;

    return ngx_http_caplat_send_json(r,
                                     caplat_problem_status(denial->problem),
                                     caplat_written(&w));
}


ngx_int_t
ngx_http_caplat_refuse_plainly(ngx_http_request_t *r, caplat_problem problem)
{
    caplat_denial  denial;

    /* All names are literals, with NUL behind them. */
    (void) caplat_deny(&denial, problem, caplat_problem_name(problem).ptr);

    return ngx_http_caplat_refuse(r, &denial, NULL);
}


ngx_int_t
ngx_http_caplat_refuse_method(ngx_http_request_t *r, const ngx_str_t *allow)
{
    if (ngx_http_caplat_add_header(r, "Allow", allow) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_caplat_refuse_plainly(r,
                                          CAPLAT_PROBLEM_METHOD_NOT_ALLOWED);
}
