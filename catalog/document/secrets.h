/*
 * Private keys and passwords in a document. A finding shows its place and
 * never the line: reports end up in logs.
 */
#ifndef CATALOG_SECRETS_H
#define CATALOG_SECRETS_H

#include "schema/yaml/node.h"

/*
 * In any string of the tree, which may be NULL. False when a finding is an
 * error.
 */
bool secrets_check(const struct node *root, struct diags *diags);

#endif
