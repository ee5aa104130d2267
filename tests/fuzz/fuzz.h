/*
 * What every fuzzer in this folder stands on. A fuzzer is one file,
 * fuzz_*.c, with LLVMFuzzerTestOneInput(); `make fuzz` links it with
 * libFuzzer, and main.c makes it a plain program that runs files, which is
 * how `make check` replays testdata/fuzz/.
 *
 * Inputs of several parts are text with lines of FUZZ_CUT between the parts,
 * so that seeds can be read and mutations rarely break the frame.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "catalog/git/revision.h"
#include "schema/diag/diag.h"
#include "schema/yaml/node.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FUZZ_CUT "\n%%%%\n"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Something that must hold for every input; the input is a finding if not. */
#define REQUIRE(condition)                                                     \
	do {                                                                   \
		if (!(condition)) {                                            \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__,       \
				__LINE__, #condition);                         \
			abort();                                               \
		}                                                              \
	} while (0)

/* A part of the input; not NUL-terminated. */
struct part {
	const char *bytes;
	size_t length;
};

/* Cut the next part off the rest; false when there is none. */
bool fuzz_part(struct part *rest, struct part *part);

/* A line off the front of a part, without its newline. */
struct part fuzz_line(struct part *rest);

/* As a malloc'd string; it ends at the first NUL. */
char *fuzz_string(struct part part);

/*
 * What holds for all findings: the counts fit, every text is what a terminal
 * may be given, and `good` is false only with an error to explain it.
 */
void fuzz_check_diags(const struct diags *diags, bool good);

/* A word that is shown: shorter than that, and without control characters. */
void fuzz_check_word(const char *word, size_t size);

/* Walk a tree: kinds, origins inside the source, keys that are found again. */
void fuzz_check_tree(const struct node *node, const struct source *source);

/*
 * A folder of this process, in memory where the system has one; removed when
 * the process ends. HOME and the XDG folders lie in it, and nobody's Git
 * configuration is read.
 */
const char *fuzz_folder(void);

/*
 * Write a file below the folder, its folders included. False for names that
 * would leave it.
 */
bool fuzz_write(const char *name, struct part content);

/* Remove what is in a folder below the folder, and the folder itself. */
void fuzz_remove(const char *name);

/*
 * A revision that lies in memory and behaves like a working tree: every part
 * is a file, its first line the path. The bytes must outlive it; give it to
 * catalog_open() or revision_close().
 */
struct revision *fuzz_revision(struct part rest);

#endif
