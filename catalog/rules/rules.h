/*
 * What documents say of each other. One function per rule, a table drives
 * them; every rule sees the whole, loaded catalog and an index of it.
 */
#ifndef CATALOG_RULES_H
#define CATALOG_RULES_H

#include "catalog/store/catalog.h"

/* Documents that did not parse are passed over: no cascades. */
bool rules_check(struct catalog *catalog, struct diags *diags);

/*
 * Private keys and passwords in any string of a document: used by
 * rules_check() and for tunnels.yaml.
 */
bool rules_check_secrets(const struct node *root, struct diags *diags);

/*
 * Take over the severities that catalog.yaml sets (`rules: {id: off | note |
 * warning | error}`). Call before anything is read.
 */
bool rules_configure(struct catalog *catalog, struct diags *diags);

#endif
