#include "catalog/git/revision_entry.h"

#include <string.h>

int revision_entry_compare(const void *a, const void *b)
{
	const struct revision_entry *x = a;
	const struct revision_entry *y = b;

	return strcmp(x->name, y->name);
}
