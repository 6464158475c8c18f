#include "caplat_price.h"

#include "cards.h"
#include "test.h"


/* What every question here ends with unless the case is about it. */
#define TERM  "&months=12&day=2021-06-18"


/*
 * A question that is refused. `|`, which no question has, stands before the
 * byte that `at` should point to and is not asked.
 */
typedef struct {
    const char   *question;
    caplat_code   code;
    const char   *what;
} refusal;


static const refusal  refusals[] = {
    { "|",                                CAPLAT_MISSING_KEY, "city" },
    { "|city",                            CAPLAT_UNKNOWN_KEY, "key" },
    { "|&city=210700",                    CAPLAT_UNKNOWN_KEY, "key" },
    { "city=210700&|",                    CAPLAT_UNKNOWN_KEY, "key" },
    { "city=210700&|&day=2021-06-18",     CAPLAT_UNKNOWN_KEY, "key" },
    { "city=210700&|City=210700",         CAPLAT_UNKNOWN_KEY, "key" },
    { "city=210700&city=|210700",         CAPLAT_TWICE,       "city" },
    { "held=ln-tender&held=|jinzhou&city=210700", CAPLAT_TWICE, "held" },
    { "add=&add=|",                       CAPLAT_TWICE,       "add" },

    { "city=|" TERM,                      CAPLAT_NOT_A_REGION, "city" },
    { "city=|21070" TERM,                 CAPLAT_NOT_A_REGION, "city" },
    { "city=|2107000" TERM,               CAPLAT_NOT_A_REGION, "city" },
    { "city=|010700" TERM,                CAPLAT_NOT_A_REGION, "city" },
    { "add=anshan" TERM "|",              CAPLAT_MISSING_KEY,  "city" },

    { "city=210700&months=1|",            CAPLAT_MISSING_KEY, "day" },
    { "city=210700&months=1&day=|",       CAPLAT_NOT_A_DATE,  "day" },
    { "city=210700&months=1&day=|2021-6-18",  CAPLAT_NOT_A_DATE,  "day" },
    { "city=210700&months=1&day=|2021-02-29", CAPLAT_NOT_A_DATE,  "day" },

    { "city=210700&day=2021-06-18|",          CAPLAT_MISSING_KEY,  "months" },
    { "city=210700&day=2021-06-18&months=|",  CAPLAT_NOT_A_NUMBER, "months" },
    { "city=210700&day=2021-06-18&months=|1.5", CAPLAT_NOT_A_NUMBER,
      "months" },
    { "city=210700&day=2021-06-18&months=|-1", CAPLAT_NOT_A_NUMBER,
      "months" },
    { "city=210700&day=2021-06-18&months=|1201", CAPLAT_TERM_TOO_LONG,
      "months" },
    { "city=210700&day=2021-06-18&months=|99999999999999999999",
      CAPLAT_TERM_TOO_LONG, "months" },
    { "city=210700&day=2021-06-18&months=|0", CAPLAT_CERTIFICATE_EXPIRED,
      "months" },
    { "city=210700&day=2021-06-18&until=|2021-6-18", CAPLAT_NOT_A_DATE,
      "until" },
    { "city=210700&until=|2021-06-18" TERM,   CAPLAT_TWICE,       "until" },

    { "city=210700&base=|" TERM,          CAPLAT_NOT_ONE_OF,  "base" },
    { "city=210700&base=|held" TERM,      CAPLAT_NOT_ONE_OF,  "base" },
    { "city=210700&vendor=|" TERM,        CAPLAT_NOT_A_NAME,  "vendor" },
    { "city=210700&lock=|A" TERM,         CAPLAT_NOT_A_NAME,  "lock" },
    { "city=210700&certificate=|a%20b" TERM, CAPLAT_NOT_A_NAME,
      "certificate" },

    { "city=210700&held=|x" TERM,         CAPLAT_UNKNOWN_PLATFORM, "held" },
    { "city=210700&held=anshan,|" TERM,   CAPLAT_UNKNOWN_PLATFORM, "held" },
    { "city=210700&held=|,anshan" TERM,   CAPLAT_UNKNOWN_PLATFORM, "held" },
    { "city=210700&held=anshan,dalian,|anshan" TERM, CAPLAT_DUPLICATE,
      "held" },
    { "city=210700&add=anshan,|Anshan" TERM, CAPLAT_UNKNOWN_PLATFORM, "add" },

    { "city=210700" TERM "|",             CAPLAT_NOTHING_CHOSEN, "add" },
    { "city=210700&add=|" TERM,           CAPLAT_NOTHING_CHOSEN, "add" },
    { "add=anshan&city=210700&months=1&day=|2020-12-31",
      CAPLAT_CARD_NOT_VALID, "day" },
    { "add=anshan&city=210700&day=2021-06-18&until=|2021-06-17",
      CAPLAT_CERTIFICATE_EXPIRED, "until" },
    { "add=anshan&city=210700&day=2021-06-18&until=|2121-06-18",
      CAPLAT_TERM_TOO_LONG, "until" },
    { "add=anshan&city=210700&vendor=|zhongfu" TERM,
      CAPLAT_VENDOR_NOT_SERVED, "vendor" },
    { "city=210700&add=anshan,dalian,|anshan" TERM, CAPLAT_DUPLICATE,
      "add" },
    { "city=210700&held=anshan&add=dalian,|anshan" TERM,
      CAPLAT_PLATFORM_HELD, "add" },
};


