#include "catalog/git/raw_tree.h"

#include <string.h>

bool raw_tree_next(
	const char **at, const char *end, struct revision_entry *entry)
{
	const char *mode = *at;
	const char *name = memchr(mode, ' ', (size_t)(end - mode));
	const char *id = name ? memchr(name, '\0', (size_t)(end - name)) : NULL;

	if (!id || end - id < 1 + GIT_OID_RAWSZ)
		return false;
	entry->name = name + 1;
	entry->kind = ENTRY_OTHER;
	if (name - mode == 5 && !memcmp(mode, "40000", 5))
		entry->kind = ENTRY_FOLDER;
	else if (name - mode == 6 && !memcmp(mode, "100", 3))
		entry->kind = ENTRY_FILE;
	memcpy(entry->blob_id, id + 1, GIT_OID_RAWSZ);
	*at = id + 1 + GIT_OID_RAWSZ;
	return true;
}

/*
 * Steps over the entries without taking them apart: in a folder of ten
 * thousand files this loop is a tenth of what `bridge catalog show` takes.
 */
bool raw_tree_find(git_odb_object *tree, const char *name, size_t length,
	struct revision_entry *entry)
{
	const char *at = git_odb_object_data(tree);
	const char *end = at + git_odb_object_size(tree);

	while (end - at > 7 + GIT_OID_RAWSZ) {
		const char *here = at + 6 + (at[5] != ' ');
		const char *nul = memchr(here, '\0', (size_t)(end - here));

		if (!nul || end - nul < 1 + GIT_OID_RAWSZ)
			return false;
		if ((size_t)(nul - here) == length &&
			!memcmp(here, name, length))
			return raw_tree_next(&at, end, entry);
		at = nul + 1 + GIT_OID_RAWSZ;
	}
	return false;
}
