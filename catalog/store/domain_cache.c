#include "catalog/store/domain_cache.h"

#include "schema/base/write_all.h"
#include "schema/bridge/bridge.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	KEEP_FILES = 8,
	MAX_ENTRIES = 4 * 1000 * 1000,
	MAX_KEY = BRIDGE_MAX_NAME + 2,
};

static const char magic[8] = "bridge1\n";
static const char file_prefix[] = "locate-1-";

struct header {
	char magic[8];
	uint32_t count;
	uint32_t one;
};

void domain_cache_release(struct domain_cache *index)
{
	free(index->pairs);
	text_release(&index->strings);
	*index = (struct domain_cache)DOMAIN_CACHE_INIT;
}

static char key_letter(enum document_kind kind)
{
	return kind == DOCUMENT_BRIDGE ? 'b' : 't';
}

void domain_cache_add(struct domain_cache *index, enum document_kind kind,
	const char *id, size_t length, const char *domain)
{
	struct text *strings = &index->strings;
	struct domain_cache_pair *pair;

	if (length > BRIDGE_MAX_NAME)
		return;
	index->pairs = own_grow(index->pairs, index->count, &index->capacity,
		sizeof(*index->pairs));
	if (!index->count ||
		strcmp(strings->data + index->last_domain, domain)) {
		index->last_domain = (uint32_t)strings->length;
		text_append_bytes(strings, domain, strlen(domain) + 1);
	}
	pair = &index->pairs[index->count++];
	pair->key = (uint32_t)strings->length;
	pair->domain = index->last_domain;
	text_append_char(strings, key_letter(kind));
	text_append_bytes(strings, id, length);
	text_append_char(strings, '\0');
}

/* The cache folder with a slash behind it; empty when there can be none. */
static void find_folder(struct text *folder)
{
	const char *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");

	if (cache && *cache == '/')
		text_format(folder, "%s/bridge/", cache);
	else if (home && *home == '/')
		text_format(folder, "%s/.cache/bridge/", home);
}

static void append_file(struct text *path, const unsigned char tree_id[20])
{
	text_append(path, file_prefix);
	for (size_t i = 0; i < 20; i++)
		text_format(path, "%02x", tree_id[i]);
}

/* Make the folder, its parents included, for the user alone. */
static void make_folder(char *folder)
{
	for (char *slash = strchr(folder + 1, '/'); slash;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(folder, 0700);
		*slash = '/';
	}
}

struct old_file {
	char *name;
	struct timespec changed;
};

static int newest_first(const void *a, const void *b)
{
	const struct timespec *x = &((const struct old_file *)a)->changed;
	const struct timespec *y = &((const struct old_file *)b)->changed;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? 1 : -1;
	return (x->tv_nsec < y->tv_nsec) - (x->tv_nsec > y->tv_nsec);
}

static void prune(const char *folder)
{
	struct old_file *files = NULL;
	const struct dirent *entry;
	size_t capacity = 0;
	size_t count = 0;
	DIR *stream = opendir(folder);

	if (!stream)
		return;
	while ((entry = readdir(stream))) {
		struct stat status;

		if (strncmp(entry->d_name, file_prefix, strlen(file_prefix)) ||
			fstatat(dirfd(stream), entry->d_name, &status,
				AT_SYMLINK_NOFOLLOW))
			continue;
		files = own_grow(files, count, &capacity, sizeof(*files));
		files[count++] = (struct old_file){
			own_strdup(entry->d_name), status.st_mtim};
	}
	if (count)
		qsort(files, count, sizeof(*files), newest_first);
	for (size_t i = 0; i < count; i++) {
		if (i >= KEEP_FILES)
			unlinkat(dirfd(stream), files[i].name, 0);
		free(files[i].name);
	}
	free(files);
	closedir(stream);
}

static int compare_pairs(const void *a, const void *b, void *data)
{
	const char *strings = data;
	const struct domain_cache_pair *x = a;
	const struct domain_cache_pair *y = b;
	int order = strcmp(strings + x->key, strings + y->key);

	return order ? order : strcmp(strings + x->domain, strings + y->domain);
}

