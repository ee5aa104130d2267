/*
 * Rules about the two ends of a bridge.
 */
#ifndef CATALOG_CHECK_PORTS_H
#define CATALOG_CHECK_PORTS_H

#include "catalog/store/types.h"

/* About one document. */
void check_health_port(struct catalog *catalog, const struct document *document,
	struct diags *diags);

/* About the whole. */
void check_port_clash(struct catalog *catalog, struct diags *diags);

/*
 * What check_port_clash() reports, for whoever shows it in another way. A
 * bridge is second in one clash at most.
 */
struct port_clash {
	const struct document *first, *second; /* bridges */
	const struct node *first_port, *second_port;
	const char *host;
};

typedef void port_clash_found(const struct port_clash *clash, void *data);
void port_clash_each(
	struct catalog *catalog, port_clash_found *found, void *data);

/* Report it of the second bridge. `data` is the diags; the rule is not off. */
void port_clash_report(const struct port_clash *clash, void *data);

#endif
