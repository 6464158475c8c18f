/*
 * One holder of a registry (caplat_registry.h): read, and kept.
 */

#ifndef CAPLAT_HOLDER_H
#define CAPLAT_HOLDER_H

#include "caplat_json.h"
#include "caplat_place.h"
#include "caplat_registry.h"
#include "caplat_token.h"


typedef struct {
    caplat_slice        serial;
    caplat_slice        ca;
    caplat_slice        lock;
    caplat_slice        vendor;         /* empty when not given */
    caplat_slice        holder;         /* empty when not given */
    int64_t             expires;        /* a moment, or days from now */
    bool                in_days;
    const caplat_json  *held;               /* array of names */
} caplat_holder_cert;


typedef struct {
    caplat_slice    issuer;
    caplat_slice    serial;
} caplat_holder_tls;


/* Slices borrow from the document. */
struct caplat_holder {
    caplat_slice          id;
    caplat_slice          label;
    caplat_slice          subject;
    caplat_slice          name;         /* empty when not given */
    caplat_role           role;
    caplat_slice          org_id;
    caplat_slice          org_name;
    caplat_slice          city;
    caplat_holder_cert   *certs;
    size_t                cert_count;
    caplat_holder_tls    *tls;
    size_t                tls_count;
};


/*
 * Read a holder.
 *
 * place   of the holder: inner is NULL
 * holder  on true and false: caplat_holder_free frees what it has
 */
bool caplat_holder_read(const caplat_json *object, caplat_place *place,
    caplat_holder *holder);
void caplat_holder_free(caplat_holder *holder);


#endif /* CAPLAT_HOLDER_H */
