#include "catalog/multi_pack_index.h"

#include "schema/own.h"
#include "schema/text.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER = 12, CHUNK = 12, ID = 20, OFFSET = 8, FAN_OUT = 256 * 4 };

struct bytes {
	const unsigned char *at;
	uint64_t length;
};

struct midx {
	struct bytes file;
	uint64_t packs;
	uint64_t *sizes; /* of each pack; 0: it is not there */
	struct bytes names, fan_out, offsets, large;
};

static uint64_t number(const unsigned char *at, unsigned bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | *at++;
	return value;
}

/* A chunk ends where the next one begins. */
static bool find_chunks(struct midx *midx)
{
	const struct bytes *file = &midx->file;
	const struct {
		char name[5];
		struct bytes *chunk;
	} wanted[] = {{"PNAM", &midx->names}, {"OIDF", &midx->fan_out},
		{"OOFF", &midx->offsets}, {"LOFF", &midx->large}};
	uint64_t count;

	if (file->length < HEADER || memcmp(file->at, "MIDX", 4) != 0)
		return false;
	count = file->at[6];
	midx->packs = number(file->at + 8, 4);
	if (file->length < HEADER + (count + 1) * CHUNK)
		return false;
	for (uint64_t i = 0; i < count; i++) {
		const unsigned char *row = file->at + HEADER + i * CHUNK;
		uint64_t from = number(row + 4, 8);
		uint64_t to = number(row + CHUNK + 4, 8);

		if (from > to || to > file->length)
			return false;
		for (size_t k = 0; k < COUNT(wanted); k++)
			if (!memcmp(row, wanted[k].name, 4))
				*wanted[k].chunk = (struct bytes){
					file->at + from, to - from};
	}
	return midx->names.at && midx->offsets.at &&
	       midx->fan_out.length >= FAN_OUT;
}

/* Names of .idx files, a NUL behind each, without folders. */
static bool measure_packs(struct midx *midx, const char *path)
{
	const struct bytes *names = &midx->names;
	const char *name = (const char *)names->at;
	const char *end = name + names->length;
	int folder = (int)(strrchr(path, '/') - path);

	if (midx->packs > names->length)
		return false;
	midx->sizes = own_alloc(midx->packs * sizeof(*midx->sizes));
	for (uint64_t i = 0; i < midx->packs; i++) {
		const char *nul = name < end ? memchr(name, '\0',
						       (size_t)(end - name))
					     : NULL;
		AUTO(text) pack = TEXT_INIT;
		struct stat status;

		if (!nul || nul - name < 5 ||
			memchr(name, '/', (size_t)(nul - name)))
			return false;
		text_format(&pack, "%.*s/%.*spack", folder, path,
			(int)(nul - name) - 3, name);
		if (!stat(pack.data, &status))
			midx->sizes[i] = (uint64_t)status.st_size;
		name = nul + 1;
	}
	return true;
}

static bool offsets_fit(const struct midx *midx)
{
	uint64_t count = number(midx->fan_out.at + FAN_OUT - 4, 4);
	const unsigned char *row = midx->offsets.at;

	if (midx->offsets.length < count * OFFSET)
		return false;
	for (; count; count--, row += OFFSET) {
		uint64_t pack = number(row, 4);
		uint64_t offset = number(row + 4, 4);
		uint64_t place = offset & 0x7fffffff;

		if (offset != place && midx->large.length) {
			if (midx->large.length / OFFSET <= place)
				return false;
			offset = number(midx->large.at + place * OFFSET, 8);
		}
		if (pack >= midx->packs)
			return false;
		if (midx->sizes[pack] && offset + ID >= midx->sizes[pack])
			return false;
	}
	return true;
}

bool multi_pack_index_fits(const char *path)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct midx midx = {.sizes = NULL};
	struct stat status;
	void *bytes;
	bool good;

	if (fd < 0 || fstat(fd, &status) || !S_ISREG(status.st_mode) ||
		!status.st_size)
		return true;
	bytes = mmap(
		NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return true;
	midx.file = (struct bytes){bytes, (uint64_t)status.st_size};
	good = find_chunks(&midx) && measure_packs(&midx, path) &&
	       offsets_fit(&midx);
	free(midx.sizes);
	munmap(bytes, (size_t)status.st_size);
	return good;
}
