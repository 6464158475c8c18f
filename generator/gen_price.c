#define _GNU_SOURCE                     /* getopt_long, clock_gettime */

#include "gen_price.h"

#include "caplat_price.h"
#include "gen_file.h"
#include "gen_price_text.h"
#include "gen_refusal.h"
#include "gen_text.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <time.h>


enum { PRICED = 0, REFUSED = 1, MISUSED = 2 };

#define UTC_8  (8 * 60 * 60)            /* seconds: the day is Beijing's */
#define DAY    (24 * 60 * 60)

/* Read whole: a hundred thousand questions and more. The usage tells it. */
#define QUESTIONS_LEN_MAX  (16 * 1024 * 1024)

static const char  usage[] =
    "用法：caplat-site price --rates 文件 --city 代码 --add 平台,平台\n"
    "          (--months 月数 | --until 日期) [选项]\n"
    "\n"
    "  --rates 文件       费率卡\n"
    "  --city 代码        单位注册地的行政区划代码，例如 210700\n"
    "  --held 平台,平台   证书上已有的平台\n"
    "  --add 平台,平台    要新增的平台\n"
    "  --months 月数      证书还有几个月到期\n"
    "  --until 日期       证书的到期日，例如 2021-08-18\n"
    "  --day 日期         按哪一天计价，默认今天\n"
    "  --base due|paid    套餐未付或已付，默认看有没有已有的平台\n"
    "  --vendor 代号      证书厂商\n"
    "  --lock 代号        CA 锁类别\n"
    "  --certificate 代号 证书类型\n"
    "  --json             输出 JSON\n"
    "  --questions 文件   每行一个问题，最多 16 MB；逐行输出 JSON\n";


/* What the command line asks for; keys of the question go into its text. */
typedef struct {
    const char     *rates;
    const char     *questions;
    bool            json;
    bool            help;
    bool            has_day;
    caplat_slice    city;
    gen_buf         question;           /* caplat_question.h */
} wish;


typedef struct {
    gen_arena       arena;
    caplat_slice    rates;
    caplat_tariff   tariff;
} run;


static void
add_key(wish *w, const char *key, caplat_slice value)
{
    if (w->question.len != 0) {
        gen_buf_byte(&w->question, '&');
    }

    gen_buf_add(&w->question, gen_slice_of(key));
    gen_buf_byte(&w->question, '=');
    gen_buf_add(&w->question, value);
}


/* One option is one key: the marks that part keys are no part of a value. */
static bool
add_option(wish *w, const char *key, const char *text)
{
    caplat_slice  value = gen_slice_of(text);

    if (memchr(value.ptr, '&', value.len) != NULL
        || memchr(value.ptr, '=', value.len) != NULL)
    {
        (void) fprintf(stderr, "caplat-site price: --%s %s：值里不能有 & 和 =\n",
            key, text);
        return false;
    }

    add_key(w, key, value);

    return true;
}


static bool
read_options(int argc, char **argv, wish *w)
{
    static const struct option  options[] = {
        { "rates",       required_argument, NULL, 'r' },
        { "questions",   required_argument, NULL, 'q' },
        { "json",        no_argument,       NULL, 'j' },
        { "help",        no_argument,       NULL, 'h' },
        { "day",         required_argument, NULL, 'd' },
        { "city",        required_argument, NULL, 'c' },
        { "held",        required_argument, NULL, 'k' },
        { "add",         required_argument, NULL, 'k' },
        { "months",      required_argument, NULL, 'k' },
        { "until",       required_argument, NULL, 'k' },
        { "base",        required_argument, NULL, 'k' },
        { "vendor",      required_argument, NULL, 'k' },
        { "lock",        required_argument, NULL, 'k' },
        { "certificate", required_argument, NULL, 'k' },
        { NULL,          0,                 NULL, 0 },
    };

    int  option;
    int  at = 0;

    while ((option = getopt_long(argc, argv, "", options, &at)) != -1) {
        switch (option) {

        case 'r':
            w->rates = optarg;
            break;

        case 'q':
            w->questions = optarg;
            break;

        case 'j':
            w->json = true;
            break;

        case 'h':
            w->help = true;
            break;

        case 'c':
        case 'd':
        case 'k':
            if (!add_option(w, options[at].name, optarg)) {
                return false;
            }

            w->has_day = w->has_day || option == 'd';
            w->city = option == 'c' ? gen_slice_of(optarg) : w->city;
            break;

        default:
            return false;
        }
    }

    return optind == argc
        && (w->help || w->rates != NULL)
        && (w->questions == NULL || w->question.len == 0);
}


static void
add_today(wish *w)
{
    struct timespec  now = { 0 };
    caplat_date      day;
    char             text[CAPLAT_DATE_LEN + 1];

    (void) clock_gettime(CLOCK_REALTIME, &now);
    day = caplat_date_of_number((int32_t) ((now.tv_sec + UTC_8) / DAY));
    (void) snprintf(text, sizeof(text), "%04u-%02u-%02u", day.year % 10000u,
        day.month % 100u, day.day % 100u);
    add_key(w, "day", gen_slice_of(text));
}


