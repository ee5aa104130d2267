/*
 * A document as libyaml has to be given it, so that its places are those of
 * editors and of Git. Internal to yaml*.c.
 *
 * libyaml 0.2 counts a byte order mark as a column, which makes a mapping that
 * starts there an indented one, and breaks lines at U+0085, U+2028 and U+2029
 * as YAML 1.1 did; to YAML 1.2 (section 5.4) they are characters like others.
 */
#ifndef SCHEMA_YAML_TEXT_H
#define SCHEMA_YAML_TEXT_H

#include "schema/base/arena.h"
#include "schema/diag/diag.h"

enum { YAML_STAND_INS = 3 };

struct yaml_text {
	const char *bytes;
	size_t length;
	size_t skipped; /* bytes of the mark before it */
	/* For each of the three: what stands for it; "" when none is there. */
	char stand_in[YAML_STAND_INS][5];
	uint32_t points[YAML_STAND_INS]; /* the same as code points */
};

/*
 * The source is valid UTF-8 and outlives the text. What stands for another
 * character has as many bytes, and occurs nowhere else in the document.
 */
void yaml_text_make(struct yaml_text *text, struct arena *arena,
	const struct source *source);

/* Put the characters back into what was parsed. */
void yaml_text_restore(
	const struct yaml_text *text, char *bytes, size_t length);

#endif
