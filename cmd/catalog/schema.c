/*
 * `bridge catalog schema`: the JSON Schema of a kind of document, as it is
 * embedded.
 */
#include "cmd/context/bridge_names.h"
#include "cmd/context/command.h"
#include "cmd/ui/output.h"
#include "schema/embedded.h"

#include <string.h>

enum exit_status command_catalog_schema(const struct options *options)
{
	const char *names[DOCUMENT_KINDS];
	AUTO(diags) diags = DIAGS_INIT;

	for (int kind = 0; kind < DOCUMENT_KINDS; kind++) {
		const struct source *source;

		names[kind] = document_kind_name((enum document_kind)kind);
		if (strcmp(names[kind], options->arguments[0]))
			continue;
		source = embedded_schema((enum document_kind)kind);
		fwrite(source->bytes, 1, source->length, stdout);
		return EXIT_YES;
	}
	bridge_names_unknown(&diags, "kind of document", options->arguments[0],
		names, DOCUMENT_KINDS);
	output_diags(&diags, options->verbose);
	return EXIT_NO;
}
