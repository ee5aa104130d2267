/*
 * A repository whose objects somebody made by hand: the first part is the
 * revision asked for, every other an object, its first byte the type. In it,
 * 0xfe and a byte stand for the raw id of that earlier object, 0xff and a
 * byte for its hex id, so that mutations stay linked. The last one is
 * refs/heads/main.
 */
#include "catalog/git/revision_commit.h"
#include "catalog/rules/validate.h"
#include "tests/fuzz/fuzz.h"

#include "catalog/git/repository.h"
#include "catalog/git/revision_internal.h"
#include "catalog/store/catalog.h"
#include "schema/base/alloc.h"
#include "schema/base/text.h"

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <string.h>

enum { MAX_OBJECTS = 32 };

struct objects {
	git_odb *odb;
	git_oid ids[MAX_OBJECTS];
	size_t count;
};

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
	const struct part head = {"ref: refs/heads/main\n", 21};
	const struct part config = {"[core]\n\tbare = true\n", 20};
	const struct part nothing = {"", 0};

	(void)argc;
	(void)argv;
	REQUIRE(fuzz_write("r/HEAD", head));
	REQUIRE(fuzz_write("r/config", config));
	REQUIRE(fuzz_write("r/objects/pack/x", nothing));
	REQUIRE(fuzz_write("r/refs/heads/x", nothing));
	return 0;
}

static git_object_t type_of(char letter)
{
	switch (letter) {
	case 't':
		return GIT_OBJECT_TREE;
	case 'c':
		return GIT_OBJECT_COMMIT;
	case 'g':
		return GIT_OBJECT_TAG;
	default:
		return GIT_OBJECT_BLOB;
	}
}

/* Put the ids of earlier objects in place. */
static void link_up(
	const struct objects *objects, struct part part, struct text *content)
{
	for (size_t i = 0; i < part.length; i++) {
		unsigned char byte = (unsigned char)part.bytes[i];
		char hex[GIT_OID_HEXSZ + 1];
		const git_oid *id;

		if (byte < 0xfe || i + 1 == part.length || !objects->count) {
			text_append_char(content, (char)byte);
			continue;
		}
		id = &objects->ids[(unsigned char)part.bytes[++i] %
				   objects->count];
		git_oid_tostr(hex, sizeof(hex), id);
		if (byte == 0xfe)
			text_append_bytes(
				content, (const char *)id->id, GIT_OID_RAWSZ);
		else
			text_append(content, hex);
	}
}

static void write_objects(struct objects *objects, struct part rest)
{
	struct part part;

	while (objects->count < MAX_OBJECTS && fuzz_part(&rest, &part)) {
		AUTO(text) content = TEXT_INIT;
		git_oid *id = &objects->ids[objects->count];

		if (!part.length)
			continue;
		link_up(objects, (struct part){part.bytes + 1, part.length - 1},
			&content);
		if (!git_odb_write(id, objects->odb, content.data,
			    content.length, type_of(part.bytes[0])))
			objects->count++;
	}
}

static void point_main_at(const git_oid *id)
{
	char line[GIT_OID_HEXSZ + 2];

	git_oid_tostr(line, sizeof(line), id);
	line[GIT_OID_HEXSZ] = '\n';
	fuzz_write("r/refs/heads/main", (struct part){line, GIT_OID_HEXSZ + 1});
}

/* The repository of LLVMFuzzerInitialize() with its objects in memory. */
static git_repository *open_repository(struct part rest)
{
	struct objects objects = {.count = 0};
	AUTO(text) path = TEXT_INIT;
	AUTO(text) prefix = TEXT_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	git_odb_backend *backend;
	git_repository *repository;

	text_format(&path, "%s/r", fuzz_folder());
	REQUIRE(repository_open(&repository, &prefix, path.data, true, &diags));
	REQUIRE(!git_odb_new(&objects.odb));
	REQUIRE(!git_mempack_new(&backend));
	REQUIRE(!git_odb_add_backend(objects.odb, backend, 999));
	write_objects(&objects, rest);
	REQUIRE(!git_repository_set_odb(repository, objects.odb));
	git_odb_free(objects.odb);
	if (objects.count)
		point_main_at(&objects.ids[objects.count - 1]);
	return repository;
}

static bool open_revision(struct revision **revision, const char *name,
	git_repository *repository, struct diags *diags)
{
	struct revision *opened = own_alloc(sizeof(*opened));

	opened->root_fd = -1;
	opened->folder_fd = -1;
	opened->name = own_strdup(*name ? name : "HEAD");
	opened->prefix = own_strdup("");
	opened->repository = repository;
	*revision = opened;
	return revision_commit_open(opened, "r", diags);
}

/* Folders, two deep, and what they hold. */
static void walk(struct revision *revision, const char *folder, int depth)
{
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	struct revision_entry *entries;
	size_t count;
	bool good = revision_list(
		revision, folder, &arena, &entries, &count, &diags);

	fuzz_check_diags(&diags, good);
	for (size_t i = 0; good && i < count && i < 20; i++) {
		AUTO(diags) inner = DIAGS_INIT;
		AUTO(text) path = TEXT_INIT;
		const struct source *source;

		text_format(&path, "%s%s%s", folder, *folder ? "/" : "",
			entries[i].name);
		good = revision_read(
			revision, path.data, &arena, &source, &inner);
		fuzz_check_diags(&inner, good);
		good = revision_read_entry(revision, path.data, &entries[i],
			&arena, &source, &inner);
		fuzz_check_diags(&inner, good);
		if (depth && entries[i].kind == ENTRY_FOLDER)
			walk(revision, path.data, depth - 1);
		good = true;
	}
}

static void use(struct revision *revision)
{
	AUTO(diags) diags = DIAGS_INIT;
	struct document *document;
	struct catalog *catalog;
	bool good;

	walk(revision, "", 2);
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
	struct part name;
	AUTO_FREE char *text = NULL;
	bool good;

	fuzz_part(&rest, &name);
	text = fuzz_string(name);
	good = open_revision(&revision, text, open_repository(rest), &diags);
	fuzz_check_diags(&diags, good);
	if (good)
		use(revision);
	else
		revision_close(revision);
	return 0;
}
