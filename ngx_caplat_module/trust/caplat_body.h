/*
 * What the bodies of several routes have in common: strict JSON, a
 * certificate of the token, platforms of the card.
 */

#ifndef CAPLAT_BODY_H
#define CAPLAT_BODY_H

#include "caplat_fault.h"
#include "caplat_json.h"
#include "caplat_quote.h"
#include "caplat_token.h"


#define CAPLAT_SERIAL_LEN_MAX  64       /* bytes of a certificate's number */


/* Indices of platforms, and where each stood in the list. */
typedef struct {
    size_t   list[CAPLAT_PLATFORMS_MAX];
    size_t   at[CAPLAT_PLATFORMS_MAX];
    size_t   count;
} caplat_choice;


/* The next id of a certificate's `held`; whether one is among them. */
void caplat_cert_take(caplat_cursor *c, caplat_slice *id);
bool caplat_cert_holds(caplat_slice held, caplat_slice id);

/*
 * Read a body; caplat_json_close frees it.
 *
 * denial  REQUEST_MALFORMED, and a fault of the whole
 */
bool caplat_body_open(caplat_slice text, caplat_json **body,
    caplat_faults *faults, caplat_denial *denial);

/* A fault for each member that is none of the names. */
void caplat_body_members(const caplat_json *object, caplat_slice pointer,
    const caplat_slice *names, size_t count, caplat_faults *faults);

/*
 * The member `certificate`, which may be absent where it is not needed; a
 * fault when it is not a serial number.
 *
 * serial  empty when there is none
 */
void caplat_body_serial(const caplat_json *body, bool is_needed,
    caplat_slice *serial, caplat_faults *faults);

/*
 * The member `platforms`: known ones, each once; a fault for each that is not.
 *
 * max     how many there may be, at most CAPLAT_PLATFORMS_MAX
 * choice  those without fault
 */
void caplat_body_platforms(const caplat_json *body, const caplat_tariff *tariff,
    size_t max, caplat_choice *choice, caplat_faults *faults);

/*
 * A fault for each chosen platform that the certificate holds, or that is
 * paused or closed.
 *
 * Returns how many are held.
 */
size_t caplat_body_can_add(const caplat_choice *choice,
    const caplat_tariff *tariff, const caplat_certificate *certificate,
    caplat_faults *faults);


#endif /* CAPLAT_BODY_H */
