#include "caplat_httpsig.h"

#include "test.h"


#define HEADERS_MAX    16
#define FIELD_LEN_MAX  4096             /* bytes of one that is made here */

/* Parts of a good Signature-Input. */
#define COVERED  "(\"@method\" \"@target-uri\" \"content-type\""              \
                 " \"content-digest\" \"authorization\" \"idempotency-key\")"
#define CREATED  ";created=1800000000"
#define NONCE    ";nonce=\"0123456789abcdef\""
#define KEYID    ";keyid=\"k1\""
#define TAG      ";tag=\"ca-order-v1\""
#define REST     NONCE KEYID TAG
#define PARAMS   CREATED REST
#define ITEMS_8  " \"a%\" \"b%\" \"c%\" \"d%\" \"e%\" \"f%\" \"g%\" \"h%\""
#define ITEMS_24 ITEMS_8 " \"a\" \"b\" \"c\" \"d\" \"e\" \"f\" \"g\" \"h\""   \
                 " \"a&\" \"b&\" \"c&\" \"d&\" \"e&\" \"f&\" \"g&\" \"h&\""
#define NAMES_32 "\"@method\" \"@target-uri\" \"content-type\""               \
                 " \"content-digest\" \"authorization\" \"idempotency-key\""  \
                 " \"x\" \"y\"" ITEMS_24

#define X16   "xxxxxxxxxxxxxxxx"
#define X64   X16 X16 X16 X16
#define A16   "AAAAAAAAAAAAAAAA"
#define A64   A16 A16 A16 A16


static caplat_header   headers[HEADERS_MAX];
static caplat_message  message;
static caplat_httpsig  sig;
static caplat_denial   denial;


static void
add(const char *name, const char *value)
{
    caplat_assert(message.header_count < HEADERS_MAX);
    headers[message.header_count++] = (caplat_header) {
        test_slice(name), test_slice(value)
    };
}


static void
begin(const char *method, const char *target, bool has_content)
{
    message = (caplat_message) {
        .method = test_slice(method),
        .origin = CAPLAT_LIT("https://ca.example.cn"),
        .target = test_slice(target),
        .headers = headers,
        .has_content = has_content,
    };
}


/* An order, without the fields of a signature. */
static void
begin_order(void)
{
    begin("POST", "/v1/orders?a=%e8", true);
    add("Content-Type", "application/json");
    add("Content-Digest", "sha-256=:AAAA:");
    add("Authorization", "Bearer x");
    add("Idempotency-Key", "\"12345678\"");
}


static bool
read(void)
{
    denial = (caplat_denial) { CAPLAT_NO_PROBLEM, "" };
    sig = (caplat_httpsig) { .created = 7 };

    return caplat_httpsig_read(&message, CAPLAT_LIT("ca-order-v1"), &sig,
                               &denial);
}


static void
refused(caplat_problem problem, const char *reason, const char *words)
{
    test_that(!read(), words);
    test_number(denial.problem, problem, words);
    test_text(test_slice(denial.reason), test_slice(reason), words);
    test_number(sig.created, 7, words);
}


