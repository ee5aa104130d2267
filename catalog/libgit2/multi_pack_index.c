#include "catalog/libgit2/multi_pack_index.h"

#include "catalog/libgit2/mapped_file.h"
#include "schema/base/alloc.h"
#include "schema/base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { HEADER = 12, CHUNK = 12, ID = 20, OFFSET = 8, FAN_OUT = 256 * 4 };

struct midx {
	struct mapped_file file;
	uint64_t packs;
	uint64_t *sizes; /* of each pack; 0: it is not there */
	/* Parts of the file: */
	struct mapped_file names, fan_out, offsets, large;
};

/* A chunk ends where the next one begins. */
static bool find_chunks(struct midx *midx)
{
	const struct mapped_file *file = &midx->file;
	const struct {
		char name[5];
		struct mapped_file *chunk;
	} wanted[] = {{"PNAM", &midx->names}, {"OIDF", &midx->fan_out},
		{"OOFF", &midx->offsets}, {"LOFF", &midx->large}};
	uint64_t count;

	if (file->length < HEADER || memcmp(file->bytes, "MIDX", 4) != 0)
		return false;
	count = file->bytes[6];
	midx->packs = mapped_file_number(file->bytes + 8, 4);
	if (file->length < HEADER + (count + 1) * CHUNK)
		return false;
	for (uint64_t i = 0; i < count; i++) {
		const unsigned char *row = file->bytes + HEADER + i * CHUNK;
		uint64_t from = mapped_file_number(row + 4, 8);
		uint64_t to = mapped_file_number(row + CHUNK + 4, 8);

		if (from > to || to > file->length)
			return false;
		for (size_t k = 0; k < COUNT(wanted); k++)
			if (!memcmp(row, wanted[k].name, 4))
				*wanted[k].chunk = (struct mapped_file){
					file->bytes + from, to - from};
	}
	return midx->names.bytes && midx->offsets.bytes &&
	       midx->fan_out.length >= FAN_OUT;
}

/* Names of .idx files, a NUL behind each, without folders. */
static bool measure_packs(struct midx *midx, const char *path)
{
	const struct mapped_file *names = &midx->names;
	const char *name = (const char *)names->bytes;
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
	uint64_t count = mapped_file_number(
		midx->fan_out.bytes + FAN_OUT - 4, 4);
	const unsigned char *row = midx->offsets.bytes;

	if (midx->offsets.length < count * OFFSET)
		return false;
	for (; count; count--, row += OFFSET) {
		uint64_t pack = mapped_file_number(row, 4);
		uint64_t offset = mapped_file_number(row + 4, 4);
		uint64_t place = offset & 0x7fffffff;

		if (offset != place && midx->large.length) {
			if (midx->large.length / OFFSET <= place)
				return false;
			offset = mapped_file_number(
				midx->large.bytes + place * OFFSET, 8);
		}
		if (pack >= midx->packs)
			return false;
		/* An offset near the largest number must not wrap round. */
		if (midx->sizes[pack] &&
			(midx->sizes[pack] < ID ||
				offset >= midx->sizes[pack] - ID))
			return false;
	}
	return true;
}

bool multi_pack_index_fits(const char *path)
{
	struct midx midx = {.sizes = NULL};
	bool good;

	if (!mapped_file_open(&midx.file, path))
		return true;
	good = find_chunks(&midx) && measure_packs(&midx, path) &&
	       offsets_fit(&midx);
	free(midx.sizes);
	mapped_file_release(&midx.file);
	return good;
}
