#include "caplat_answer.h"
#include "caplat_form.h"

#include "answers.h"


#define QUESTION  "city=210100&held=" HELD "&add=jinzhou,chaoyang,huachen"


static answers  a;


static caplat_date
day_of(const char *text)
{
    caplat_date  day = { 0, 0, 0 };

    (void) caplat_date_parse(test_slice(text), &day);

    return day;
}


static void
test_days(void)
{
    static const struct {
        int64_t      now;
        const char  *day;
    } cases[] = {
        { 0,                      "1970-01-01" },
        { 57599,                  "1970-01-01" },
        { 57600,                  "1970-01-02" },
        { -28801,                 "1969-12-31" },
        { -28800,                 "1970-01-01" },
        { NOW,                    "2027-01-15" },
        { NOW + 28799,            "2027-01-15" },
        { NOW + 28800,            "2027-01-16" },
        { INT64_C(253402271999),  "9999-12-31" },
        { INT64_C(253402272000),  "9999-12-31" },
        { (INT64_C(1) << 53) - 1, "9999-12-31" },
        { INT64_MAX,              "9999-12-31" },
        { INT64_MIN,              "0001-01-01" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_date  day = caplat_day_in_beijing(cases[i].now);

        test_number(caplat_date_cmp(day, day_of(cases[i].day)), 0,
            cases[i].day);
    }
}


static void
test_cert(void)
{
    caplat_cert         *cert = &a.claims.certs[0];
    char                 lock[32];
    caplat_certificate   certificate;

    answers_holder(&a);
    cert->held = CAPLAT_LIT("anshan,long-gone,dalian,another");
    cert->held_count = 4;
    cert->expires = NOW + 28800;
    cert->vendor = CAPLAT_LIT("acme");
    caplat_cert_price(cert, &a.claims, &a.rates.tariff, lock, &certificate);

    test_number(certificate.region, 210100, "where it is registered");
    test_number(certificate.held_count, 2, "those that the card knows");
    test_number(caplat_date_cmp(certificate.until, day_of("2027-01-15")), 0,
        "the day of the last second");
    test_number(certificate.base, CAPLAT_BASE_PAID, "base");
    test_text(certificate.lock, CAPLAT_LIT("project-leader"), "lock");
    test_text(certificate.vendor, CAPLAT_LIT("acme"), "vendor");

    cert->held = CAPLAT_LIT("long-gone");
    cert->held_count = 1;
    caplat_cert_price(cert, &a.claims, &a.rates.tariff, lock, &certificate);
    test_number(certificate.held_count, 0, "none that the card knows");
    test_number(certificate.base, CAPLAT_BASE_PAID, "paid all the same");

    cert->held = CAPLAT_LIT("");
    cert->held_count = 0;
    caplat_cert_price(cert, &a.claims, &a.rates.tariff, lock, &certificate);
    test_number(certificate.base, CAPLAT_BASE_DUE, "the first platform");
}


static bool
price(const char *query)
{
    answers_clear(&a);

    return caplat_answer_price(&a.rates, test_slice(query),
        day_of("2027-01-15"), &a.out, &a.total_fen, &a.day_matters, &a.faults,
        &a.denial);
}


/* The core's bytes, whether the day is said or today's. */
static void
test_price(void)
{
    static const char *const  questions[] = {
        QUESTION "&months=3", QUESTION "&until=2027-04-05",
        "months=1&add=anshan&city=210700", "city=210200&add=huachen&months=9",
        "city=210200&add=anshan,shenyang,dalian&months=9"
    };

    static char  asked[512];
    static char  answer[CAPLAT_ANSWER_LEN_MAX];

    for (size_t i = 0; i < CAPLAT_COUNT(questions); i++) {
        int     len = snprintf(asked, sizeof(asked), "%s&day=2027-01-15",
                               questions[i]);
        size_t  answer_len = caplat_price_answer(&a.rates.tariff,
                                 caplat_slice_of(asked, (size_t) len), answer);

        test_that(price(questions[i]), questions[i]);
        test_text(caplat_written(&a.out), caplat_slice_of(answer, answer_len),
            questions[i]);
        test_that(price(asked), asked);
        test_text(caplat_written(&a.out), caplat_slice_of(answer, answer_len),
            asked);
        test_that(a.total_fen >= 0, asked);
    }

    test_that(price(QUESTION "&months=3"), "the fixtures'");
    test_number(a.total_fen, 2500, "the fixtures'");

    test_that(price("city=210100&held=ln-tender%2Cdalian&months=3"
                    "&add=jinzhou%2cchaoyang,huachen"),
        "as form encoders write it");
    test_number(a.total_fen, 2500, "commas of each kind");
}


static void
test_day_matters(void)
{
    static const struct {
        const char  *card;
        const char  *query;
        bool         matters;
    } cases[] = {
        { "ln-2021", "city=210100&add=anshan&months=3", false },
        { "ln-2021", "city=210100&add=anshan&until=2027-04-05", true },
        { "ln-2021", "city=210100&add=anshan&until=2027-04-05&day=2027-01-15",
          false },
        { "ln-2021", "day=2027-01-15&city=210100&add=anshan&months=3",
          false },
        { "kinds", "city=210100&add=a1&months=3", true },
        { "kinds", "city=210100&add=a1&months=3&day=2021-06-18", false },
        { "by-day", "city=210100&add=n1&months=3", true },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        if (answers_card(&a, cases[i].card)
            && test_that(price(cases[i].query), cases[i].query))
        {
            test_that(a.day_matters == cases[i].matters, cases[i].query);
        }
    }

    (void) answers_card(&a, "ln-2021");
}


typedef struct {
    const char  *input;
    const char  *problem;
    const char  *faults;
} refusal;


static void
test_price_refused(void)
{
    static const refusal  cases[] = {
        { "", "request-malformed", "city missing-key" },
        { "city=210100", "request-malformed", "months missing-key" },
        { "&city=210100", "request-malformed", "key unknown-key" },
        { "city=210100&", "request-malformed", "key unknown-key" },
        { "city=210100&mouths=3", "request-malformed", "mouths unknown-key" },
        { "a\xff=3", "request-malformed", "a unknown-key" },
        { "\"<&b", "request-malformed", "\"< unknown-key" },
        { "city=210100&city=210100", "request-malformed",
          "city given-twice" },
        { "city=210100&day=2027-01-15&day=2027-01-15", "request-malformed",
          "day given-twice" },
        { "city=210100&day=", "request-malformed", "day not-a-date" },
        { "city=21010&months=3", "request-malformed", "city not-a-region" },
        { "city=210100&months=x", "request-malformed",
          "months not-a-number" },
        { "city=210100&months=%33", "request-malformed",
          "months not-a-number" },
        { "city=210100&months=3&lock=a%2Db", "request-malformed",
          "lock not-a-name" },
        { "city=210100&months=3", "validation-failed",
          "add nothing-chosen" },
        { "city=210100&months=3&add=x", "validation-failed",
          "add unknown-platform" },
        { "city=210100&months=3&add=anshan%2Ddalian", "validation-failed",
          "add unknown-platform" },
        { "city=210100&months=3&add=anshan%2", "validation-failed",
          "add unknown-platform" },
        { "city=210100&months=3&add=anshan%2c", "validation-failed",
          "add unknown-platform" },
        { "city=210100&months=3&add=%2canshan,anshan%2C%2c%",
          "validation-failed", "add unknown-platform" },
        { "city=210100&months=3&add=anshan,anshan", "validation-failed",
          "add platform-duplicate" },
        { "city=210100&months=1201&add=anshan", "validation-failed",
          "months certificate-term-too-long" },
        { "city=210100&months=3&add=anshan&day=2020-12-31",
          "validation-failed", "day card-not-valid" },
        { "city=210100&months=0&add=anshan", "certificate-expired",
          "months certificate-expired" },
        { "city=210100&until=2027-01-14&add=anshan", "certificate-expired",
          "until certificate-expired" },
        { "city=210100&months=3&vendor=zhongfu&add=anshan",
          "certificate-unsupported-hardware",
          "vendor certificate-unsupported-hardware" },
        { "city=210100&months=3&held=anshan&add=dalian,anshan",
          "platform-already-held", "add platform-already-held" },
    };

    static char  longest[CAPLAT_QUESTION_LEN_MAX + 2];

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        answers_refused(&a, price(cases[i].input), cases[i].problem,
            cases[i].faults, cases[i].input);
        test_that(a.faults.in_query, cases[i].input);
    }

    memset(longest, 'a', sizeof(longest) - 1);
    answers_refused(&a, price(longest), "request-malformed",
        "question too-large", "one byte too long");
    longest[CAPLAT_QUESTION_LEN_MAX] = '\0';
    answers_refused(&a, price(longest), "request-malformed",
        "question too-large", "no room for the day");
}


