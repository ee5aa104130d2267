#include "cmd/report/fingerprint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a with 128 bits: offset basis and prime from RFC 9923, section 5. */
typedef unsigned __int128 hash_value;

#define HASH(high, low) (((hash_value)(high) << 64) | (low))
#define OFFSET_BASIS    HASH(0x6c62272e07bb0142u, 0x62b821756295c58du)
#define PRIME           HASH(0x0000000001000000u, 0x000000000000013bu)

struct hashed {
	hash_value value;
	size_t index;  /* of the finding */
	size_t equals; /* how many with the same value come before it */
};

static hash_value add_bytes(hash_value hash, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * PRIME;
	/* A separator that no text contains. */
	return (hash ^ 0xff) * PRIME;
}

static hash_value identity(const struct diag *diag)
{
	const char *id = rule_rows[diag->rule].id;
	const char *path = diag->path ? diag->path : "";
	const char *line = diag->excerpt ? diag->excerpt : "";
	size_t length = strlen(line);
	hash_value hash = add_bytes(OFFSET_BASIS, id, strlen(id));

	while (length && (line[length - 1] == ' ' || line[length - 1] == '\t'))
		length--;
	while (length && (*line == ' ' || *line == '\t')) {
		line++;
		length--;
	}
	return add_bytes(add_bytes(hash, path, strlen(path)), line, length);
}

static int compare_hashed(const void *a, const void *b)
{
	const struct hashed *x = a;
	const struct hashed *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

struct fingerprint *fingerprints(const struct diags *diags)
{
	struct fingerprint *list = own_realloc(
		NULL, diags->count + 1, sizeof(*list));
	AUTO_FREE struct hashed *hashed = own_realloc(
		NULL, diags->count + 1, sizeof(*hashed));

	for (size_t i = 0; i < diags->count; i++)
		hashed[i] = (struct hashed){
			.value = identity(&diags->list[i]), .index = i};
	qsort(hashed, diags->count, sizeof(*hashed), compare_hashed);
	for (size_t i = 0; i < diags->count; i++) {
		char number[24];
		hash_value value = hashed[i].value;
		int length;

		if (i && hashed[i - 1].value == value)
			hashed[i].equals = hashed[i - 1].equals + 1;
		length = snprintf(
			number, sizeof(number), "%zu", hashed[i].equals);
		value = add_bytes(value, number, (size_t)length);
		snprintf(list[hashed[i].index].hex, sizeof(list->hex),
			"%016llx%016llx", (unsigned long long)(value >> 64),
			(unsigned long long)value);
	}
	return list;
}
