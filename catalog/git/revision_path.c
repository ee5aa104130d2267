#include "catalog/git/revision_path.h"

#include "catalog/git/libgit2_init.h"
#include "catalog/git/revision_internal.h"

#include "schema/yaml/parse.h"

#include <string.h>

struct origin revision_path_origin(const struct revision *revision,
	const char *path, struct source *source, struct text *shown)
{
	text_clear(shown);
	text_format(shown, "%s%s", revision->prefix, path);
	if (!shown->length)
		text_append_char(shown, '.');
	*source = (struct source){
		.revision = revision->id, .path = shown->data};
	return (struct origin){.source = source};
}

bool revision_path_not_a_file(const struct revision *revision, const char *path,
	const char *what, struct diags *diags)
{
	AUTO(text) shown = TEXT_INIT;
	struct source source;
	struct origin at = revision_path_origin(
		revision, path, &source, &shown);

	return diag_error(diags, &at, RULE_LAYOUT_FILE_TYPE,
		"'%s' is %s, not a plain file or folder", shown.data, what);
}

bool revision_path_too_large(
	const struct revision *revision, const char *path, struct diags *diags)
{
	AUTO(text) shown = TEXT_INIT;
	struct source source;
	struct origin at = revision_path_origin(
		revision, path, &source, &shown);

	return diag_error(diags, &at, RULE_LAYOUT_SIZE,
		"'%s' is larger than %d bytes", shown.data, YAML_MAX_BYTES);
}

bool revision_path_git_error(const struct revision *revision, const char *path,
	const char *what, struct diags *diags)
{
	AUTO(text) shown = TEXT_INIT;
	struct source source;
	struct origin at = revision_path_origin(
		revision, path, &source, &shown);

	return diag_error(diags, &at, RULE_GIT_OBJECT, "%s of '%s': %s", what,
		shown.data, libgit2_error());
}

struct source *revision_path_source(const struct revision *revision,
	const char *path, struct arena *arena, size_t length, char **bytes)
{
	struct source *source = arena_alloc(arena, sizeof(*source));
	size_t prefix = strlen(revision->prefix);
	size_t size = strlen(path) + 1;
	char *whole = arena_alloc(arena, prefix + size);

	memcpy(whole, revision->prefix, prefix);
	memcpy(whole + prefix, path, size);
	*bytes = arena_alloc(arena, length + 1);
	*source = (struct source){.revision = revision->id,
		.path = whole,
		.bytes = *bytes,
		.length = length};
	return source;
}

const char *revision_path_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