static bool
list(const char *body)
{
    answers_clear(&a);

    return caplat_answer_list(&a.rates, test_slice(body),
        day_of("2027-01-15"), &a.out, &a.faults, &a.denial);
}


static void
test_list(void)
{
    static const refusal  cases[] = {
        { "", "request-malformed", "# not_json" },
        { "[]", "request-malformed", "# not_json" },
        { "{\"platforms\":[]}", "validation-failed",
          "#/platforms nothing-chosen" },
        { "{\"platforms\":\"anshan\"}", "validation-failed",
          "#/platforms not_a_list" },
        { "{\"platforms\":[\"anshan\",\"anshan\",\"x\",1]}",
          "validation-failed", "#/platforms/1 platform-duplicate; "
          "#/platforms/2 unknown-platform; #/platforms/3 unknown-platform" },
        { "{\"certificate\":1,\"platform\":[]}", "validation-failed",
          "#/platform unknown-key; #/certificate not_a_serial" },
    };

    json_t  *json;

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        answers_refused(&a, list(cases[i].input), cases[i].problem,
            cases[i].faults, cases[i].input);
    }

    test_that(list("{\"certificate\":\"X\",\"platforms\":[\"shenfu\","
                   "\"jinzhou\"]}"), "two");
    test_text(caplat_slice_of(a.out.ptr + 76, a.out.len - 76), CAPLAT_LIT(
        "\"card\":\"ln-2021\",\"base\":{\"name\":\"套餐\","
        "\"price_fen\":25000},\"platforms\":["
        "{\"platform\":\"shenfu\",\"name\":\"沈抚示范区建设项目管理平台\","
        "\"class\":\"zone\",\"region\":null,\"status\":\"open\","
        "\"registered\":null,\"other\":{\"price_fen\":5000,\"per\":\"year\","
        "\"reason\":\"50 元/年\"}},"
        "{\"platform\":\"jinzhou\",\"name\":\"锦州市公共资源平台\","
        "\"class\":\"city\",\"region\":\"210700\",\"status\":\"open\","
        "\"registered\":{\"price_fen\":0,\"per\":\"base\","
        "\"reason\":\"套餐内，不另收费\"},\"other\":{\"price_fen\":5000,"
        "\"per\":\"year\",\"reason\":\"50 元/年\"}}]}"), "two");

    test_that(list("{}"), "all of them");
    json = answers_json(&a, "rates card base platforms", "all of them");
    test_number(json_array_size(json_object_get(json, "platforms")), 11,
        "all of them");
    json_decref(json);

    test_that(answers_card(&a, "kinds") && list("{}"), "names with quotes");
    json_decref(answers_json(&a, "rates card base platforms", "their bytes"));

    if (answers_card(&a, "not-prorated")) {
        answers_refused(&a, list("{}"), "validation-failed",
            "# card-not-valid", "a card that has ended");
    }

    (void) answers_card(&a, "ln-2021");
}