static void
test_refusal(const caplat_tariff *tariff, const refusal *one)
{
    static char  text[CAPLAT_QUESTION_LEN_MAX];

    caplat_slice  marked = test_slice(one->question);
    size_t        len = 0;
    size_t        at = 0;
    caplat_quote  quote;
    caplat_err    err = { CAPLAT_OK, 0, "" };

    for (size_t i = 0; i < marked.len; i++) {
        if (marked.ptr[i] == '|') {
            at = i;

        } else {
            text[len++] = marked.ptr[i];
        }
    }

    test_that(!caplat_price_quote(tariff, caplat_slice_of(text, len), &quote,
                                  &err), one->question);
    test_text(test_slice(caplat_code_name(err.code)),
        test_slice(caplat_code_name(one->code)), one->question);
    test_number(err.at, at, one->question);
    test_text(test_slice(err.what), test_slice(one->what), one->question);
}


typedef struct {
    const char  *card;
    const char  *question;
    const char  *answer;
} pair;


/* Answers byte for byte: what every host sends. */
static const pair  pairs[] = {
    { "ln-2021",
      "city=210100&held=shenyang&add=huachen,jinzhou&months=3&day=2021-06-18",
      "{\"card\":\"ln-2021\",\"total_fen\":1250,\"lines\":["
      "{\"platform\":\"jinzhou\",\"name\":\"锦州市公共资源平台\","
      "\"fee_fen\":1250,\"reason\":\"50 元/年，按剩余 3 个月计\"},"
      "{\"platform\":\"huachen\",\"name\":\"华晨集团电子采购平台\","
      "\"fee_fen\":0,\"reason\":\"不收费\"}]}" },
    { "ln-2021", "day=2021-06-18&add=jinzhou&until=2022-06-17&city=210700",
      "{\"card\":\"ln-2021\",\"total_fen\":25000,\"lines\":["
      "{\"platform\":null,\"name\":\"套餐\",\"fee_fen\":25000,"
      "\"reason\":\"证书有效期内只收一次\"},"
      "{\"platform\":\"jinzhou\",\"name\":\"锦州市公共资源平台\","
      "\"fee_fen\":0,\"reason\":\"套餐内，不另收费\"}]}" },
    { "ln-2021", "city=210700&held=jinzhou&add=anshan" TERM,
      "{\"card\":\"ln-2021\",\"total_fen\":5000,\"lines\":["
      "{\"platform\":\"anshan\",\"name\":\"鞍山市公共资源平台\","
      "\"fee_fen\":5000,\"reason\":\"50 元/年\"}]}" },
    { "ln-2021", "city=210700&held=&add=jinzhou&base=paid&vendor=cfca" TERM,
      "{\"card\":\"ln-2021\",\"total_fen\":0,\"lines\":["
      "{\"platform\":\"jinzhou\",\"name\":\"锦州市公共资源平台\","
      "\"fee_fen\":0,\"reason\":\"套餐内，不另收费\"}]}" },
    { "ln-2021", "city=210700&add=anshan,x" TERM,
      "{\"card\":\"ln-2021\",\"error\":\"unknown-platform\",\"at\":23,"
      "\"what\":\"add\"}" },
    { "kinds", "city=210100&add=a2,a1&lock=personal&base=due&months=18"
      "&day=2021-06-18",
      "{\"card\":\"kinds\",\"total_fen\":2211,\"lines\":["
      "{\"platform\":null,\"name\":\"\\\"Base\\\" \\\\ base\","
      "\"fee_fen\":1000,"
      "\"reason\":\"paid \\\"once\\\" \\\\ a term\"},"
      "{\"platform\":\"a1\",\"name\":\"\\\"A1\\\"\",\"fee_fen\":150,"
      "\"reason\":\"home, personal \\\"lock\\\"×18/12\"},"
      "{\"platform\":\"a2\",\"name\":\"A\\\\2\",\"fee_fen\":1061,"
      "\"reason\":\"other×18/12\"}]}" },
    { "kinds", "city=210100&add=b2" TERM,
      "{\"card\":\"kinds\",\"error\":\"platform-paused\",\"at\":16,"
      "\"what\":\"add\"}" },
    { "kinds", "city=210100&add=b1,b3" TERM,
      "{\"card\":\"kinds\",\"error\":\"platform-closed\",\"at\":19,"
      "\"what\":\"add\"}" },
    { "whole-months", "city=110000&add=p1,p2&months=12&day=2021-06-18",
      "{\"card\":\"whole-months\",\"error\":\"total-too-large\","
      "\"at\":16,\"what\":\"add\"}" },
    { "by-quarter", "city=110000&add=p1,p4&months=3&day=2021-06-18",
      "{\"card\":\"by-quarter\",\"total_fen\":249,\"lines\":["
      "{\"platform\":\"p1\",\"name\":\"One\",\"fee_fen\":249,"
      "\"reason\":\"by the year(1 quarters)\"},"
      "{\"platform\":\"p4\",\"name\":\"Four\",\"fee_fen\":0,"
      "\"reason\":\"free\"}]}" },
    { "whole-months", "city=110000&add=p2&until=2021-07-16&day=2021-06-18",
      "{\"card\":\"whole-months\",\"total_fen\":0,\"lines\":["
      "{\"platform\":\"p2\",\"name\":\"Two\",\"fee_fen\":0,"
      "\"reason\":\"a fen a year, whole months only: 0\"}]}" },
    { "not-prorated", "city=110000&add=p1&day=2021-12-31",
      "{\"card\":\"not-prorated\",\"total_fen\":1200,\"lines\":["
      "{\"platform\":null,\"name\":\"free base\",\"fee_fen\":0,"
      "\"reason\":\"nothing, once\"},"
      "{\"platform\":\"p1\",\"name\":\"One\",\"fee_fen\":1200,"
      "\"reason\":\"per year, not prorated\"}]}" },
};