static bool
read_file(run *r, const char *path, size_t most, caplat_slice *text)
{
    switch (gen_file_read(path, most, &r->arena, text)) {

    case GEN_READ_DONE:
        return true;

    case GEN_READ_TOO_LARGE:
        (void) fprintf(stderr, "%s: 文件太大\n", path);
        return false;

    default:
        (void) fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
}


static bool
read_rates(run *r, const char *path)
{
    caplat_slice  words;
    caplat_err    err;
    size_t        line;
    size_t        col;

    if (!read_file(r, path, CAPLAT_RATES_LEN_MAX, &r->rates)) {
        return false;
    }

    if (caplat_tariff_parse(r->rates, &r->tariff, &err)) {
        return true;
    }

    words = gen_refusal_words(err.code);
    caplat_locate(r->rates, err.at, &line, &col);
    (void) fprintf(stderr, "%s:%zu:%zu: 错误: %s: %.*s (%s)\n", path, line,
        col, err.what, (int) words.len, words.ptr,
        caplat_code_name(err.code));

    return false;
}


/* Whether that went well, finish() asks the stream. */
static void
print(FILE *out, gen_buf *buf)
{
    (void) fwrite(buf->data, 1, buf->len, out);
    gen_buf_close(buf);
}


/* An answer that was not written is none, whatever the status says. */
static int
finish(int status)
{
    if (!ferror(stdout) && fflush(stdout) == 0) {
        return status;
    }

    (void) fprintf(stderr, "caplat-site price: 标准输出: %s\n",
        strerror(errno));

    return REFUSED;
}


static void
add_answer(const run *r, caplat_slice question, gen_buf *out)
{
    static char  answer[CAPLAT_ANSWER_LEN_MAX];

    size_t  len = caplat_price_answer(&r->tariff, question, answer);

    gen_buf_add(out, caplat_slice_of(answer, len));
    gen_buf_byte(out, '\n');
}


static int
answer_questions(run *r, const char *path)
{
    caplat_slice  text;
    caplat_slice  line;
    size_t        at = 0;

    if (!read_file(r, path, QUESTIONS_LEN_MAX, &text)) {
        return REFUSED;
    }

    while (!ferror(stdout) && gen_text_line(text, &at, &line)) {
        gen_buf  out = { 0 };

        add_answer(r, line, &out);
        print(stdout, &out);
    }

    return PRICED;
}


static int
status_of(caplat_code code)
{
    switch (caplat_code_status(code)) {

    case 200:
        return PRICED;

    case 422:
        return REFUSED;

    default:
        return MISUSED;
    }
}


/*
 * To the core any code is a city, most of them just elsewhere. An enterprise
 * from another province is one; a slip of the finger is another, so say it.
 */
static bool
knows_city(const caplat_tariff *tariff, caplat_slice city)
{
    uint64_t  code;

    if (tariff->region_count == 0 || !gen_text_uint(city, UINT32_MAX, &code)) {
        return true;
    }

    for (size_t i = 0; i < tariff->region_count; i++) {
        if (tariff->regions[i].code == code) {
            return true;
        }
    }

    return false;
}


static void
print_cities(const caplat_tariff *tariff, caplat_slice city)
{
    gen_buf  out = { 0 };

    gen_buf_lit(&out, "caplat-site price: --city ");
    gen_buf_add(&out, city);
    gen_buf_lit(&out, "：费率卡里没有这个地区，按其他城市计。有 ");

    for (size_t i = 0; i < tariff->region_count; i++) {
        gen_buf_add(&out, i != 0 ? CAPLAT_LIT("、") : CAPLAT_LIT(""));
        gen_buf_uint(&out, tariff->regions[i].code);
        gen_buf_byte(&out, ' ');
        gen_buf_add(&out, tariff->regions[i].name);
    }

    gen_buf_byte(&out, '\n');
    print(stderr, &out);
}


static int
answer_wish(const run *r, wish *w)
{
    gen_buf       out = { 0 };
    caplat_slice  question;
    caplat_quote  quote;
    caplat_err    err = { CAPLAT_OK, 0, "" };
    bool          is_priced;

    if (!knows_city(&r->tariff, w->city)) {
        print_cities(&r->tariff, w->city);
    }

    if (!w->has_day) {
        add_today(w);
    }

    question = gen_buf_slice(&w->question);
    is_priced = caplat_price_quote(&r->tariff, question, &quote, &err);

    if (w->json) {
        add_answer(r, question, &out);
        print(stdout, &out);

        return status_of(err.code);
    }

    if (is_priced) {
        gen_price_put_quote(&r->tariff, &quote, &out);
        print(stdout, &out);

    } else {
        gen_buf_lit(&out, "caplat-site price: ");
        gen_price_put_refusal(&r->tariff, question, &err, &out);
        print(stderr, &out);
    }

    return status_of(err.code);
}


int
gen_price_main(int argc, char **argv)
{
    static run  r;

    wish  w = { .rates = NULL };
    int   status = REFUSED;

    if (!read_options(argc, argv, &w)) {
        (void) fputs(usage, stderr);
        status = MISUSED;

    } else if (w.help) {
        (void) fputs(usage, stdout);
        status = PRICED;

    } else if (read_rates(&r, w.rates)) {
        status = w.questions != NULL ? answer_questions(&r, w.questions)
                                     : answer_wish(&r, &w);
    }

    status = finish(status);
    gen_buf_close(&w.question);
    gen_arena_close(&r.arena);

    return status;
}
