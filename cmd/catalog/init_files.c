#include "cmd/catalog/init_files.h"

#include "schema/base/alloc.h"

/* FILE(symbol, path): the path is that below cmd/init/, too. */
#define INIT_FILES(FILE)                                                       \
	FILE(catalog, "catalog.yaml")                                          \
	FILE(human, "actors/ops.me.yaml")                                      \
	FILE(automation, "actors/agent.state-hub.yaml")                        \
	FILE(domain, "domains/edge/domain.yaml")                               \
	FILE(target, "domains/edge/targets/gateway.yaml")                      \
	FILE(bridge, "domains/edge/bridges/state-hub.yaml")                    \
	FILE(console, "domains/edge/bridges/console.yaml")                     \
	FILE(tunnels, "tunnels.yaml.example")

/* As schema/embedded.c does it, and why. */
#define EMBED(symbol, path)                                                    \
	__asm__(".pushsection .rodata\n"                                       \
		"init_" #symbol ":\n"                                          \
		".incbin \"cmd/init/" path "\"\n"                              \
		"init_" #symbol "_end:\n"                                      \
		".byte 0\n"                                                    \
		".popsection\n");                                              \
	extern const char init_##symbol[];                                     \
	extern const char init_##symbol##_end[];

INIT_FILES(EMBED)

#define ROW(symbol, path) {path, init_##symbol, init_##symbol##_end},

const struct init_file init_files[] = {INIT_FILES(ROW)};

const size_t init_file_count = COUNT(init_files);
