#include "caplat_body.h"


static void
add_platform(caplat_faults *faults, size_t at, caplat_code code)
{
    caplat_fault_add_at(faults, CAPLAT_LIT("#/platforms"), at,
        caplat_code_name(code), caplat_fault_words(code));
}


bool
caplat_body_open(caplat_slice text, caplat_json **body, caplat_faults *faults,
    caplat_denial *denial)
{
    caplat_err  err;

    if (caplat_json_open(text, CAPLAT_JSON_DEPTH_MAX, body, &err)) {
        return true;
    }

    /* A code of its own: the core's are about members, not about grammar. */
    caplat_fault_add(faults, CAPLAT_LIT("#"), "not_json",
        "The body is not one strict JSON object.");

    return caplat_deny(denial, CAPLAT_PROBLEM_REQUEST_MALFORMED,
        caplat_code_name(err.code));
}


static bool
is_one_of(caplat_slice name, const caplat_slice *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (caplat_slice_eq(name, names[i])) {
            return true;
        }
    }

    return false;
}


void
caplat_body_members(const caplat_json *object, caplat_slice pointer,
    const caplat_slice *names, size_t count, caplat_faults *faults)
{
    const caplat_json  *member = caplat_json_first(object);

    for (; member != NULL; member = caplat_json_next(member)) {
        caplat_slice  name = caplat_json_name(member);

        if (!is_one_of(name, names, count)) {
            caplat_fault_add_member(faults, pointer, name,
                caplat_code_name(CAPLAT_UNKNOWN_KEY),
                caplat_fault_words(CAPLAT_UNKNOWN_KEY));
        }
    }
}


void
caplat_body_serial(const caplat_json *body, bool is_needed,
    caplat_slice *serial, caplat_faults *faults)
{
    *serial = caplat_slice_of("", 0);

    if (caplat_json_get(body, "certificate") == NULL) {
        if (is_needed) {
            caplat_fault_add_code(faults, CAPLAT_LIT("#/certificate"),
                CAPLAT_MISSING_KEY);
        }

    } else if (!caplat_json_string(body, "certificate", 1,
                                   CAPLAT_SERIAL_LEN_MAX, serial))
    {
        caplat_fault_add(faults, CAPLAT_LIT("#/certificate"), "not_a_serial",
            "A serial number is a string of 1 to 64 bytes.");
    }
}


/* A platform of the list, unless it has a fault. */
static void
read_platform(const caplat_json *item, size_t at, const caplat_tariff *tariff,
    bool *seen, caplat_choice *choice, caplat_faults *faults)
{
    size_t  platform_at = CAPLAT_ANY;

    if (caplat_json_is_string(item)) {
        platform_at = caplat_tariff_platform(tariff, caplat_json_slice(item));
    }

    if (platform_at == CAPLAT_ANY) {
        add_platform(faults, at, CAPLAT_UNKNOWN_PLATFORM);

    } else if (seen[platform_at]) {
        add_platform(faults, at, CAPLAT_DUPLICATE);

    } else {
        seen[platform_at] = true;
        choice->list[choice->count] = platform_at;
        choice->at[choice->count] = at;
        choice->count++;
    }
}


void
caplat_body_platforms(const caplat_json *body, const caplat_tariff *tariff,
    size_t max, caplat_choice *choice, caplat_faults *faults)
{
    const caplat_json  *list = caplat_json_get(body, "platforms");
    size_t              count = caplat_json_items(list);
    bool                seen[CAPLAT_PLATFORMS_MAX] = { false };

    caplat_assert(max <= CAPLAT_PLATFORMS_MAX);
    choice->count = 0;

    if (list == NULL) {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/platforms"),
            CAPLAT_MISSING_KEY);

    } else if (!caplat_json_is_array(list)) {
        caplat_fault_add(faults, CAPLAT_LIT("#/platforms"), "not_a_list",
            "Platforms are a list of their ids.");

    } else if (count == 0) {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/platforms"),
            CAPLAT_NOTHING_CHOSEN);

    } else if (count > max) {
        caplat_fault_add_code(faults, CAPLAT_LIT("#/platforms"),
            CAPLAT_TOO_MANY);

    } else {
        for (size_t i = 0; i < count; i++) {
            read_platform(caplat_json_item(list, i), i, tariff, seen, choice,
                faults);
        }
    }
}


size_t
caplat_body_can_add(const caplat_choice *choice, const caplat_tariff *tariff,
    const caplat_certificate *certificate, caplat_faults *faults)
{
    bool    held[CAPLAT_PLATFORMS_MAX] = { false };
    size_t  held_count = 0;

    for (size_t i = 0; i < certificate->held_count; i++) {
        held[certificate->held[i]] = true;
    }

    for (size_t i = 0; i < choice->count; i++) {
        caplat_status  status = tariff->platforms[choice->list[i]].status;

        if (held[choice->list[i]]) {
            add_platform(faults, choice->at[i], CAPLAT_PLATFORM_HELD);
            held_count++;

        } else if (status == CAPLAT_PAUSED) {
            add_platform(faults, choice->at[i], CAPLAT_PLATFORM_PAUSED);

        } else if (status == CAPLAT_CLOSED) {
            add_platform(faults, choice->at[i], CAPLAT_PLATFORM_CLOSED);
        }
    }

    return held_count;
}
