#include "ngx_http_caplat_pay.h"


/* The address at Alipay at which the order is paid. */
static ngx_int_t
ngx_http_caplat_answer_address(ngx_http_request_t *r,
    const caplat_charge *charge)
{
    char                          room[CAPLAT_ALIPAY_URL_MAX];
    caplat_writer                 url, w;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);
    url = caplat_writer_of(room, sizeof(room));

    if (!caplat_alipay_pay_url(&cmcf->pay->alipay, charge, ngx_time(), &url)) {
        return ngx_http_caplat_refuse_plainly(r,
                                              CAPLAT_PROBLEM_INTERNAL_ERROR);
    }

    w = ngx_http_caplat_scratch();
    caplat_charge_show_page(caplat_written(&url), charge->expires, &w);

    return ngx_http_caplat_send_private(r, NGX_HTTP_OK, caplat_written(&w));
}


static ngx_int_t
ngx_http_caplat_answer_transfer(ngx_http_request_t *r,
    const caplat_charge *charge)
{
    caplat_writer                 w;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);

    w = ngx_http_caplat_scratch();
    caplat_charge_show_transfer(&cmcf->pay->transfer, charge, &w);

    return ngx_http_caplat_send_private(r, NGX_HTTP_OK, caplat_written(&w));
}


/* The order can be paid: how, depends on the channel. */
static ngx_int_t
ngx_http_caplat_charged(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    const caplat_reply *reply)
{
    caplat_charge  charge;

    if (reply->status == 0) {
        return ngx_http_caplat_replied(r, ctx, reply);
    }

    ctx->amount_fen = reply->amount_fen;

    charge.order = ngx_http_caplat_slice(&ctx->order);
    charge.amount_fen = reply->amount_fen;
    charge.subject = CAPLAT_LIT(CAPLAT_CHARGE_SUBJECT);
    charge.expires = reply->expires;

    switch (ctx->channel) {

    case CAPLAT_ALIPAY:
        return ngx_http_caplat_answer_address(r, &charge);

    case CAPLAT_WECHAT:
        return ngx_http_caplat_ask_gateway(r, ctx, &charge);

    default: /* CAPLAT_TRANSFER */
        return ngx_http_caplat_answer_transfer(r, &charge);
    }
}


ngx_int_t
ngx_http_caplat_pay_order(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx)
{
    ngx_int_t                     rc;
    caplat_job                   *job;
    caplat_denial                 denial;
    caplat_faults                 faults;
    caplat_channel                channel;
    const caplat_order_conf      *conf;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);
    conf = &cmcf->ledger->orders;

    if (ngx_http_caplat_check_digest(r, ctx, &rc) != NGX_OK) {
        return rc;
    }

    if (!caplat_charge_read(ngx_http_caplat_body(ctx), conf->channels,
                            &channel, &faults, &denial)
        || !caplat_job_charge(conf, &ctx->who,
                              ngx_http_caplat_slice(&ctx->order), ngx_time(),
                              &job, &denial))
    {
        return ngx_http_caplat_refuse(r, &denial, &faults);
    }

    ctx->channel = channel;

    return ngx_http_caplat_read(r, ctx, job, ngx_http_caplat_charged);
}


/* Money that nobody else speaks of: a token is not enough for that. */
static ngx_int_t
ngx_http_caplat_book(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    caplat_event said)
{
    ngx_int_t                     rc;
    caplat_job                   *job;
    caplat_denial                 denial;
    caplat_faults                 faults;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);

    if (ctx->who.way != CAPLAT_BY_SIGNATURE) {
        return ngx_http_caplat_refuse_plainly(r,
                                            CAPLAT_PROBLEM_SIGNATURE_MISSING);
    }

    if (ngx_http_caplat_check_digest(r, ctx, &rc) != NGX_OK) {
        return rc;
    }

    if (!caplat_job_book(&cmcf->ledger->orders, &ctx->who, said,
                         ngx_http_caplat_slice(&ctx->order),
                         ngx_http_caplat_body(ctx), ngx_time(), &job, &faults,
                         &denial))
    {
        return ngx_http_caplat_refuse(r, &denial, &faults);
    }

    return ngx_http_caplat_commit(r, ctx, job, ngx_http_caplat_replied);
}


ngx_int_t
ngx_http_caplat_book_payment(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx)
{
    return ngx_http_caplat_book(r, ctx, CAPLAT_EVENT_PAYMENT_RECEIVED);
}


ngx_int_t
ngx_http_caplat_book_invoice(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx)
{
    return ngx_http_caplat_book(r, ctx, CAPLAT_EVENT_INVOICE_ISSUED);
}
