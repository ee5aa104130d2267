/*
 * A repository's own files, damaged: the first part is the revision asked
 * for, every other a file below the working tree, its first line the path
 * (".git/index", ".git/HEAD"). Files that are not given are those of a
 * sound, empty repository.
 */
#include "catalog/rules/validate.h"
#include "catalog/store/worktree_status.h"
#include "tests/fuzz/fuzz.h"

#include "catalog/store/catalog.h"
#include "schema/base/alloc.h"
#include "schema/base/text.h"

#include <string.h>
#include <sys/stat.h>

enum { MAX_FILES = 24, MAX_PATH = 200 };

/*
 * libgit2 1.5 loses a reference in some revisions, the matches of a regular
 * expression of its own, and parts of a damaged index: theirs, not ours.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:git_revparse_ext\nleak:git_config_foreach_match\nleak:git_index_read\n";
}

/* To see that name, the stack of every allocation must be complete. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "fast_unwind_on_malloc=0";
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_folder();
	return 0;
}

static void write_sound(void)
{
	const struct part head = {"ref: refs/heads/main\n", 21};
	const struct part config = {"[core]\n\tbare = false\n", 21};
	const struct part nothing = {"", 0};

	fuzz_write("w/.git/HEAD", head);
	fuzz_write("w/.git/config", config);
	fuzz_write("w/.git/objects/pack/x", nothing);
	fuzz_write("w/.git/refs/heads/x", nothing);
}

static void write_files(struct part rest)
{
	struct part part;
	int count = 0;

	while (count++ < MAX_FILES && fuzz_part(&rest, &part)) {
		AUTO_FREE char *name = fuzz_string(fuzz_line(&part));
		AUTO(text) path = TEXT_INIT;

		if (strlen(name) > MAX_PATH)
			continue;
		text_format(&path, "w/%s", name);
		fuzz_write(path.data, part);
	}
}

static void use(struct revision *revision)
{
	AUTO(diags) diags = DIAGS_INIT;
	struct document *document;
	struct catalog *catalog;
	bool good;

	worktree_status_differs(revision);
	good = catalog_open(&catalog, revision, &diags);
	fuzz_check_diags(&diags, good);
	if (!good)
		return;
	good = catalog_find(catalog, DOCUMENT_BRIDGE, "a", &document, &diags);
	fuzz_check_diags(&diags, good);
	good = validate_catalog(catalog, &diags);
	fuzz_check_diags(&diags, good);
	catalog_close(catalog);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct part rest = {(const char *)bytes, length};
	AUTO(diags) diags = DIAGS_INIT;
	struct revision *revision;
	AUTO_FREE char *text = NULL;
	AUTO(text) path = TEXT_INIT;
	struct part name;
	bool good;

	fuzz_part(&rest, &name);
	text = fuzz_string(name);
	write_sound();
	write_files(rest);
	text_format(&path, "%s/w", fuzz_folder());
	good = revision_open(&revision, path.data, text, true, &diags);
	fuzz_check_diags(&diags, good);
	if (good)
		use(revision);
	fuzz_remove("w");
	return 0;
}
