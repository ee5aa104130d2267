/*
 * Punycode, RFC 3492: a label's Unicode characters in ASCII, as it stands
 * behind "xn--". Private to this folder.
 */
#ifndef SCHEMA_JSONSCHEMA_PUNYCODE_H
#define SCHEMA_JSONSCHEMA_PUNYCODE_H

#include "schema/base/text.h"

#include <stdint.h>

/* No label of a domain name is longer. */
enum { LABEL_MAX = 63 };

/* False when it is none, or when the points are more than LABEL_MAX. */
bool punycode_decode(uint32_t points[LABEL_MAX], size_t *count,
	const char *ascii, size_t length);

/* In lower case. The points must be at most LABEL_MAX. */
void punycode_encode(struct text *out, const uint32_t *points, size_t count);

#endif
