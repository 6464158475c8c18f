#include "ngx_http_caplat_pay.h"


_Static_assert(CAPLAT_BODY_LEN_MAX <= CAPLAT_NOTICE_BODY_MAX,
               "a body that has been read is evidence");


static ngx_int_t
ngx_http_caplat_say(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, caplat_slice text)
{
    r->headers_out.content_type.data = (u_char *) type;
    r->headers_out.content_type.len = ngx_strlen(type);
    r->headers_out.content_type_len = r->headers_out.content_type.len;

    return ngx_http_caplat_send_private(r, status, text);
}


/* What each channel takes for yes: it sends the notice no more. */
static ngx_int_t
ngx_http_caplat_accept(ngx_http_request_t *r,
    const ngx_http_caplat_ctx_t *ctx)
{
    return ctx->channel == CAPLAT_ALIPAY
           ? ngx_http_caplat_say(r, NGX_HTTP_OK, "text/plain",
                                 CAPLAT_LIT("success"))
           : ngx_http_caplat_send_private(r, NGX_HTTP_NO_CONTENT,
                                          CAPLAT_LIT(""));
}


/* And for no: it sends it again. Alipay has no status but 200; what WeChat is
   told is no more than our side's fault or not. */
static ngx_int_t
ngx_http_caplat_decline(ngx_http_request_t *r,
    const ngx_http_caplat_ctx_t *ctx, ngx_uint_t status)
{
    return ctx->channel == CAPLAT_ALIPAY
           ? ngx_http_caplat_say(r, NGX_HTTP_OK, "text/plain",
                                 CAPLAT_LIT("fail"))
           : ngx_http_caplat_say(r, status, "application/json",
                                 status < NGX_HTTP_INTERNAL_SERVER_ERROR
                 ? CAPLAT_LIT("{\"code\":\"FAIL\",\"message\":\"refused\"}")
                 : CAPLAT_LIT("{\"code\":\"FAIL\",\"message\":\"try again\"}"));
}


static void
ngx_http_caplat_note(ngx_http_request_t *r, const ngx_http_caplat_ctx_t *ctx,
    ngx_http_caplat_noticed_e noticed)
{
    ngx_http_caplat_count_notice(ngx_http_get_module_main_conf(r,
                                                     ngx_http_caplat_module),
                                 ctx->channel, noticed);
}


/* What hinders every route: a body that is too large, a ledger that fails. */
static ngx_int_t
ngx_http_caplat_refuse_notice(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, const caplat_denial *denial)
{
    ngx_uint_t  status;

    status = caplat_problem_status(denial->problem);

    ngx_http_caplat_note(r, ctx, status < NGX_HTTP_INTERNAL_SERVER_ERROR
                                 ? NGX_HTTP_CAPLAT_NOTED_UNREADABLE
                                 : NGX_HTTP_CAPLAT_NOTED_UNAVAILABLE);

    return ngx_http_caplat_decline(r, ctx, status);
}


static ngx_http_caplat_noticed_e
ngx_http_caplat_noticed(const caplat_reply *reply)
{
    switch (reply->outcome) {

    case CAPLAT_BOOKED:
        return NGX_HTTP_CAPLAT_NOTED_BOOKED;

    case CAPLAT_BOOKED_PARTLY:
        return NGX_HTTP_CAPLAT_NOTED_PARTLY;

    case CAPLAT_BOOKED_BEFORE:
        return NGX_HTTP_CAPLAT_NOTED_BEFORE;

    case CAPLAT_UNMATCHED_AMOUNT:
        return NGX_HTTP_CAPLAT_NOTED_AMOUNT;

    case CAPLAT_UNMATCHED_TWICE:
        return NGX_HTTP_CAPLAT_NOTED_TWICE;

    case CAPLAT_UNMATCHED_REFUNDED:
        return NGX_HTTP_CAPLAT_NOTED_REFUNDED;

    case CAPLAT_UNMATCHED_HELD:
        return NGX_HTTP_CAPLAT_NOTED_HELD;

    case CAPLAT_NO_ORDER:
        return NGX_HTTP_CAPLAT_NOTED_NO_ORDER;

    case CAPLAT_NOT_READ:
        return NGX_HTTP_CAPLAT_NOTED_UNAVAILABLE;

    default:
        return NGX_HTTP_CAPLAT_NOTED_NO_ROOM;
    }
}


