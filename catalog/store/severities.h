/*
 * What each rule weighs in a catalog.
 */
#ifndef CATALOG_SEVERITIES_H
#define CATALOG_SEVERITIES_H

#include "catalog/store/types.h"

/*
 * Take over the severities that catalog.yaml sets (`rules: {id: off | note |
 * warning | error}`). Call before anything is read. A rule that is unknown is
 * reported once for each catalog.
 */
bool severities_configure(struct catalog *catalog, struct diags *diags);

#endif
