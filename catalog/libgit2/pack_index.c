#include "catalog/libgit2/pack_index.h"

#include "catalog/libgit2/mapped_file.h"
#include "catalog/libgit2/multi_pack_index.h"
#include "schema/base/alloc.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	FAN_OUT = 256 * 4,
	ID = 20,
	TRAILER = 2 * ID, /* of an index; a pack has half of it */
	MAX_DEPTH = 5,    /* of alternates, as Git has it */
	MAX_LINE = 4096,
};

struct index {
	struct mapped_file file;
	uint64_t pack_size;
	uint64_t count; /* of objects */
};

static bool is_inside(const struct index *index, uint64_t offset)
{
	return index->pack_size >= ID && offset < index->pack_size - ID;
}

/* Fan-out, then offset and id of each object. */
static bool first_version_fits(struct index *index)
{
	const unsigned char *entry = index->file.bytes + FAN_OUT;

	index->count = mapped_file_number(index->file.bytes + FAN_OUT - 4, 4);
	if (index->file.length != FAN_OUT + index->count * (4 + ID) + TRAILER)
		return false;
	for (uint64_t i = 0; i < index->count; i++, entry += 4 + ID)
		if (!is_inside(index, mapped_file_number(entry, 4)))
			return false;
	return true;
}

/* Magic, version, fan-out, ids, checksums, offsets, those that are long. */
static bool second_version_fits(struct index *index)
{
	const uint64_t head = 8 + FAN_OUT;
	const unsigned char *offsets;
	uint64_t least;
	uint64_t longs;

	index->count = mapped_file_number(index->file.bytes + head - 4, 4);
	least = head + index->count * (ID + 4 + 4) + TRAILER;
	if (index->file.length < least || (index->file.length - least) % 8)
		return false;
	longs = (index->file.length - least) / 8;
	offsets = index->file.bytes + head + index->count * (ID + 4);
	for (uint64_t i = 0; i < index->count; i++) {
		uint64_t offset = mapped_file_number(offsets + i * 4, 4);
		uint64_t place = offset & 0x7fffffff;

		if (offset != place) {
			if (place >= longs)
				return false;
			offset = mapped_file_number(
				offsets + index->count * 4 + place * 8, 8);
		}
		if (!is_inside(index, offset))
			return false;
	}
	return true;
}

static bool fits(struct index *index)
{
	static const unsigned char magic[] = {0xff, 't', 'O', 'c'};

	if (index->file.length < 8 + FAN_OUT + TRAILER)
		return index->file.length >= FAN_OUT + TRAILER &&
		       memcmp(index->file.bytes, magic, sizeof(magic)) != 0 &&
		       first_version_fits(index);
	return memcmp(index->file.bytes, magic, sizeof(magic)) == 0
		       ? second_version_fits(index)
		       : first_version_fits(index);
}

/* An index without its pack is not used, and one that goes away is nobody's. */
static bool file_fits(const char *path)
{
	AUTO(text) pack = TEXT_INIT;
	struct stat status;
	struct index index;
	bool good;

	text_append_bytes(&pack, path, strlen(path) - strlen("idx"));
	text_append(&pack, "pack");
	if (stat(pack.data, &status) || !mapped_file_open(&index.file, path))
		return true;
	index.pack_size = (uint64_t)status.st_size;
	good = fits(&index);
	mapped_file_release(&index.file);
	return good;
}

static bool folder_fits(const char *objects, struct text *wrong)
{
	AUTO(text) folder = TEXT_INIT;
	DIR *listing;
	bool good = true;

	text_format(&folder, "%s/pack", objects);
	listing = opendir(folder.data);
	while (listing && good) {
		const struct dirent *entry = readdir(listing);
		const char *dot = entry ? strrchr(entry->d_name, '.') : NULL;
		AUTO(text) path = TEXT_INIT;

		if (!entry)
			break;
		text_format(&path, "%s/%s", folder.data, entry->d_name);
		if (dot && !strcmp(dot, ".idx"))
			good = file_fits(path.data);
		else if (!strcmp(entry->d_name, "multi-pack-index"))
			good = multi_pack_index_fits(path.data);
		if (!good)
			text_append(wrong, path.data);
	}
	if (listing)
		closedir(listing);
	return good;
}

/* A line of info/alternates: absolute, or relative to the objects' folder. */
static bool objects_fit(const char *objects, unsigned depth, struct text *wrong)
{
	AUTO(text) file = TEXT_INIT;
	char line[MAX_LINE];
	FILE *stream;
	bool good = folder_fits(objects, wrong);

	if (!good || depth == MAX_DEPTH)
		return good;
	text_format(&file, "%s/info/alternates", objects);
	stream = fopen(file.data, "re");
	while (stream && good && fgets(line, sizeof(line), stream)) {
		AUTO(text) other = TEXT_INIT;

		line[strcspn(line, "\n")] = '\0';
		if (!*line || *line == '#')
			continue;
		if (*line != '/')
			text_format(&other, "%s/", objects);
		text_append(&other, line);
		good = objects_fit(other.data, depth + 1, wrong);
	}
	if (stream)
		fclose(stream);
	return good;
}

bool pack_indexes_fit(git_repository *repository, struct text *wrong)
{
	/* A hook's quarantine; the rest is its alternate. */
	const char *quarantine = getenv("GIT_DIR")
					 ? getenv("GIT_OBJECT_DIRECTORY")
					 : NULL;
	AUTO(text) objects = TEXT_INIT;

	text_format(
		&objects, "%sobjects", git_repository_commondir(repository));
	return (!quarantine || objects_fit(quarantine, 0, wrong)) &&
	       objects_fit(objects.data, 0, wrong);
}