/* Money that a human must look at, and nothing of who paid: once, where it
   could be recorded. */
static void
ngx_http_caplat_alarm(ngx_http_request_t *r, const ngx_http_caplat_ctx_t *ctx,
    ngx_uint_t level, caplat_slice why)
{
    ngx_str_t     channel;
    caplat_slice  word;

    word = caplat_channel_word((caplat_channel) ctx->channel);
    channel.data = (u_char *) word.ptr;
    channel.len = word.len;

    ngx_log_error(level, r->connection->log, 0,
                  "caplat: money that a human must look at what=%s "
                  "channel=%V order=%V trade=%V amount=%L why=%*s",
                  ctx->is_refund ? "refund" : "payment", &channel,
                  &ctx->order, &ctx->trade, ctx->amount_fen, why.len, why.ptr);
}


static void
ngx_http_caplat_alarm_of(ngx_http_request_t *r,
    const ngx_http_caplat_ctx_t *ctx, const caplat_reply *reply)
{
    ngx_http_caplat_alarm(r, ctx,
                          reply->is_replay ? NGX_LOG_INFO : NGX_LOG_CRIT,
                          caplat_outcome_word(reply->outcome));
}


static ngx_int_t
ngx_http_caplat_notified(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    const caplat_reply *reply)
{
    ngx_http_caplat_note(r, ctx, ngx_http_caplat_noticed(reply));

    switch (reply->outcome) {

    case CAPLAT_BOOKED:
    case CAPLAT_BOOKED_BEFORE:
        return ngx_http_caplat_accept(r, ctx);

    case CAPLAT_BOOKED_PARTLY:
    case CAPLAT_UNMATCHED_TWICE:
    case CAPLAT_UNMATCHED_REFUNDED:
    case CAPLAT_UNMATCHED_HELD:
        ngx_http_caplat_alarm_of(r, ctx, reply);
        return ngx_http_caplat_accept(r, ctx);

    case CAPLAT_NOT_READ:
        ctx->reason = "log-unavailable";
        return ngx_http_caplat_decline(r, ctx, NGX_HTTP_SERVICE_UNAVAILABLE);

    default:
        ctx->reason = "notice-unmatched";
        ngx_http_caplat_alarm_of(r, ctx, reply);
        return ngx_http_caplat_decline(r, ctx, NGX_HTTP_INTERNAL_SERVER_ERROR);
    }
}


/* Who paid is in the job from here on, and nowhere else. */
static ngx_int_t
ngx_http_caplat_make_job(ngx_http_request_t *r,
    const ngx_http_caplat_ctx_t *ctx, const caplat_notice *notice,
    caplat_job **job)
{
    bool                          is_made;
    char                         *room;
    caplat_writer                 w;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);

    room = ngx_palloc(r->pool, CAPLAT_NOTICE_PERSONAL_MAX);
    if (room == NULL) {
        return NGX_ERROR;
    }

    w = caplat_writer_of(room, CAPLAT_NOTICE_PERSONAL_MAX);
    caplat_notice_personal(notice, &ctx->message, ngx_http_caplat_body(ctx),
                           &w);

    is_made = !w.full
              && caplat_job_notice(&cmcf->ledger->orders, notice,
                                   caplat_written(&w), ngx_time(), job);

    ngx_explicit_memzero(room, w.len);
    (void) ngx_pfree(r->pool, room);

    return is_made ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_http_caplat_book_notice(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx,
    const caplat_notice *notice)
{
    caplat_job  *job;

    if (notice->kind == CAPLAT_NOTICE_NOTHING) {
        ngx_http_caplat_note(r, ctx, NGX_HTTP_CAPLAT_NOTED_NOTHING);
        return ngx_http_caplat_accept(r, ctx);
    }

    ctx->amount_fen = notice->amount_fen;
    ctx->is_refund = notice->kind != CAPLAT_NOTICE_PAID;

    if (ngx_http_caplat_copy(r, notice->order, &ctx->order) != NGX_OK
        || ngx_http_caplat_copy(r, notice->trade, &ctx->trade) != NGX_OK)
    {
        return ngx_http_caplat_refuse_plainly(r,
                                              CAPLAT_PROBLEM_INTERNAL_ERROR);
    }

    if (notice->kind == CAPLAT_NOTICE_STUCK) {
        ngx_http_caplat_note(r, ctx, NGX_HTTP_CAPLAT_NOTED_STUCK);
        ngx_http_caplat_alarm(r, ctx, NGX_LOG_CRIT, CAPLAT_LIT("stuck"));
        return ngx_http_caplat_accept(r, ctx);
    }

    if (ngx_http_caplat_make_job(r, ctx, notice, &job) != NGX_OK) {
        return ngx_http_caplat_refuse_plainly(r,
                                              CAPLAT_PROBLEM_INTERNAL_ERROR);
    }

    return ngx_http_caplat_commit(r, ctx, job, ngx_http_caplat_notified);
}