static bool
session(void)
{
    answers_clear(&a);

    return caplat_answer_session(&a.rates, &a.claims, a.claims.scopes,
        1u << CAPLAT_ALIPAY, NOW,
        &a.out, &a.denial);
}


static void
test_session(void)
{
    json_t  *json;
    json_t  *cert;

    answers_holder(&a);
    test_that(session(), "the fixtures'");
    test_text(caplat_written(&a.out), CAPLAT_LIT(
        "{\"role\":\"individual\",\"name\":null,\"client\":\"wizard\","
        "\"expires\":1800000870,\"scopes\":[\"ca:quote\",\"ca:order\","
        "\"ca:read\"],\"channels\":[\"alipay\"],"
        "\"enterprise\":{\"id\":\"91350100M000100Y43\","
        "\"name\":\"辽宁某某建设工程有限公司\",\"city\":\"210100\"},"
        "\"certificates\":[{\"certificate\":\"" SERIAL "\",\"ca\":\"CFCA\","
        "\"vendor\":null,\"lock\":\"project_leader\",\"holder\":\"刘某\","
        "\"expires\":1806912000,\"days_left\":81,\"held\":["
        "{\"platform\":\"ln-construction\","
        "\"name\":\"辽宁建设工程信息网\"},"
        "{\"platform\":\"ln-tender\",\"name\":\"辽宁省招标投标监管网\"},"
        "{\"platform\":\"ln-procurement\","
        "\"name\":\"辽宁省政府采购平台\"},"
        "{\"platform\":\"shenyang\",\"name\":\"沈阳市公共资源平台\"},"
        "{\"platform\":\"dalian\",\"name\":\"大连市公共资源平台\"},"
        "{\"platform\":\"anshan\",\"name\":\"鞍山市公共资源平台\"}],"
        "\"can_add\":true,\"reason\":null,\"note\":null,"
        "\"available\":5}]}"), "the fixtures'");

    a.claims.role = CAPLAT_MANAGER;
    a.claims.name = CAPLAT_LIT("王\"某");
    a.claims.scopes = CAPLAT_SCOPE_ADMIN;
    a.claims.certs[0].holder = CAPLAT_LIT("");
    a.claims.certs[0].held = CAPLAT_LIT("long-gone");
    a.claims.certs[0].held_count = 1;
    test_that(session(), "a manager");
    json = answers_json(&a, "role name client expires scopes channels "
        "enterprise certificates", "a manager");
    test_text(test_slice(json_string_value(json_object_get(json, "name"))),
        a.claims.name, "name");
    test_number(json_array_size(json_object_get(json, "scopes")), 1, "scope");
    cert = json_array_get(json_object_get(json, "certificates"), 0);
    test_that(json_is_null(json_object_get(cert, "holder")), "no holder");
    test_that(json_is_null(json_object_get(json_array_get(json_object_get(cert,
        "held"), 0), "name")), "no name");
    json_decref(json);
}


