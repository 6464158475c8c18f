/*
 * What is wrong with the values that a caller sent, all of it at once: the
 * `errors` of a problem document.
 *
 *   {"pointer":"#/platforms/2","code":"unknown-platform","detail":"..."}
 *
 * pointer is a JSON pointer as a URI fragment (RFC 6901, 6) into the body; of
 * a query it is `parameter`, the key's name. A code with `-` is one of the core
 * (caplat_err.h), one with `_` is the form's (caplat_form.h).
 */

#ifndef CAPLAT_FAULT_H
#define CAPLAT_FAULT_H

#include "caplat_err.h"
#include "caplat_problem.h"
#include "caplat_write.h"


#define CAPLAT_FAULTS_MAX       40      /* whoever has more than these has
                                           enough to mend */
#define CAPLAT_POINTER_LEN_MAX  96      /* bytes: our own names and a number,
                                           or an unknown member's, cut */


typedef struct {
    char          pointer[CAPLAT_POINTER_LEN_MAX];
    size_t        pointer_len;
    const char   *code;                 /* static word */
    const char   *detail;               /* static sentence, for developers */
} caplat_fault;


typedef struct {
    bool           in_query;            /* `parameter`, not `pointer` */
    caplat_fault   list[CAPLAT_FAULTS_MAX];
    size_t         count;
} caplat_faults;


/* Whoever answers empties the list, so that it need not be all zero. */
void caplat_faults_clear(caplat_faults *faults, bool in_query);

/* Where in a text a fault is. One past CAPLAT_FAULTS_MAX is dropped. */
void caplat_fault_add(caplat_faults *faults, caplat_slice pointer,
    const char *code, const char *detail);

/* The same of the item `at` of a list: pointer "#/platforms" and 2. */
void caplat_fault_add_at(caplat_faults *faults, caplat_slice pointer,
    size_t at, const char *code, const char *detail);

/*
 * The same of a member that somebody else has named: pointer "#/invoice" and
 * any UTF-8. The name is escaped (RFC 6901, 3 and 6), and cut where it is too
 * long.
 */
void caplat_fault_add_member(caplat_faults *faults, caplat_slice pointer,
    caplat_slice name, const char *code, const char *detail);

/* A sentence on a fault of the core, for developers. */
const char *caplat_fault_words(caplat_code code);

/* caplat_fault_add with the name of a fault of the core, and that sentence. */
void caplat_fault_add_code(caplat_faults *faults, caplat_slice pointer,
    caplat_code code);

/*
 * The problem that a fault of the core is: certificate-expired,
 * certificate-unsupported-hardware and platform-already-held by name; what
 * cannot be read is request-malformed, any other validation-failed. Always
 * false, so that a caller can return it.
 */
bool caplat_fault_deny(caplat_denial *denial, caplat_code code);

/* The list as JSON: [{...},...]. */
void caplat_faults_write(caplat_writer *w, const caplat_faults *faults);


#endif /* CAPLAT_FAULT_H */
