#include "catalog/store/find_file.h"

#include "catalog/document/document_path.h"

bool find_file(struct revision *revision, const char *base, struct text *path,
	struct revision_entry *entry, unsigned *found, struct diags *diags)
{
	*found = 0;
	for (size_t i = DOCUMENT_PATH_ENDINGS; i-- > 0;) {
		AUTO(text) tried = TEXT_INIT;
		struct revision_entry here;
		bool exists;

		text_format(&tried, "%s%s", base, document_path_endings[i]);
		if (!revision_lookup(
			    revision, tried.data, &here, &exists, diags))
			return false;
		if (!exists || here.kind == ENTRY_FOLDER)
			continue;
		*entry = here;
		++*found;
		text_clear(path);
		text_append(path, tried.data);
	}
	return true;
}