static void
test_answers(void)
{
    static card  read;
    static char  answer[CAPLAT_ANSWER_LEN_MAX];

    for (size_t i = 0; i < CAPLAT_COUNT(pairs); i++) {
        size_t  len;

        if (!card_read(pairs[i].card, &read)) {
            continue;
        }

        len = caplat_price_answer(&read.tariff,
            test_slice(pairs[i].question), answer);
        test_text(caplat_slice_of(answer, len), test_slice(pairs[i].answer),
            pairs[i].question);
    }
}


/* The order of the keys is no part of the question. */
static void
test_values(const caplat_tariff *tariff)
{
    caplat_slice     text = CAPLAT_LIT("certificate=c&lock=l&vendor=v&"
        "base=due&day=2021-06-18&until=2022-01-01&add=dalian,anshan&"
        "held=shenyang,jinzhou&city=210700");
    caplat_question  question;
    caplat_err       err;

    if (!test_that(caplat_question_parse(tariff, text, &question, &err),
                   "every key"))
    {
        return;
    }

    test_text(question.certificate.certificate, CAPLAT_LIT("c"), "kind");
    test_text(question.certificate.lock, CAPLAT_LIT("l"), "lock");
    test_text(question.certificate.vendor, CAPLAT_LIT("v"), "vendor");
    test_number(question.certificate.base, CAPLAT_BASE_DUE, "base");
    test_number(question.certificate.region, 210700, "city");
    test_number(question.certificate.until.year, 2022, "until");
    test_number(question.certificate.months, 0, "months");
    test_number(question.day.day, 18, "day");
    test_number(question.certificate.held_count, 2, "held");
    test_number(question.certificate.held[1],
        caplat_tariff_platform(tariff, CAPLAT_LIT("jinzhou")), "held");
    test_number(question.choice_count, 2, "chosen");
    test_number(question.choice[0],
        caplat_tariff_platform(tariff, CAPLAT_LIT("dalian")), "chosen");
}


/* A list as long as may be, and one longer; a question that is too long. */
static void
test_limits(const caplat_tariff *tariff)
{
    static char  text[CAPLAT_QUESTION_LEN_MAX + 1];

    caplat_question  question;
    caplat_err       err = { CAPLAT_OK, 0, "" };
    caplat_slice     head = CAPLAT_LIT("city=210700&months=1&"
                                       "day=2021-06-18&add=x");
    size_t           len = head.len;

    memcpy(text, head.ptr, head.len);

    for (size_t i = 1; i < CAPLAT_CHOICE_MAX; i++) {
        text[len++] = ',';
    }

    test_that(!caplat_question_parse(tariff, caplat_slice_of(text, len),
                                     &question, &err), "as many as may be");
    test_number(err.code, CAPLAT_UNKNOWN_PLATFORM, "as many as may be");

    text[len++] = ',';
    test_that(!caplat_question_parse(tariff, caplat_slice_of(text, len),
                                     &question, &err), "one more");
    test_number(err.code, CAPLAT_TOO_MANY, "one more");
    test_number(err.at, head.len - 1, "one more");

    memset(text, 'a', sizeof(text));
    test_that(!caplat_question_parse(tariff, caplat_slice_of(text,
                                         sizeof(text) - 1), &question, &err),
        "as long as may be");
    test_number(err.code, CAPLAT_UNKNOWN_KEY, "as long as may be");
    test_that(!caplat_question_parse(tariff, caplat_slice_of(text,
                                         sizeof(text)), &question, &err),
        "a byte too long");
    test_number(err.code, CAPLAT_TOO_LARGE, "a byte too long");
    test_number(err.at, CAPLAT_QUESTION_LEN_MAX, "a byte too long");
}


int
main(void)
{
    static card  read;

    if (card_read("ln-2021", &read)) {
        for (size_t i = 0; i < CAPLAT_COUNT(refusals); i++) {
            test_refusal(&read.tariff, &refusals[i]);
        }

        test_values(&read.tariff);
        test_limits(&read.tariff);
    }

    test_answers();

    return test_done();
}
