/*
 * What an organisation adds to our schemas: schemas/<kind>.schema.json, .yaml
 * or .yml in the catalog, at the revision of the documents they judge. They
 * may refer to each other by file name or $id, and to ours by $id
 * (urn:bridge:schema:target). Internal to catalog/store/.
 */
#ifndef CATALOG_CUSTOM_SCHEMAS_H
#define CATALOG_CUSTOM_SCHEMAS_H

#include "catalog/store/types.h"

/*
 * Read them all, once. What is wrong inside one is said when its kind is
 * prepared; false when one cannot be read at all.
 */
bool custom_schemas_read(struct catalog *catalog, struct diags *diags);

/* Report what else lies in schemas/. */
bool custom_schemas_check(struct catalog *catalog, struct diags *diags);

#endif
