#include "caplat_httpsig.h"

#include "test.h"

#include <jansson.h>


#define LINE_LEN_MAX  16384             /* bytes of a vector */
#define HEADERS_MAX   16

#define NONCE   ";nonce=\"0123456789abcdef\""
#define TAG     ";tag=\"t\""
#define PARAMS  ";created=1;keyid=\"k\"" NONCE TAG


static char            room[CAPLAT_HTTPSIG_BASE_LEN_MAX];
static caplat_header   headers[HEADERS_MAX];
static caplat_message  message;
static caplat_denial   denial;


static void
begin(const char *method, const char *target)
{
    message = (caplat_message) {
        .method = test_slice(method),
        .origin = CAPLAT_LIT("https://ca.example.cn:8443"),
        .target = test_slice(target),
        .headers = headers,
    };
}


static void
add(caplat_slice name, caplat_slice value)
{
    caplat_assert(message.header_count < HEADERS_MAX);
    headers[message.header_count++] = (caplat_header) { name, value };
}


/* The base in len bytes of room; an empty slice when it is refused. */
static caplat_slice
base_in(const caplat_httpsig *sig, size_t len)
{
    caplat_writer  w = caplat_writer_of(room, len);

    denial = (caplat_denial) { CAPLAT_NO_PROBLEM, "" };

    return caplat_httpsig_base(&message, sig, &w, &denial)
           ? caplat_written(&w) : CAPLAT_LIT("");
}


/* Read a signature and write its base. */
static caplat_slice
base_of(caplat_slice input)
{
    caplat_httpsig  sig;

    add(CAPLAT_LIT("Signature-Input"), input);
    add(CAPLAT_LIT("Signature"), CAPLAT_LIT("s=::"));

    if (!test_that(caplat_httpsig_read(&message, CAPLAT_LIT("t"), &sig,
                                       &denial), "it can be read"))
    {
        return CAPLAT_LIT("");
    }

    return base_in(&sig, sizeof(room));
}


static void
test_derived(void)
{
    begin("GET", "/a%2f?b=%E8&c");
    test_text(base_of(CAPLAT_LIT("s=(\"@method\" \"@target-uri\" \"@scheme\""
        " \"@authority\" \"@path\" \"@query\" \"@request-target\")" PARAMS)),
        CAPLAT_LIT(
        "\"@method\": GET\n"
        "\"@target-uri\": https://ca.example.cn:8443/a%2f?b=%E8&c\n"
        "\"@scheme\": https\n"
        "\"@authority\": ca.example.cn:8443\n"
        "\"@path\": /a%2f\n"
        "\"@query\": ?b=%E8&c\n"
        "\"@request-target\": /a%2f?b=%E8&c\n"
        "\"@signature-params\": (\"@method\" \"@target-uri\" \"@scheme\""
        " \"@authority\" \"@path\" \"@query\" \"@request-target\")" PARAMS),
        "as it was sent");

    begin("GET", "");
    test_text(base_of(CAPLAT_LIT("s=(\"@path\" \"@query\" \"@method\""
        " \"@authority\")" PARAMS)),
        CAPLAT_LIT(
        "\"@path\": /\n"
        "\"@query\": ?\n"
        "\"@method\": GET\n"
        "\"@authority\": ca.example.cn:8443\n"
        "\"@signature-params\": (\"@path\" \"@query\" \"@method\""
        " \"@authority\")" PARAMS),
        "neither path nor query");
}


static void
test_fields(void)
{
    begin("GET", "/");
    add(CAPLAT_LIT("X-List"), CAPLAT_LIT(" \ta, b "));
    add(CAPLAT_LIT("x-empty"), CAPLAT_LIT(""));
    add(CAPLAT_LIT("X-LIST"), CAPLAT_LIT(""));
    add(CAPLAT_LIT("x-list"), CAPLAT_LIT("\"c\t\xe9\"\t"));
    test_text(base_of(CAPLAT_LIT("s=(\"x-list\" \"@method\" \"x-empty\""
        " \"@target-uri\")" PARAMS)),
        CAPLAT_LIT(
        "\"x-list\": a, b, , \"c\t\xe9\"\n"
        "\"@method\": GET\n"
        "\"x-empty\": \n"
        "\"@target-uri\": https://ca.example.cn:8443/\n"
        "\"@signature-params\": (\"x-list\" \"@method\" \"x-empty\""
        " \"@target-uri\")" PARAMS),
        "trimmed and joined");
}


