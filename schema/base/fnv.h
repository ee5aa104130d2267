/*
 * FNV-1a with 64 bits (RFC 9923): a quick hash for tables of this process's
 * own. Whoever chooses the bytes can choose those that collide.
 *
 *	hash = fnv_add(FNV_BASIS, bytes, length);
 */
#ifndef SCHEMA_FNV_H
#define SCHEMA_FNV_H

#include <stddef.h>
#include <stdint.h>

#define FNV_BASIS 14695981039346656037U

static inline uint64_t fnv_add_char(uint64_t hash, char byte)
{
	return (hash ^ (unsigned char)byte) * 1099511628211U;
}

static inline uint64_t fnv_add(uint64_t hash, const char *bytes, size_t length)
{
	while (length--)
		hash = fnv_add_char(hash, *bytes++);
	return hash;
}

#endif
