#include "ngx_http_caplat_module.h"


#define NGX_HTTP_CAPLAT_RETRY_SOON    1         /* seconds */
#define NGX_HTTP_CAPLAT_RETRY_PAYMENT 5
#define NGX_HTTP_CAPLAT_RETRY_LATER   30


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
    const ngx_http_caplat_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_caplat_module);

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

    case CAPLAT_PROBLEM_PAYMENT_UNAVAILABLE:
        return ngx_http_caplat_retry_after(r, NGX_HTTP_CAPLAT_RETRY_PAYMENT);

    case CAPLAT_PROBLEM_LOG_UNAVAILABLE:
    case CAPLAT_PROBLEM_REPLAY_CACHE_FULL:
        return ngx_http_caplat_retry_after(r,
                                           ctx->retry_soon
                                           ? NGX_HTTP_CAPLAT_RETRY_SOON
                                           : NGX_HTTP_CAPLAT_RETRY_LATER);

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

    if (ctx->refuse != NULL) {
        return ctx->refuse(r, ctx, denial);
    }

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