/* Parameters in their order and their one form. */
static void
test_canonical(void)
{
    begin("GET", "/");
    test_text(base_of(CAPLAT_LIT("a=1, s=(  \"@method\"   \"@target-uri\" )"
        ";  tag=\"t\"; expires=0600;created=0001; alg=\"ed25519\";keyid=\"k\""
        NONCE ",b")),
        CAPLAT_LIT(
        "\"@method\": GET\n"
        "\"@target-uri\": https://ca.example.cn:8443/\n"
        "\"@signature-params\": (\"@method\" \"@target-uri\")"
        ";tag=\"t\";expires=600;created=1;alg=\"ed25519\";keyid=\"k\"" NONCE),
        "neither blanks nor zeros");
}


static void
test_refused(void)
{
    static const caplat_slice  values[] = {
        CAPLAT_INIT("a\n b"), CAPLAT_INIT("a\r\n b"), CAPLAT_INIT("a\rb"),
        CAPLAT_INIT("a\0b"), CAPLAT_INIT("a\n"),
    };

    caplat_slice  input = CAPLAT_LIT("s=(\"@method\" \"@target-uri\" \"x\")"
                                     PARAMS);

    for (size_t i = 0; i < CAPLAT_COUNT(values); i++) {
        begin("GET", "/");
        add(CAPLAT_LIT("x"), CAPLAT_LIT("first"));
        add(CAPLAT_LIT("x"), values[i]);
        test_text(base_of(input), CAPLAT_LIT(""), "folded");
        test_number(denial.problem, CAPLAT_PROBLEM_SIGNATURE_INVALID,
            "folded");
        test_text(test_slice(denial.reason),
            CAPLAT_LIT("signature-line-folded"), "folded");
    }

    begin("GET", "/\n\"x\": y");
    test_text(base_of(input), CAPLAT_LIT(""), "a target of two lines");
    test_text(test_slice(denial.reason), CAPLAT_LIT("signature-line-folded"),
        "a target of two lines");

    begin("GET", "/");
    test_text(base_of(input), CAPLAT_LIT(""), "a field that is not there");
    test_number(denial.problem, CAPLAT_PROBLEM_SIGNATURE_INVALID, "absent");
    test_text(test_slice(denial.reason),
        CAPLAT_LIT("signature-component-absent"), "absent");
}


static void
test_room(void)
{
    caplat_httpsig  sig = {
        .components = { CAPLAT_LIT("@method") }, .component_count = 1
    };
    caplat_slice    want = CAPLAT_LIT(
        "\"@method\": GET\n\"@signature-params\": (\"@method\")");

    begin("GET", "/");
    test_text(base_in(&sig, want.len), want, "just room enough");
    test_text(base_in(&sig, want.len - 1), CAPLAT_LIT(""), "a byte too many");
    test_number(denial.problem, CAPLAT_PROBLEM_SIGNATURE_INVALID, "full");
    test_text(test_slice(denial.reason), CAPLAT_LIT("signature-base-size"),
        "full");
}


/*
 * The examples of RFC 9421, B.2 to B.4. None has both a nonce and a tag, so
 * that each is tried a second time with what it lacks put behind it.
 */
