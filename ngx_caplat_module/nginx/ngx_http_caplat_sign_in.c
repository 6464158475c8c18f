#include "ngx_http_caplat_module.h"

#include "caplat_json.h"


/* Holders of one client certificate, or of a demo, that are listed. */
#define NGX_HTTP_CAPLAT_HOLDERS_MAX  64


static caplat_slice
ngx_http_caplat_variable_slice(ngx_http_request_t *r, ngx_int_t index)
{
    ngx_http_variable_value_t  *value;

    value = ngx_http_get_indexed_variable(r, index);

    return value != NULL && !value->not_found
           ? caplat_slice_of((const char *) value->data, value->len)
           : CAPLAT_LIT("");
}


/* The n-th holder that may sign in with this request; NULL: no more. */
static const caplat_holder *
ngx_http_caplat_holder(ngx_http_request_t *r,
    const ngx_http_caplat_sign_in_t *si, size_t n)
{
    if (si->way == NGX_HTTP_CAPLAT_DEMO) {
        return n < caplat_registry_count(si->registry)
               ? caplat_registry_at(si->registry, n) : NULL;
    }

    return caplat_registry_tls(si->registry,
               ngx_http_caplat_variable_slice(r, si->issuer_index),
               ngx_http_caplat_variable_slice(r, si->serial_index), n);
}