static ngx_int_t
ngx_http_caplat_refuse_signed(ngx_http_request_t *r,
    ngx_http_caplat_ctx_t *ctx, const caplat_notice_refusal *refusal)
{
    ctx->reason = refusal->reason;

    switch (refusal->fault) {

    case CAPLAT_NOTICE_FORGED:
        ngx_http_caplat_note(r, ctx, NGX_HTTP_CAPLAT_NOTED_FORGED);
        ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                      "caplat: a forged notice reason=%s", refusal->reason);
        return ngx_http_caplat_decline(r, ctx, NGX_HTTP_UNAUTHORIZED);

    case CAPLAT_NOTICE_UNREADABLE:
        ngx_http_caplat_note(r, ctx, NGX_HTTP_CAPLAT_NOTED_UNREADABLE);
        ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                      "caplat: no notice reason=%s", refusal->reason);
        return ngx_http_caplat_decline(r, ctx, NGX_HTTP_BAD_REQUEST);

    default: /* CAPLAT_NOTICE_UNFIT */
        ngx_http_caplat_note(r, ctx, NGX_HTTP_CAPLAT_NOTED_UNFIT);
        ngx_log_error(NGX_LOG_CRIT, r->connection->log, 0,
                      "caplat: a channel's notice that is not for us, or not "
                      "as it should be reason=%s", refusal->reason);
        return ngx_http_caplat_decline(r, ctx,
                                       NGX_HTTP_INTERNAL_SERVER_ERROR);
    }
}


static ngx_int_t
ngx_http_caplat_take_notice(ngx_http_request_t *r, ngx_http_caplat_ctx_t *ctx)
{
    bool                          is_read;
    char                         *room;
    ngx_int_t                     rc;
    caplat_slice                  body;
    caplat_notice                 notice;
    caplat_notice_refusal         refusal;
    ngx_http_caplat_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_caplat_module);
    body = ngx_http_caplat_body(ctx);

    room = ngx_palloc(r->pool, body.len + 1);
    if (room == NULL) {
        return ngx_http_caplat_refuse_plainly(r,
                                              CAPLAT_PROBLEM_INTERNAL_ERROR);
    }

    is_read = ctx->channel == CAPLAT_ALIPAY
              ? caplat_alipay_notice_read(&cmcf->pay->alipay, body, room,
                                          &notice, &refusal)
              : caplat_wechat_notice_read(&cmcf->pay->wechat, &ctx->message,
                                          body, ngx_time(), room, &notice,
                                          &refusal);

    rc = is_read ? ngx_http_caplat_book_notice(r, ctx, &notice)
                 : ngx_http_caplat_refuse_signed(r, ctx, &refusal);

    ngx_explicit_memzero(room, body.len);

    return rc;
}


ngx_int_t
ngx_http_caplat_notify_handler(ngx_http_request_t *r)
{
    ngx_int_t                          rc;
    ngx_http_caplat_ctx_t             *ctx;
    const ngx_http_caplat_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_caplat_module);

    if (ngx_http_caplat_enter(r, NGX_HTTP_CAPLAT_NOTIFY, NGX_HTTP_POST, &ctx,
                              &rc)
        != NGX_OK)
    {
        return rc;
    }

    ctx->channel = clcf->channel;
    ctx->refuse = ngx_http_caplat_refuse_notice;

    if (r->headers_in.content_length_n > CAPLAT_BODY_LEN_MAX) {
        return ngx_http_caplat_refuse_plainly(r,
                                            CAPLAT_PROBLEM_CONTENT_TOO_LARGE);
    }

    return ngx_http_caplat_read_body(r, ctx, ngx_http_caplat_take_notice);
}