static const struct {
    const char       *id;
    bool              written;          /* all components are ours to write */
    const char       *lacks;
    const char       *tag;
    caplat_problem    problem;          /* of the second try */
    const char       *reason;
} examples[] = {
    { "rfc9421.B.2.1", true, TAG, "t",           /* a dot in the nonce */
      CAPLAT_PROBLEM_SIGNATURE_MALFORMED, "signature-parameter" },
    { "rfc9421.B.2.2", false, NONCE, "header-example", /* @query-param */
      CAPLAT_PROBLEM_SIGNATURE_MALFORMED, "signature-component" },
    { "rfc9421.B.2.3", true, NONCE TAG, "t", CAPLAT_NO_PROBLEM, "" },
    { "rfc9421.B.2.4", false, NONCE TAG, "t",      /* @status */
      CAPLAT_PROBLEM_SIGNATURE_MALFORMED, "signature-component" },
    { "rfc9421.B.2.5", true, NONCE TAG, "t",       /* @method */
      CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE, "signature-target" },
    { "rfc9421.B.2.6", true, NONCE TAG, "t",       /* @query */
      CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE, "signature-target" },
    { "rfc9421.B.3", true, NONCE TAG, "t",         /* content-type */
      CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE, "signature-covered" },
    { "rfc9421.B.4.3", true, NONCE TAG, "t",       /* @query */
      CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE, "signature-target" },
    { "rfc9421.B.4.7", true, NONCE TAG, "t",       /* @query */
      CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE, "signature-target" },
    { "rfc9421.B.4.9", true, NONCE TAG, "t",       /* @query */
      CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE, "signature-target" },
    { "rfc9421.B.4.11", true, NONCE TAG, "t",      /* @query */
      CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE, "signature-target" },
    { "rfc9421.B.4.13", true, NONCE TAG, "t",      /* @query */
      CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE, "signature-target" },
    { "rfc9421.B.4.15", true, NONCE TAG, "t",      /* @query */
      CAPLAT_PROBLEM_SIGNATURE_INCOMPLETE, "signature-target" },
};


static caplat_slice
member_of(const json_t *object, const char *name)
{
    const json_t  *member = json_object_get(object, name);

    return caplat_slice_of(json_string_value(member),
                           json_string_length(member));
}


/* A message of the vectors, without the fields of a signature. */
static void
begin_example(const json_t *example)
{
    static char  origin[256];

    const json_t   *sent = json_object_get(example, "message");
    const json_t   *lines = json_object_get(sent, "headers");
    caplat_cursor   c = caplat_cursor_of(member_of(sent, "start"));
    caplat_writer   w = caplat_writer_of(origin, sizeof(origin));
    size_t          i;
    json_t         *line;

    message = (caplat_message) {
        .headers = headers,
        .has_content = member_of(sent, "body").len != 0,
    };
    test_that(caplat_take_until(&c, ' ', LINE_LEN_MAX, &message.method)
              && caplat_take_until(&c, ' ', LINE_LEN_MAX, &message.target),
        "a first line");
    caplat_put(&w, CAPLAT_LIT("https://"));

    json_array_foreach(lines, i, line) {
        json_t        *name = json_array_get(line, 0);
        json_t        *value = json_array_get(line, 1);
        caplat_slice   text = test_slice(json_string_value(value));

        if (caplat_slice_eq(test_slice(json_string_value(name)),
                            CAPLAT_LIT("Host")))
        {
            caplat_put(&w, text);
        }

        if (json_string_value(name)[0] != 'S') {
            add(test_slice(json_string_value(name)), text);
        }
    }

    message.origin = caplat_written(&w);
}


/* What is signed, without asking whether it is our profile. */
static bool
read_freely(caplat_slice input, caplat_httpsig *sig)
{
    static caplat_sfv  sfv;

    caplat_err                err;
    const caplat_sfv_member  *member = &sfv.members[0];

    sfv.member_count = sfv.item_count = sfv.param_count = 0;
    *sig = (caplat_httpsig) { .component_count = 0 };

    if (!test_that(caplat_sfv_read(input, &sfv, &err), "a dictionary")) {
        return false;
    }

    for (size_t i = 0; i < member->item_count; i++) {
        const caplat_sfv_item  *item = &sfv.items[member->item_at + i];

        sig->components[sig->component_count++] = item->value.text;

        if (item->param_count != 0) {
            return false;
        }
    }

    for (size_t i = 0; i < member->param_count; i++) {
        sig->params[sig->param_count++] = sfv.params[member->param_at + i];
    }

    return true;
}


