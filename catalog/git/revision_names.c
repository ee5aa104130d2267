#include "catalog/git/revision_names.h"

#include "catalog/git/revision_internal.h"

#include "schema/base/alloc.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_NAMES = 10000 }; /* of branches and tags, to suggest one */

static const char *short_name(const char *reference)
{
	static const char *const spaces[] = {
		"refs/heads/", "refs/tags/", "refs/remotes/"};

	for (size_t i = 0; i < COUNT(spaces); i++)
		if (!strncmp(reference, spaces[i], strlen(spaces[i])))
			return reference + strlen(spaces[i]);
	return NULL;
}

char **revision_names(const struct revision *revision, size_t *count)
{
	git_reference_iterator *iterator = NULL;
	char **names = NULL;
	const char *reference;
	size_t capacity = 0;

	*count = 0;
	if (!revision->repository)
		return NULL;
	if (!git_reference_iterator_new(&iterator, revision->repository))
		while (*count < MAX_NAMES &&
			!git_reference_next_name(&reference, iterator)) {
			const char *name = short_name(reference);

			if (!name)
				continue;
			names = own_grow(
				names, *count, &capacity, sizeof(*names));
			names[(*count)++] = own_strdup(name);
		}
	git_reference_iterator_free(iterator);
	return names;
}

void revision_names_release(char **names, size_t count)
{
	while (count)
		free(names[--count]);
	free(names);
}
