/*
 * Lists of names and values, as Alipay's requests and notices are: read from a
 * form (application/x-www-form-urlencoded), sorted, written as the text that is
 * signed, and as a query.
 */

#ifndef CAPLAT_PARAMS_H
#define CAPLAT_PARAMS_H

#include "caplat_slice.h"
#include "caplat_write.h"


#define CAPLAT_PARAMS_MAX      64       /* Alipay's notices have 30 to 40 */
#define CAPLAT_PARAM_NAME_MAX  64       /* bytes */


typedef struct {
    caplat_slice   name;
    caplat_slice   value;
} caplat_param;

typedef struct {
    caplat_param   list[CAPLAT_PARAMS_MAX];
    size_t         count;
} caplat_params;


/*
 * Read a form, of which no two names are alike: parts `name=value` with `&`
 * between, `+` a blank, each % followed by two hex digits. Names are 1 to 64 of
 * [0-9A-Za-z_] and written without escapes; values are any bytes, or none. No
 * form is no parameters.
 *
 * room    form.len bytes, for the values; params borrows from it and from form
 * params  sorted; on false it means nothing
 */
bool caplat_params_read(caplat_slice form, char *room, caplat_params *params);

/* Put one at the end; there must be room. */
void caplat_params_add(caplat_params *params, caplat_slice name,
    caplat_slice value);

/* Order by the bytes of the names. */
void caplat_params_sort(caplat_params *params);

/* A value; empty when there is no such name. */
caplat_slice caplat_params_get(const caplat_params *params,
    caplat_slice name);

/* The same, which leaves the list without it. */
caplat_slice caplat_params_take(caplat_params *params, caplat_slice name);

/*
 * What is signed: name=value, as they are, with `&` between, in the order of
 * the list.
 */
void caplat_params_content(const caplat_params *params, caplat_writer *w);

/*
 * The same with all bytes of values escaped but the unreserved ones (RFC 3986,
 * 2.3): of a query or a form.
 */
void caplat_params_query(const caplat_params *params, caplat_writer *w);


#endif /* CAPLAT_PARAMS_H */
