#include "tests/fuzz/fuzz.h"

#include "schema/base/alloc.h"
#include "schema/base/text.h"
#include "schema/base/utf8.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

bool fuzz_part(struct part *rest, struct part *part)
{
	const size_t cut = sizeof(FUZZ_CUT) - 1;
	const char *end;

	if (!rest->bytes)
		return false;
	end = rest->length ? memmem(rest->bytes, rest->length, FUZZ_CUT, cut)
			   : NULL;
	*part = *rest;
	if (!end) {
		rest->bytes = NULL;
		return true;
	}
	part->length = (size_t)(end - rest->bytes);
	rest->bytes = end + cut;
	rest->length -= part->length + cut;
	return true;
}

struct part fuzz_line(struct part *rest)
{
	const char *end = rest->length ? memchr(rest->bytes, '\n', rest->length)
				       : NULL;
	struct part line = *rest;

	line.length = end ? (size_t)(end - rest->bytes) : rest->length;
	rest->bytes += line.length + (end != NULL);
	rest->length -= line.length + (end != NULL);
	return line;
}

char *fuzz_string(struct part part)
{
	return own_strndup(part.length ? part.bytes : "", part.length);
}

static bool is_visible(const char *text)
{
	size_t length = strlen(text);

	for (size_t at = 0; at < length;) {
		uint32_t point;
		size_t size = utf8_decode(&point, text + at, length - at);

		if (!size || !utf8_is_plain(point))
			return false;
		at += size;
	}
	return true;
}

void fuzz_check_diags(const struct diags *diags, bool good)
{
	size_t counts[SEVERITY_OFF + 1] = {0};

	for (size_t i = 0; i < diags->count; i++) {
		const struct diag *diag = &diags->list[i];

		REQUIRE(diag->rule < RULE_COUNT);
		REQUIRE(diag->severity < SEVERITY_OFF);
		REQUIRE(diag->message && is_visible(diag->message));
		counts[diag->severity]++;
	}
	REQUIRE(diags->errors == counts[SEVERITY_ERROR]);
	REQUIRE(diags->warnings == counts[SEVERITY_WARNING]);
	REQUIRE(diags->notes == counts[SEVERITY_NOTE]);
	REQUIRE(good || diags->errors);
}

static void check_place(const struct node *node, const struct source *source)
{
	const struct origin *at = &node->at;

	REQUIRE(at->source == source);
	REQUIRE(at->line && at->column);
	REQUIRE(at->end_line > at->line ||
		(at->end_line == at->line && at->end_column >= at->column));
}

void fuzz_check_tree(const struct node *node, const struct source *source)
{
	size_t weight = 1;

	check_place(node, source);
	if (node->kind == NODE_STRING)
		REQUIRE(!node->string.bytes[node->string.length] &&
			utf8_valid_prefix(node->string.bytes,
				node->string.length) == node->string.length);
	if (node->kind == NODE_LIST)
		for (size_t i = 0; i < node->list.count; i++) {
			fuzz_check_tree(node->list.items[i], source);
			weight += node->list.items[i]->weight;
		}
	if (node->kind == NODE_MAP)
		for (size_t i = 0; i < node->map.count; i++) {
			const struct member *member = &node->map.members[i];
			const struct node *key = member->key;

			fuzz_check_tree(key, source);
			fuzz_check_tree(member->value, source);
			weight += key->weight + member->value->weight;
			REQUIRE(node_get_bytes(node, key->string.bytes,
					key->string.length) == member->value);
		}
	REQUIRE(weight < 1000000);
}

static int remove_one(
	const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static void remove_folder(void)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void forget_environment(void)
{
	static const char *const names[] = {"GIT_DIR", "GIT_WORK_TREE",
		"GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
		"GIT_ALTERNATE_OBJECT_DIRECTORIES", "BRIDGE_CONFIG",
		"BRIDGE_CATALOG_REV", "BRIDGE_STATE_DIR", "XDG_STATE_HOME",
		"XDG_CONFIG_HOME", "XDG_CACHE_HOME"};

	for (size_t i = 0; i < COUNT(names); i++)
		unsetenv(names[i]);
}

const char *fuzz_folder(void)
{
	const char *parent = getenv("FUZZ_FOLDER");

	if (*folder)
		return folder;
	if (!parent)
		parent = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
	snprintf(folder, sizeof(folder), "%s/bridge-fuzz-XXXXXX", parent);
	REQUIRE(mkdtemp(folder));
	atexit(remove_folder);
	forget_environment();
	setenv("HOME", folder, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	setenv("GIT_CEILING_DIRECTORIES", folder, 1);
	return folder;
}

static bool is_inside(const char *name)
{
	if (!*name || *name == '/')
		return false;
	for (; *name; name += strspn(name, "/")) {
		size_t length = strcspn(name, "/");

		if (length == 2 && !memcmp(name, "..", 2))
			return false;
		name += length;
	}
	return true;
}

bool fuzz_write(const char *name, struct part content)
{
	AUTO(text) path = TEXT_INIT;
	size_t base;
	ssize_t wrote;

	if (!is_inside(name))
		return false;
	text_format(&path, "%s/", fuzz_folder());
	base = path.length;
	text_append(&path, name);
	for (char *slash = strchr(path.data + base, '/'); slash;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path.data, 0700);
		*slash = '/';
	}
	AUTO_CLOSE int fd = open(path.data,
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return false;
	wrote = content.length ? write(fd, content.bytes, content.length) : 0;
	return wrote == (ssize_t)content.length;
}

void fuzz_remove(const char *name)
{
	AUTO(text) path = TEXT_INIT;

	text_format(&path, "%s/%s", fuzz_folder(), name);
	nftw(path.data, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void fuzz_check_word(const char *word, size_t size)
{
	REQUIRE(strlen(word) < size);
	for (; *word; word++)
		REQUIRE((unsigned char)*word >= ' ' && *word != 0x7f);
}