static bool write_cache(int fd, const struct domain_cache *index)
{
	struct header header = {.count = (uint32_t)index->count, .one = 1};

	memcpy(header.magic, magic, sizeof(magic));
	return write_all(fd, &header, sizeof(header)) &&
	       write_all(fd, index->pairs,
		       index->count * sizeof(*index->pairs)) &&
	       write_all(fd, index->strings.data, index->strings.length);
}

void domain_cache_write(
	struct domain_cache *index, const unsigned char tree_id[20])
{
	AUTO(text) folder = TEXT_INIT;
	AUTO(text) path = TEXT_INIT;
	AUTO(text) temporary = TEXT_INIT;
	struct text *strings = &index->strings;

	find_folder(&folder);
	if (!folder.length || !index->count || index->count > MAX_ENTRIES ||
		strings->length > UINT32_MAX)
		return;
	qsort_r(index->pairs, index->count, sizeof(*index->pairs),
		compare_pairs, strings->data);
	make_folder(folder.data);
	text_format(&temporary, "%s.new-XXXXXX", folder.data);
	text_append(&path, folder.data);
	append_file(&path, tree_id);
	AUTO_CLOSE int fd = mkostemp(temporary.data, O_CLOEXEC);
	if (fd < 0)
		return;
	if (!write_cache(fd, index) || rename(temporary.data, path.data))
		unlink(temporary.data);
	else
		prune(folder.data);
}

/* A mapped file. */
struct mapping {
	const char *bytes;
	size_t length;
};

static bool map_file(struct mapping *mapping, const unsigned char tree_id[20])
{
	AUTO(text) path = TEXT_INIT;
	struct stat status;

	find_folder(&path);
	if (!path.length)
		return false;
	append_file(&path, tree_id);
	AUTO_CLOSE int fd = open(
		path.data, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) || !S_ISREG(status.st_mode) ||
		status.st_size < (off_t)sizeof(struct header))
		return false;
	mapping->length = (size_t)status.st_size;
	mapping->bytes = mmap(
		NULL, mapping->length, PROT_READ, MAP_PRIVATE, fd, 0);
	return mapping->bytes != MAP_FAILED;
}

/*
 * The strings, or NULL when the file is not what we write. Its last byte is a
 * NUL, so no string in it runs over the end.
 */
static const char *check_file(
	const struct mapping *mapping, struct header *header, size_t *length)
{
	size_t pairs;

	memcpy(header, mapping->bytes, sizeof(*header));
	pairs = header->count * sizeof(struct domain_cache_pair);
	if (memcmp(header->magic, magic, sizeof(magic)) || header->one != 1 ||
		header->count > MAX_ENTRIES ||
		pairs >= mapping->length - sizeof(*header) ||
		mapping->bytes[mapping->length - 1])
		return NULL;
	*length = mapping->length - sizeof(*header) - pairs;
	return mapping->bytes + sizeof(*header) + pairs;
}

/* The first entry with this key; NULL when there is none. */
static const char *search_file(const struct mapping *mapping, const char *key)
{
	struct header header;
	size_t length;
	const char *strings = check_file(mapping, &header, &length);
	const char *domain = NULL;
	size_t low = 0;
	size_t high = strings ? header.count : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct domain_cache_pair pair;
		int order;

		memcpy(&pair,
			mapping->bytes + sizeof(header) + middle * sizeof(pair),
			sizeof(pair));
		if (pair.key >= length || pair.domain >= length)
			return NULL;
		order = strcmp(strings + pair.key, key);
		if (!order)
			domain = strings + pair.domain;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return domain;
}

bool domain_cache_find(const unsigned char tree_id[20], enum document_kind kind,
	const char *id, struct text *domain)
{
	struct mapping mapping;
	const char *found;
	char key[MAX_KEY];
	bool good;

	snprintf(key, sizeof(key), "%c%s", key_letter(kind), id);
	if (!map_file(&mapping, tree_id))
		return false;
	found = search_file(&mapping, key);
	good = found && bridge_name_is_valid(found);
	if (good)
		text_append(domain, found);
	munmap((void *)(uintptr_t)mapping.bytes, mapping.length);
	return good;
}