/* A partner's key may allow less than the token. */
static void
test_session_scopes(void)
{
    static const struct {
        unsigned     scopes;
        const char  *head;
    } cases[] = {
        { CAPLAT_SCOPE_READ, "{\"role\":\"individual\",\"name\":null,"
          "\"client\":\"wizard\",\"expires\":1800000870,"
          "\"scopes\":[\"ca:read\"],\"channels\":[],\"enterprise\":" },
        { 0, "{\"role\":\"individual\",\"name\":null,"
          "\"client\":\"wizard\",\"expires\":1800000870,"
          "\"scopes\":[],\"channels\":[],\"enterprise\":" },
    };

    answers_holder(&a);

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_slice  head = test_slice(cases[i].head);

        answers_clear(&a);
        test_that(caplat_answer_session(&a.rates, &a.claims, cases[i].scopes, 0,
                                        NOW, &a.out, &a.denial), head.ptr);
        test_text(caplat_slice_of(a.out.ptr, head.len), head, head.ptr);
    }
}


/* What a certificate can do, and why not. */
static void
test_states(void)
{
    static const struct {
        const char  *vendor;
        const char  *held;
        size_t       held_count;
        int64_t      left;
        const char  *tail;
    } cases[] = {
        { "", "", 0, 0, "\"days_left\":0,\"held\":[],\"can_add\":false,"
          "\"reason\":\"certificate-expired\",\"note\":null,"
          "\"available\":11}]}" },
        { "", "", 0, 1, "\"days_left\":1,\"held\":[],\"can_add\":true,"
          "\"reason\":null,\"note\":\"certificate-expires-soon\","
          "\"available\":11}]}" },
        { "", "", 0, 28800 + 29 * 86400, "\"days_left\":30,\"held\":[],"
          "\"can_add\":true,\"reason\":null,"
          "\"note\":\"certificate-expires-soon\",\"available\":11}]}" },
        { "", "", 0, 28801 + 29 * 86400, "\"days_left\":31,\"held\":[],"
          "\"can_add\":true,\"reason\":null,\"note\":null,"
          "\"available\":11}]}" },
        { "zhongfu", "", 0, DAYS_80, "\"days_left\":81,\"held\":[],"
          "\"can_add\":false,"
          "\"reason\":\"certificate-unsupported-hardware\","
          "\"note\":null,\"available\":11}]}" },
        { "zhongfu", "", 0, -1, "\"days_left\":0,\"held\":[],"
          "\"can_add\":false,"
          "\"reason\":\"certificate-unsupported-hardware\","
          "\"note\":null,\"available\":11}]}" },
        { "", HELD ",ln-resource,jinzhou,chaoyang,huachen,shenfu", 11,
          DAYS_80, "\"can_add\":false,\"reason\":\"all-held\","
          "\"note\":null,\"available\":0}]}" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        caplat_cert   *cert = &a.claims.certs[0];
        caplat_slice   tail = test_slice(cases[i].tail);

        answers_holder(&a);
        cert->vendor = test_slice(cases[i].vendor);
        cert->held = test_slice(cases[i].held);
        cert->held_count = cases[i].held_count;
        cert->expires = NOW + cases[i].left;
        test_that(session(), cases[i].tail);
        json_decref(answers_json(&a, "role name client expires scopes "
            "channels enterprise certificates", cases[i].tail));
        test_text(caplat_slice_of(a.out.ptr + a.out.len - tail.len, tail.len),
            tail, cases[i].tail);
    }
}


/* An answer that does not fit is our own fault, and said so. */
static void
test_room(void)
{
    answers_holder(&a);
    answers_clear(&a);
    a.out.room = 100;
    test_that(!caplat_answer_session(&a.rates, &a.claims, a.claims.scopes, 0,
                                     NOW, &a.out, &a.denial), "session");
    test_number(a.denial.problem, CAPLAT_PROBLEM_INTERNAL_ERROR, "session");

    answers_clear(&a);
    a.out.room = 100;
    test_that(!caplat_answer_list(&a.rates, CAPLAT_LIT("{}"),
                                  day_of("2027-01-15"), &a.out, &a.faults,
                                  &a.denial), "list");
    test_number(a.denial.problem, CAPLAT_PROBLEM_INTERNAL_ERROR, "list");
}


int
main(void)
{
    if (!caplat_trust_open() || !answers_card(&a, "ln-2021")) {
        test_that(false, "no card");

        return test_done();
    }

    test_days();
    test_cert();
    test_price();
    test_day_matters();
    test_price_refused();
    test_list();
    test_session();
    test_session_scopes();
    test_states();
    test_room();

    return test_done();
}
