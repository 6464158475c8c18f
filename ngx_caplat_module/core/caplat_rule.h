/*
 * A rule of the rate card: its line, and the platforms that it prices
 * whatever the certificate is.
 */

#ifndef CAPLAT_RULE_H
#define CAPLAT_RULE_H

#include "caplat_field.h"
#include "caplat_tariff.h"


/* What stands behind `rule `; classes and platforms have been read. */
bool caplat_rule_read(caplat_fields *f, const caplat_tariff *tariff,
    caplat_rule *rule);

/* The id of a class, as rules and platforms name it, and a space. */
bool caplat_rule_take_class(caplat_fields *f, const caplat_tariff *tariff,
    const char *what, size_t *class_at);

/* Whether its class and platform match. */
bool caplat_rule_concerns(const caplat_rule *rule,
    const caplat_tariff *tariff, size_t platform_at);

/* The same, and it asks for nothing else. */
bool caplat_rule_always(const caplat_rule *rule, const caplat_tariff *tariff,
    size_t platform_at);


#endif /* CAPLAT_RULE_H */