static void
test_good(void)
{
    static const struct {
        const char  *words;
        const char  *input;
        const char  *signature;
        size_t       len;
    } cases[] = {
        { "as it should be",   "s=" COVERED PARAMS, "s=:AAAA:", 3 },
        { "no bytes",          "s=" COVERED PARAMS, "s=::", 0 },
        { "64 of them",        "s=" COVERED PARAMS,
          "s=:" A64 A16 "AAAAAA==:", 64 },
        { "65 of them",        "s=" COVERED PARAMS,
          "s=:" A64 A16 "AAAAAAA=:", 65 },
        { "a lot of them",     "s=" COVERED PARAMS,
          "s=:" A64 A64 A64 A64 ":", 65 },
        { "any order",         "s=" COVERED TAG KEYID NONCE CREATED,
          "s=:AAAA:", 3 },
        { "expires at once",   "s=" COVERED PARAMS ";expires=1800000000",
          "s=:AAAA:", 3 },
        { "expires at last",   "s=" COVERED PARAMS ";expires=1800000600",
          "s=:AAAA:", 3 },
        { "an algorithm",      "s=" COVERED PARAMS ";alg=\"ed25519\"",
          "s=:AAAA:", 3 },
        { "the first second",  "s=" COVERED ";created=1" REST,
          "s=:AAAA:", 3 },
        { "somebody else's",   "p=(\"x\";sf);keyid=\"a\\\\b\";tag=\"x\";q,"
          " s=" COVERED PARAMS, "p=:AAAA:, s=:AAAA:", 3 },
        { "without a tag",     "p=(), q, s=" COVERED PARAMS,
          "s=:AAAA:, r=x", 3 },
        { "a token as tag",    "p=();tag=ca-order-v1, s=" COVERED PARAMS,
          "s=:AAAA:", 3 },
        { "a longer tag",      "p=();tag=\"ca-order-v11\", s=" COVERED PARAMS,
          "s=:AAAA:", 3 },
        { "the longest nonce", "s=" COVERED CREATED ";nonce=\"" X64 X64 "\""
          KEYID TAG, "s=:AAAA:", 3 },
        { "all its characters", "s=" COVERED CREATED
          ";nonce=\"AZaz09+/=_-xxxxx\"" KEYID TAG, "s=:AAAA:", 3 },
        { "the longest key",   "s=" COVERED CREATED NONCE ";keyid=\"" X64 "\""
          TAG, "s=:AAAA:", 3 },
        { "32 components",     "s=(" NAMES_32 ")" PARAMS, "s=:AAAA:", 3 },
        { "a component that is not there",
          "s=(\"@method\" \"@target-uri\" \"content-type\""
          " \"content-digest\" \"authorization\" \"idempotency-key\""
          " \"x_~!\")" PARAMS, "s=:AAAA:", 3 },
        { "all that is derived", "s=(\"@request-target\" \"@query\" \"@path\""
          " \"@scheme\" \"@authority\" \"content-type\" \"content-digest\""
          " \"authorization\" \"idempotency-key\" \"@method\")" PARAMS,
          "s=:AAAA:", 3 },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        begin_order();
        add("Signature-Input", cases[i].input);
        add("Signature", cases[i].signature);

        test_that(read(), cases[i].words);
        test_text(test_slice(denial.reason), CAPLAT_LIT(""), cases[i].words);
        test_number(sig.signature_len, cases[i].len, cases[i].words);
    }
}


static void
test_values(void)
{
    begin_order();
    add("signature-input", "p=();created=1;tag=\"x\"");
    add("SIGNATURE-INPUT", "s=" COVERED ";created=1800000000;nonce=\""
        X16 "\";keyid=\"k\";alg=\"a\";expires=1800000001" TAG);
    add("signature", "s=:AQID:");
    add("Signature", "p=::");

    test_that(read(), "fields of two lines");
    test_number(sig.component_count, 6, "components");
    test_text(sig.components[5], CAPLAT_LIT("idempotency-key"), "the last");
    test_number(sig.param_count, 6, "parameters");
    test_number(sig.created, 1800000000, "created");
    test_number(sig.expires, 1800000001, "expires");
    test_text(sig.nonce, CAPLAT_LIT(X16), "nonce");
    test_text(sig.keyid, CAPLAT_LIT("k"), "keyid");
    test_text(sig.alg, CAPLAT_LIT("a"), "alg");
    test_number(sig.signature_len, 3, "bytes");
    test_that(sig.signature[0] == 1 && sig.signature[2] == 3, "1 2 3");

    begin_order();
    add("Signature-Input", "s=" COVERED PARAMS);
    add("Signature", "s=::");
    test_that(read(), "nothing optional");
    test_number(sig.expires, 0, "no expires");
    test_number(sig.alg.len, 0, "no alg");
}


static void
test_missing(void)
{
    begin_order();
    refused(CAPLAT_PROBLEM_SIGNATURE_MISSING, "signature-fields", "none");

    begin_order();
    add("Signature-Input", "s=" COVERED CREATED NONCE KEYID ";tag=\"other\"");
    add("Signature", "s=:AAAA:");
    refused(CAPLAT_PROBLEM_SIGNATURE_MISSING, "signature-tag", "another tag");

    begin_order();
    add("Signature-Input", "s=" COVERED PARAMS);
    refused(CAPLAT_PROBLEM_SIGNATURE_MALFORMED, "signature-one-field",
        "no bytes");

    begin_order();
    add("Signature", "s=:AAAA:");
    refused(CAPLAT_PROBLEM_SIGNATURE_MALFORMED, "signature-one-field",
        "nothing but bytes");
}


