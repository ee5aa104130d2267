/*
 * Host names, and internationalised ones: IDNA2008, RFC 5890 to 5893. A
 * domain's labels are ASCII letters, digits and dashes, A-labels (xn--) or,
 * where the caller says so, U-labels. Private to this folder.
 *
 * Which characters a label may hold is derived from Unicode's properties as
 * PCRE2 has them, by the rules of RFC 5892. Two things PCRE2 cannot tell stand
 * as ranges of Unicode 14 in idna.c: which characters NFKC changes, and which
 * are viramas. Beyond this, U+200C (ZERO WIDTH NON-JOINER) is known between
 * letters of the Arabic block and behind a virama alone, and a U-label that is
 * not in NFC is not noticed.
 */
#ifndef SCHEMA_JSONSCHEMA_IDNA_H
#define SCHEMA_JSONSCHEMA_IDNA_H

#include <stdbool.h>
#include <stddef.h>

/* `unicode`: U-labels and the ideographic full stops are fine, too. */
bool idna_is_hostname(const char *bytes, size_t length, bool unicode);

#endif