/* The lock's certificate has been verified by nginx against its CA. */
static ngx_int_t
ngx_http_caplat_check_lock(ngx_http_request_t *r,
    const ngx_http_caplat_sign_in_t *si, ngx_int_t *rc)
{
    caplat_denial  denial;

    if (si->way == NGX_HTTP_CAPLAT_DEMO) {
        return NGX_OK;
    }

    if (!caplat_slice_eq(ngx_http_caplat_variable_slice(r, si->verify_index),
                         CAPLAT_LIT("SUCCESS")))
    {
        (void) caplat_deny(&denial, CAPLAT_PROBLEM_CLIENT_CERTIFICATE_REQUIRED,
                           "client-certificate");
        *rc = ngx_http_caplat_refuse(r, &denial, NULL);
        return NGX_DECLINED;
    }

    if (ngx_http_caplat_holder(r, si, 0) == NULL) {
        (void) caplat_deny(&denial, CAPLAT_PROBLEM_HOLDER_NOT_REGISTERED,
                           "not-in-registry");
        *rc = ngx_http_caplat_refuse(r, &denial, NULL);
        return NGX_DECLINED;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_caplat_list_holders(ngx_http_request_t *r,
    const ngx_http_caplat_sign_in_t *si)
{
    size_t                n;
    caplat_writer         w;
    const caplat_holder  *holder;

    w = ngx_http_caplat_scratch();

    caplat_put(&w, CAPLAT_LIT("{\"way\":"));
    caplat_put_word(&w, si->way == NGX_HTTP_CAPLAT_DEMO ? "demo"
                                                        : "certificate");
    caplat_put(&w, CAPLAT_LIT(",\"holders\":["));

    for (n = 0; n < NGX_HTTP_CAPLAT_HOLDERS_MAX; n++) {
        holder = ngx_http_caplat_holder(r, si, n);

        if (holder == NULL) {
            break;
        }

        if (n != 0) {
            caplat_put(&w, CAPLAT_LIT(","));
        }

        caplat_holder_write(holder, &w);
    }

    caplat_put(&w, CAPLAT_LIT("]}"));

    return w.full ? NGX_HTTP_INTERNAL_SERVER_ERROR
                  : ngx_http_caplat_send_private(r, NGX_HTTP_OK,
                                                 caplat_written(&w));
}


/* One of those who may sign in with this request; NULL: not among them. */
static const caplat_holder *
ngx_http_caplat_find_holder(ngx_http_request_t *r,
    const ngx_http_caplat_sign_in_t *si, caplat_slice id,
    caplat_denial *denial)
{
    size_t                n;
    const caplat_holder  *holder;

    n = 0;

    do {
        holder = ngx_http_caplat_holder(r, si, n++);
    } while (holder != NULL
             && !caplat_slice_eq(caplat_holder_id(holder), id));

    if (holder == NULL) {
        (void) caplat_deny(denial, CAPLAT_PROBLEM_HOLDER_NOT_REGISTERED,
                           "holder");
    }

    return holder;
}


/* Whom the body names: {"holder":ID}; the only one without a body. */
static const caplat_holder *
ngx_http_caplat_choose(ngx_http_request_t *r,
    const ngx_http_caplat_sign_in_t *si, caplat_slice body,
    caplat_denial *denial)
{
    caplat_json          *object;
    caplat_err            err;
    caplat_slice          id;
    const caplat_holder  *holder;

    if (body.len == 0 && ngx_http_caplat_holder(r, si, 1) == NULL) {
        return ngx_http_caplat_holder(r, si, 0);
    }

    if (!caplat_json_open(body, CAPLAT_JSON_DEPTH_MAX, &object, &err)) {
        (void) caplat_deny(denial, CAPLAT_PROBLEM_REQUEST_MALFORMED,
                           "body-json");
        return NULL;
    }

    if (caplat_json_members(object) == 1
        && caplat_json_string(object, "holder", 1, CAPLAT_NAME_LEN_MAX, &id))
    {
        holder = ngx_http_caplat_find_holder(r, si, id, denial);

    } else {
        (void) caplat_deny(denial, CAPLAT_PROBLEM_REQUEST_MALFORMED,
                           "body-holder");
        holder = NULL;
    }

    caplat_json_close(object);

    return holder;
}


static ngx_int_t
ngx_http_caplat_sign_in(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx)
{
    ngx_int_t                          rc;
    caplat_denial                      denial;
    caplat_issuer                      issuer;
    caplat_writer                      w;
    const caplat_holder               *holder;
    const caplat_public_key           *public;
    const ngx_http_caplat_loc_conf_t  *clcf;
    const ngx_http_caplat_sign_in_t   *si;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);
    si = clcf->sign_in;

    if (ctx->message.has_content
        && ngx_http_caplat_check_digest(r, ctx, &rc) != NGX_OK)
    {
        return rc;
    }

    holder = ngx_http_caplat_choose(r, si, ngx_http_caplat_body(ctx),
                                    &denial);
    if (holder == NULL) {
        return ngx_http_caplat_refuse(r, &denial, NULL);
    }

    w = ngx_http_caplat_scratch();

    public = caplat_private_key_public(si->key);

    issuer.key = si->key;
    issuer.kid = caplat_slice_of(public->thumbprint, CAPLAT_THUMBPRINT_LEN);
    issuer.issuer = ngx_http_caplat_slice(&clcf->issuer);
    issuer.audience = ngx_http_caplat_slice(&clcf->audience);
    issuer.client_id = ngx_http_caplat_slice(&si->client_id);
    issuer.life = si->life;

    caplat_put(&w, CAPLAT_LIT("{\"access_token\":\""));

    if (!caplat_issuer_token(&issuer, holder, ctx->who.thumbprint,
                             si->way == NGX_HTTP_CAPLAT_DEMO ? "demo" : "hwk",
                             ngx_time(), &w))
    {
        return ngx_http_caplat_refuse_plainly(r,
                                              CAPLAT_PROBLEM_INTERNAL_ERROR);
    }

    caplat_put(&w, CAPLAT_LIT("\",\"token_type\":\"DPoP\",\"expires_in\":"));
    caplat_put_number(&w, si->life);
    caplat_put(&w, CAPLAT_LIT(",\"scope\":\"ca:quote ca:order ca:read\"}"));

    return ngx_http_caplat_send_private(r, NGX_HTTP_OK, caplat_written(&w));
}


ngx_int_t
ngx_http_caplat_sign_in_handler(ngx_http_request_t *r)
{
    ngx_int_t                          rc;
    caplat_denial                      denial;
    ngx_http_caplat_ctx_t             *ctx;
    ngx_http_caplat_main_conf_t       *cmcf;
    const ngx_http_caplat_loc_conf_t  *clcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (ngx_http_caplat_enter(r, NGX_HTTP_CAPLAT_SIGN_IN,
                              NGX_HTTP_GET|NGX_HTTP_HEAD|NGX_HTTP_POST, &ctx,
                              &rc)
        != NGX_OK
        || ngx_http_caplat_check_lock(r, clcf->sign_in, &rc) != NGX_OK)
    {
        return rc;
    }

    if (r->method != NGX_HTTP_POST) {
        return ngx_http_caplat_list_holders(r, clcf->sign_in);
    }

    if (ctx->message.has_content
        && ngx_http_caplat_check_content(r, ctx, &rc) != NGX_OK)
    {
        return rc;
    }

    if (!caplat_auth_key(cmcf->auth, &ctx->message, ngx_time(), &ctx->who,
                         &denial))
    {
        return ngx_http_caplat_refuse(r, &denial, NULL);
    }

    return ngx_http_caplat_read_body(r, ctx, ngx_http_caplat_sign_in);
}