static void
check_base(const json_t *example, caplat_slice first, const char *id,
    bool written)
{
    caplat_httpsig  sig;
    caplat_slice    base = CAPLAT_LIT("");

    if (read_freely(member_of(example, "signature_input"), &sig)) {
        base = base_in(&sig, sizeof(room));
    }

    if (!written) {
        test_number(base.len, 0, id);

    } else if (json_is_null(json_object_get(example, "base"))) {
        test_that(base.len != 0 && !caplat_slice_eq(base, first), id);

    } else {
        test_text(base, member_of(example, "base"), id);
    }
}


/* With what makes it a signature of ours, if anything does. */
static void
check_reading(const json_t *example, size_t row)
{
    static char  more[LINE_LEN_MAX];
    static char  want[LINE_LEN_MAX];

    caplat_httpsig  sig;
    caplat_writer   w = caplat_writer_of(more, sizeof(more));
    caplat_slice    tag = test_slice(examples[row].tag);
    const char     *id = examples[row].id;

    add(CAPLAT_LIT("Signature"), member_of(example, "signature"));
    add(CAPLAT_LIT("Signature-Input"), member_of(example, "signature_input"));
    test_that(!caplat_httpsig_read(&message, CAPLAT_LIT("t"), &sig, &denial),
        id);
    test_number(denial.problem, CAPLAT_PROBLEM_SIGNATURE_MISSING, id);

    caplat_put(&w, member_of(example, "signature_input"));
    caplat_put(&w, test_slice(examples[row].lacks));
    headers[message.header_count - 1].value = caplat_written(&w);
    denial = (caplat_denial) { CAPLAT_NO_PROBLEM, "" };
    test_number(caplat_httpsig_read(&message, tag, &sig, &denial),
        examples[row].problem == CAPLAT_NO_PROBLEM, id);
    test_number(denial.problem, examples[row].problem, id);
    test_text(test_slice(denial.reason), test_slice(examples[row].reason),
        id);

    if (examples[row].problem == CAPLAT_NO_PROBLEM) {
        w = caplat_writer_of(want, sizeof(want));
        caplat_put(&w, member_of(example, "base"));
        caplat_put(&w, test_slice(examples[row].lacks));
        test_text(base_in(&sig, sizeof(room)), caplat_written(&w), id);
    }
}


static void
test_examples(void)
{
    static char  line[LINE_LEN_MAX];
    static char  first[LINE_LEN_MAX];

    FILE    *file = fopen("tests/vectors/httpsig_rfc9421.jsonl", "r");
    size_t   row = 0;
    size_t   first_len = 0;

    test_that(file != NULL, "the vectors");

    if (file == NULL) {
        return;
    }

    while (fgets(line, sizeof(line), file) != NULL) {
        json_t        *example = json_loads(line, 0, NULL);
        caplat_slice   base;

        if (!test_that(example != NULL && row < CAPLAT_COUNT(examples),
                       "an example"))
        {
            break;
        }

        base = member_of(example, "base");
        test_text(member_of(example, "id"), test_slice(examples[row].id),
            "in their order");

        if (caplat_slice_eq(member_of(example, "id"),
                            CAPLAT_LIT("rfc9421.B.4.3")))
        {
            memcpy(first, base.ptr, base.len);
            first_len = base.len;
        }

        begin_example(example);
        check_base(example, caplat_slice_of(first, first_len),
            examples[row].id, examples[row].written);
        check_reading(example, row);
        json_decref(example);
        row++;
    }

    test_number(row, CAPLAT_COUNT(examples), "all of them");
    fclose(file);
}


int
main(void)
{
    test_derived();
    test_fields();
    test_canonical();
    test_refused();
    test_room();
    test_examples();

    return test_done();
}
