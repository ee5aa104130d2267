#include "schema/embedded.h"

#include <stddef.h>

/*
 * The files as they are, through the assembler: no generator, no escaping.
 * A NUL behind each makes it a C string, too.
 */
#define EMBED(kind)                                                            \
	__asm__(".pushsection .rodata\n"                                       \
		"embedded_" #kind ":\n"                                        \
		".incbin \"schema/" #kind ".schema.json\"\n"                   \
		"embedded_" #kind "_end:\n"                                    \
		".byte 0\n"                                                    \
		".popsection\n");                                              \
	extern const char embedded_##kind[];                                   \
	extern const char embedded_##kind##_end[]

EMBED(catalog);
EMBED(domain);
EMBED(target);
EMBED(bridge);
EMBED(actor);
EMBED(tunnels);

static const struct {
	const char *name;
	const char *path;
	const char *bytes, *end;
} kinds[DOCUMENT_KINDS] = {
#define KIND(upper, lower)                                                     \
	[DOCUMENT_##upper] = {#lower, #lower ".schema.json", embedded_##lower, \
		embedded_##lower##_end}
	KIND(CATALOG, catalog),
	KIND(DOMAIN, domain),
	KIND(TARGET, target),
	KIND(BRIDGE, bridge),
	KIND(ACTOR, actor),
	KIND(TUNNELS, tunnels),
#undef KIND
};

const char *document_kind_name(enum document_kind kind)
{
	return kinds[kind].name;
}

static struct source sources[DOCUMENT_KINDS];

/* Before any thread is there: the lengths are known to the linker alone. */
static void __attribute__((constructor)) fill_sources(void)
{
	for (int kind = 0; kind < DOCUMENT_KINDS; kind++) {
		sources[kind].path = kinds[kind].path;
		sources[kind].bytes = kinds[kind].bytes;
		sources[kind].length = (size_t)(kinds[kind].end -
						kinds[kind].bytes);
	}
}

const struct source *embedded_schema(enum document_kind kind)
{
	return &sources[kind];
}
