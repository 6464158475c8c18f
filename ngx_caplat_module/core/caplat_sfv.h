/*
 * Dictionaries of Structured Fields (RFC 9651, 3.2): what Signature-Input,
 * Signature and Content-Digest are.
 *
 *   dictionary  = *SP member *( OWS "," OWS member ) OWS
 *   member      = key [ "=" ( item / inner-list ) ] parameters
 *   inner-list  = "(" *SP [ item *( 1*SP item ) *SP ] ")" parameters
 *   item        = bare-item parameters
 *   parameters  = *( ";" *SP key [ "=" bare-item ] )
 *   key         = ( a-z / "*" ) *( a-z / 0-9 / "_" / "-" / "." / "*" )
 *
 * with the bare items of caplat_sfv_bare.h.
 *
 * Stricter than the RFC: a key or a parameter that is given twice is refused
 * (there the last one wins), and so is a line without members.
 *
 * A field of several lines is read line by line into one dictionary, so that
 * everything borrows from the lines. That differs from joining them first in
 * one case only: a String in which a line ends, which here is refused.
 *
 * Blanks and the zeros of numbers are read and not kept: writing gives the one
 * form of RFC 9651, 4.1, of which reading gives the same.
 */

#ifndef CAPLAT_SFV_H
#define CAPLAT_SFV_H

#include "caplat_sfv_bare.h"


/* Of one dictionary; two signatures with 32 components each go into it. */
#define CAPLAT_SFV_MEMBERS_MAX  16
#define CAPLAT_SFV_ITEMS_MAX    64      /* of members and inner lists */
#define CAPLAT_SFV_PARAMS_MAX   64      /* of items and inner lists */


typedef struct {
    caplat_slice      key;
    caplat_sfv_bare   value;
} caplat_sfv_param;


typedef struct {
    caplat_sfv_bare   value;
    size_t            param_at;         /* in the dictionary's params */
    size_t            param_count;
} caplat_sfv_item;


typedef struct {
    caplat_slice      key;
    bool              is_list;          /* else it has one item */
    size_t            item_at;          /* in the dictionary's items */
    size_t            item_count;
    size_t            param_at;         /* the list's, else the item's */
    size_t            param_count;
} caplat_sfv_member;


/* Begins as { .member_count = 0 }; its slices borrow from what was read. */
typedef struct {
    size_t              member_count;
    size_t              item_count;
    size_t              param_count;
    caplat_sfv_member   members[CAPLAT_SFV_MEMBERS_MAX];
    caplat_sfv_item     items[CAPLAT_SFV_ITEMS_MAX];
    caplat_sfv_param    params[CAPLAT_SFV_PARAMS_MAX];
} caplat_sfv;


/*
 * Read one line of a field, adding its members to those of the lines before.
 *
 * sfv  on false, means nothing any more
 * err  `at` in the line:
 *      TRUNCATED     nothing behind a comma, a list without an end, a line
 *                    without members
 *      TRAILING      neither a comma nor the end behind a member, nor a blank
 *                    behind an item of a list
 *      NOT_A_NAME    a key that is none
 *      TWICE         a key, or a parameter of one thing
 *      TOO_LARGE     more members, items or parameters than there is room
 *      and those of a bare item
 */
bool caplat_sfv_read(caplat_slice line, caplat_sfv *sfv, caplat_err *err);

/* The member with a key; NULL when there is none. */
const caplat_sfv_member *caplat_sfv_find(const caplat_sfv *sfv,
    caplat_slice key);

/* A parameter of a member; NULL when there is none. */
const caplat_sfv_bare *caplat_sfv_param_find(const caplat_sfv *sfv,
    const caplat_sfv_member *member, caplat_slice key);

/* Write the canonical form (RFC 9651, 4.1): all members, a line. */
void caplat_sfv_put(caplat_writer *w, const caplat_sfv *sfv);

/* Of parameters alone: `;created=1;tag="x"`. */
void caplat_sfv_put_params(caplat_writer *w, const caplat_sfv_param *params,
    size_t count);


#endif /* CAPLAT_SFV_H */
