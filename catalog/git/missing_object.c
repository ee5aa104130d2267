#include "catalog/git/missing_object.h"

#include "catalog/git/libgit2_init.h"
#include "catalog/git/repair_command.h"
#include "catalog/git/revision_internal.h"

#include <stdlib.h>
#include <string.h>

/* How the messages begin; an id follows. */
static const char missing[] = "object ";
static const char damaged[] = "cannot read the object ";

/* Between what is missing and the repair. */
static const char is_missing[] = " is not in the repository; ";

/* The same for every object of the revision, and read from files. */
static const char *repair_of(struct revision *revision)
{
	AUTO(text) out = TEXT_INIT;

	if (!revision->repair) {
		repair_command_missing(&out, revision->repository);
		revision->repair = text_detach(&out);
	}
	return revision->repair;
}

static void to_hex(char hex[GIT_OID_HEXSZ + 1], const unsigned char *id)
{
	git_oid oid;

	*hex = '\0';
	if (!id)
		return;
	git_oid_fromraw(&oid, id);
	git_oid_tostr(hex, GIT_OID_HEXSZ + 1, &oid);
}

/* Trees on the way to a path give another number, but the same words. */
static bool is_absent(int code, const char *error)
{
	static const char words[] = "object not found";

	return code == GIT_ENOTFOUND || !strncmp(error, words, strlen(words));
}

bool missing_object_report(struct revision *revision, const char *path,
	const unsigned char *id, int code, struct diags *diags)
{
	struct source source = {.revision = revision->id, .path = path};
	struct origin at = {.source = &source};
	AUTO_FREE char *error = own_strdup(libgit2_error());
	AUTO(text) repair = TEXT_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	bool absent = is_absent(code, error);

	to_hex(hex, id);
	if (absent && !id)
		return diag_error(diags, &at, RULE_GIT_OBJECT,
			"an object of '%s'%s%s", path, is_missing,
			repair_of(revision));
	if (absent)
		return diag_error(diags, &at, RULE_GIT_OBJECT,
			"%s%s of '%s'%s%s", missing, hex, path, is_missing,
			repair_of(revision));
	repair_command_damaged(&repair, revision->repository, hex);
	return diag_error(diags, &at, RULE_GIT_OBJECT, "%s%s%sof '%s': %s; %s",
		damaged, hex, id ? " " : "", path, error, repair.data);
}

bool missing_object_report_commit(
	struct revision *revision, const unsigned char *id, struct diags *diags)
{
	char hex[GIT_OID_HEXSZ + 1];

	to_hex(hex, id);
	return diag_error(diags, NULL, RULE_GIT_REVISION,
		"commit %s of revision '%s'%s%s", hex, revision->name,
		is_missing, repair_of(revision));
}

/* The id in a message that begins so, or NULL. */
static const char *id_in(const struct diag *diag, const char *beginning)
{
	size_t length = strlen(beginning);
	const char *id = diag->message + length;

	if (diag->rule != RULE_GIT_OBJECT ||
		strncmp(diag->message, beginning, length) ||
		strspn(id, "0123456789abcdef") != GIT_OID_HEXSZ)
		return NULL;
	return id;
}

static int compare_ids(const void *a, const void *b)
{
	return strncmp(*(const char *const *)a, *(const char *const *)b,
		GIT_OID_HEXSZ);
}

static size_t count_different(const char **ids, size_t count)
{
	size_t different = count > 0;

	qsort(ids, count, sizeof(*ids), compare_ids);
	for (size_t i = 1; i < count; i++)
		different += compare_ids(&ids[i - 1], &ids[i]) != 0;
	return different;
}

/* The message of the first, said of them all; malloc'd. */
static char *say_of_all(const char *message, size_t count)
{
	const char *end = strstr(message, is_missing);
	AUTO(text) all = TEXT_INIT;

	if (strncmp(message, missing, strlen(missing)) || !end) {
		text_format(&all, "%s; %zu more cannot be read", message,
			count - 1);
		return text_detach(&all);
	}
	message += strlen(missing);
	text_format(&all,
		"%zu objects of this revision are not in the repository "
		"(first: %.*s); %s",
		count, (int)(end - message), message, end + strlen(is_missing));
	return text_detach(&all);
}

static void fold(struct diags *diags, const char *beginning)
{
	AUTO_FREE const char **ids = own_alloc(
		(diags->count + 1) * sizeof(*ids));
	AUTO_FREE bool *drop = own_alloc(diags->count + 1);
	struct diag *first = NULL;
	size_t count = 0;
	char *message;

	for (size_t i = 0; i < diags->count; i++) {
		const char *id = id_in(&diags->list[i], beginning);

		if (!id)
			continue;
		drop[i] = first != NULL;
		first = first ? first : &diags->list[i];
		ids[count++] = id;
	}
	if (count < 2)
		return;
	count = count_different(ids, count);
	if (count > 1) {
		message = say_of_all(first->message, count);
		free(first->message);
		first->message = message;
		/* It is about the revision, no longer about a document. */
		free(first->path);
		first->path = NULL;
	}
	diags_drop(diags, 0, drop);
}

void missing_object_fold(struct diags *diags)
{
	fold(diags, missing);
	fold(diags, damaged);
}