static void
test_malformed(void)
{
    static const struct {
        const char  *reason;
        const char  *words;
        const char  *input;
        const char  *signature;
    } cases[] = {
        { "signature-input", "cut off", "s=(\"@method", "s=::" },
        { "signature-input", "empty", "", "s=::" },
        { "signature-input", "a label twice",
          "s=" COVERED PARAMS ", s=()", "s=::" },
        { "signature-input", "a parameter twice",
          "s=" COVERED ";created=1" PARAMS, "s=::" },
        { "signature-input", "a folded line",
          "s=" COVERED CREATED ";\r\n " "nonce=\"" X16 "\"" KEYID TAG,
          "s=::" },
        { "signature-field", "cut off", "s=" COVERED PARAMS, "s=:AAAA" },
        { "signature-field", "base64url", "s=" COVERED PARAMS, "s=:_-_-:" },
        { "signature-field", "a label twice", "s=" COVERED PARAMS,
          "s=::, s=::" },
        { "signature-tag-twice", "our tag twice",
          "s=" COVERED PARAMS ", t=" COVERED PARAMS, "s=::, t=::" },
        { "signature-tag-twice", "on no list",
          "s=" COVERED PARAMS ", t" TAG, "s=::, t=::" },
        { "signature-list", "no list", "s=1" PARAMS, "s=::" },
        { "signature-label", "another label", "s=" COVERED PARAMS, "t=::" },
        { "signature-bytes", "a string", "s=" COVERED PARAMS, "s=\"\"" },
        { "signature-bytes", "a boolean", "s=" COVERED PARAMS, "s" },
        { "signature-bytes", "a list", "s=" COVERED PARAMS, "s=(::)" },
        { "signature-bytes", "a parameter", "s=" COVERED PARAMS, "s=::;a" },

        { "signature-component", "sf", "s=(\"content-digest\";sf)" PARAMS,
          "s=::" },
        { "signature-component", "key", "s=(\"x\";key=\"y\")" PARAMS,
          "s=::" },
        { "signature-component", "bs", "s=(\"x\";bs)" PARAMS, "s=::" },
        { "signature-component", "tr", "s=(\"x\";tr)" PARAMS, "s=::" },
        { "signature-component", "req", "s=(\"@method\";req)" PARAMS,
          "s=::" },
        { "signature-component", "its name",
          "s=(\"@query-param\";name=\"a\")" PARAMS, "s=::" },
        { "signature-component", "unknown", "s=(\"@query-param\")" PARAMS,
          "s=::" },
        { "signature-component", "of an answer", "s=(\"@status\")" PARAMS,
          "s=::" },
        { "signature-component", "itself", "s=(\"@signature-params\")" PARAMS,
          "s=::" },
        { "signature-component", "capital", "s=(\"Content-Type\")" PARAMS,
          "s=::" },
        { "signature-component", "derived too", "s=(\"@Method\")" PARAMS,
          "s=::" },
        { "signature-component", "a blank", "s=(\"x y\")" PARAMS, "s=::" },
        { "signature-component", "a colon", "s=(\"x:y\")" PARAMS, "s=::" },
        { "signature-component", "an escape", "s=(\"x\\\"y\")" PARAMS,
          "s=::" },
        { "signature-component", "nothing", "s=(\"\")" PARAMS, "s=::" },
        { "signature-component", "a token", "s=(date)" PARAMS, "s=::" },
        { "signature-component", "bytes", "s=(:AAAA:)" PARAMS, "s=::" },
        { "signature-component", "twice", "s=(\"x\" \"y\" \"x\")" PARAMS,
          "s=::" },
        { "signature-component", "33 of them", "s=(" NAMES_32 " \"z\")" PARAMS,
          "s=::" },

        { "signature-parameter", "an unknown one", "s=" COVERED PARAMS ";x",
          "s=::" },
        { "signature-parameter", "a decimal",
          "s=" COVERED ";created=1800000000.0" REST, "s=::" },
        { "signature-parameter", "a string",
          "s=" COVERED ";created=\"1800000000\"" REST, "s=::" },
        { "signature-parameter", "a date",
          "s=" COVERED ";created=@1800000000" REST, "s=::" },
        { "signature-parameter", "a boolean", "s=" COVERED ";created" REST,
          "s=::" },
        { "signature-parameter", "zero", "s=" COVERED ";created=0" REST,
          "s=::" },
        { "signature-parameter", "before it", "s=" COVERED ";created=-1" REST,
          "s=::" },
        { "signature-parameter", "expires at zero",
          "s=" COVERED PARAMS ";expires=0", "s=::" },
        { "signature-parameter", "at a string",
          "s=" COVERED PARAMS ";expires=\"1800000001\"", "s=::" },
        { "signature-expires", "before it was made",
          "s=" COVERED PARAMS ";expires=1799999999", "s=::" },
        { "signature-expires", "and said first",
          "s=" COVERED ";expires=1799999999" PARAMS, "s=::" },
        { "signature-expires", "a second too late",
          "s=" COVERED PARAMS ";expires=1800000601", "s=::" },
        { "signature-parameter", "15 characters",
          "s=" COVERED CREATED ";nonce=\"0123456789abcde\"" KEYID TAG,
          "s=::" },
        { "signature-parameter", "129 characters",
          "s=" COVERED CREATED ";nonce=\"x" X64 X64 "\"" KEYID TAG, "s=::" },
        { "signature-parameter", "an escape",
          "s=" COVERED CREATED ";nonce=\"" X16 "\\\"\"" KEYID TAG, "s=::" },
        { "signature-parameter", "another character",
          "s=" COVERED CREATED ";nonce=\"" X16 ".\"" KEYID TAG, "s=::" },
        { "signature-parameter", "a token",
          "s=" COVERED CREATED ";nonce=" X16 KEYID TAG, "s=::" },
        { "signature-parameter", "bytes",
          "s=" COVERED CREATED ";nonce=:" A16 ":" KEYID TAG, "s=::" },
        { "signature-parameter", "an empty key",
          "s=" COVERED CREATED NONCE ";keyid=\"\"" TAG, "s=::" },
        { "signature-parameter", "65 characters",
          "s=" COVERED CREATED NONCE ";keyid=\"x" X64 "\"" TAG, "s=::" },
        { "signature-parameter", "an escape",
          "s=" COVERED CREATED NONCE ";keyid=\"\\\\\"" TAG, "s=::" },
        { "signature-parameter", "a token",
          "s=" COVERED CREATED NONCE ";keyid=k" TAG, "s=::" },
        { "signature-parameter", "an empty algorithm",
          "s=" COVERED PARAMS ";alg=\"\"", "s=::" },
        { "signature-parameter", "a token", "s=" COVERED PARAMS ";alg=ed25519",
          "s=::" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        begin_order();
        add("Signature-Input", cases[i].input);
        add("Signature", cases[i].signature);
        refused(CAPLAT_PROBLEM_SIGNATURE_MALFORMED, cases[i].reason,
            cases[i].words);
    }
}


static void
test_incomplete(void)
{
    static const struct {
        const char  *reason;
        const char  *words;
        const char  *input;
    } cases[] = {
        { "signature-created", "not made", "s=" COVERED REST },
        { "signature-nonce", "no nonce", "s=" COVERED CREATED KEYID TAG },
        { "signature-keyid", "no key", "s=" COVERED CREATED NONCE TAG },
        { "signature-target", "nothing", "s=()" PARAMS },
        { "signature-target", "no method", "s=(\"@target-uri\""
          " \"content-type\" \"content-digest\" \"authorization\""
          " \"idempotency-key\")" PARAMS },
        { "signature-target", "no target", "s=(\"@method\" \"@authority\""
          " \"content-type\" \"content-digest\" \"authorization\""
          " \"idempotency-key\")" PARAMS },
        { "signature-target", "no query", "s=(\"@method\" \"@authority\""
          " \"@path\" \"content-type\" \"content-digest\" \"authorization\""
          " \"idempotency-key\")" PARAMS },
        { "signature-target", "no path", "s=(\"@method\" \"@authority\""
          " \"@query\" \"content-type\" \"content-digest\""
          " \"authorization\" \"idempotency-key\")" PARAMS },
        { "signature-target", "no authority", "s=(\"@method\" \"@path\""
          " \"@query\" \"content-type\" \"content-digest\""
          " \"authorization\" \"idempotency-key\")" PARAMS },
        { "signature-target", "no target either",
          "s=(\"@method\" \"@request-target\" \"content-type\""
          " \"content-digest\" \"authorization\" \"idempotency-key\")"
          PARAMS },
        { "signature-covered", "no type", "s=(\"@method\" \"@target-uri\""
          " \"content-digest\" \"authorization\" \"idempotency-key\")"
          PARAMS },
        { "signature-covered", "no digest", "s=(\"@method\" \"@target-uri\""
          " \"content-type\" \"authorization\" \"idempotency-key\")" PARAMS },
        { "signature-covered", "no token", "s=(\"@method\" \"@target-uri\""
          " \"content-type\" \"content-digest\" \"idempotency-key\")"
          PARAMS },
        { "signature-covered", "no key", "s=(\"@method\" \"@target-uri\""
          " \"content-type\" \"content-digest\" \"authorization\")" PARAMS },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        begin_order();
        add("Signature-Input", cases[i].input);
        add("Signature", "s=:AAAA:");
        refused(CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE, cases[i].reason,
            cases[i].words);
    }
}


/* What must be covered is what the request has. */
static void
test_requests(void)
{
    begin("GET", "/v1/orders", false);
    add("Signature-Input", "s=(\"@method\" \"@authority\" \"@path\")" PARAMS);
    add("Signature", "s=:AAAA:");
    test_that(read(), "neither content nor query");

    add("Idempotency-Key", "\"12345678\"");
    test_that(read(), "a key that nothing can be repeated with");

    add("Content-Type", "application/json");
    refused(CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE, "signature-covered",
        "a field of content without any");

    begin("GET", "/v1/orders?", false);
    add("Signature-Input", "s=(\"@method\" \"@authority\" \"@path\")" PARAMS);
    add("Signature", "s=:AAAA:");
    refused(CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE, "signature-target",
        "an empty query is one");

    begin("POST", "/v1/quotes", true);
    add("Signature-Input", "s=(\"@method\" \"@target-uri\")" PARAMS);
    add("Signature", "s=:AAAA:");
    refused(CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE, "signature-covered",
        "content without its fields");

    begin("POST", "/v1/quotes", true);
    add("Signature-Input", "s=(\"@method\" \"@target-uri\" \"content-type\""
        " \"content-digest\")" PARAMS);
    add("Signature", "s=:AAAA:");
    test_that(read(), "they are covered, though not there");
}


/* A foreign signature that fills a field up to its length. */
static void
add_long(const char *name, const char *ours, size_t len, char *room)
{
    caplat_writer  w = caplat_writer_of(room, FIELD_LEN_MAX);

    caplat_put(&w, test_slice(ours));
    caplat_put(&w, CAPLAT_LIT(", p=\""));

    while (w.len + 1 < len) {
        caplat_put(&w, CAPLAT_LIT("x"));
    }

    caplat_put(&w, CAPLAT_LIT("\""));
    add(name, "");
    headers[message.header_count - 1].value = caplat_written(&w);
}


static void
test_sizes(void)
{
    static char  input[FIELD_LEN_MAX];
    static char  signature[FIELD_LEN_MAX];

    static const struct {
        const char  *words;
        size_t       input_len;
        size_t       signature_len;
        bool         has_more;          /* a second line, `q=::` */
        const char  *reason;
    } cases[] = {
        { "the longest input",      2048, 99,   false, NULL },
        { "one more",               2049, 99,   false, "signature-input" },
        { "the longest signature",  999,  1024, false, NULL },
        { "one more",               999,  1025, false, "signature-field" },
        { "the longest of lines",   999,  1018, true,  NULL },
        { "one more",               999,  1019, true,  "signature-field" },
    };

    for (size_t i = 0; i < CAPLAT_COUNT(cases); i++) {
        begin_order();
        add_long("Signature-Input", "s=" COVERED PARAMS, cases[i].input_len,
            input);
        add_long("Signature", "s=:AAAA:", cases[i].signature_len, signature);

        if (cases[i].has_more) {
            add("Signature", "q=::");
        }

        if (cases[i].reason == NULL) {
            test_that(read(), cases[i].words);

        } else {
            refused(CAPLAT_PROBLEM_SIGNATURE_MALFORMED, cases[i].reason,
                cases[i].words);
        }
    }
}


int
main(void)
{
    test_good();
    test_values();
    test_missing();
    test_malformed();
    test_incomplete();
    test_requests();
    test_sizes();

    return test_done();
}
