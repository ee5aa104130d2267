/*
 * The tunnels that the supervisor has, in the order of their names.
 */
#ifndef TUNNEL_REGISTRY_H
#define TUNNEL_REGISTRY_H

#include "tunnel/supervisor/internal.h"

struct tunnel *registry_find(
	const struct supervisor *supervisor, const char *name);

/* A new one in state stopped; the definition's content is taken over. */
struct tunnel *registry_add(
	struct supervisor *supervisor, struct bridge *definition);

/* What is to run from now on; nothing does. The definition is taken over. */
void registry_define(struct tunnel *tunnel, struct bridge *definition);

/*
 * It has stopped and nothing of it runs: its files go, those who wait for it
 * are told, and with the last one the supervisor ends.
 */
void registry_forget(struct tunnel *tunnel);

#endif
